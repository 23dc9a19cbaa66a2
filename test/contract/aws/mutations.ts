/** Ways to break a sound AWS stack, each with the fault that must be reported by name. */
import type { Mutation, SynthesizedStack } from '../observation';
import { dnsMutations } from './dns-mutations';
import { drop, find, mutation } from './mutating';
import { dataSources, referent, resources, subnets } from './resources';

const WORLD = '0.0.0.0/0';

/** The group with rules of a segment that fits. */
function rulesOf(stack: SynthesizedStack, fits: (egress: any[]) => boolean): any {
  const carried = Object.values<string[]>(stack.output?.group_ids?.value ?? {}).map((ids) => referent(ids[1]));
  return find(stack, 'aws_security_group', (address, body) => carried.includes(address) && fits(body.egress ?? []));
}

const toWorld = (rule: any) => (rule.cidr_blocks ?? []).includes(WORLD);
const noHosts = (egress: any[]) => !egress.some(toWorld);

/** The route table of a workload subnet, by what its routes look like. */
function table(stack: SynthesizedStack, fits: (routes: any[], subnet: any) => boolean): any {
  const tiers = subnets(stack).filter((subnet) => subnet.body.tags?.segment);
  const subnet = tiers.find((candidate) => fits(resourceRoutes(stack, candidate.table), candidate));
  if (!subnet) throw new Error('nothing to break: no such route table');
  return find(stack, 'aws_route_table', (address) => address === subnet.table);
}

function resourceRoutes(stack: SynthesizedStack, address: string): any[] {
  return resources(stack, 'aws_route_table').find((candidate) => candidate.address === address)?.body.route ?? [];
}

const guarded = (routes: any[]) => routes.some((route) => route.vpc_endpoint_id);
const empty = (routes: any[]) => routes.length === 0;

function first(stack: SynthesizedStack, type: string): string {
  const address = [...resources(stack, type), ...dataSources(stack, type)][0]?.address;
  if (!address) throw new Error(`nothing to break: no ${type}`);
  return `\${${address}.id}`;
}

function natTable(stack: SynthesizedStack): any {
  return find(stack, 'aws_route_table', (_, body) => body.route?.some((route: any) => route.gateway_id) && body.route.some((route: any) => route.vpc_endpoint_id));
}

const REPLIES = { action: 'allow', protocol: 'tcp', rule_no: 91, from_port: 1024, to_port: 65535 };

/** The ACL of a segment with hosts, and its entry for their replies. */
function fenced(stack: SynthesizedStack): any {
  const subnet = subnets(stack).find((candidate) => candidate.body.tags?.segment && guarded(resourceRoutes(stack, candidate.table)));
  if (!subnet?.acl) throw new Error('nothing to break: no subnet with hosts');
  return subnet.acl;
}

function replies(stack: SynthesizedStack): any {
  return fenced(stack).ingress.find((entry: any) => entry.cidr_block === WORLD);
}

function policy(stack: SynthesizedStack): any {
  return find(stack, 'aws_networkfirewall_firewall_policy').firewall_policy;
}

/** Rewrites the text of the first rule group that the edit changes. */
function rewrite(edit: (rules: string) => string): (stack: SynthesizedStack) => void {
  return (stack) => {
    for (const { body } of resources(stack, 'aws_networkfirewall_rule_group')) {
      const source = body.rule_group.rules_source;
      const after = edit(source.rules_string);
      if (after !== source.rules_string) {
        source.rules_string = after;
        return;
      }
    }
    throw new Error('nothing to break: no such rule');
  };
}

const withoutLines = (pattern: RegExp) => rewrite((rules) => rules.split('\n').filter((line) => !pattern.test(line)).join('\n'));
const rule = (over: object) => ({ from_port: 443, to_port: 443, protocol: 'tcp', cidr_blocks: [], ipv6_cidr_blocks: [], prefix_list_ids: [], security_groups: [], self: false, description: 'by hand', ...over });

