/** What a change opens where something was open or unknown before: more traffic, a host besides, another place of the segment, another doubt. */
import { parsePlan } from '../../review/plan/load';
import { uncovered } from '../../review/diff/host-cover';
import { hostsIn } from '../../review/diff/reach';
import type { AllowedHost } from '../../review/model/network-model';
import { newWaysOut } from '../../review/report/words';
import { newEgress } from '../../review/report/new-egress';
import type { EgressDiff } from '../../review/result';
import { review } from '../../review/review';
import { TODAY } from '../fixtures/stacks';
import { asPlan } from './as-plan';
import { changePlan } from './change-plan';
import { endpointIn, line, ref, soundStack, WORLD } from './sound-stack';

type Resources = Record<string, Record<string, any>>;

/** A network with two machines of one segment that have public addresses; each has a group of its own. */
function network(egress: readonly object[], others: readonly object[] = []): Resources {
  const vpc_id = ref('aws_vpc', 'main');
  const group = (rules: readonly object[]) => ({ vpc_id, ingress: [], egress: rules });
  const machine = (name: string) => ({ subnet_id: ref('aws_subnet', 'main'), vpc_security_group_ids: [ref('aws_security_group', name)], associate_public_ip_address: true, tags: { segment: 'edge' } });
  return {
    aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
    aws_internet_gateway: { main: { vpc_id } },
    aws_subnet: { main: { vpc_id, cidr_block: '10.0.0.0/24' } },
    aws_route_table: { main: { vpc_id, route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }] } },
    aws_route_table_association: { main: { subnet_id: ref('aws_subnet', 'main'), route_table_id: ref('aws_route_table', 'main') } },
    aws_security_group: { one: group(egress), two: group(others) },
    aws_instance: { one: machine('one'), two: machine('two') },
  };
}

const tcp = (port: number, ...cidr_blocks: string[]) => line({ from_port: port, to_port: port, cidr_blocks });

function diff(before: Resources, after: Resources): EgressDiff {
  const parsed = (resource: Resources) => parsePlan(JSON.stringify({ resource }), 'stack.json');
  return review({ inputs: [parsed(after)], base: [parsed(before)], today: TODAY }).diff as EgressDiff;
}

const said = ({ reach }: EgressDiff) => reach.map(({ change, who, what }) => `${change} ${who}: ${what}`);

describe('more traffic', () => {
  const narrow = network([tcp(22, '151.101.1.7/32')]);
  const wide = network([tcp(22, '151.101.1.7/32'), tcp(443, WORLD)]);

  test('is a way out that was not there before', () => {
    const opened = diff(narrow, wide);
    expect(said(opened)).toEqual(['became-open edge: tcp/443 to the internet']);
    expect(newWaysOut(opened)).toBe(1);
    expect(newEgress(opened).map(({ severity, message }) => [severity, message])).toEqual([['high', 'aws_instance.one of edge reaches tcp/443 to the internet with no control by host name, and did not before']]);
  });

  test('the other way round it is closed', () => {
    expect(said(diff(wide, narrow))).toEqual(['closed edge: tcp/443 to the internet']);
    expect(newWaysOut(diff(wide, narrow))).toBe(0);
  });

  test('the same in other words is no change', () => {
    expect(said(diff(network([tcp(443, WORLD)]), network([tcp(443, '0.0.0.0/1'), tcp(443, '128.0.0.0/1')])))).toEqual([]);
  });
});

const which = ({ reach }: EgressDiff) => reach.map(({ change, what, places, others }) => [change, what, places, others]);

