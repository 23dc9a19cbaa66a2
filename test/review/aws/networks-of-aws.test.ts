/** What AWS runs in a network of its own, or sends by one. */
import { review } from './reviewed';
import { ref, soundStack, type Stack } from './sound-stack';

function changed(edit: (resource: Stack['resource']) => void) {
  const stack = soundStack();
  edit(stack.resource);
  return review(stack);
}

test('functions without a network run in one of AWS, which leads to the internet', () => {
  expect(changed((resource) => void (resource.aws_lambda_function = { f: { function_name: 'f' } })).at('aws_lambda_function.f')).toMatchObject({ kind: 'open' });
});

test('a Glue job runs in one of AWS unless a connection of its stands in the network', () => {
  const job = (connections: readonly string[], connection: object = {}) => changed((resource) => {
    resource.aws_glue_connection = { data: { name: 'data', ...connection } };
    resource.aws_glue_job = { etl: { name: 'etl', connections } };
  }).at('aws_glue_job.etl');
  const inSubnet = { physical_connection_requirements: { subnet_id: ref('aws_subnet', 'app'), security_group_id_list: [ref('aws_security_group', 'app')] } };
  expect(job([])).toMatchObject({ kind: 'open' });
  expect(job([ref('aws_glue_connection', 'data', 'name')], { connection_type: 'SNOWFLAKE' })).toMatchObject({ kind: 'open' });
  expect(job([ref('aws_glue_connection', 'data', 'name')], inSubnet)).toMatchObject({ kind: 'allowlisted' });
  expect(job(['made-elsewhere'])).toMatchObject({ kind: 'unknown' });
});

test('Redshift copies and unloads by a network of AWS unless it is told to use its own', () => {
  const cluster = (routing: object) => changed((resource) => {
    resource.aws_redshift_subnet_group = { data: { name: 'data', subnet_ids: [ref('aws_subnet', 'app')] } };
    resource.aws_redshift_cluster = { data: { cluster_identifier: 'data', cluster_subnet_group_name: ref('aws_redshift_subnet_group', 'data', 'name'), vpc_security_group_ids: [ref('aws_security_group', 'app')], ...routing } };
  }).at('aws_redshift_cluster.data');
  for (const routing of [{}, { enhanced_vpc_routing: false }]) {
    expect(cluster(routing)).toMatchObject({ kind: 'open', witness: [{}, { label: 'COPY and UNLOAD by a network of AWS, without enhanced_vpc_routing' }] });
  }
  expect(cluster({ enhanced_vpc_routing: true })).toMatchObject({ kind: 'allowlisted' });
  expect(cluster({ enhanced_vpc_routing: '${var.routing}' })).toMatchObject({ kind: 'unknown' });
  expect(changed((resource) => void (resource.aws_redshiftserverless_workgroup = { data: { workgroup_name: 'data', subnet_ids: [ref('aws_subnet', 'app')] } })).at('aws_redshiftserverless_workgroup.data')).toMatchObject({ kind: 'open' });
});
