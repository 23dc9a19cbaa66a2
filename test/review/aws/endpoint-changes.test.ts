/** Private endpoints of AWS in a diff: what comes, goes, opens, and who reaches it; which of it is a new way out; and reports that tell it. */
import { exitOf } from '../../../review/exit-code';
import { parsePlan } from '../../../review/plan/load';
import { htmlReport } from '../../../review/report/html/page';
import { jsonReport } from '../../../review/report/json';
import { markdownReport } from '../../../review/report/markdown';
import { resultSchema } from '../../../review/report/result-schema';
import { textReport } from '../../../review/report/text';
import { review } from '../../../review/review';
import type { EndpointChange, ReviewResult } from '../../../review/result';
import { TODAY } from '../../fixtures/stacks';
import { entry, line, ref, soundStack, type Stack } from '../sound-stack';

const vpc_id = ref('aws_vpc', 'main');
const policyFor = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', ...statement }] });
const OWN = policyFor({ Resource: '*', Condition: { StringEquals: { 'aws:ResourceAccount': '123456789012' } } });
const BUCKETS = (...names: readonly string[]) => policyFor({ Resource: names.map((name) => `arn:aws:s3:::${name}/*`) });
const THEIRS = 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0';

type Endpoint = Readonly<Record<string, unknown>>;
const s3 = (policy?: string, more: Endpoint = {}): Endpoint => ({ vpc_id, service_name: 'com.amazonaws.us-east-1.s3', vpc_endpoint_type: 'Gateway', route_table_ids: [ref('aws_route_table', 'app')], ...(policy === undefined ? {} : { policy }), ...more });
const interfaceTo = (service_name: string, policy?: string, groups = ['endpoints']): Endpoint => ({ vpc_id, service_name, vpc_endpoint_type: 'Interface', private_dns_enabled: true, subnet_ids: [ref('aws_subnet', 'app')], security_group_ids: groups.map((name) => ref('aws_security_group', name)), ...(policy === undefined ? {} : { policy }) });

function stackWith(endpoints: Readonly<Record<string, Endpoint>>, change: (stack: Stack) => void = () => undefined): Stack {
  const stack = soundStack();
  stack.resource.aws_vpc_endpoint = endpoints;
  change(stack);
  return stack;
}
const plan = (stack: unknown) => parsePlan(JSON.stringify(stack), 'plan.json');
const compared = (before: unknown, after: unknown): ReviewResult => review({ inputs: [plan(after)], base: [plan(before)], today: TODAY });
const changesOf = (result: ReviewResult) => result.diff?.endpoints?.map(({ change, address, serves, who, names, wayOut }) => ({ change, name: address.replace(/.*\./, ''), serves, who, ...(names ? { names } : {}), wayOut }));
const short = (result: ReviewResult) => result.diff?.endpoints?.map(({ change, serves, wayOut }) => `${change} ${serves}${wayOut ? ' out' : ''}`);