describe('another place of the segment', () => {
  const [one, two] = [network([tcp(443, WORLD)]), network([tcp(443, WORLD)], [tcp(443, WORLD)])];

  test('is named, beside how many were open before', () => {
    const opened = diff(one, two);
    expect(said(opened)).toEqual(['became-open edge: tcp/443 to the internet']);
    expect(which(opened)).toEqual([['became-open', 'tcp/443 to the internet', ['aws_instance.two'], 1]]);
    expect(newEgress(opened).map(({ message }) => message)).toEqual(['aws_instance.two of edge reaches tcp/443 to the internet with no control by host name, and did not before']);
  });

  test('closes by its name, while others stay open', () => {
    expect(which(diff(two, one))).toEqual([['closed', 'tcp/443 to the internet', ['aws_instance.two'], 1]]);
    expect(newWaysOut(diff(two, one))).toBe(0);
  });

  test('that was open to one address and is to the world opens, though the segment was', () => {
    const opened = diff(network([tcp(443, WORLD)], [tcp(443, '151.101.1.7/32')]), two);
    expect(which(opened)).toEqual([['became-open', 'tcp/443 to the internet', ['aws_instance.two'], 1]]);
  });

  test('that is open to the one address that others call is told, too', () => {
    const narrow = [tcp(443, '151.101.1.7/32')];
    expect(which(diff(network(narrow), network(narrow, narrow)))).toEqual([['became-open', 'tcp/443 to 151.101.1.7/32', ['aws_instance.two'], 1]]);
    expect(which(diff(network([tcp(443, WORLD)], [tcp(22, WORLD)]), network([tcp(443, WORLD)], [tcp(22, WORLD), tcp(443, '151.101.1.7/32')])))).toEqual([['became-open', 'tcp/443 to 151.101.1.7/32', ['aws_instance.two'], 1]]);
  });

  test('that is new is told and counted: no policy says what an open segment is for', () => {
    const grown = network([tcp(443, WORLD)]);
    grown.aws_instance!.three = { ...grown.aws_instance!.one };
    const opened = diff(one, grown);
    expect(which(opened)).toEqual([['became-open', 'tcp/443 to the internet', ['aws_instance.three'], 1]]);
    expect(newWaysOut(opened)).toBe(1);
    expect(which(diff(grown, one))).toEqual([['closed', 'tcp/443 to the internet', ['aws_instance.three'], 1]]);
  });

  test('many of them are one line: some names, and how many more', () => {
    const many = network([tcp(443, WORLD)]);
    for (let n = 0; n < 70; n += 1) many.aws_instance![`n${n}`] = { ...many.aws_instance!.one };
    const [change, ...others] = diff(one, many).reach;
    expect(others).toEqual([]);
    expect([change?.places?.length, change?.more, change?.others]).toEqual([50, 20, 1]);
  });

  test('each is named with what it opens, where others open more or something else', () => {
    const ssh = [tcp(22, '151.101.1.7/32')];
    expect(which(diff(network(ssh), network([...ssh, tcp(443, WORLD)], [tcp(8443, WORLD)])))).toEqual([
      ['became-open', 'tcp/443 to the internet', ['aws_instance.one'], undefined], ['became-open', 'tcp/8443 to the internet', ['aws_instance.two'], undefined],
    ]);
    expect(which(diff(network(ssh), network([...ssh, tcp(443, WORLD)], [tcp(443, WORLD), tcp(8443, WORLD)])))).toEqual([
      ['became-open', 'tcp/443 to the internet', ['aws_instance.one'], undefined], ['became-open', 'tcp/443,8443 to the internet', ['aws_instance.two'], undefined],
    ]);
  });

  test('the first ones of a segment are named, too, and what they let out is said', () => {
    const { reach } = diff(network([]), two);
    expect(reach.map(({ change, who, what, places, traffic, others }) => [change, who, what, places, traffic, others])).toEqual([['became-open', 'edge', 'anything', ['aws_instance.one', 'aws_instance.two'], ['tcp/443 to the internet'], undefined]]);
  });
});