export const mutations: readonly Mutation[] = [
  // Security groups
  mutation('security group with protocol -1 to the world', 'wide-group-egress', (stack) => rulesOf(stack, () => true).egress.push(rule({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD] }))),
  mutation('security group with tcp/443 to the world on a segment with no hosts', 'wide-group-egress', (stack) => rulesOf(stack, noHosts).egress.push(rule({ cidr_blocks: [WORLD] }))),
  mutation('security group with every port to the world in two halves', 'wide-group-egress', (stack) => rulesOf(stack, () => true).egress.push(rule({ from_port: 1, to_port: 65535, cidr_blocks: ['0.0.0.0/1', '128.0.0.0/1'] }))),
  mutation('security group with tcp/443 to ::/0', 'wide-group-egress', (stack) => rulesOf(stack, () => true).egress.push(rule({ ipv6_cidr_blocks: ['::/0'] }))),
  mutation('standalone egress rule -1 to the world', 'wide-group-egress', (stack) => {
    const [, group] = Object.values<string[]>(stack.output?.group_ids?.value ?? {})[0] ?? [];
    (stack.resource!.aws_vpc_security_group_egress_rule ??= {}).sneaky = { security_group_id: group, ip_protocol: '-1', cidr_ipv4: WORLD };
  }),
  mutation('security group whose egress is not written down', 'group-rules-unmanaged', (stack) => void delete rulesOf(stack, () => true).egress),
  mutation('membership group whose egress is not written down', 'group-rules-unmanaged', (stack) => void delete find(stack, 'aws_security_group', (_, body) => body.egress?.length === 0 && body.ingress?.length === 0).egress),
  mutation('segment-to-segment rule by address', 'segment-reach-too-wide', (stack) => {
    const block = find(stack, 'aws_vpc').cidr_block;
    rulesOf(stack, () => true).egress.push(rule({ from_port: 0, to_port: 65535, cidr_blocks: [block] }));
  }),
  mutation('internet ingress that takes in the other segments', 'segment-reach-too-wide', (stack) => {
    const open = find(stack, 'aws_security_group', (_, body) => body.ingress?.some((line: any) => line.cidr_blocks?.length > 0));
    open.ingress.find((line: any) => line.cidr_blocks.length > 0).cidr_blocks = [WORLD];
  }),
  mutation('prefix list on every port', 'wide-group-egress', (stack) => {
    const group = find(stack, 'aws_security_group', (_, body) => body.egress?.some((line: any) => line.prefix_list_ids?.length > 0));
    group.egress.find((line: any) => line.prefix_list_ids.length > 0).to_port = 65535;
  }),
  mutation('group rule without a description', 'rule-without-description', (stack) => void delete rulesOf(stack, (egress) => egress.length > 0).egress[0].description),
  mutation('standalone group rule without a description', 'rule-without-description', (stack) => {
    const [, group] = Object.values<string[]>(stack.output?.group_ids?.value ?? {})[0] ?? [];
    (stack.resource!.aws_vpc_security_group_ingress_rule ??= {}).sneaky = { security_group_id: group, ip_protocol: 'tcp', from_port: 443, to_port: 443, referenced_security_group_id: group };
  }),

  // Routes
  mutation('internet gateway route on the table of a segment with no way out', 'data-internet-route', (stack) => table(stack, empty).route.push({ cidr_block: WORLD, gateway_id: first(stack, 'aws_internet_gateway') })),
  mutation('internet gateway route in a resource of its own', 'data-internet-route', (stack) => {
    const subnet = subnets(stack).find((candidate) => candidate.body.tags?.segment && candidate.routes.length === 0);
    if (!subnet) throw new Error('nothing to break: every segment has a route');
    (stack.resource!.aws_route ??= {}).sneaky = { route_table_id: `\${${subnet.table}.id}`, destination_cidr_block: WORLD, gateway_id: first(stack, 'aws_internet_gateway') };
  }),
  mutation('half of the internet by a NAT gateway on a table with no way out', 'data-internet-route', (stack) => table(stack, empty).route.push({ cidr_block: '128.0.0.0/1', nat_gateway_id: first(stack, 'aws_nat_gateway') })),
  mutation('way out for a segment with no hosts, through the firewall', 'data-internet-route', (stack) => {
    const hop = table(stack, guarded).route[0];
    table(stack, empty).route.push({ ...hop });
  }),
  mutation('NAT route around the firewall on a workload table', 'internet-route-bypasses-firewall', (stack) => {
    table(stack, guarded).route = [{ cidr_block: WORLD, nat_gateway_id: first(stack, 'aws_nat_gateway') }];
  }),
  mutation('one address around the firewall', 'internet-route-bypasses-firewall', (stack) => table(stack, guarded).route.push({ cidr_block: '198.51.100.7/32', nat_gateway_id: first(stack, 'aws_nat_gateway') })),
  mutation('workload route to the endpoint of another zone', 'asymmetric-zone-route', (stack) => {
    const route = table(stack, guarded).route[0];
    route.vpc_endpoint_id = route.vpc_endpoint_id.replace(/== "([a-z0-9-]+)([a-z])"/, (_: string, region: string, letter: string) => `== "${region}${letter === 'a' ? 'b' : 'a'}"`);
  }),
  mutation('endpoint found by position', 'internet-route-bypasses-firewall', (stack) => {
    const route = table(stack, guarded).route[0];
    route.vpc_endpoint_id = route.vpc_endpoint_id.replace(/^.*?(aws_networkfirewall_firewall\.[A-Za-z0-9_-]+).*$/, '$${tolist($1.firewall_status[0].sync_states)[0].attachment[0].endpoint_id}');
  }),
  mutation('return route gone', 'missing-return-route', (stack) => {
    const broken = natTable(stack);
    broken.route = broken.route.filter((route: any) => !route.vpc_endpoint_id);
  }),
  mutation('return route by another zone', 'asymmetric-zone-route', (stack) => {
    const route = natTable(stack).route.find((candidate: any) => candidate.vpc_endpoint_id);
    route.vpc_endpoint_id = route.vpc_endpoint_id.replace(/== "([a-z0-9-]+)([a-z])"/, (_: string, region: string, letter: string) => `== "${region}${letter === 'a' ? 'b' : 'a'}"`);
  }),
  mutation('NAT gateway before the routes of its subnet', 'way-out-before-routes', (stack) => void delete find(stack, 'aws_nat_gateway').depends_on, 'an order among resources, in which nothing opens for long'),
  mutation('firewall subnet straight to the internet gateway', 'firewall-subnet-route', (stack) => {
    const broken = find(stack, 'aws_route_table', (_, body) => body.route?.some((route: any) => route.nat_gateway_id));
    broken.route = [{ cidr_block: WORLD, gateway_id: first(stack, 'aws_internet_gateway') }];
  }),
  mutation('egress-only gateway', 'ipv6-egress-open', (stack) => {
    (stack.resource!.aws_egress_only_internet_gateway ??= {}).sneaky = { vpc_id: first(stack, 'aws_vpc') };
    table(stack, () => true).route.push({ ipv6_cidr_block: '::/0', egress_only_gateway_id: '${aws_egress_only_internet_gateway.sneaky.id}' });
  }),
  mutation('IPv6 range of a subnet', 'ipv6-egress-open', (stack) => void Object.assign(find(stack, 'aws_subnet'), { ipv6_cidr_block: '2001:db8::/64', assign_ipv6_address_on_creation: true })),
  mutation('IPv6 range that is added to the network', 'ipv6-egress-open', (stack) => {
    (stack.resource!.aws_vpc_ipv6_cidr_block_association ??= {}).sneaky = { vpc_id: first(stack, 'aws_vpc'), ipv6_ipam_pool_id: 'ipam-pool-1', ipv6_netmask_length: 56 };
  }),
  mutation('IPv6 route to the internet gateway', 'ipv6-egress-open', (stack) => table(stack, guarded).route.push({ ipv6_cidr_block: '::/0', gateway_id: first(stack, 'aws_internet_gateway') })),
  mutation('IPv6 through the network ACL', 'acl-open-to-internet', (stack) => void find(stack, 'aws_network_acl', (_, body) => body.subnet_ids.length > 0 && /ledger/.test(body.tags.Name)).egress.push({ action: 'allow', protocol: '-1', rule_no: 90, from_port: 0, to_port: 0, ipv6_cidr_block: '::/0' })),
  mutation('IPv6 range', 'ipv6-egress-open', (stack) => void (find(stack, 'aws_vpc').assign_generated_ipv6_cidr_block = true)),
  mutation('peering', 'uninspected-path', (stack) => void ((stack.resource!.aws_vpc_peering_connection ??= {}).sneaky = { vpc_id: first(stack, 'aws_vpc'), peer_vpc_id: 'vpc-1' })),

  // Firewall
  mutation('stateless aws:pass', 'firewall-default-pass', (stack) => void (policy(stack).stateless_default_actions = ['aws:pass'])),
  mutation('fragments passed', 'firewall-default-pass', (stack) => void (policy(stack).stateless_fragment_default_actions = ['aws:pass'])),
  mutation('stateful default gone', 'firewall-default-pass', (stack) => void delete policy(stack).stateful_default_actions),
  mutation('default drop without its alert', 'firewall-drop-silent', (stack) => void (policy(stack).stateful_default_actions = policy(stack).stateful_default_actions.filter((action: string) => action.startsWith('aws:drop')))),
  mutation('default actions of two families', 'firewall-default-mixed', (stack) => void (policy(stack).stateful_default_actions = ['aws:drop_established', 'aws:alert_established_app_layer'])),
  mutation('action order', 'firewall-order-not-strict', (stack) => void (policy(stack).stateful_engine_options.rule_order = 'DEFAULT_ACTION_ORDER')),
  mutation('lost streams go on', 'firewall-stream-exception', (stack) => void (policy(stack).stateful_engine_options.stream_exception_policy = 'CONTINUE')),
  mutation('HOME_NET gone', 'home-net-missing', (stack) => void delete policy(stack).policy_variables),
  mutation('HOME_NET that is everything', 'home-net-missing', (stack) => void (policy(stack).policy_variables.rule_variables[0].ip_set.definition = [WORLD])),
  mutation('pass tcp any any', 'wide-firewall-rule', rewrite((rules) => `pass tcp any any -> any any (msg:"x"; flow:to_server; sid:1; rev:1;)\n${rules}`)),
  mutation('pass without direction', 'wide-firewall-rule', rewrite((rules) => rules.replace(/(pass [^\n]*?)flow:to_server; /, '$1'))),
  mutation('name that is not anchored at its end', 'wide-firewall-rule', rewrite((rules) => rules.replace(/(pass tls [^\n]*?)endswith; /, '$1'))),
  mutation('name that is not anchored at its start', 'wide-firewall-rule', rewrite((rules) => rules.replace(/(pass tls [^\n]*?)startswith; /, '$1'))),
  mutation('subdomains that include the apex', 'wide-firewall-rule', rewrite((rules) => rules.replace(/(pass tls [^\n]*?content:"\.[^\n]*?)bsize:>\d+; /, '$1'))),
  mutation('every source', 'wide-firewall-rule', rewrite((rules) => rules.replace(/pass tls \S+ /, 'pass tls $$HOME_NET '))),
  mutation('every port', 'wide-firewall-rule', rewrite((rules) => rules.replace(/(pass tls [^\n]*?-> \S+) \S+ /, '$1 any '))),
  mutation('allowed traffic without a record', 'allowed-traffic-unlogged', withoutLines(/^alert /)),
  mutation('UDP not dropped', 'firewall-floor-missing', withoutLines(/^drop udp /)),
  mutation('ICMP not dropped', 'firewall-floor-missing', withoutLines(/^drop icmp /)),
  mutation('other IP protocols not dropped', 'firewall-floor-missing', withoutLines(/^drop ip any/)),
  mutation('other ports not dropped', 'firewall-floor-missing', withoutLines(/port that no rule names/)),
  mutation('other ports dropped by a bare SYN only', 'firewall-floor-missing', rewrite((rules) => rules.replace(/(port that no rule names[^\n]*?flow:to_server; )/, '$1flags:S,CE; '))),
  mutation('other protocols on an allowed port not dropped', 'firewall-floor-missing', withoutLines(/app-layer-protocol/)),
  mutation('other server names not dropped', 'firewall-floor-missing', withoutLines(/ssl_state/)),
  mutation('other http hosts not dropped', 'firewall-floor-missing', withoutLines(/http\.host; bsize/)),
  mutation('http without a host not dropped', 'firewall-floor-missing', withoutLines(/http\.start/)),
  mutation('http/2 without tls not dropped', 'firewall-floor-missing', withoutLines(/^drop http2 /)),
  mutation('streams without a name not dropped', 'firewall-floor-missing', withoutLines(/established; stream_size:client/)),
  mutation('speech of no protocol not dropped', 'firewall-floor-missing', withoutLines(/flowbits:isnotset/)),
  mutation('servers that speak first not dropped', 'firewall-floor-missing', withoutLines(/stream_size:server/)),
  mutation('data outside connections not dropped', 'firewall-floor-missing', withoutLines(/flags:!A/)),
  mutation('data before a connection not dropped', 'firewall-floor-missing', withoutLines(/not_established/)),
  mutation('data after the end of a connection not dropped', 'firewall-floor-missing', withoutLines(/isset,egress\.ended/)),
  mutation('the end of a connection not noted', 'firewall-floor-missing', withoutLines(/set,egress\.ended/)),
  mutation('endless segments not dropped', 'firewall-floor-missing', withoutLines(/egress\.segments,>/)),
  mutation('segments not counted', 'firewall-floor-missing', withoutLines(/egress\.segments,\+/)),
  mutation('IPv6 not dropped', 'firewall-floor-missing', withoutLines(/^drop ip ::/)),
  mutation('strangers not dropped', 'firewall-floor-missing', withoutLines(/^drop tcp !/)),
  mutation('two signatures with one id', 'duplicate-signature-id', rewrite((rules) => {
    const [one, other] = [...rules.matchAll(/sid:(\d+);/g)].map((match) => match[1]!);
    return one && other ? rules.replace(`sid:${other};`, `sid:${one};`) : rules;
  })),
  mutation('rule group that is replaced in place', 'rule-group-replaced-in-place', (stack) => void delete find(stack, 'aws_networkfirewall_rule_group').lifecycle),
  mutation('firewall without this policy', 'policy-unassociated', (stack) => void (find(stack, 'aws_networkfirewall_firewall').firewall_policy_arn = 'arn:aws:network-firewall:us-east-1:1:firewall-policy/other')),
  mutation('deletion protection off', 'protection-off', (stack) => void (find(stack, 'aws_networkfirewall_firewall').delete_protection = false)),
  mutation('destruction not refused in the plan', 'protection-off', (stack) => void delete find(stack, 'aws_networkfirewall_firewall').lifecycle),
  mutation('policy change protection off', 'protection-off', (stack) => void (find(stack, 'aws_networkfirewall_firewall').firewall_policy_change_protection = false)),

  // Defaults, network ACLs, addresses
  mutation('default security group with a rule', 'default-group-not-empty', (stack) => void find(stack, 'aws_default_security_group').egress.push(rule({ cidr_blocks: [WORLD] }))),
  mutation('default security group left alone', 'default-group-not-empty', (stack) => drop(stack, 'aws_default_security_group')),
  mutation('default network ACL with an entry', 'default-acl-not-empty', (stack) => void find(stack, 'aws_default_network_acl').ingress.push({ action: 'allow', protocol: '-1', rule_no: 100, from_port: 0, to_port: 0, cidr_block: WORLD })),
  mutation('default route table with a route', 'default-route-table-not-empty', (stack) => void find(stack, 'aws_default_route_table').route.push({ cidr_block: WORLD, gateway_id: first(stack, 'aws_internet_gateway') })),
  mutation('network ACL of a segment with no way out open to the internet', 'acl-open-to-internet', (stack) => {
    const closed = subnets(stack).find((subnet) => subnet.body.tags?.segment && subnet.routes.length === 0);
    if (!closed?.acl) throw new Error('nothing to break: no closed subnet');
    closed.acl.egress.push({ action: 'allow', protocol: 'tcp', rule_no: 90, from_port: 443, to_port: 443, cidr_block: WORLD });
  }),
  mutation('network ACL of a segment with no way out that takes replies from the world', 'acl-open-to-internet', (stack) => {
    const closed = subnets(stack).find((subnet) => subnet.body.tags?.segment && subnet.routes.length === 0);
    if (!closed?.acl) throw new Error('nothing to break: no closed subnet');
    closed.acl.ingress.push({ ...REPLIES, cidr_block: WORLD });
  }),
  mutation('network ACL that takes every port from the world, not replies alone', 'acl-open-to-internet', (stack) => {
    replies(stack).from_port = 0;
  }),
  mutation('network ACL that takes no replies', 'acl-replies-missing', (stack) => {
    const acl = fenced(stack);
    acl.ingress = acl.ingress.filter((entry: any) => entry !== replies(stack));
  }),
  mutation('network ACL that takes replies from half of the world', 'acl-replies-missing', (stack) => void (replies(stack).cidr_block = '0.0.0.0/1')),
  mutation('network ACL of the NAT gateways that takes no replies', 'acl-replies-missing', (stack) => {
    const acl = find(stack, 'aws_network_acl', (_, body) => /-nat$/.test(body.tags.Name));
    acl.ingress = acl.ingress.filter((entry: any) => entry.cidr_block !== WORLD);
  }),
  mutation('network ACL of the firewall that passes no replies on', 'acl-replies-missing', (stack) => {
    const acl = find(stack, 'aws_network_acl', (_, body) => /-firewall$/.test(body.tags.Name));
    acl.egress = acl.egress.filter((entry: any) => entry.cidr_block === WORLD);
  }),
  mutation('network ACL of the NAT gateways that passes every port on', 'acl-open-to-internet', (stack) => void find(stack, 'aws_network_acl', (_, body) => /-nat$/.test(body.tags.Name)).egress.push({ ...REPLIES, from_port: 0, cidr_block: WORLD })),
  mutation('network ACL that gives callers no replies', 'acl-replies-missing', (stack) => {
    const open = subnets(stack).find((subnet) => subnet.body.tags?.segment && subnet.routes.some((route) => route.hop.kind === 'internet-gateway'));
    if (!open?.acl) throw new Error('nothing to break: no public subnet');
    open.acl.egress = open.acl.egress.filter((entry: any) => entry.cidr_block !== WORLD);
  }),
  mutation('network ACL that lets a public segment call out', 'acl-open-to-internet', (stack) => {
    const open = subnets(stack).find((subnet) => subnet.body.tags?.segment && subnet.routes.some((route) => route.hop.kind === 'internet-gateway'));
    if (!open?.acl) throw new Error('nothing to break: no public subnet');
    open.acl.egress.push({ action: 'allow', protocol: '-1', rule_no: 90, from_port: 0, to_port: 0, cidr_block: WORLD });
  }),
  mutation('a subnet more, with a way out of its own', 'open-egress', (stack) => {
    const [vpc_id, gateway_id] = [first(stack, 'aws_vpc'), first(stack, 'aws_internet_gateway')];
    const all = { action: 'allow', protocol: '-1', rule_no: 100, cidr_block: WORLD, from_port: 0, to_port: 0 };
    const made = stack.resource!;
    made.aws_subnet!.sneaky = { vpc_id, cidr_block: '10.20.255.0/28', availability_zone: 'us-east-1a', map_public_ip_on_launch: false };
    made.aws_route_table!.sneaky = { vpc_id, route: [{ cidr_block: WORLD, gateway_id }] };
    made.aws_route_table_association!.sneaky = { subnet_id: '${aws_subnet.sneaky.id}', route_table_id: '${aws_route_table.sneaky.id}' };
    made.aws_network_acl!.sneaky = { vpc_id, subnet_ids: ['${aws_subnet.sneaky.id}'], ingress: [all], egress: [all] };
  }),
  mutation('subnet without a network ACL', 'subnet-without-acl', (stack) => void find(stack, 'aws_network_acl').subnet_ids.pop()),
  mutation('public addresses on launch', 'public-address-on-launch', (stack) => void (find(stack, 'aws_subnet').map_public_ip_on_launch = true)),

  // Private endpoints
  mutation('gateway endpoint missing from the table of a segment that uses it', 'gateway-route-missing', (stack) => {
    const gateway = find(stack, 'aws_vpc_endpoint', (_, body) => body.vpc_endpoint_type === 'Gateway');
    gateway.route_table_ids = gateway.route_table_ids.slice(1);
  }),
  mutation('endpoint policy that allows everything', 'endpoint-policy-full-access', (stack) => void (find(stack, 'aws_vpc_endpoint').policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] }))),
  mutation('endpoint without a policy', 'endpoint-policy-full-access', (stack) => void delete find(stack, 'aws_vpc_endpoint').policy),
  mutation('gateway endpoint for anybody\'s buckets', 'endpoint-policy-full-access', (stack) => {
    const gateway = find(stack, 'aws_vpc_endpoint', (_, body) => body.vpc_endpoint_type === 'Gateway');
    gateway.policy = gateway.policy.replace(/,"aws:Resource(Account|OrgID)":"[^"]*"/, '');
  }),
  mutation('endpoint in one zone only', 'endpoint-zone-missing', (stack) => void find(stack, 'aws_vpc_endpoint', (_, body) => body.vpc_endpoint_type === 'Interface').subnet_ids.splice(1)),
  mutation('private DNS off', 'endpoint-private-dns-off', (stack) => void (find(stack, 'aws_vpc_endpoint', (_, body) => body.vpc_endpoint_type === 'Interface' && body.private_dns_enabled).private_dns_enabled = false)),
  ...['aws_security_group', 'aws_network_acl', 'aws_route_table', 'aws_subnet', 'aws_networkfirewall_firewall', 'aws_vpc_endpoint'].map((type) => mutation(`${type} of no network`, 'part-of-another-network', (stack) => void delete find(stack, type).vpc_id, 'Terraform or AWS refuses it')),
  mutation('default group of another network', 'default-group-not-empty', (stack) => void delete find(stack, 'aws_default_security_group').vpc_id),
  mutation('VPC that resolves no names', 'endpoint-private-dns-off', (stack) => void (find(stack, 'aws_vpc').enable_dns_support = false)),
  mutation('VPC without host names', 'endpoint-private-dns-off', (stack) => void delete find(stack, 'aws_vpc').enable_dns_hostnames),
  mutation('endpoint group open to the world', 'endpoint-group-open', (stack) => {
    const endpoint = find(stack, 'aws_vpc_endpoint', (_, body) => body.security_group_ids?.length > 0);
    find(stack, 'aws_security_group', (address) => address === referent(endpoint.security_group_ids[0])).ingress.push(rule({ cidr_blocks: [WORLD] }));
  }),
  mutation('endpoint in the default group', 'endpoint-group-open', (stack) => void delete find(stack, 'aws_vpc_endpoint', (_, body) => body.security_group_ids?.length > 0).security_group_ids),

  // Logs
  mutation('flow logs gone', 'flow-logs-missing', (stack) => drop(stack, 'aws_flow_log')),
  mutation('flow logs of refused traffic only', 'flow-logs-missing', (stack) => void (find(stack, 'aws_flow_log').traffic_type = 'REJECT')),
  mutation('firewall logs gone', 'firewall-logs-missing', (stack) => drop(stack, 'aws_networkfirewall_logging_configuration')),
  mutation('no alert log', 'firewall-logs-missing', (stack) => {
    const logging = find(stack, 'aws_networkfirewall_logging_configuration').logging_configuration;
    logging.log_destination_config = logging.log_destination_config.filter((config: any) => config.log_type !== 'ALERT');
  }),
  mutation('firewall logs without a place', 'firewall-logs-missing', (stack) => {
    for (const config of find(stack, 'aws_networkfirewall_logging_configuration').logging_configuration.log_destination_config) delete config.log_destination;
  }),
  mutation('firewall logs to a log group that is said to be a bucket', 'firewall-logs-missing', (stack) => {
    for (const config of find(stack, 'aws_networkfirewall_logging_configuration').logging_configuration.log_destination_config) config.log_destination_type = 'S3';
  }),
  mutation('flow logs without a role', 'log-delivery-refused', (stack) => void delete find(stack, 'aws_flow_log').iam_role_arn),
  mutation('flow logs whose role may not write', 'log-delivery-refused', (stack) => drop(stack, 'aws_iam_role_policy')),
  mutation('flow logs whose role may write anywhere', 'log-role-open', (stack) => {
    const body = find(stack, 'aws_iam_role_policy');
    body.policy = JSON.stringify({ ...JSON.parse(body.policy), Statement: JSON.parse(body.policy).Statement.map((each: any) => ({ ...each, Resource: '*' })) });
  }, 'what a role may do to logs is no way out of a network'),
  mutation('a role for the flow logs of any account', 'log-role-open', (stack) => {
    const body = find(stack, 'aws_iam_role');
    body.assume_role_policy = JSON.stringify({ ...JSON.parse(body.assume_role_policy), Statement: JSON.parse(body.assume_role_policy).Statement.map(({ Condition: _, ...each }: any) => each) });
  }, 'who takes a role for logs is no way out of a network'),
  mutation('logs kept for a week', 'log-retention-short', (stack) => void (find(stack, 'aws_cloudwatch_log_group').retention_in_days = 7)),

  ...dnsMutations,
];