describe('endpoints', () => {
  test('an endpoint with a closed policy comes and goes without being a way out', () => {
    const [none, some] = [stackWith({}), stackWith({ s3: s3(OWN) })];
    expect(changesOf(compared(none, some))).toEqual([{ change: 'added', name: 's3', serves: 'own', who: ['app'], names: ['123456789012'], wayOut: false }]);
    expect(exitOf(compared(none, some), { failOn: { newEgress: true } }).code).toBe(0);
    expect(short(compared(some, none))).toEqual(['removed own']);
    expect(compared(some, some).diff?.endpoints).toEqual([]);
    expect(compared(none, none).diff).not.toHaveProperty('endpoints');
  });

  test('a workload that stands in one more subnet reaches nothing new, and one more workload does', () => {
    const standing = (...functions: readonly (readonly string[])[]) => stackWith({ s3: s3() }, ({ resource }) => {
      const app = { ...resource.aws_subnet!.app } as Record<string, unknown>;
      delete app.tags;
      resource.aws_subnet = { ...resource.aws_subnet, app, more: { ...app, cidr_block: '10.0.99.0/24' } };
      resource.aws_route_table_association = { ...resource.aws_route_table_association, more: { subnet_id: ref('aws_subnet', 'more'), route_table_id: ref('aws_route_table', 'app') } };
      resource.aws_network_acl!.app!.subnet_ids = [ref('aws_subnet', 'app'), ref('aws_subnet', 'more')];
      resource.aws_security_group!.out = { name: 'out', vpc_id, ingress: [], egress: [line({ cidr_blocks: ['0.0.0.0/0'] })] };
      resource.aws_lambda_function = Object.fromEntries(functions.map((subnets, at) => [`f${at}`, { function_name: `f${at}`, role: 'r', vpc_config: [{ subnet_ids: subnets.map((name) => ref('aws_subnet', name)), security_group_ids: [ref('aws_security_group', 'out')] }] }]));
    });
    const one = standing(['app']);
    const reached = changesOf(compared(standing(), one))?.find(({ change }) => change === 'reached');
    expect(reached).toMatchObject({ who: expect.arrayContaining(['aws_lambda_function.f0']), wayOut: true });
    const waysOut = (after: Stack) => changesOf(compared(one, after))?.filter(({ wayOut }) => wayOut);
    expect(waysOut(standing(['app', 'more']))).toEqual([]);
    expect(waysOut(standing(['app'], ['more']))).toEqual([expect.objectContaining({ change: 'reached', who: ['aws_lambda_function.f1'], wayOut: true })]);
  });

  test.each<[string, Endpoint, string]>([
    ['without a policy', s3(), 'added anybody out'],
    ['with a policy that nobody knows yet', s3('${data.aws_iam_policy_document.s3.json}'), 'added unknown out'],
    ['of somebody else', interfaceTo(THEIRS), 'added another out'],
    ['of somebody else, with a policy that would bound one of AWS', interfaceTo(THEIRS, OWN), 'added another out'],
    ['of a service that the plan makes', interfaceTo(ref('aws_vpc_endpoint_service', 'own', 'service_name')), 'added own'],
    ['to a resource that somebody else shares', { ...interfaceTo(''), service_name: undefined, vpc_endpoint_type: 'Resource', resource_configuration_arn: 'arn:x' }, 'added another out'],
    ['to a resource that the plan makes', { ...interfaceTo(''), service_name: undefined, vpc_endpoint_type: 'Resource', resource_configuration_arn: ref('aws_vpclattice_resource_configuration', 'own', 'arn') }, 'added unknown out'],
    ['whose condition only asks whether there is an account', s3(policyFor({ Resource: '*', Condition: { Null: { 'aws:ResourceAccount': 'false' } } })), 'added anybody out'],
    ['whose condition takes every account', s3(policyFor({ Resource: '*', Condition: { StringLike: { 'aws:ResourceAccount': '*' } } })), 'added anybody out'],
    ['whose condition holds where the key is missing', s3(policyFor({ Resource: '*', Condition: { 'ForAllValues:StringEquals': { 'aws:ResourceOrgPaths': ['o-a/r/ou/'] } } })), 'added anybody out'],
    ['of an organization', s3(policyFor({ Resource: '*', Condition: { 'ForAnyValue:StringLike': { 'aws:ResourceOrgPaths': ['o-a/r/ou/*'] } } })), 'added own'],
  ])('a new one %s', (_, endpoint, expected) => {
    const made = { aws_vpc_endpoint_service: { own: { acceptance_required: true, network_load_balancer_arns: [] } }, aws_vpclattice_resource_configuration: { own: { name: 'own' } } };
    const result = compared(stackWith({}), stackWith({ x: endpoint }, ({ resource }) => void Object.assign(resource, made)));
    expect(short(result)).toEqual([expected]);
    expect(exitOf(result, { failOn: { newEgress: true }, allowUnknown: true }).code).toBe(expected.endsWith('out') ? 1 : 0);
  });

  test('a policy in a resource of its own is the policy', () => {
    const withPolicy = (policy: string) => stackWith({ s3: s3() }, ({ resource }) => { resource.aws_vpc_endpoint_policy = { s3: { vpc_endpoint_id: ref('aws_vpc_endpoint', 's3'), policy } }; });
    expect(short(compared(stackWith({ s3: s3() }), withPolicy(OWN)))).toEqual(['closed own']);
    expect(short(compared(withPolicy(OWN), withPolicy(policyFor({ Resource: '*' }))))).toEqual(['opened anybody out']);
  });

  test('a route to a gateway endpoint of another plan leads to nobody knows whom', () => {
    const led = stackWith({}, ({ resource }) => { resource.aws_vpc_endpoint_route_table_association = { x: { vpc_endpoint_id: 'vpce-0123456789abcdef0', route_table_id: ref('aws_route_table', 'app') } }; });
    expect(short(compared(stackWith({}), led))).toEqual(['added unknown out']);
  });

  test('a policy that opens or closes, and one that names a bucket more or fewer', () => {
    expect(short(compared(stackWith({ s3: s3(OWN) }), stackWith({ s3: s3() })))).toEqual(['opened anybody out']);
    expect(short(compared(stackWith({ s3: s3() }), stackWith({ s3: s3(OWN) })))).toEqual(['closed own']);
    const more = compared(stackWith({ s3: s3(BUCKETS('ours')) }), stackWith({ s3: s3(BUCKETS('ours', 'theirs')) }));
    expect(changesOf(more)).toEqual([{ change: 'opened', name: 's3', serves: 'own', who: ['app'], names: ['arn:aws:s3:::theirs/*'], wayOut: true }]);
    expect(exitOf(more, { failOn: { newEgress: true } })).toEqual({ code: 1, reasons: ['1 way out that was not there before'] });
    expect(short(compared(stackWith({ s3: s3(BUCKETS('ours', 'theirs')) }), stackWith({ s3: s3(BUCKETS('ours')) })))).toEqual(['closed own']);
  });

  test('who reaches one: a segment more counts where it leads to others', () => {
    const letIn = ({ resource }: Stack) => { resource.aws_security_group!.endpoints!.ingress.push(line({ security_groups: [ref('aws_security_group', 'vault')] })); resource.aws_security_group!.vault!.egress = [line({ cidr_blocks: ['10.0.0.0/16'] })]; resource.aws_network_acl!.vault!.egress = [entry({ cidr_block: '10.0.0.0/16' })]; resource.aws_network_acl!.app!.ingress.push(entry({ cidr_block: '10.0.2.0/24' })); };
    const [own, theirs] = [{ x: interfaceTo('com.amazonaws.us-east-1.sts', OWN) }, { x: interfaceTo(THEIRS) }];
    expect(changesOf(compared(stackWith(own), stackWith(own, letIn)))).toEqual([{ change: 'reached', name: 'x', serves: 'own', who: ['vault'], wayOut: false }]);
    expect(short(compared(stackWith(theirs), stackWith(theirs, letIn)))).toEqual(['reached another out']);
    expect(short(compared(stackWith(theirs, letIn), stackWith(theirs)))).toEqual(['unreached another']);
  });

  test('one that moved to another address is the same one', () => {
    const change = (address: string, previous_address?: string) => ({
      address, mode: 'managed', type: 'aws_vpc_endpoint', name: address.split('.')[1], provider_name: 'registry.terraform.io/hashicorp/aws', ...(previous_address ? { previous_address } : {}),
      change: { actions: ['no-op'], before: { service_name: THEIRS, vpc_endpoint_type: 'Interface' }, after: { service_name: THEIRS, vpc_endpoint_type: 'Interface' }, after_unknown: {} },
    });
    const planOf = (...changes: readonly object[]) => ({ format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} }, resource_changes: changes });
    const [old, moved, fresh] = [planOf(change('aws_vpc_endpoint.x')), change('aws_vpc_endpoint.y', 'aws_vpc_endpoint.x'), change('aws_vpc_endpoint.x')];
    expect(short(compared(old, planOf(moved)))).toEqual([]);
    // What is made at the address that it left is a new one.
    expect(changesOf(compared(old, planOf(moved, fresh)))?.map(({ change: what, name }) => `${what} ${name}`)).toEqual(['added x']);
  });

  describe('of VPC Lattice', () => {
    const NETWORK = ref('aws_vpclattice_service_network', 'own', 'arn');
    const lattice = (more: Stack['resource']) => stackWith({}, ({ resource }) => void Object.assign(resource, { aws_vpclattice_service_network: { own: { name: 'own' } } }, more));
    const joined = (service_network_identifier: string) => ({ aws_vpclattice_service_network_vpc_association: { x: { vpc_identifier: vpc_id, service_network_identifier, security_group_ids: [ref('aws_security_group', 'endpoints')] } } });
    const serving = (...services: readonly string[]) => ({ ...joined(NETWORK), aws_vpclattice_service_network_service_association: Object.fromEntries(services.map((service_identifier, at) => [`s${at}`, { service_identifier, service_network_identifier: NETWORK }])) });
    const resource = (domain_name: string) => ({ aws_vpc_endpoint: { x: { vpc_id, vpc_endpoint_type: 'Resource', resource_configuration_arn: ref('aws_vpclattice_resource_configuration', 'own', 'arn'), subnet_ids: [ref('aws_subnet', 'app')] } }, aws_vpclattice_resource_configuration: { own: { name: 'own', resource_configuration_definition: [{ dns_resource: [{ domain_name, ip_address_type: 'IPV4' }] }] } } });
    const foreign = (resource_configuration_arn: string) => ({ aws_vpc_endpoint: { x: { vpc_id, vpc_endpoint_type: 'Resource', resource_configuration_arn, subnet_ids: [ref('aws_subnet', 'app')] } } });

    test.each<[string, Stack['resource'], Stack['resource'], readonly string[]]>([
      ['a network that joins a service network of somebody else', {}, joined('sn-0123456789abcdef0'), ['added another out']],
      ['a network that joins one of the plan', {}, joined(NETWORK), ['added unknown out']],
      ['a service of somebody else in it', joined(NETWORK), serving('svc-0123456789abcdef0'), ['opened another out']],
      ['one more', serving('svc-0123456789abcdef0'), serving('svc-0123456789abcdef0', 'svc-1123456789abcdef0'), ['opened another out']],
      ['one fewer', serving('svc-0123456789abcdef0', 'svc-1123456789abcdef0'), serving('svc-0123456789abcdef0'), ['closed another']],
      ['a resource that gets another name', resource('db.example.com'), resource('paste.example.net'), ['opened unknown out', 'closed unknown']],
      ['the same one', resource('db.example.com'), resource('db.example.com'), []],
      ['another one of somebody else', foreign('arn:a'), foreign('arn:b'), ['removed another', 'added another out']],
    ])('%s', (_, before, after, expected) => expect(short(compared(lattice(before), lattice(after)))).toEqual(expected));

    test('is told with what is behind it', () => {
      expect(changesOf(compared(lattice(resource('db.example.com')), lattice(resource('paste.example.net'))))?.map(({ names }) => names)).toEqual([['paste.example.net'], ['db.example.com']]);
      expect(changesOf(compared(lattice(serving()), lattice(serving('svc-1'))))?.map(({ who, names }) => [who, names])).toEqual([[['app'], ['svc-1']]]);
    });
  });

  test.each<[string, Stack['resource'], Stack['resource'], readonly string[]]>([
    ['to a cluster that the plan does not make', {}, { aws_msk_vpc_connection: { x: { vpc_id, client_subnets: [ref('aws_subnet', 'app')], security_groups: [ref('aws_security_group', 'endpoints')], target_cluster_arn: 'arn:aws:kafka:us-east-1:999999999999:cluster/theirs/1' } } }, ['added unknown out']],
    ['to a domain of the plan', {}, { aws_opensearch_domain: { own: { domain_name: 'own' } }, aws_opensearch_vpc_endpoint: { x: { domain_arn: ref('aws_opensearch_domain', 'own', 'arn'), vpc_options: [{ subnet_ids: [ref('aws_subnet', 'app')] }] } } }, []],
    ['to another domain', { aws_opensearch_vpc_endpoint: { x: { domain_arn: 'arn:a', vpc_options: [{ subnet_ids: [ref('aws_subnet', 'app')] }] } } }, { aws_opensearch_vpc_endpoint: { x: { domain_arn: 'arn:b', vpc_options: [{ subnet_ids: [ref('aws_subnet', 'app')] }] } } }, ['removed unknown', 'added unknown out']],
    ['to collections of anybody', {}, { aws_opensearchserverless_vpc_endpoint: { x: { name: 'x', vpc_id, subnet_ids: [ref('aws_subnet', 'app')], security_group_ids: [ref('aws_security_group', 'endpoints')] } } }, ['added unknown out']],
  ])('one that a service makes %s', (_, before, after, expected) => {
    const withMore = (more: Stack['resource']) => stackWith({}, ({ resource }) => void Object.assign(resource, more));
    expect(short(compared(withMore(before), withMore(after))) ?? []).toEqual(expected);
  });

  test('one that leads to another service at the same address is a new one', () => {
    expect(short(compared(stackWith({ x: interfaceTo('com.amazonaws.us-east-1.sts', OWN) }), stackWith({ x: interfaceTo(THEIRS) })))).toEqual(['removed own', 'added another out']);
  });
});