describe('a doubt', () => {
  const hidden = (attribute: string, over: object = {}) => line({ cidr_blocks: [`\${aws_eip.${attribute}.public_ip}/1`], ...over });
  const open = tcp(22, '151.101.1.7/32');
  const doubted = network([hidden('a')]);

  test('for one more reason hides what opens: it is told, with the reason, and counted', () => {
    const other = network([hidden('a')], [hidden('b')]);
    const opened = diff(doubted, other);
    expect(opened.reach.map(({ change, who, what, places, others, reasons }) => [change, who, what, places, others, reasons])).toEqual([
      ['became-unknown', 'edge', 'anything', ['aws_instance.two'], 1, [expect.stringContaining('aws_security_group.two')]]]);
    expect(newWaysOut(opened)).toBe(1);
    expect(newEgress(opened).map(({ message, confidence }) => [message, confidence])).toEqual([[expect.stringMatching(/^aws_instance.two of edge may reach the internet, for a new reason: aws_security_group.two: 'cidr_blocks'/), 'possible']]);
    expect(diff(other, doubted).reach).toEqual([]);
  });

  test('for another reason than before, over the same traffic, is told', () => {
    const standing = (group: string) => {
      const all = network([hidden('a')], [hidden('a')]);
      all.aws_instance!.one.vpc_security_group_ids = [ref('aws_security_group', group)];
      return all;
    };
    const changed = diff(standing('one'), standing('two'));
    expect(changed.reach.map(({ change, places, reasons }) => [change, places, reasons])).toEqual([['became-unknown', ['aws_instance.one'], [expect.stringContaining('aws_security_group.two')]]]);
    expect(newWaysOut(changed)).toBe(1);
  });

  test('counts beside what is open, but not where everything is', () => {
    expect(diff(network([open]), network([open, hidden('a')])).reach.map(({ change, reasons }) => [change, reasons?.length])).toEqual([['became-unknown', 1]]);
    const everything = line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD] });
    expect(diff(network([everything]), network([everything, hidden('a')])).reach).toEqual([]);
  });

  test('for the same reason counts where more may get out', () => {
    const [narrow, wide] = [network([hidden('a')]), network([hidden('a', { from_port: 0, to_port: 65535 })])];
    expect(diff(narrow, wide).reach.map(({ change, what, places }) => [change, what, places])).toEqual([['became-unknown', 'tcp/0-442,444-65535 to the internet', ['aws_instance.one']]]);
    expect(diff(wide, narrow).reach).toEqual([]);
  });

  test('that was there before is not told when what was open closes', () => {
    const [was, is] = [network([tcp(443, WORLD)], [hidden('b')]), network([], [hidden('b')])];
    expect(which(diff(was, is))).toEqual([['closed', 'anything', ['aws_instance.one'], undefined]]);
    expect(which(diff(network([tcp(22, WORLD)]), network([hidden('a')])))).toEqual([['became-unknown', 'anything', ['aws_instance.one'], undefined]]);
  });

  test('of what was open is no new way out, and no closed one: it is told with the reason', () => {
    const [was, is] = [network([tcp(443, WORLD)], [tcp(443, WORLD)]), network([hidden('a')], [hidden('b')])];
    const changed = diff(was, is);
    expect(changed.reach.map(({ change, who, what, places, reasons }) => [change, who, what, places, reasons])).toEqual([
      ['perhaps-closed', 'edge', 'anything', ['aws_instance.one', 'aws_instance.two'], [expect.stringContaining('aws_security_group.one'), expect.stringContaining('aws_security_group.two')]]]);
    expect([newWaysOut(changed), newEgress(changed)]).toEqual([0, []]);
    // One of them, where the other one stays open, or closes.
    expect(which(diff(was, network([hidden('a')], [tcp(443, WORLD)])))).toEqual([['perhaps-closed', 'anything', ['aws_instance.one'], 1]]);
    expect(which(diff(was, network([hidden('a')])))).toEqual([['closed', 'anything', ['aws_instance.two'], undefined], ['perhaps-closed', 'anything', ['aws_instance.one'], undefined]]);
    // What is not known any more is other traffic than was open.
    expect(diff(network([tcp(22, WORLD)]), network([hidden('a')])).reach.map(({ change }) => change)).toEqual(['became-unknown']);
  });

  test('that stays as it was is no change, whatever the place or the file is called', () => {
    // A machine in a subnet that nothing of the file makes, in the plan and in the state that it starts from.
    const elsewhere = (bucket: string) => asPlan({ ...network([]), aws_instance: { lost: { subnet_id: 'subnet-1', tags: { segment: 'edge' } } }, aws_s3_bucket: { [bucket]: { bucket } } }, true);
    const state = { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: elsewhere('a').resource_changes.map(({ change, ...resource }: any) => ({ ...resource, values: change.after })) } } };
    const plan = elsewhere('b');
    plan.resource_changes.at(-1).change = { actions: ['create'], before: null, after: { bucket: 'b' }, after_unknown: { id: true } };
    const { diff: same, verdicts } = review({ inputs: [parsePlan(JSON.stringify({ ...plan, prior_state: state }), 'plan.json')], today: TODAY });
    expect(verdicts.flatMap(({ reasons }) => reasons)).toContainEqual(expect.stringContaining('is the id of nothing in this plan'));
    expect(same?.reach).toEqual([]);
    expect(diff(doubted, doubted).reach).toEqual([]);
  });
});

