/** Random networks whose machines leave by Secure Web Proxies alone: of their own network, of a peer, published to theirs, or as the next hop of a route. From a seed. */
import { Dice } from '../dice';
import { partList } from './parts';
import type { Part, Ref } from './random-networks';

/** An expression of the matchers' language, as a tree: a text would have to be parsed to be evaluated. */
export type Matcher =
  | { readonly is: 'and' | 'or'; readonly of: readonly [Matcher, Matcher] }
  | { readonly is: 'not'; readonly of: Matcher }
  | { readonly is: 'constant'; readonly value: boolean }
  | { readonly is: 'host'; readonly how: '==' | '!=' | 'startsWith' | 'endsWith' | 'contains'; readonly text: string }
  | { readonly is: 'list'; readonly list: string }
  | { readonly is: 'tag'; readonly tag: string }
  | { readonly is: 'account'; readonly account: string }
  | { readonly is: 'source'; readonly range: string }
  | { readonly is: 'port'; readonly port: number }
  | { readonly is: 'method'; readonly method: string };

export interface Proxied {
  readonly parts: readonly Part[];
  /** By rule. */
  readonly sessions: Readonly<Record<string, Matcher>>;
  readonly applications: Readonly<Record<string, Matcher>>;
}

const HOSTS = ['a.example.com', 'a.example.com', 'b.example.com', 'c.test'];
const LISTED = ['a.example.com', 'b.example.com', '*.example.com', '*example.com', 'c.test/path', '*.c.test/*'];
const RANGES = ['10.0.0.0/24', '10.0.1.0/24', '10.1.0.0/24', '10.0.0.0/8', '10.9.0.0/24'];

const PROXY = 'network_services_gateway';
const POLICY = 'network_security_gateway_security_policy';

