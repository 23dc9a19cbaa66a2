/** Small networks at random, from a seed: as a synthesized stack, whose parts refer to each other, and as a state, which has ids. */
import { Dice } from '../dice';

/** `{ ref: 'google_compute_network.n0', attr: 'id' }` */
export interface Ref {
  readonly ref: string;
  readonly attr: string;
}

export interface Part {
  readonly type: string;
  readonly name: string;
  readonly values: any;
}

const WIDE = ['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/7', '10.0.0.0/8'];
const NARROW = ['8.8.8.8/32', '151.101.0.0/24'];
const LAYERS = [{ protocol: 'all' }, { protocol: 'all' }, { protocol: 'tcp', ports: ['443'] }, { protocol: 'tcp' }, { protocol: 'udp', ports: ['53', '100-200'] }, { protocol: 'icmp' }, { protocol: 'esp' }];
const REGIONS = ['r1', 'r2'];
const TAGS = ['a', 'b'];

export function randomNetwork(seed: number): readonly Part[] {
  const dice = new Dice(seed * 2_654_435_761);
  const parts: Part[] = [];
  const add = (type: string, name: string, values: object): string => {
    parts.push({ type, name, values: { name, ...values } });
    return name;
  };
  const to = (type: string, name: string, ...attrs: readonly string[]): Ref => ({ ref: `google_${type}.${name}`, attr: attrs.length === 0 ? 'id' : dice.of(attrs) });
  const network = (name: string) => to('compute_network', name, 'id', 'self_link');
  const ranges = () => (dice.chance(75) ? [dice.of(WIDE)] : [dice.of(NARROW), ...(dice.chance(30) ? [dice.of(WIDE)] : [])]);
  const layers = (key: string) => [dice.of(LAYERS)].map(({ protocol, ...ports }) => ({ [key]: protocol, ...ports }));
  const accounts = ['x', 'y'].map((name) => add('google_service_account', name, { account_id: name }));
  const values = ['s', 't'].map((name) => add('google_tags_tag_value', name, { short_name: name, parent: 'tagKeys/1' }));

  const names = dice.chance(35) ? ['n0', 'n1'] : ['n0'];
  const subnets = names.flatMap((name, at) => {
    add('google_compute_network', name, { auto_create_subnetworks: false, delete_default_routes_on_create: dice.chance(40), network_firewall_policy_enforcement_order: dice.of(['BEFORE_CLASSIC_FIREWALL', 'AFTER_CLASSIC_FIREWALL']) });
    return [0, 1].slice(dice.below(2)).map((index) => {
      const region = dice.of(REGIONS);
      return { name: add('google_compute_subnetwork', `s${at}${index}`, { network: network(name), region, ip_cidr_range: `10.${dice.chance(30) ? 0 : at}.${index}.0/24` }), network: name, region };
    });
  });
  for (const name of ['m0', 'm1']) {
    const first = dice.of(subnets);
    const second = subnets.find((subnet) => subnet.region === first.region && subnet.network !== first.network);
    add('google_compute_instance', name, {
      zone: `${first.region}-a`,
      tags: TAGS.filter(() => dice.chance(40)),
      network_interface: [first, ...(second && dice.chance(40) ? [second] : [])].map((subnet) => ({ subnetwork: to('compute_subnetwork', subnet.name, 'id', 'self_link'), access_config: dice.chance(35) ? [{}] : [] })),
      ...(dice.chance(50) ? { service_account: [{ email: to('service_account', dice.of(accounts), 'email'), scopes: [] }] } : {}),
      ...(dice.chance(40) ? { params: [{ resource_manager_tags: { 'tagKeys/1': to('tags_tag_value', dice.of(values)) } }] } : {}),
    });
  }
  for (let index = dice.below(5); index > 0; index -= 1) {
    add('google_compute_firewall', `f${index}`, {
      network: network(dice.of(names)), direction: 'EGRESS', priority: dice.of([10, 10, 1000, 65534]), destination_ranges: ranges(), disabled: dice.chance(10),
      [dice.chance(60) ? 'deny' : 'allow']: layers('protocol'),
      ...(dice.chance(25) ? { target_tags: [dice.of(TAGS)] } : dice.chance(20) ? { target_service_accounts: [to('service_account', dice.of(accounts), 'email')] } : {}),
      ...(dice.chance(15) ? { source_ranges: [dice.of(['10.0.0.0/24', '10.0.0.0/8', '10.1.0.0/16'])] } : {}),
    });
  }
  for (const kind of ['compute_network_firewall_policy', 'compute_region_network_firewall_policy']) {
    if (!dice.chance(50)) continue;
    const where = kind.includes('region') ? { region: dice.of(REGIONS) } : {};
    const name = add(`google_${kind}`, `p${kind.length}`, where);
    const firewall_policy = () => to(kind, name, 'name', 'id');
    for (let index = 1 + dice.below(3); index > 0; index -= 1) {
      parts.push({ type: `google_${kind}_rule`, name: `${name}r${index}`, values: {
        ...where, firewall_policy: firewall_policy(), priority: 100 * index, direction: 'EGRESS', action: dice.of(['allow', 'deny', 'deny', 'goto_next']), disabled: dice.chance(10),
        match: [{ layer4_configs: layers('ip_protocol'), ...(dice.chance(35) ? { dest_fqdns: ['api.example.com'] } : { dest_ip_ranges: ranges() }) }],
        ...(dice.chance(25) ? { target_secure_tags: [{ name: to('tags_tag_value', dice.of(values)) }] } : {}),
      } });
    }
    if (dice.chance(50)) parts.push({ type: `google_${kind}_rule`, name: `${name}last`, values: { ...where, firewall_policy: firewall_policy(), priority: 9000, direction: 'EGRESS', action: 'deny', match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: ['0.0.0.0/0'] }] } });
    for (const each of names) if (dice.chance(70)) add(`google_${kind}_association`, `${name}${each}`, { ...where, firewall_policy: firewall_policy(), attachment_target: network(each) });
  }
  for (let index = dice.below(4); index > 0; index -= 1) {
    add('google_compute_route', `rt${index}`, {
      network: network(dice.of(names)), dest_range: dice.of([...WIDE, ...NARROW]), priority: dice.of([0, 1000, 1000]), tags: dice.chance(30) ? [dice.of(TAGS)] : [],
      ...(dice.chance(75) ? { next_hop_gateway: 'default-internet-gateway' } : { next_hop_vpn_tunnel: 'projects/p/regions/r1/vpnTunnels/t' }),
    });
  }
  for (let index = dice.below(3); index > 0; index -= 1) {
    const subnet = dice.of(subnets);
    const router = add('google_compute_router', `ro${index}`, { network: network(subnet.network), region: subnet.region });
    add('google_compute_router_nat', `nat${index}`, {
      router: to('compute_router', router, 'name'), region: subnet.region, type: dice.chance(10) ? 'PRIVATE' : 'PUBLIC',
      ...(dice.chance(50) ? { source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES', subnetwork: [] }
        : { source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', subnetwork: [{ name: to('compute_subnetwork', subnet.name, 'id', 'self_link'), source_ip_ranges_to_nat: ['ALL_IP_RANGES'] }] }),
    });
  }
  return parts;
}

export function isRef(value: any): value is Ref {
  return typeof value === 'object' && value !== null && typeof value.ref === 'string';
}

/** The value with each reference replaced. */
function replaced(value: any, by: (ref: Ref) => unknown): any {
  if (isRef(value)) return by(value);
  if (Array.isArray(value)) return value.map((item) => replaced(item, by));
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, by)])) : value;
}

