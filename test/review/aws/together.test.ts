/** Several files as one network: nothing is told otherwise than of one file, and what one of them opens for another is told. */
import fc from 'fast-check';
import { buildGraph } from '../../../review/plan/build-graph';
import { joinedGraph } from '../../../review/plan/joined-graph';
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import { providerAccounts } from '../../../review/plan/provider-settings';
import { shortNames } from '../../../review/plan/short-names';
import type { ReviewResult } from '../../../review/result';
import { review, type ReviewRequest } from '../../../review/review';
import { sarifReport } from '../../../review/report/sarif';
import { diffLines } from '../../fixtures/segment-verdicts';
import { fixture, synthesized, TODAY } from '../../fixtures/stacks';
import { asPlan, type Resources } from '../as-plan';
import { ref, soundStack, WORLD } from '../sound-stack';
import { asStacks, differences, partsAtRandom, type Whole } from '../split-stacks';
import { networks, written } from './small-networks';

const judge = (inputs: readonly PlanFile[], more: Partial<ReviewRequest> = {}): ReviewResult => review({ inputs, today: TODAY, together: true, ...more });
const kinds = ({ verdicts }: ReviewResult) => Object.fromEntries(verdicts.filter(({ family }) => family === 4).map(({ place, verdict }) => [place, verdict]));
const stackFile = (stack: object, name: string): PlanFile => ({ ...parsePlan(JSON.stringify(stack), 'cdk.tf.json'), stack: name });

describe('a network in three files is judged as in one', () => {
  test('our own', async () => {
    const made = await synthesized(fixture('full'));
    expect(differences(made.stack('aws-prod'), 1, TODAY)).toEqual([]);
  });

  test('random ones', () => {
    let seed = 0;
    fc.assert(fc.property(networks, (network) => {
      seed += 1;
      expect(differences(written(network), seed, TODAY)).toEqual([]);
    }), { seed: 11, numRuns: 25 });
  });

  test('and so is what changes', () => {
    let seed = 0;
    let opened = 0;
    const told = (before: object, after: object, parts: number): readonly string[] => {
      const partOf = partsAtRandom(seed, parts);
      const files = (stack: object) => asStacks(stack as Whole, parts, partOf);
      const result = judge(files(after), { base: files(before) });
      const ages = [...result.findings.map(({ rule, address, baselineState }) => `${rule} ${address} ${baselineState}`), ...(result.absent ?? []).map(({ rule, address }) => `absent ${rule} ${address}`)];
      return [...(diffLines(result) ?? []), ...ages].map((line) => line.replace(/part\d:/g, '')).sort();
    };
    fc.assert(fc.property(networks, networks, (one, other) => {
      seed += 1;
      const whole = told(written(one), written(other), 1);
      if (whole.some((line) => /^(became-open|opened)/.test(line))) opened += 1;
      expect(told(written(one), written(other), 3)).toEqual(whole);
    }), { seed: 5, numRuns: 15 });
    expect(opened).toBeGreaterThan(2);
  });

  test('and each by itself is not', () => {
    const files = asStacks(soundStack(), 3, partsAtRandom(1, 3));
    const apart = review({ inputs: files, today: TODAY });
    expect(kinds(apart)['aws_instance.app']).toBe('unknown');
    expect(apart.notices).toContain('part0: reads the state of part1, which is judged by itself; --together judges both as one network');
    expect(judge(files).notices).toEqual([]);
  });
});

