/** Statements about pods that cannot hold, each with its place and the way out. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { formatProblems } from '../../blueprints/policy/problems';
import { fixture } from '../fixtures/stacks';
import { load } from './policies';

function problemsOf(change: (policy: any) => void): readonly string[] {
  const policy = parse(fixture('kubernetes'));
  change(policy);
  const result = load(stringify(policy));
  return [...(result.ok ? [] : formatProblems(result.problems)), ...formatProblems(result.warnings)];
}

const segment = (policy: any, name: string) => policy.segments.find((each: any) => each.name === name);
const pods = (policy: any, name: string, group = 0) => segment(policy, name).pods[group];

/** Name, change, code, where, and a part of message or fix. */
type Bad = readonly [name: string, change: (policy: any) => void, code: string, where: string, part: string];

const BAD: readonly Bad[] = [
  ['an unknown segment', (all) => { pods(all, 'payments').accepts[1].from.segment = 'reportin'; }, 'unknown-segment', 'segments[1].pods[0].accepts[1].from.segment', "did you mean 'reporting'"],
  ['unknown pods', (all) => { pods(all, 'payments').accepts[2].from.pods = 'monitoring/prometeus'; }, 'unknown-pods', 'segments[1].pods[0].accepts[2].from.pods', "did you mean 'monitoring/prometheus'"],
  ['two callers in one', (all) => { pods(all, 'payments').accepts[1].from.cidr = '10.0.0.0/24'; }, 'caller-choice', 'segments[1].pods[0].accepts[1].from', 'names 2 things: segment, cidr'],
  ['no caller', (all) => { pods(all, 'payments').accepts[1].from = {}; }, 'caller-choice', 'segments[1].pods[0].accepts[1].from', 'names nothing'],
  ['two callees in one', (all) => { pods(all, 'payments').calls[0].to.apiServer = true; }, 'callee-choice', 'segments[1].pods[0].calls[0].to', 'names 2 things'],
  ['labels of nothing', (all) => { pods(all, 'payments').accepts[1].from.labels = { app: 'x' }; }, 'labels-without-namespace', 'segments[1].pods[0].accepts[1].from.labels', 'pods: namespace/name'],
  ['labels of pods of this policy', (all) => { pods(all, 'payments').accepts[0].from.labels = { app: 'x' }; }, 'labels-of-own-namespace', 'segments[1].pods[0].accepts[0].from.labels', 'api-gateway/gateway'],
  ['what the network refuses', (all) => { pods(all, 'payments').accepts[0].ports = [8443, 9999]; }, 'refused-by-network', 'segments[1].pods[0].accepts[0].ports', "add { from: edge, ports: [9999] } to the accepts of segment 'payments'"],
  ['udp where the network takes tcp', (all) => { pods(all, 'payments').accepts[0].protocol = 'udp'; }, 'refused-by-network', 'segments[1].pods[0].accepts[0].ports', 'protocol: udp }'],
  ['a port outside of a range', (all) => { pods(all, 'payments', 1).accepts[0].ports = ['7000-7011']; }, 'refused-by-network', 'segments[1].pods[1].accepts[0].ports', '"7000-7011"'],
  ['a foreign namespace that the network refuses', (all) => { pods(all, 'payments').accepts[0].from = { namespace: 'ingress-nginx' }; }, 'refused-by-network', 'segments[1].pods[0].accepts[0].ports', "namespace 'ingress-nginx' in segment 'platform'"],
  ['pods of the same segment on other nodes', (all) => { segment(all, 'payments').accepts.splice(3, 1); }, 'refused-by-network', 'segments[1].pods[0].accepts[3].ports', 'from: payments, ports: [7946]'],
  ['a call that the network refuses', (all) => { pods(all, 'payments').calls[0].ports = [5433]; }, 'refused-by-network', 'segments[1].pods[0].calls[0].ports', "to the accepts of segment 'ledger'"],
  ['a call of pods', (all) => { pods(all, 'payments').calls[0].to = { segment: 'edge' }; }, 'call-of-pods', 'segments[1].pods[0].calls[0].to.segment', 'let those pods accept these'],
  ['a call of a namespace of this policy', (all) => { pods(all, 'payments').calls[0].to = { namespace: 'monitoring' }; }, 'call-of-pods', 'segments[1].pods[0].calls[0].to.namespace', 'both sides'],
  ['a call without ports', (all) => { delete pods(all, 'payments').calls[0].ports; }, 'missing-field', 'segments[1].pods[0].calls[0]', 'ports'],
  ['a service that is not listed', (all) => { all.privateServices = ['kubernetes']; }, 'call-without-endpoint', 'segments[1].pods[0].calls[1].to.service', 'add it to privateServices'],
  ['metadata as a caller', (all) => { pods(all, 'payments').accepts[5].from.cidr = '169.254.169.254/32'; }, 'cidr-metadata', 'segments[1].pods[0].accepts[5].from.cidr', 'never reachable'],
  ['metadata as a callee', (all) => { pods(all, 'platform').calls[1].to.cidr = '169.254.0.0/16'; }, 'cidr-metadata', 'segments[2].pods[0].calls[1].to.cidr', 'credentials'],
  ['a public address', (all) => { pods(all, 'platform').calls[1].to.cidr = '8.8.8.8'; }, 'cidr-not-private', 'segments[2].pods[0].calls[1].to.cidr', "named by 'allow'"],
  ['everything', (all) => { pods(all, 'platform').calls[1].to.cidr = '0.0.0.0/0'; }, 'cidr-metadata', 'segments[2].pods[0].calls[1].to.cidr', 'name the addresses that are meant'],
  ['the internet at private pods', (all) => { pods(all, 'payments').accepts[0].from = { internet: true }; }, 'internet-not-public', 'segments[1].pods[0].accepts[0].from.internet', "'payments' is none"],
  ['the same labels twice', (all) => { pods(all, 'payments', 1).labels = { app: 'payments', role: 'api' }; }, 'overlapping-pods', 'segments[1].pods[1].labels', "those of 'api'"],
  ['labels that one pod can have', (all) => { pods(all, 'payments', 1).labels = { team: 'x' }; }, 'overlapping-pods', 'segments[1].pods[1].labels', 'the rights of both'],
  ['no labels', (all) => { pods(all, 'edge').labels = {}; }, 'empty-labels', 'segments[0].pods[0].labels', 'every pod of the namespace'],
  ['a bad label', (all) => { pods(all, 'edge').labels = { 'app name': 'x' }; }, 'bad-label', "segments[0].pods[0].labels.app name", 'key of a label'],
  ['a bad value of a label', (all) => { pods(all, 'edge').labels = { app: 'a b' }; }, 'bad-label', 'segments[0].pods[0].labels.app', 'value of a label'],
  ['a name twice', (all) => { pods(all, 'payments', 1).name = 'api'; }, 'duplicate-pods', 'segments[1].pods[1].name', 'a name of its own'],
  ["a namespace of the cluster's own", (all) => { pods(all, 'edge').namespace = 'kube-system'; }, 'reserved-namespace', 'segments[0].pods[0].namespace', 'cut the cluster off'],
  ['a namespace on two segments', (all) => { pods(all, 'edge').namespace = 'payments'; }, 'namespace-in-two-segments', 'segments[1].pods[0]', "segment 'edge'"],
  ['a host that nobody allowed', (all) => { pods(all, 'payments').hosts = ['api.strip.com']; }, 'unknown-host', 'segments[1].pods[0].hosts[0]', "did you mean 'api.stripe.com'"],
  ['a host for the data tier', (all) => { segment(all, 'ledger').pods = [{ name: 'db', labels: { app: 'db' }, hosts: ['api.stripe.com'] }]; }, 'data-segment-egress', 'segments[4].pods[0].hosts[0]', 'never reaches'],
  ['a host for the public tier', (all) => { pods(all, 'edge').hosts = ['api.stripe.com']; }, 'public-segment-egress', 'segments[0].pods[0].hosts[0]', 'move the pods'],
  ['a host twice', (all) => { pods(all, 'payments').hosts.push('api.stripe.com'); }, 'duplicate-host', 'segments[1].pods[0].hosts[4]', 'listed twice'],
  ['pods with and without hosts on the same nodes', (all) => { delete pods(all, 'payments', 1).hosts; }, 'hosts-mixed', 'segments[1].pods[1]', 'a segment of its own'],
  ['no DNS through the network', (all) => { segment(all, 'platform').accepts = segment(all, 'platform').accepts.filter(({ from, protocol }: any) => from !== 'payments' || protocol !== 'udp'); }, 'dns-refused-by-network', 'segments[1].pods', 'add { from: payments, ports: [53], protocol: udp }'],
  ['no API server through the network', (all) => { segment(all, 'platform').accepts[2].ports = [53]; }, 'api-refused-by-network', 'segments[1].pods', 'add { from: payments, ports: [443] }'],
  ['no kubelet through the network', (all) => { segment(all, 'edge').accepts.pop(); }, 'api-refused-by-network', 'segments[0].pods', 'add { from: platform, ports: [10250] }'],
  ['an environment that is called like a stack', (all) => { all.environments[0].name = 'a-kubernetes'; }, 'reserved-name', 'environments[0].name', 'without -kubernetes'],
  ['an unknown system segment', (all) => { all.environments[0].aws.cluster.system = 'platfrom'; }, 'unknown-segment', 'environments[0].aws.cluster.system', "did you mean 'platform'"],
  ['a CNI of another cloud', (all) => { all.environments[0].aws.cluster.cni = 'acns'; }, 'unknown-value', 'environments[0].aws.cluster.cni', 'vpc-cni'],
  ['EKS nodes without a role', (all) => { all.environments[0].aws.cluster.nodes = { machine: 'm7i.large' }; }, 'nodes-without-role', 'environments[0].aws.cluster.nodes', 'role: arn'],
  ['fewer nodes at most than at least', (all) => { all.environments[0].google.cluster.nodes = { machine: 'e2-standard-4', min: 3, max: 2 }; }, 'nodes-reversed', 'environments[0].google.cluster.nodes.max', '3 or more'],
  ['pods and no cluster', (all) => { for (const cloud of ['aws', 'google', 'azure']) delete all.environments[0][cloud].cluster; }, 'pods-without-cluster', 'segments[0].pods[0]', "add 'cluster'"],
  ['a cluster and no pods', (all) => { for (const each of all.segments) delete each.pods; }, 'cluster-without-pods', 'environments[0].aws.cluster', 'nothing is closed'],
];