export function proxiedNetworks(seed: number): Proxied {
  const dice = new Dice(seed * 2_654_435_761 + 41);
  const { parts, push, add, to } = partList(dice);
  const sessions: Record<string, Matcher> = {};
  const applications: Record<string, Matcher> = {};
  const network = (name: string) => to('compute_network', name, 'id', 'self_link');
  const names = ['n0', 'n1', 'n2'].slice(0, 1 + dice.below(3));
  const subnets = names.flatMap((name, at) => {
    add('compute_network', name, { auto_create_subnetworks: false, delete_default_routes_on_create: true });
    return [0, 1].slice(dice.below(2)).map((index) => {
      const region = dice.of(['r1', 'r1', 'r1', 'r2']);
      return { name: add('compute_subnetwork', `s${at}${index}`, { network: network(name), region, ip_cidr_range: `10.${at}.${index}.0/24` }), network: name, region, first: `10.${at}.${index}.` };
    });
  });
  for (const name of ['x', 'y']) push('service_account', name, { account_id: name });
  for (const name of ['s', 't']) push('tags_tag_value', name, { short_name: name, parent: 'tagKeys/1' });
  for (const [at, name] of ['m0', 'm1'].entries()) {
    const subnet = dice.of(at === 0 ? subnets.filter((each) => each.network === 'n0') : subnets);
    add('compute_instance', name, {
      zone: `${subnet.region}-a`, tags: ['a', 'b'].filter(() => dice.chance(40)),
      network_interface: [{ subnetwork: to('compute_subnetwork', subnet.name, 'id', 'self_link'), network_ip: `${subnet.first}${5 + at}`, access_config: [] }],
      service_account: [{ email: to('service_account', dice.of(['x', 'y']), 'email'), scopes: [] }],
      ...(dice.chance(50) ? { params: [{ resource_manager_tags: { 'tagKeys/1': to('tags_tag_value', dice.of(['s', 't'])) } }] } : {}),
    });
  }

  for (const name of ['u0', 'u1']) add('network_security_url_lists', name, { location: 'r1', values: [...new Set([dice.of(LISTED), dice.of(LISTED)])] });
  const written = (ref: Ref): string => `\${${ref.ref}.${ref.attr}}`;
  const atom = (isApplication: boolean): Matcher => {
    switch (dice.below(isApplication ? 12 : 11)) {
      case 0: case 1: case 2: return { is: 'host', how: dice.of(['==', '==', '==', '!=']), text: dice.of(HOSTS) };
      case 3: return dice.of<Matcher>([{ is: 'host', how: 'endsWith', text: '.example.com' }, { is: 'host', how: 'endsWith', text: 'example.com' }, { is: 'host', how: 'startsWith', text: 'a.' }, { is: 'host', how: 'contains', text: '.example.com' }]);
      case 4: case 5: return { is: 'list', list: dice.of(['u0', 'u1']) };
      case 6: return { is: 'tag', tag: dice.of(['s', 't']) };
      case 7: return { is: 'account', account: dice.of(['x', 'y']) };
      case 8: return { is: 'source', range: dice.of(RANGES) };
      case 9: return { is: 'port', port: dice.of([443, 443, 80]) };
      case 10: return { is: 'constant', value: dice.chance(80) };
      default: return { is: 'method', method: 'GET' };
    }
  };
  const matcher = (isApplication: boolean, depth = 0): Matcher => {
    if (depth < 2 && dice.chance(40)) return { is: dice.of(['and', 'and', 'or']), of: [matcher(isApplication, depth + 1), matcher(isApplication, depth + 1)] };
    return dice.chance(12) ? { is: 'not', of: matcher(isApplication, depth + 1) } : atom(isApplication);
  };
  /** @param within of which operator it is a side */
  const textOf = (expression: Matcher, within: 'or' | 'and' = 'or'): string => {
    switch (expression.is) {
      case 'and': case 'or': {
        const text = expression.of.map((side) => textOf(side, expression.is)).join(expression.is === 'and' ? ' && ' : ' || ');
        return (within === 'and' && expression.is === 'or') || dice.chance(20) ? `(${text})` : text;
      }
      case 'not': return `!(${textOf(expression.of)})`;
      case 'constant': return String(expression.value);
      case 'host': return expression.how === '==' || expression.how === '!=' ? `host() ${expression.how} '${expression.text}'` : `host().${expression.how}('${expression.text}')`;
      case 'list': return `inUrlList(host(), '${written(to('network_security_url_lists', expression.list))}')`;
      case 'tag': return `source.matchTag('${written(to('tags_tag_value', expression.tag))}')`;
      case 'account': return `source.matchServiceAccount('${written(to('service_account', expression.account, 'email'))}')`;
      case 'source': return `inIpRange(source.ip, '${expression.range}')`;
      case 'port': return `destination.port == ${expression.port}`;
      case 'method': return `request.method == '${expression.method}'`;
    }
  };

  const proxies = ['g0', 'g1'].slice(dice.below(2)).map((name, at) => {
    const subnet = dice.of(dice.chance(50) ? subnets.filter((each) => each.network === 'n0') : subnets);
    const policy = add(POLICY, `p${name}`, { location: subnet.region });
    for (let index = 1 + dice.below(3); index > 0; index -= 1) {
      const rule = `${policy}r${index}`;
      const [session, application] = [matcher(false), dice.chance(15) ? matcher(true) : undefined];
      sessions[rule] = session;
      if (application) applications[rule] = application;
      add(`${POLICY}_rule`, rule, {
        location: subnet.region, gateway_security_policy: to(POLICY, policy, 'name'), priority: index * 10, enabled: dice.chance(90), basic_profile: dice.chance(75) ? 'ALLOW' : 'DENY', session_matcher: textOf(session),
        ...(application ? { application_matcher: textOf(application), tls_inspection_enabled: dice.chance(50) } : {}),
      });
    }
    const address = `${subnet.first}${200 + at}`;
    const isHop = dice.chance(30);
    add(PROXY, name, {
      location: subnet.region, type: 'SECURE_WEB_GATEWAY', network: network(subnet.network), subnetwork: to('compute_subnetwork', subnet.name, 'id', 'self_link'), addresses: [address],
      ...(dice.chance(20) ? { all_ports: true } : { ports: [dice.of([443, 443, 80, 8080])] }), gateway_security_policy: to(POLICY, policy), ...(isHop ? { routing_mode: 'NEXT_HOP_ROUTING_MODE' } : dice.chance(30) ? { routing_mode: 'EXPLICIT_ROUTING_MODE' } : {}),
      ...(dice.chance(20) ? { allow_global_access: true } : {}),
    });
    return { name, address, subnet, isHop };
  });

  for (const [left, right] of [['n0', 'n1'], ['n1', 'n2'], ['n0', 'n2']] as const) {
    if (!names.includes(right) || !dice.chance(40)) continue;
    for (const [from, there] of [[left, right], [right, left]] as const) if (dice.chance(95)) add('compute_network_peering', `${from}to${there}`, { network: network(from), peer_network: network(there), export_custom_routes: dice.chance(50), import_custom_routes: dice.chance(50) });
  }
  for (const { name, address, subnet, isHop } of proxies) {
    if (isHop && dice.chance(85)) {
      const dest_range = dice.of(['0.0.0.0/0', '0.0.0.0/0', '8.0.0.0/8']);
      const tags = dice.chance(60) ? [dice.of(['a', 'b'])] : [];
      if (dice.chance(65)) add('compute_route', `to${name}`, { network: network(subnet.network), dest_range, priority: 1000, tags, next_hop_ilb: address });
      else add('network_connectivity_policy_based_route', `to${name}`, { network: network(subnet.network), priority: 100, next_hop_ilb_ip: address, filter: [{ protocol_version: 'IPV4', ip_protocol: 'ALL', src_range: '0.0.0.0/0', dest_range }], ...(tags.length > 0 ? { virtual_machine: [{ tags }] } : {}) });
    }
    if (!isHop && dice.chance(40)) {
      const { region } = subnet;
      add('compute_subnetwork', `nat${name}`, { network: network(subnet.network), region, ip_cidr_range: '10.9.0.0/24', purpose: 'PRIVATE_SERVICE_CONNECT' });
      add('compute_service_attachment', `at${name}`, { region, target_service: to(PROXY, name, 'self_link', 'id'), nat_subnets: [to('compute_subnetwork', `nat${name}`, 'id')], connection_preference: 'ACCEPT_AUTOMATIC', enable_proxy_protocol: false });
      const there = dice.of(subnets.filter((each) => each.region === region));
      add('compute_forwarding_rule', `ep${name}`, { region, load_balancing_scheme: '', network: network(there.network), subnetwork: to('compute_subnetwork', there.name, 'id', 'self_link'), ip_address: `${there.first}100`, target: to('compute_service_attachment', `at${name}`, 'id', 'self_link'), ...(dice.chance(30) ? { allow_psc_global_access: true } : {}) });
    }
  }
  for (let index = dice.below(3); index > 0; index -= 1) {
    add('compute_firewall', `f${index}`, {
      network: network(dice.of(names)), direction: 'EGRESS', priority: dice.of([10, 1000]), destination_ranges: [dice.of(['10.0.0.0/16', '10.1.0.0/16', '10.0.0.0/8', '10.0.0.200/32', '0.0.0.0/0', '8.0.0.0/8'])],
      [dice.chance(70) ? 'deny' : 'allow']: [dice.of([{ protocol: 'all' }, { protocol: 'tcp', ports: ['443'] }, { protocol: 'tcp', ports: ['80', '8080'] }, { protocol: 'udp' }])], ...(dice.chance(50) ? { target_tags: [dice.of(['a', 'b'])] } : {}),
    });
  }
  return { parts, sessions, applications };
}