/** A closed network that exists, the plan of what runs in it, and a route in that plan that opens it. */
const NETWORK: Resources = {
  aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
  aws_internet_gateway: { main: { vpc_id: ref('aws_vpc', 'main') } },
  aws_subnet: { app: { vpc_id: ref('aws_vpc', 'main'), cidr_block: '10.0.1.0/24' } },
  aws_route_table: { app: { vpc_id: ref('aws_vpc', 'main') } },
  aws_route_table_association: { app: { subnet_id: ref('aws_subnet', 'app'), route_table_id: ref('aws_route_table', 'app') } },
  aws_security_group: { app: { vpc_id: ref('aws_vpc', 'main'), egress: [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD] }] } },
};
const ROUTE = { route_table_id: 'id-aws_route_table.app', destination_cidr_block: WORLD, gateway_id: 'id-aws_internet_gateway.main' };
const APP: Resources = { aws_instance: { main: { subnet_id: 'id-aws_subnet.app', vpc_security_group_ids: ['id-aws_security_group.app'], associate_public_ip_address: true } } };
const planFile = (resource: Resources, name: string, known = false): PlanFile => parsePlan(JSON.stringify(asPlan(resource, known)), name);
const network = planFile(NETWORK, 'head/network/plan.json', true);
const app = (more: Resources = {}, folder = 'head'): PlanFile => planFile({ ...APP, ...more }, `${folder}/app/plan.json`);

test('a route of one plan that opens the machine of another, which neither tells alone', () => {
  const opening = app({ aws_route: { out: ROUTE } });
  const apart = review({ inputs: [network, opening], today: TODAY });
  expect(Object.values(kinds(apart)).sort()).toEqual(['none', 'unknown']);
  expect(apart.notices).toContain('head/app/plan.json: has ids of head/network/plan.json, which is judged by itself; --together judges both as one network');

  const { verdicts, findings, inputs } = judge([network, opening]);
  const [verdict] = verdicts.filter(({ family }) => family === 4);
  expect([verdict?.place, verdict?.verdict, verdict?.witness?.map(({ address }) => address)]).toEqual(['app:aws_instance.main', 'open', [
    'app:aws_instance.main', 'network:aws_security_group.app', 'network:aws_subnet.app', 'app:aws_route.out', 'network:aws_internet_gateway.main',
  ]]);
  expect(findings.find(({ rule }) => rule === 'open-egress')?.address).toBe('app:aws_instance.main');
  expect(findings.map(({ rule }) => rule)).not.toContain('way-out-elsewhere');
  expect(inputs.map(({ name, together = [] }) => [name, together.map(({ name: file, prefix }) => [file, prefix])])).toEqual([['network + app', [['head/network/plan.json', 'network:'], ['head/app/plan.json', 'app:']]]]);
});

test('the diff is that of all together, against files of before or what each plan starts from', () => {
  const before = [planFile(NETWORK, 'main/network/plan.json', true), app({}, 'main')];
  const opened = (result: ReviewResult) => (diffLines(result) ?? []).filter((line) => /open|unknown/.test(line));
  expect(opened(judge([network, app()], { base: before }))).toEqual([]);
  expect(opened(judge([network, app({ aws_route: { out: ROUTE } })], { base: before }))).toEqual(['became-open app:aws_instance.main anything IPv4']);
  const alone = judge([network, app({ aws_route: { out: ROUTE } })], { base: [before[0]!, planFile({}, 'main/gone/plan.json')] });
  expect([opened(alone), alone.notices]).toEqual([['became-open app:aws_instance.main anything IPv4'], ['head/app/plan.json: no file of --base has its name, so it counts as new', 'main/gone/plan.json: nothing that is reviewed has the name of this file of --base']]);
});

test('one network that is named twice is told', () => {
  const vpc = planFile({ aws_vpc: { main: { id: 'vpc-0123456789abcdef0', cidr_block: '10.0.0.0/16' } } }, 'a/plan.json', true);
  const other = planFile({ aws_vpc: { main: { id: 'vpc-0123456789abcdef1', cidr_block: '10.1.0.0/16' } } }, 'c/plan.json', true);
  expect(judge([vpc, { ...vpc, name: 'b/plan.json' }, other]).inputs[0]?.warnings).toEqual(['a and b both make aws_vpc.main: is one network named twice?']);
});

