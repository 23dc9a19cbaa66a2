/**
 * Plans as provider 6 writes them: every resource says its region, blocks and attributes are there that 5 did not have, and others are gone.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asPlan } from '../as-plan';
import { soundStack } from '../sound-stack';
import { review } from './reviewed';

type Json = any;

const REAL: Json = JSON.parse(readFileSync(join(__dirname, '../../fixtures/plans/aws-single-vpc.plan.json'), 'utf8'));
const SOUND: Json = asPlan(soundStack().resource);

/** Resources without a region. */
const GLOBAL = /^aws_(iam|route53_(record|zone)|networkmanager|s3control)/;
/** What a first plan knows nothing of, and provider 5 did not have. */
const NEW: Readonly<Record<string, readonly string[]>> = {
  aws_instance: ['primary_network_interface', 'secondary_network_interface', 'placement_group_id'],
  aws_nat_gateway: ['availability_mode', 'availability_zone_address', 'auto_provision_zones', 'auto_scaling_ips', 'regional_nat_gateway_address', 'route_table_id', 'vpc_id'],
  aws_launch_template: ['secondary_interfaces'],
};
/** What provider 6 has no more. */
const GONE: Readonly<Record<string, readonly string[]>> = { aws_eip: ['vpc'], aws_instance: ['cpu_core_count', 'cpu_threads_per_core'], aws_redshift_cluster: ['logging', 'snapshot_copy'], aws_launch_template: ['elastic_gpu_specifications', 'elastic_inference_accelerator'] };

/** The same plan by provider 6, in a region; those that a plan says already stay. */
function six(plan: Json, region = 'us-east-1'): Json {
  const copy = structuredClone(plan);
  for (const { type, change } of copy.resource_changes) {
    for (const values of [change.before, change.after]) {
      if (!values) continue;
      if (!GLOBAL.test(type)) values.region = region;
      for (const name of GONE[type] ?? []) delete values[name];
    }
    // Not what somebody writes himself.
    for (const name of NEW[type] ?? []) if (change.after && !(name in change.after)) change.after_unknown = { ...change.after_unknown, [name]: true };
  }
  return copy;
}

/** Two plans of one provider block, the second in another region, by other names in Terraform and the same ones in AWS. */
function both(one: Json, other: Json): Json {
  const renamed = JSON.parse(JSON.stringify(other).replace(/\b(aws_\w+)\.(\w+)/g, '$1.$2_eu'));
  for (const each of [...renamed.resource_changes, ...renamed.configuration.root_module.resources]) each.name = `${each.name}_eu`;
  for (const resource of renamed.configuration.root_module.resources) if (!GLOBAL.test(resource.type)) resource.expressions = { ...resource.expressions, region: { constant_value: 'eu-west-1' } };
  const root = (plan: Json) => plan.configuration.root_module.resources;
  return { format_version: '1.2', terraform_version: '1.11.4', resource_changes: [...one.resource_changes, ...renamed.resource_changes], configuration: { ...one.configuration, root_module: { resources: [...root(one), ...root(renamed)] } } };
}

const told = (plan: Json) => {
  const { verdicts, findings } = review(plan);
  return {
    verdicts: verdicts.map(({ place, family, kind, reasons }) => `${place.id} v${family} ${kind} ${reasons.join('; ')}`).sort(),
    findings: findings.map(({ rule, message, severity, confidence }) => `${rule} ${severity ?? ''} ${confidence ?? ''} ${message}`).sort(),
  };
};
const renamed = (texts: readonly string[]) => texts.map((text) => text.replace(/\b(aws_\w+)\.(\w+)/g, '$1.$2_eu'));

describe.each([['a real plan', REAL], ['a network with nothing to find', SOUND]])('%s', (_, plan) => {
  test('says the same by provider 6', () => {
    const five = told(plan);
    expect(five.verdicts.length).toBeGreaterThan(1);
    expect(told(six(plan))).toEqual(five);
  });

  test('says the same of each of two regions', () => {
    const five = told(plan);
    const { verdicts, findings } = told(both(six(plan), six(plan, 'eu-west-1')));
    expect(verdicts).toEqual([...five.verdicts, ...renamed(five.verdicts)].sort());
    expect(findings).toEqual([...five.findings, ...renamed(five.findings)].sort());
  });
});

test('what opens in one region opens nothing in the other', () => {
  const stack = soundStack();
  stack.resource.aws_route_table!.app!.route = [{ cidr_block: '0.0.0.0/0', nat_gateway_id: '${aws_nat_gateway.main.id}' }];
  const { at } = review(both(six(SOUND), six(asPlan(stack.resource), 'eu-west-1')));
  expect([at('aws_instance.app_eu').kind, at('aws_instance.app').kind]).toEqual(['open', 'allowlisted']);
});

test('a gateway for all zones has no subnet, and stands for its network', () => {
  const stack = soundStack();
  stack.resource.aws_nat_gateway = { main: { vpc_id: '${aws_vpc.main.id}', availability_mode: 'regional' } };
  stack.resource.aws_route_table!.app!.route = [{ cidr_block: '0.0.0.0/0', nat_gateway_id: '${aws_nat_gateway.main.id}' }];
  expect(review(six(asPlan(stack.resource))).at('aws_instance.app').kind).toBe('open');
});

test('a machine whose first interface is made apart, as provider 6 names it', () => {
  const stack = soundStack();
  stack.resource.aws_network_interface = { app: { subnet_id: '${aws_subnet.nat.id}', security_groups: ['${aws_security_group.app.id}'] } };
  stack.resource.aws_eip!.app = { domain: 'vpc', network_interface: '${aws_network_interface.app.id}' };
  stack.resource.aws_instance!.app = { ami: 'ami-1', instance_type: 't3.micro', primary_network_interface: [{ network_interface_id: '${aws_network_interface.app.id}' }] };
  expect(review(six(asPlan(stack.resource))).at('aws_instance.app').kind).toBe('open');
});

test('whether a cluster of Redshift has a public address without saying so depends on the provider, and it counts', () => {
  const cluster = (said: object) => {
    const stack = soundStack();
    stack.resource.aws_redshift_subnet_group = { data: { name: 'data', subnet_ids: ['${aws_subnet.nat.id}'] } };
    stack.resource.aws_redshift_cluster = { data: { cluster_identifier: 'data', enhanced_vpc_routing: true, cluster_subnet_group_name: '${aws_redshift_subnet_group.data.name}', vpc_security_group_ids: ['${aws_security_group.app.id}'], ...said } };
    return review(stack).at('aws_redshift_cluster.data').kind;
  };
  expect([cluster({}), cluster({ publicly_accessible: true }), cluster({ publicly_accessible: false })]).toEqual(['open', 'open', 'none']);
});