describe('what is called otherwise', () => {
  /** The open machine by another name, in no segment. */
  const called = (name: string) => {
    const resources = network([tcp(443, WORLD)]);
    const { one, two } = resources.aws_instance!;
    resources.aws_instance = { [name]: { ...one, tags: {} }, two };
    return resources;
  };
  const file = (resource: Resources, moved?: readonly object[]) => parsePlan(JSON.stringify({ resource, ...(moved ? { moved } : {}) }), 'stack.json');
  const renamed = (moved?: readonly object[]) => review({ inputs: [file(called('new'), moved)], base: [file(called('one'))], today: TODAY }).diff as EgressDiff;

  test('is the same by a moved block, and another one without', () => {
    expect(said(renamed([{ from: 'aws_instance.one', to: 'aws_instance.new' }]))).toEqual([]);
    expect(said(renamed())).toEqual(['became-open aws_instance.new: anything', 'closed aws_instance.one: anything']);
  });

  test('is said to be renamed perhaps, beside what opens, where one thing alone is like it', () => {
    const renames = (before: Resources, after: Resources, moved = {}) => {
      const { diff } = review({ inputs: [parsePlan(JSON.stringify(changePlan(before, after, { moved })), 'plan.json')], today: TODAY });
      return [diff?.reach.filter(({ change }) => change === 'became-open').length, diff?.renames];
    };
    expect(renames(called('one'), called('new'))).toEqual([1, [{ input: 'plan.json', from: 'aws_instance.one', to: 'aws_instance.new' }]]);
    expect(renames(called('one'), called('new'), { 'aws_instance.one': 'aws_instance.new' })).toEqual([0, undefined]);
    const twins = called('one');
    twins.aws_instance!.three = { ...twins.aws_instance!.one };
    expect(renames(twins, called('new'))).toEqual([1, undefined]);
    // What is like it in less than all is another thing.
    const other = called('new');
    other.aws_instance!.new = { ...other.aws_instance!.new, ami: 'ami-2' };
    expect(renames(called('one'), other)).toEqual([1, undefined]);
  });

  test('is the same where Terraform has moved it in the state already, and one that takes its old name is new', () => {
    const [was, is] = [asPlan(called('new'), true), asPlan(called('new'), true)];
    is.resource_changes.find(({ address }: { address: string }) => address === 'aws_instance.new').previous_address = 'aws_instance.one';
    const compare = (base: object, head: object) => review({ inputs: [parsePlan(JSON.stringify(head), 'plan.json')], base: [parsePlan(JSON.stringify(base), 'plan.json')], today: TODAY }).diff as EgressDiff;
    expect(said(compare(was, is))).toEqual([]);
    expect(said(compare(asPlan(called('one'), true), is))).toEqual([]);
    const both = called('new');
    both.aws_instance!.one = { ...both.aws_instance!.new };
    const plan = asPlan(both, true);
    plan.resource_changes.find(({ address }: { address: string }) => address === 'aws_instance.new').previous_address = 'aws_instance.one';
    expect(said(compare(asPlan(called('one'), true), plan))).toEqual(['became-open aws_instance.one: anything']);
    expect(said(compare(was, plan))).toEqual(['became-open aws_instance.one: anything']);
  });
});