describe('in reports', () => {
  const result = compared(stackWith({ old: s3(OWN) }), stackWith({ x: interfaceTo(THEIRS) }));

  test('each tells it', async () => {
    expect(resultSchema.parse(JSON.parse(jsonReport(result))).diff?.endpoints?.map(({ change }) => change)).toEqual(['removed', 'added']);
    const text = textReport(result, { color: false, width: 400 });
    expect(text).toContain('this change opens 1 way out');
    expect(text).toContain(`+ private endpoint added: ${THEIRS} (aws_vpc_endpoint.x), reached by app; serves what is somebody else's`);
    expect(text).toContain('- private endpoint removed: s3 gateway (aws_vpc_endpoint.old)');
    expect(markdownReport(result)).toContain('| 🔴 **added** | private endpoint');
    expect(await htmlReport(result, { checks: [] })).toContain('<span class="tag">added</span> private endpoint');
  });

  test('a thousand callers of a thousand endpoints are counted, not listed', () => {
    const many = (count: number, make: (index: number) => object) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, make(index)]));
    const stack = (isOpen: boolean) => ({
      provider: { aws: {} },
      resource: {
        aws_vpc: { main: { cidr_block: '10.0.0.0/8' } },
        aws_subnet: many(400, (index) => ({ vpc_id, cidr_block: `10.${index >> 6}.${(index & 63) * 4}.0/24` })),
        aws_security_group: { all: { vpc_id, ingress: [line({ cidr_blocks: ['10.0.0.0/8'] })], egress: [line({ cidr_blocks: ['10.0.0.0/8'] })] } },
        aws_vpc_endpoint: many(400, () => ({ vpc_id, service_name: 'com.amazonaws.us-east-1.sts', vpc_endpoint_type: 'Interface', subnet_ids: [ref('aws_subnet', 'n0')], security_group_ids: [ref('aws_security_group', 'all')], ...(isOpen ? {} : { policy: OWN }) })),
      },
    });
    const changes = compared(stack(false), stack(true)).diff?.endpoints as readonly EndpointChange[];
    expect(changes).toHaveLength(400);
    expect(new Set(changes.map(({ who, more = 0 }) => `${who.length} + ${more}`))).toEqual(new Set(['50 + 350']));
  });
});