test("a host of a rule that has a mistake of its own is not told as a second one", () => {
  for (const mistake of [(rule: any) => { rule.host = 'https://api.stripe.com'; }, (rule: any) => { rule.from = ['paymets']; }, (rule: any) => { delete rule.host; }]) {
    const told = problemsOf((all) => mistake(all.allow.find(({ host }: any) => host === 'api.stripe.com')));
    expect(told.filter((line) => line.includes('.pods['))).toEqual([]);
    expect(told.some((line) => line.includes(' allow['))).toBe(true);
  }
});

test('the fixture has no problem', () => {
  expect(problemsOf(() => undefined)).toEqual([]);
});

test.each(BAD)('%s', (_, change, code, where, part) => {
  const policy = parse(fixture('kubernetes'));
  change(policy);
  const result = load(stringify(policy));
  const found = [...(result.ok ? [] : result.problems), ...result.warnings].find((problem) => problem.code === code && problem.path === where);
  expect(problemsOf(change)).toContainEqual(expect.stringContaining(part));
  expect(found && formatProblems([found])[0]).toContain(part);
  expect(readFileSync('docs/policy.md', 'utf8')).toContain(`\`${code}\``);
});

test('a cluster has the name of the environment, or on Azure that of the cluster that its network makes', () => {
  const policy = parse(fixture('kubernetes'));
  const names = () => {
    const result = load(stringify(policy));
    if (!result.ok) throw new Error(formatProblems(result.problems).join('\n'));
    const [{ aws, azure }] = result.policy.environments as [any];
    return [aws.cluster.name, azure.cluster.name];
  };
  expect(names()).toEqual(['acme-prod', 'acme-prod']);
  // Pods of other segments have no place in it.
  for (const segment of policy.segments) delete segment.pods;
  policy.environments[0].azure.kubernetes = { segment: 'platform', adminGroups: ['00000000-0000-0000-0000-000000000001'] };
  expect(names()).toEqual(['acme-prod', 'acme-prod-kubernetes']);
  policy.environments[0].azure.cluster.name = 'other';
  expect(names()).toEqual(['acme-prod', 'other']);
});