describe('what belongs to another segment', () => {
  /** The second machine, by another tag. */
  const tagged = (segment: string | undefined, others: readonly object[]) => {
    const resources = network([tcp(443, WORLD)], others);
    resources.aws_instance!.two = { ...resources.aws_instance!.two, tags: segment === undefined ? {} : { segment } };
    return resources;
  };

  test('opens and closes nothing by that', () => {
    for (const [was, is] of [[undefined, 'edge'], ['edge', undefined], ['edge', 'core'], [undefined, 'core']] as const) {
      expect(said(diff(tagged(was, [tcp(443, WORLD)]), tagged(is, [tcp(443, WORLD)])))).toEqual([]);
    }
  });

  test('opens what it could not do before, by any name', () => {
    expect(which(diff(tagged(undefined, []), tagged('edge', [tcp(443, WORLD)])))).toEqual([['became-open', 'tcp/443 to the internet', ['aws_instance.two'], 1]]);
  });
});

describe('a host', () => {
  /** Behind the firewall, and beside it straight to one address. */
  function beside(route: string | undefined, rules: string): Resources {
    const { resource } = soundStack();
    const all = resource as Resources;
    delete all['aws_network_acl'];
    delete all['aws_default_network_acl'];
    all['aws_instance']!['app'].associate_public_ip_address = true;
    if (route !== undefined) all['aws_route_table']!['app'].route.push({ cidr_block: route, gateway_id: ref('aws_internet_gateway', 'main') });
    all['aws_networkfirewall_rule_group']!['main'].rule_group.rules_source.rules_string = rules;
    return all;
  }
  const pass = (host: string, sid: number) => `pass tls any any -> any 443 (tls.sni; content:"${host}"; startswith; endswith; sid:${sid};)`;
  const [one, two] = [pass('one.example.com', 1), `${pass('one.example.com', 1)}\n${pass('two.example.com', 2)}`];

  test('that its segment reached is told of a machine that did not', () => {
    /** A second machine, in the subnet of the first or in one without a way out. */
    const standing = (subnet: string) => {
      const all = beside(undefined, one);
      const [app] = [all['aws_instance']!['app']];
      all['aws_instance']!['second'] = { ...app, subnet_id: ref('aws_subnet', subnet), tags: { segment: 'app' } };
      return all;
    };
    expect(which(diff(standing('vault'), standing('app')))).toEqual([['opened', 'tls one.example.com:443', ['aws_instance.second'], 1]]);
    expect(which(diff(beside(undefined, one), standing('app')))).toEqual([]);
  });

  test('counts where only some addresses were open', () => {
    const opened = diff(beside('151.101.1.7/32', one), beside('151.101.1.7/32', two));
    expect(said(opened)).toEqual(['opened app: tls two.example.com:443']);
    expect(newWaysOut(opened)).toBe(1);
  });

  test('is nothing new where every address was open', () => {
    const split = (rules: string) => {
      const all = beside('0.0.0.0/1', rules);
      all['aws_route_table']!['app'].route.push({ cidr_block: '128.0.0.0/1', gateway_id: ref('aws_internet_gateway', 'main') });
      return all;
    };
    expect(said(diff(split(one), split(two)))).toEqual([]);
  });

  test('that is a range of addresses for every protocol is new where they were open to TCP alone', () => {
    const wide = (rules: string) => {
      const all = beside(undefined, rules);
      all['aws_security_group']!['app'].egress = [line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD] })];
      return all;
    };
    const [tcpAlone, all] = ['pass tcp any any -> any any (sid:1;)', 'pass ip any any -> any any (sid:1;)'];
    const range = 'pass ip any any -> 8.0.0.0/8 any (sid:1;)';
    expect(said(diff(wide(tcpAlone), wide(range)))).toEqual(['opened app: any 8.0.0.0/8', 'became-guarded app: anything']);
    expect(said(diff(wide(all), wide(range)))).toEqual(['became-guarded app: anything']);
  });

  const below = (domain: string, sid: number, port = '443') => `pass tls any any -> any ${port} (tls.sni; dotprefix; content:".${domain}"; endswith; sid:${sid};)`;

  const narrow = (cidr: string, sid = 1) => one.replace('-> any', `-> ${cidr}`).replace('sid:1', `sid:${sid}`);

  const onAnyPort = (rules: string) => {
    const all = beside(undefined, rules);
    all['aws_security_group']!['app'].egress = [tcp(1, WORLD)].map((each) => ({ ...each, to_port: 65535 }));
    return all;
  };

  test.each<[string, string, string, readonly string[]]>([
    ['below a domain that was listed', below('example.com', 1), one, ['closed app: tls .example.com:443']],
    ['of which the domain is listed now', one, below('example.com', 1), ['opened app: tls .example.com:443']],
    ['besides its domain', below('example.com', 1), `${below('example.com', 1)}\n${one.replace('sid:1', 'sid:2')}`, []],
    ['on one port where it was on every one', one.replace('any 443', 'any any'), one, ['closed app: tls one.example.com']],
    ['on every port where it was on one', one, one.replace('any 443', 'any any'), ['opened app: tls one.example.com']],
    ['at some addresses that was at every one', one, narrow('151.101.0.0/22'), ['closed app: tls one.example.com:443 beyond 151.101.0.0/22']],
    ['at every address that was at some', narrow('151.101.0.0/22'), one, ['opened app: tls one.example.com:443 beyond 151.101.0.0/22']],
    ['at more addresses', narrow('151.101.0.0/22'), narrow('151.101.0.0/16'), ['opened app: tls one.example.com:443 at 151.101.4.0/22, 151.101.8.0/21, 151.101.16.0/20, 151.101.32.0/19 and 2 more blocks']],
    ['at the same addresses, by one rule and no longer by two', `${narrow('151.101.0.0/23')}\n${narrow('151.101.2.0/23', 2)}`, narrow('151.101.0.0/22'), []],
    ['at a part of them', narrow('151.101.0.0/22'), narrow('151.101.0.0/23'), ['closed app: tls one.example.com:443 at 151.101.2.0/23']],
    ['at other addresses', narrow('151.101.0.0/22'), narrow('151.102.0.0/22'), ['opened app: tls one.example.com:443 at 151.102.0.0/22', 'closed app: tls one.example.com:443 at 151.101.0.0/22']],
    ['at some addresses, for the first time', two.split('\n')[1]!, `${two.split('\n')[1]!}\n${narrow('151.101.0.0/22')}`, ['opened app: tls one.example.com:443 at 151.101.0.0/22']],
    ['below another domain', below('example.org', 1), one, ['opened app: tls one.example.com:443', 'closed app: tls .example.org:443']],
    ['below a domain on another port', below('example.com', 1, '8443'), one, ['opened app: tls one.example.com:443', 'closed app: tls .example.com:8443']],
  ])('%s', (_, before, after, expected) => expect(said(diff(onAnyPort(before), onAnyPort(after)))).toEqual(expected));

  test('is told where a group no longer keeps it to some addresses, or ports', () => {
    const grouped = (...egress: readonly object[]) => {
      const all = beside(undefined, one.replace('any 443', 'any any'));
      all['aws_security_group']!['app'].egress = egress;
      return all;
    };
    const [narrower, wider] = [grouped(tcp(443, '151.101.0.0/22')), grouped(tcp(443, WORLD))];
    expect(said(diff(narrower, wider))).toEqual(['opened app: tls one.example.com:443 beyond 151.101.0.0/22']);
    expect(newEgress(diff(narrower, wider)).map(({ message }) => message)).toEqual(['app reaches tls one.example.com:443 beyond 151.101.0.0/22, and did not before']);
    expect(said(diff(wider, narrower))).toEqual(['closed app: tls one.example.com:443 beyond 151.101.0.0/22']);
    expect(said(diff(wider, grouped(tcp(443, WORLD), tcp(8443, WORLD))))).toEqual(['opened app: tls one.example.com:8443']);
  });

  test('that is kept to some addresses is nothing new where these were open', () => {
    const [route, elsewhere] = ['151.101.0.0/22', '8.8.8.0/24'];
    const none = 'drop tls any any -> any any (sid:9;)';
    expect(said(diff(beside(route, none), beside(undefined, narrow(route))))).toEqual(['became-guarded app: anything']);
    expect(said(diff(beside(elsewhere, none), beside(undefined, narrow(route))))).toEqual(['opened app: tls one.example.com:443 at 151.101.0.0/22', 'became-guarded app: anything']);
  });

  test('that its segment reached by a wildcard alone, or as one of all hosts, is told of a machine that did not', () => {
    const withSecond = (all: Resources, subnet: string) => {
      all['aws_instance']!['second'] = { ...all['aws_instance']!['app'], subnet_id: ref('aws_subnet', subnet), tags: { segment: 'app' } };
      return all;
    };
    /** The first machine's way is its own; the second one stands where the vault does, which gets a way of its own. */
    const open = (isWay: boolean) => {
      const all = withSecond(beside('0.0.0.0/1', one), 'vault');
      all['aws_route_table']!['app'].route = [{ cidr_block: '0.0.0.0/0', gateway_id: ref('aws_internet_gateway', 'main') }];
      if (isWay) all['aws_route_table']!['vault'] = { ...all['aws_route_table']!['vault'], route: [{ cidr_block: '0.0.0.0/0', vpc_endpoint_id: endpointIn('us-east-1a') }] };
      return all;
    };
    expect(which(diff(open(false), open(true)))).toEqual([['opened', 'tls one.example.com:443', ['aws_instance.second'], undefined]]);
  });
});