const LOOSE = /_(route|network_peering|policy_based_route|firewall|forwarding_rule)$/;

/** The same with one thing otherwise: a rule, a list, an account, or something that is gone. */
export function editedNetworks(estate: Proxied, seed: number): Proxied {
  const dice = new Dice(seed * 2_246_822_519 + 5);
  const { parts, sessions } = estate;
  const those = (kind: RegExp) => parts.filter(({ type }) => kind.test(type));
  const instead = (old: Part, values: object) => parts.map((part) => (part === old ? { ...old, values: { ...old.values, ...values } } : part));
  const [rule, other] = [dice.of(those(/policy_rule$/)), dice.of(those(/policy_rule$/))];
  switch (dice.below(6)) {
    case 0: return { ...estate, parts: instead(rule, { basic_profile: rule.values.basic_profile === 'ALLOW' ? 'DENY' : 'ALLOW' }) };
    case 1: return { ...estate, parts: instead(rule, { enabled: !rule.values.enabled }) };
    case 2: return { ...estate, parts: instead(rule, { session_matcher: other.values.session_matcher }), sessions: { ...sessions, [rule.name]: sessions[other.name]! } };
    case 3: return { ...estate, parts: instead(dice.of(those(/url_lists$/)), { values: [dice.of(LISTED)] }) };
    case 4: return { ...estate, parts: instead(dice.of(those(/compute_instance$/)), { service_account: [{ email: { ref: `google_service_account.${dice.of(['x', 'y'])}`, attr: 'email' }, scopes: [] }] }) };
    default: {
      const gone = dice.of(those(LOOSE));
      return { ...estate, parts: parts.filter((part) => part !== gone) };
    }
  }
}