/** The same of one project, with networks, routers, policies and accounts written out instead of referred to. @param network how networks are */
export function writtenOut(parts: readonly Part[], network: (name: string) => string): readonly Part[] {
  const inWords = (ref: Ref): unknown => {
    const [, kind, name] = /^google_(\w+)\.(.*)$/.exec(ref.ref) as unknown as readonly [string, string, string];
    if (kind === 'compute_network') return network(name);
    if (kind === 'service_account') return `${name}@p.iam.gserviceaccount.com`;
    return kind === 'compute_router' || kind.endsWith('firewall_policy') ? name : ref;
  };
  return parts.map((part) => ({ ...part, values: { ...replaced(part.values, inWords), ...(/^google_(compute|service)_/.test(part.type) ? { project: 'p' } : {}) } }));
}

export function asStack(parts: readonly Part[]): any {
  const resource: Record<string, Record<string, unknown>> = {};
  for (const { type, name, values } of parts) (resource[type] ??= {})[name] = replaced(values, ({ ref, attr }) => `\${${ref}.${attr}}`);
  return { terraform: { required_providers: { google: { source: 'hashicorp/google' } } }, resource };
}

export function asState(parts: readonly Part[]): any {
  const idOf = ({ type, name, values }: Part): string => {
    const where = values.region ? `regions/${values.region}` : values.zone ? `zones/${values.zone}` : 'global';
    return type === 'google_tags_tag_value' ? `tagValues/${name.charCodeAt(0)}` : `projects/p/${where}/${type.replace(/^google_compute_(region_)?/, '')}s/${name}`;
  };
  const known = (part: Part): Record<string, string> => ({
    id: idOf(part), self_link: `https://www.googleapis.com/compute/v1/${idOf(part)}`, email: `${part.name}@p.iam.gserviceaccount.com`, name: part.name,
  });
  const byAddress = new Map(parts.map((part) => [`${part.type}.${part.name}`, part]));
  const resources = parts.map((part) => {
    const { id, self_link, email } = known(part);
    const own = { id, ...(part.type.startsWith('google_compute') ? { self_link } : {}), ...(part.type === 'google_service_account' ? { email } : {}) };
    const values = { ...own, ...replaced(part.values, ({ ref, attr }) => known(byAddress.get(ref) as Part)[attr]) };
    return { address: `${part.type}.${part.name}`, mode: 'managed', type: part.type, name: part.name, provider_name: 'registry.terraform.io/hashicorp/google', schema_version: 0, values, sensitive_values: {} };
  });
  return { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources } } };
}