test('whatever stands in any place of a statement about pods, a result is a result', () => {
  /** Every place below pods and clusters, as a path. */
  const places = (value: any, path: readonly (string | number)[] = []): (readonly (string | number)[])[] => (
    value && typeof value === 'object' ? [path, ...Object.keys(value).flatMap((key) => places(value[key], [...path, Array.isArray(value) ? Number(key) : key]))] : [path]
  );
  const all = places(parse(fixture('kubernetes'))).filter((path) => path.includes('pods') || path.includes('cluster') || path.includes('accepts'));
  const other = fc.oneof(fc.constantFrom(null, '', [], {}, [null], { a: null }, 'payments', 'payments/api', '0.0.0.0/0', 443, true), fc.anything({ maxDepth: 2 }));
  fc.assert(fc.property(fc.constantFrom(...all), other, (path, value) => {
    const policy = parse(fixture('kubernetes'));
    let parent = policy;
    for (const step of path.slice(0, -1)) parent = parent[step];
    parent[path.at(-1)!] = value;
    const text = stringify(policy, { aliasDuplicateObjects: false });
    const result = load(text);
    const said = [...result.warnings, ...(result.ok ? [] : result.problems)];
    if (!result.ok) expect(said.length).toBeGreaterThan(0);
    for (const { line, code } of said) {
      expect(line).toBeGreaterThan(0);
      expect(code).toMatch(/^[a-z0-9-]+$/);
    }
  }), { numRuns: 80 });
});

test('the order of the file changes nothing', () => {
  const reversed = (value: any): any => (Array.isArray(value) ? [...value].map(reversed).reverse()
    : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, reversed(each)]).reverse()) : value);
  const policy = parse(fixture('kubernetes'));
  const sorted = load(stringify(policy));
  const other = load(stringify(reversed(policy)));
  const plain = (result: any) => JSON.parse(JSON.stringify(result.policy, (key, value) => (key === 'position' ? undefined : value)));
  expect(plain(other)).toEqual(plain(sorted));
});