test('of two files with the same address each has its own', () => {
  const other = planFile({ ...NETWORK, aws_security_group: { app: { vpc_id: 'id-other', egress: [] } } }, 'head/lab/plan.json');
  const { findings } = judge([network, app(), other]);
  expect(findings.filter(({ rule }) => rule === 'default-group-not-empty').map(({ address }) => address)).toEqual(['lab:aws_vpc.main', 'network:aws_vpc.main']);
});

test('a name that another file has may be that of another account; of the account that both tell it is not', () => {
  const stateOf = (name: string, type: string, values: object) => ({ name, graph: buildGraph(parsePlan(JSON.stringify({ format_version: '1.0', values: { root_module: { resources: [{ address: `${type}.main`, mode: 'managed', type, name: 'main', values }] } } }), name)) });
  const arn = (account?: string) => (account === undefined ? {} : { arn: `arn:aws:eks:us-east-1:${account}:cluster/main` });
  const clusterOf = (nodes: object, ...clusters: readonly object[]) => {
    const graph = joinedGraph('all', [...clusters.map((own, at) => stateOf(`c${at}`, 'aws_eks_cluster', { id: 'main', name: 'main', ...own })), stateOf('nodes', 'aws_eks_node_group', { cluster_name: 'main', ...nodes })]);
    const { targets, exact, unknown } = graph.byAddress('nodes:aws_eks_node_group.main')!.references('cluster_name', { types: ['aws_eks_cluster'] });
    return [targets.map(String), exact, unknown];
  };
  const perhaps = 'cluster_name is a name that another file has, perhaps of another account';
  expect(clusterOf({}, {})).toEqual([['c0:aws_eks_cluster.main'], false, perhaps]);
  expect(clusterOf(arn('1'), {}, arn('2'))).toEqual([['c0:aws_eks_cluster.main'], false, perhaps]);
  expect(clusterOf(arn('1'), arn('1'), arn('2'))).toEqual([['c0:aws_eks_cluster.main'], true, undefined]);
  expect(clusterOf(arn('1'), arn('2'))).toEqual([[], false, 'cluster_name is the id of nothing in this review']);
});

test.each<[string, object, object, string | undefined]>([
  ['the only account that is allowed', { allowed_account_ids: ['1'] }, { allowed_account_ids: { constant_value: ['1'] } }, '1'],
  ['none of several', { allowed_account_ids: ['1', '2'] }, { allowed_account_ids: { constant_value: ['1', '2'] } }, undefined],
  ['that of the role', { assume_role: [{ role_arn: 'arn:aws:iam::1:role/x' }] }, { assume_role: [{ role_arn: { constant_value: 'arn:aws:iam::1:role/x' } }] }, '1'],
  ['a project', { project: 'p' }, { project: { references: ['var.p'] } }, 'p'],
  ['a subscription', { subscription_id: 'AB-1' }, { subscription_id: { constant_value: 'AB-1' } }, 'ab-1'],
  ['nothing that a template tells', { project: '${local.p}' }, { project: { references: ['local.p'] } }, undefined],
])('of a provider block: %s', (_, block, planned, account) => {
  expect(providerAccounts({ provider: { x: [block] } } as never, 'synthesized').get('x')).toBe(account);
  expect(providerAccounts({ configuration: { provider_config: { x: { expressions: planned } } }, variables: { p: { value: 'p' } } } as never, 'plan').get('x')).toBe(account);
});

test('provider blocks tell whose a name is', () => {
  const nodes = (account: string) => parsePlan(JSON.stringify(asPlan({ aws_eks_node_group: { main: { cluster_name: 'main' } } })).replace('"configuration":{', `"configuration":{"provider_config":{"aws":{"expressions":{"allowed_account_ids":{"constant_value":["${account}"]}}}},`), 'nodes');
  const cluster = parsePlan(JSON.stringify(asPlan({ aws_eks_cluster: { main: { id: 'main', name: 'main', arn: 'arn:aws:eks:us-east-1:1:cluster/main' } } }, true)), 'cluster');
  const told = (account: string) => joinedGraph('all', [{ name: 'cluster', graph: buildGraph(cluster) }, { name: 'nodes', graph: buildGraph(nodes(account)) }]).byAddress('nodes:aws_eks_node_group.main')!.references('cluster_name', { types: ['aws_eks_cluster'] });
  expect([told('1').targets.map(String), told('1').unknown, told('2').targets]).toEqual([['cluster:aws_eks_cluster.main'], undefined, []]);
});