describe('names that a list covers', () => {
  const host = (name: string, protocol: AllowedHost['protocol'] = 'tls', ports: readonly number[] = [443]): AllowedHost => ({ host: name, protocol, ports, rule: 'r' });
  const isCovered = (wanted: AllowedHost, by: AllowedHost) => uncovered(hostsIn([[wanted]]), hostsIn([[by]])).length === 0;

  test.each<[string, string, boolean]>([
    ['a.example.com', '*.example.com', true], ['b.a.example.com', '*.example.com', false], ['example.com', '*.example.com', false], ['*.a.example.com', '*.example.com', false],
    ['example.com', '.example.com', true], ['b.a.example.com', '.example.com', true], ['*.example.com', '.example.com', true], ['.a.example.com', '.example.com', true], ['.example.com', '*.example.com', false],
    ['api*.example.com', '.example.com', true], ['api*.example.com', '*.example.com', false], ['badexample.com', '.example.com', false],
    ['a.example.com', '*', true], ['*.example.com', '*', true], ['*', '*.example.com', false], ['10.1.0.0/16', '*', false], ['tag:Storage', '*', false],
    ['10.1.0.0/16', '10.0.0.0/8', true], ['10.0.0.0/8', '10.1.0.0/16', false], ['2001:db8::/64', '2001:db8::/32', true], ['10.1.0.1', '2001:db8::/32', false],
  ])('%s by %s: %s', (name, by, expected) => expect(isCovered(host(name), host(by))).toBe(expected));

  test.each<[AllowedHost['protocol'], readonly number[], AllowedHost['protocol'], readonly number[], boolean]>([
    ['tls', [443], 'any', [], true], ['tls', [443], 'any', [443, 8443], true], ['tls', [443, 8443], 'any', [443], false], ['any', [443], 'tls', [443], false], ['tls', [443], 'http', [443], false], ['tls', [], 'tls', [443], false],
  ])('%s on [%s] by %s on [%s]: %s', (protocol, ports, byProtocol, byPorts, expected) => expect(isCovered(host('a.example.com', protocol, ports), host('a.example.com', byProtocol, byPorts))).toBe(expected));
});

describe('what is moved to an address that something else had', () => {
  /** `one` goes, and `two`, which was closed, gets its name and is opened. */
  const before = asPlan(network([tcp(443, WORLD)], []), true);
  const after = () => {
    const { aws_instance: { one }, ...rest } = network([tcp(443, WORLD)]) as { aws_instance: { one: object } };
    const plan = asPlan({ ...rest, aws_instance: { one } }, true);
    plan.resource_changes.find(({ address }: { address: string }) => address === 'aws_instance.one').previous_address = 'aws_instance.two';
    return plan;
  };

  test('is compared with what it was, and not with what had the address', () => {
    const opened = review({ inputs: [parsePlan(JSON.stringify(after()), 'p')], base: [parsePlan(JSON.stringify(before), 'p')], today: TODAY }).diff as EgressDiff;
    expect(which(opened)).toEqual([['became-open', 'tcp/443 to the internet', ['aws_instance.one'], 1], ['closed', 'tcp/443 to the internet', ['aws_instance.one'], 1]]);
  });
});
