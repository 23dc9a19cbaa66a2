/** Changes of a plan that change nothing about the network: its order, the module it stands in, whether ids are known yet. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlan } from '../../review/plan/load';
import { review } from '../../review/review';
import type { ReviewResult } from '../../review/result';
import { TODAY } from '../fixtures/stacks';
import { asPlan, type Resources } from './as-plan';
import { ref, soundStack } from './sound-stack';
import { Dice } from './dice';
import type { Document } from './mutilated-plans';

const reviewed = (document: object): ReviewResult => review({ inputs: [parsePlan(JSON.stringify(document), 'plan.json')], today: TODAY });
const planned = (name: string): Document => JSON.parse(readFileSync(join(__dirname, '../fixtures/plans', `${name}.plan.json`), 'utf8'));

/** Without workloads: a place is then a subnet with the groups that may be carried there. */
function empty(): Resources {
  const { resource } = soundStack();
  delete resource['aws_instance'];
  // Two ways of letting out that no group covers alone.
  resource['aws_security_group']!['extra'] = { vpc_id: ref('aws_vpc', 'main'), egress: [{ protocol: 'udp', from_port: 123, to_port: 123, cidr_blocks: ['0.0.0.0/0'] }] };
  for (const each of [...Object.values(resource['aws_subnet']!), ...Object.values(resource['aws_security_group']!)]) delete each['tags'];
  // Replies find their way back by no table, and rules of the DNS filter may come late.
  resource['aws_route_table']!['nat']!['route'].pop();
  delete resource['aws_route53_resolver_firewall_rule_group_association']!['main']!['depends_on'];
  return resource;
}

const DOCUMENTS: readonly (readonly [string, () => Document])[] = [
  ['sound-stack', () => asPlan(soundStack().resource)],
  ['a stack without workloads', () => asPlan(empty())],
  ...['aws-single-vpc', 'azure-platforms', 'google-policies', 'nested-modules'].map((name) => [name, () => planned(name)] as const),
];

/** Everything but which of several ways alike is shown. */
function said({ verdicts, findings }: ReviewResult, prefix?: string) {
  const own = (text: string) => (prefix === undefined || prefix === '' ? text : text.replaceAll(prefix, ''));
  return {
    verdicts: verdicts.map(({ place, family, verdict, hosts, openTraffic = [] }) => [own(place), family, verdict, hosts.map(({ host, ports }) => `${host} ${ports.join()}`), openTraffic.join()].join(' | ')).sort(),
    findings: findings.map(({ rule, severity, confidence, address, message }) => [rule, severity, confidence, own(address), ...(prefix === undefined ? [message] : [])].join(' | ')).sort(),
  };
}

describe.each(DOCUMENTS)('%s', (_, document) => {
  test('in another order', () => {
    const before = reviewed(document());
    expect(before.verdicts.length).toBeGreaterThan(0);
    const after = reviewed(shuffled(document(), new Dice(11)));
    expect(said(after)).toEqual(said(before));
    expect(after.findings.map(({ fingerprint }) => fingerprint).sort()).toEqual(before.findings.map(({ fingerprint }) => fingerprint).sort());
  });

  test.each([['module.a.', undefined], ['module.a["x.y[\\"z\\"].module.b"].', 'x.y["z"].module.b']] as const)('in a module: %s', (prefix, key) => {
    // Providers are judged in the root module alone.
    const without = ({ findings, ...rest }: ReviewResult) => ({ ...rest, findings: findings.filter(({ rule }) => rule !== 'subscription-not-pinned') });
    // Lists in messages are in the order of whole addresses.
    expect(said(without(reviewed(inModule(document(), key))), prefix)).toEqual(said(without(reviewed(document())), ''));
  });
});

test('a first plan, and one of what exists, say the same', () => {
  const kinds = (known: boolean) => reviewed(asPlan(unguarded(), known)).verdicts.map(({ place, family, verdict }) => `${place} ${family} ${verdict}`);
  expect(kinds(false)).toEqual(['aws_instance.app 4 open', 'aws_instance.vault 4 none', 'aws_subnet.nat + aws_security_group.app 4 open']);
  expect(kinds(true)).toEqual(kinds(false));
});

/** Without the firewall, whose endpoints have ids that no reference in a plan gives. */
function unguarded(): Resources {
  const { resource } = soundStack();
  resource['aws_route_table']!['app']!['route'] = [{ cidr_block: '0.0.0.0/0', nat_gateway_id: ref('aws_nat_gateway', 'main') }];
  resource['aws_route_table']!['nat']!['route'].pop();
  delete resource['aws_network_acl'];
  delete resource['aws_default_network_acl'];
  delete resource['aws_networkfirewall_firewall'];
  delete resource['aws_networkfirewall_logging_configuration'];
  delete resource['aws_subnet']!['firewall'];
  delete resource['aws_route_table']!['firewall'];
  delete resource['aws_route_table_association']!['firewall'];
  delete resource['aws_route_table_association']!['nat'];
  resource['aws_default_route_table']!['main']!['route'] = [{ cidr_block: '0.0.0.0/0', gateway_id: ref('aws_internet_gateway', 'main') }];
  return resource;
}

/** Keys, resources and changes; lists keep their order, which may mean something. */
function shuffled(plan: Document, dice: Dice): Document {
  const mixed = <T>(items: readonly T[]): T[] => items.map((item) => [dice.below(1_000_000), item] as const).sort(([a], [b]) => a - b).map(([, item]) => item);
  const keys = (value: any): any => (Array.isArray(value) ? value.map(keys) : typeof value === 'object' && value !== null ? Object.fromEntries(mixed(Object.entries(value)).map(([key, item]) => [key, keys(item)])) : value);
  const result = keys(plan);
  result.resource_changes = mixed(result.resource_changes);
  const inside = (module: any): void => {
    if (Array.isArray(module?.resources)) module.resources = mixed(module.resources);
    for (const called of [...(module?.child_modules ?? []), ...Object.values<any>(module?.module_calls ?? {}).map((call) => call.module)]) inside(called);
  };
  for (const root of [result.configuration?.root_module, result.planned_values?.root_module, result.prior_state?.values?.root_module]) inside(root);
  return result;
}

/** The same plan, called by a root module that does nothing else. */
function inModule(plan: Document, key: string | undefined): Document {
  const at = `module.a${key === undefined ? '' : `[${JSON.stringify(key)}]`}`;
  for (const change of plan.resource_changes) Object.assign(change, { address: `${at}.${change.address}`, module_address: change.module_address === undefined ? at : `${at}.${change.module_address}` });
  // What changes says it all.
  delete plan.planned_values;
  delete plan.prior_state;
  delete plan.resource_drift;
  const inner = plan.configuration.root_module;
  const variables = Object.keys(inner.variables ?? {});
  plan.configuration.root_module = {
    ...(variables.length > 0 ? { variables: inner.variables } : {}),
    module_calls: {
      a: {
        source: './a',
        ...(key === undefined ? {} : { for_each_expression: {} }),
        expressions: Object.fromEntries(variables.map((name) => [name, { references: [`var.${name}`] }])),
        module: inner,
      },
    },
  };
  return plan;
}