describe('stacks are joined by the state that one keeps and another reads', () => {
  const backend = { s3: { bucket: 'states', key: 'network', region: 'us-east-1' } };
  const made = (over: object): readonly PlanFile[] => [
    stackFile({ resource: NETWORK, terraform: { backend }, output: { subnet: { value: ref('aws_subnet', 'app') }, group: { value: ref('aws_security_group', 'app') } } }, 'network'),
    stackFile({ resource: { aws_instance: { main: { subnet_id: '${data.terraform_remote_state.net.outputs.subnet}', vpc_security_group_ids: ['${data.terraform_remote_state.net.outputs.group}'] } } }, data: { terraform_remote_state: { net: { backend: 's3', config: { key: 'network', region: 'us-east-1', bucket: 'states' }, ...over } } } }, 'app'),
  ];
  const verdict = (over: object) => kinds(judge(made(over)))['app:aws_instance.main'];
  test.each<[string, object, string]>([
    ['the same', {}, 'none'],
    ['of its own workspace', { workspace: '${terraform.workspace}' }, 'none'],
    ['of another workspace', { workspace: 'lab' }, 'unknown'],
    ['under another key', { config: { bucket: 'states', key: 'other', region: 'us-east-1' } }, 'unknown'],
    ['of another kind', { backend: 'gcs' }, 'unknown'],
    ['that a variable tells', { config: '${var.state}' }, 'unknown'],
  ])('%s', (_, over, expected) => {
    expect(verdict(over)).toBe(expected);
  });
});

test('objects of two files are of two clusters: a policy in one closes nothing in the other', () => {
  const pods = { kubernetes_deployment_v1: { app: { metadata: { name: 'app', namespace: 'app' }, spec: { selector: { match_labels: { app: 'app' } }, template: { metadata: { labels: { app: 'app' } }, spec: {} } } } } };
  const deny = { kubernetes_network_policy_v1: { all: { metadata: { name: 'all', namespace: 'app' }, spec: { pod_selector: {}, policy_types: ['Egress', 'Ingress'] } } } };
  const egress = (...all: readonly Resources[]) => judge(all.map((resource, at) => stackFile({ resource }, `stack${at}`))).pods?.map(({ pods: name, egress: kind }) => [name, kind]);
  expect(egress({ ...pods, ...deny }, pods)).toEqual([['stack0: app/app', 'none'], ['stack1: app/app', 'open']]);
});

test('a finding is placed in the file that has its resource', () => {
  const result = judge([network, app({ aws_route: { out: ROUTE } })]);
  const sarif = JSON.parse(sarifReport(result, { checks: [], toolVersion: '1' }));
  const at = (rule: string) => sarif.runs[0].results.find(({ ruleId }: any) => ruleId === rule).locations[0].physicalLocation.artifactLocation.uri;
  expect([at('open-egress'), at('flow-logs-missing')]).toEqual(['head/app/plan.json', 'head/network/plan.json']);
});

test.each<[readonly string[], readonly string[]]>([
  [['network/plan.json', 'app/plan.json'], ['network', 'app']],
  [['plans/network.json', './plans/app.json'], ['network', 'app']],
  [['/x/network/state.json', '/x/app/tfplan.json'], ['network', 'app']],
  [['/x/network/vpc.json', '/x/app/plan.json'], ['network/vpc', 'app/plan']],
  [['/x/plan.json', '/x/state.json'], ['plan', 'state']],
  [['a.json', 'a.json'], ['a', 'a-2']],
  [['a b.json', 'c:\\d.json'], ['a-b', 'c-/d']],
])('%j are called %j', (files, expected) => {
  expect(shortNames(files)).toEqual(expected);
});
