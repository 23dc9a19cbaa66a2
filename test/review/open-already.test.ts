/** What a change opens where something was open before: more traffic, a host besides, another place of the segment. */
import { parsePlan } from '../../review/plan/load';
import { newWaysOut } from '../../review/report/words';
import { newEgress } from '../../review/report/new-egress';
import type { EgressDiff } from '../../review/result';
import { review } from '../../review/review';
import { TODAY } from '../fixtures/stacks';
import { line, ref, soundStack, WORLD } from './sound-stack';

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
    expect(newEgress(opened).map(({ severity, message }) => [severity, message])).toEqual([['high', 'edge reaches tcp/443 to the internet with no control by host name, and did not before']]);
  });

  test('the other way round it is closed', () => {
    expect(said(diff(wide, narrow))).toEqual(['closed edge: tcp/443 to the internet']);
    expect(newWaysOut(diff(wide, narrow))).toBe(0);
  });

  test('the same in other words is no change', () => {
    expect(said(diff(network([tcp(443, WORLD)]), network([tcp(443, '0.0.0.0/1'), tcp(443, '128.0.0.0/1')])))).toEqual([]);
  });
});

describe('another place of the segment', () => {
  test('is told by its own name', () => {
    const opened = diff(network([tcp(443, WORLD)]), network([tcp(443, WORLD)], [tcp(443, WORLD)]));
    expect(said(opened)).toEqual(['became-open aws_instance.two: anything']);
    expect(newWaysOut(opened)).toBe(1);
  });

  test('that gets no further is not told', () => {
    expect(said(diff(network([tcp(443, WORLD)], [tcp(443, WORLD)]), network([tcp(443, WORLD)])))).toEqual([]);
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
});
