/**
 * Policy files with every option of an environment on Azure, at random: what a team could write. Some contradict
 * themselves, and the loader has to say so.
 */
import fc from 'fast-check';

/** A policy as it is written; the fields that intent is read from. */
export interface WrittenPolicy {
  readonly organization: string;
  readonly allow: readonly WrittenRule[];
  readonly segments: readonly WrittenSegment[];
  readonly privateServices: readonly string[];
  readonly environments: readonly { readonly name: string; readonly deletionProtection?: boolean; readonly azure: WrittenAzure }[];
  readonly state?: object;
}
export interface WrittenRule {
  readonly host: string;
  readonly from: readonly string[];
  readonly protocol?: 'tls' | 'http' | 'tcp';
  readonly ports?: readonly number[];
  readonly addresses?: readonly string[];
  readonly clouds?: readonly string[];
}
export interface WrittenSegment {
  readonly name: string;
  readonly tier: 'public' | 'private' | 'data';
  readonly accepts?: readonly { readonly from: string; readonly ports: readonly (number | string)[]; readonly protocol?: 'tcp' | 'udp' }[];
}
export interface WrittenAzure {
  readonly region: string;
  readonly cidr: string;
  readonly zones?: readonly number[];
  readonly privateEndpoints?: Readonly<Record<string, readonly string[]>>;
  readonly firewall?: { readonly tier?: string; readonly forcedTunnel?: string; readonly natAddresses?: readonly string[]; readonly parentPolicy?: string; readonly dnsServers?: readonly string[]; readonly [option: string]: unknown };
  readonly hub?: { readonly privateAddress: string; readonly policy?: string; readonly network?: string; readonly dnsServers?: readonly string[]; readonly [option: string]: unknown };
  readonly spoke?: { readonly network: string; readonly subnets: Readonly<Record<string, { readonly id: string; readonly cidr: string }>>; readonly privateEndpoints: { readonly id: string; readonly cidr: string } };
  readonly dnsPolicy?: { readonly mode: 'deny' | 'alert'; readonly alsoResolve?: readonly string[] };
  readonly kubernetes?: { readonly segment: string; readonly addOns?: readonly string[]; readonly podCidr?: string; readonly [option: string]: unknown };
  readonly serviceEndpoints?: { readonly segments: readonly string[]; readonly storageAccounts: readonly string[] };
  readonly withoutMetadata?: readonly string[];
  readonly [option: string]: unknown;
}

export const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const OTHER = '33333333-3333-3333-3333-333333333333';
const id = (provider: string, group = 'central', subscription = SUBSCRIPTION) => `/subscriptions/${subscription}/resourceGroups/${group}/providers/${provider}`;

/** Words of Azure, of our own resources, the longest, and names that begin and end alike. */
const NAMES = ['app', 'app-eu', 'eu', 'subnet', 'network', 'policy', 'na', 'private-endpoint', 'deny-all', 'address-egress', 'segment-app', 'a', 'a-b', 'a-b-c', 'b', 'z9', 'x'.repeat(20), `${'x'.repeat(19)}y`, 'routes', 'spoke-network', 'kubernetes', 'tcp', 'udp', 'constructor'];
const HOSTS = ['api.stripe.com', 'status.stripe.com', 'bücher.example.com', 'github.com.', 'SUB.api.github.com', 'xn--bcher-kva.ch', '1.example.com', 'a-b.c-d.example.org', `${'l'.repeat(63)}.example.net`, 'stripe.com', 'blob.core.windows.net'];
const WILDCARDS = ['*.docker.io', '*.example.com', '*.deep.sub.example.org'];
const BLOCKS = ['151.101.1.69', '151.101.64.0/24', '151.101.64.128/25', '8.8.8.8/32', '198.42.0.0/24', '4.0.0.0/30', '223.255.255.255'];
const PORTS: readonly (readonly number[] | undefined)[] = [undefined, undefined, [8443], [443, 8443], [443, 80, 1023], [1], [64_000], [53], [5432, 22], [64_000, 2]];
const ACCEPTED: readonly (readonly (number | string)[])[] = [[443], ['8000-8100', 9090], ['1-65535'], [1, 65535], ['1-1023', 1024], [53, 22], ['30000-32767'], [445, 443, 1433]];
const SERVICES = ['object-storage', 'secrets', 'kubernetes', 'container-registry', 'database', 'queue', 'logs', 'metrics', 'session-access', 'azure:redis', 'azure:file-storage', 'azure:postgresql', 'azure:cosmos', 'azure:event-hubs', 'azure:table-storage', 'azure:app-configuration', 'azure:mysql', 'azure:queue-storage', 'aws:rds-data'];
const ENDPOINTS: Readonly<Record<string, string>> = {
  'object-storage': 'Microsoft.Storage/storageAccounts/acme', secrets: 'Microsoft.KeyVault/vaults/acme-prod', 'container-registry': 'Microsoft.ContainerRegistry/registries/acme', database: 'Microsoft.Sql/servers/acme',
  queue: 'Microsoft.ServiceBus/namespaces/acme', metrics: 'Microsoft.Monitor/accounts/acme', redis: 'Microsoft.Cache/redis/acme', 'file-storage': 'Microsoft.Storage/storageAccounts/files', 'event-hubs': 'Microsoft.EventHub/namespaces/acme',
  kubernetes: 'Microsoft.ContainerService/managedClusters/acme', postgresql: 'Microsoft.DBforPostgreSQL/flexibleServers/acme', logs: 'Microsoft.Insights/privateLinkScopes/acme',
};
const ADD_ONS = ['azure-policy', 'defender', 'extensions', 'gpu', 'monitoring', 'os-updates', 'secrets-store', 'windows'];

/** There in one of `many`. */
const maybe = <T>(value: fc.Arbitrary<T>, many = 2) => fc.oneof({ weight: 1, arbitrary: value }, { weight: many - 1, arbitrary: fc.constant(undefined) });
const some = <T>(values: readonly T[], constraints: fc.SubarrayConstraints = {}) => fc.shuffledSubarray([...values], constraints);
const address = fc.constantFrom('10.200.0.4', '172.31.9.9', '100.127.0.1', '192.168.255.4');

const firewall = fc.record({
  tier: fc.constantFrom('Basic', 'Standard', 'Standard', 'Premium'),
  threatIntelligence: maybe(fc.constantFrom('deny', 'alert'), 3),
  threatIntelligenceAllowlist: maybe(some(['api.stripe.com', '*.example.com', '203.0.113.7', '203.0.113.0/24'], { minLength: 1 })),
  intrusionDetection: maybe(fc.constantFrom('deny', 'alert')),
  tlsInspection: maybe(fc.constant({ certificate: 'https://acme-prod.vault.azure.net/secrets/egress-ca', identity: id('Microsoft.ManagedIdentity/userAssignedIdentities/firewall') })),
  publicAddresses: maybe(fc.oneof(some(['egress', 'partners', 'subnet', 'a', 'nat', 'y'.repeat(20)], { minLength: 1 }), fc.constant(Array.from({ length: 250 }, (_, index) => `p${index}`))), 3),
  natAddresses: maybe(some(['nat', 'nat-b', 'gateway', 'association', 'network', 'x'.repeat(20)], { minLength: 1 }), 3),
  forcedTunnel: maybe(address, 4),
  dnsServers: maybe(some(['10.200.0.5', '10.200.0.6', '168.63.129.16'], { minLength: 1 }), 4),
  parentPolicy: maybe(fc.constant(id('Microsoft.Network/firewallPolicies/central')), 5),
}).map((options) => {
  // What a tier does not have would be refused, and nothing else of the policy seen: seldom that.
  const { tier, intrusionDetection, tlsInspection, threatIntelligence, dnsServers, forcedTunnel, natAddresses, ...rest } = options;
  return {
    tier, ...rest,
    ...(tier === 'Premium' ? { intrusionDetection, tlsInspection } : {}),
    ...(tier === 'Basic' ? {} : { threatIntelligence, dnsServers, forcedTunnel }),
    ...(tier !== 'Basic' && forcedTunnel ? {} : { natAddresses: natAddresses?.filter((name) => !(options.publicAddresses ?? ['egress']).includes(name)) }),
  };
}).map((options) => ({ ...options, natAddresses: options.natAddresses?.length ? options.natAddresses : undefined }));

const hub = fc.record({
  privateAddress: fc.constantFrom('10.200.0.4', '100.127.0.4'),
  policy: maybe(fc.constant(id('Microsoft.Network/firewallPolicies/hub'))),
  firstPriority: maybe(fc.constantFrom(100, 1000, 20_000, 56_000)),
  network: maybe(fc.constantFrom(id('Microsoft.Network/virtualNetworks/hub'), id('Microsoft.Network/virtualNetworks/hub', 'hub', OTHER))),
  dnsServers: maybe(fc.constantFrom([], ['10.200.0.10', '10.200.0.11'], ['10.200.0.4'])),
}).map((options) => ({ firewall: id('Microsoft.Network/azureFirewalls/hub'), ...options }));

const environment = fc.record({
  region: fc.constantFrom('westeurope', 'eastus2', 'southeastasia', 'ukwest'),
  zones: fc.constantFrom(undefined, undefined, [], [1], [3, 1], [2, 3, 1]),
  cidr: fc.constantFrom('10.40.0.0/16', '10.40.0.0/20', '10.32.0.0/12', '172.16.0.0/14', '192.168.0.0/20', '100.64.0.0/12', '10.0.0.0/16'),
  way: fc.constantFrom('none', 'firewall', 'firewall', 'hub'),
  firewall,
  hub,
  spoke: fc.constantFrom(false, false, false, true),
  dnsPolicy: maybe(fc.record({ mode: fc.constantFrom('deny' as const, 'alert' as const), alsoResolve: maybe(some(['trafficmanager.net', 'example.com', 'cloudfront.example.net'], { minLength: 1 })) }), 3),
  kubernetes: maybe(fc.record({
    podCidr: maybe(fc.constantFrom('10.128.0.0/10', '192.168.128.0/17', '100.112.0.0/16', '10.243.0.0/19')), serviceCidr: maybe(fc.constantFrom('10.250.0.0/27', '172.20.0.0/14', '100.80.0.0/16')),
    version: maybe(fc.constantFrom('1.33', '1.9')), nodes: maybe(fc.record({ size: maybe(fc.constant('Standard_D8ds_v5')), min: maybe(fc.constantFrom(1, 3)), max: maybe(fc.constantFrom(3, 12)) }, { requiredKeys: [] })),
    addOns: maybe(some(ADD_ONS, { minLength: 1 })), adminGroups: fc.constantFrom([OTHER], [OTHER, SUBSCRIPTION]),
  }), 3),
  storage: maybe(some(['acmereports', 'other'], { minLength: 1 }), 4),
  chosen: fc.array(fc.nat(30), { minLength: 4, maxLength: 4 }),
  endpoints: fc.nat(3),
  elsewhere: fc.boolean(),
  logs: maybe(fc.record({
    retentionDays: maybe(fc.constantFrom(90, 365, 366, 730)), analyticsMinutes: maybe(fc.constantFrom(10, 60)), queryFromInternet: maybe(fc.boolean()),
    workspace: maybe(fc.constant({ id: id('Microsoft.OperationalInsights/workspaces/central'), guid: '1111AAAA-1111-1111-1111-111111111111', region: 'northeurope' })),
  })),
  deletionProtection: maybe(fc.boolean()),
  metadata: fc.boolean(),
});

const segment = fc.record({
  tier: fc.constantFrom('public' as const, 'private' as const, 'private' as const, 'data' as const),
  internet: maybe(fc.constantFrom({ ports: [443] }, { ports: [443, 80, '8000-8100'] }, { ports: [51820], protocol: 'udp' as const })),
  callers: fc.uniqueArray(fc.record({ from: fc.nat(30), protocol: fc.constantFrom(undefined, 'tcp' as const, 'udp' as const), ports: fc.constantFrom(...ACCEPTED) }), { maxLength: 4, selector: ({ from, protocol }) => `${from % 5} ${protocol ?? 'tcp'}` }),
});
const rule = fc.record({
  kind: fc.constantFrom('tls' as const, 'tls' as const, 'http' as const, 'tcp' as const, 'wildcard' as const),
  host: fc.constantFrom(...HOSTS), wildcard: fc.constantFrom(...WILDCARDS), from: fc.array(fc.nat(30), { minLength: 1, maxLength: 3 }), ports: fc.constantFrom(...PORTS),
  addresses: some(BLOCKS, { minLength: 1, maxLength: 3 }), clouds: maybe(fc.constantFrom(['azure'], ['aws', 'azure'], ['aws']), 4), expires: maybe(fc.constant('2031-01-01')),
});

export const POLICIES: fc.Arbitrary<WrittenPolicy> = fc.record({
  organization: fc.constantFrom('acme', 'a', 'prod', 'o'.repeat(20), 'egress'),
  environments: fc.uniqueArray(fc.constantFrom('prod', 'a', 'eu', 'e'.repeat(12), 'prod-eu', 'a-network', 'spoke'), { minLength: 1, maxLength: 2 }),
  names: fc.oneof({ weight: 9, arbitrary: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 7 }) }, { weight: 1, arbitrary: fc.constant(Array.from({ length: 60 }, (_, index) => `s${index}`)) }),
  segments: fc.array(segment, { minLength: 7, maxLength: 7 }),
  rules: fc.array(rule, { maxLength: 7 }),
  services: some(SERVICES),
  azure: fc.tuple(environment, environment),
  state: fc.constantFrom(undefined, undefined, { s3: { bucket: 'acme-state', region: 'eu-west-1' } }, { azurerm: { resourceGroup: 'tf', storageAccount: 'acmestate', container: 'tfstate' } }, { cloud: { organization: 'acme' } }),
}).map(written);

type Made = typeof environment extends fc.Arbitrary<infer T> ? T : never;
type Segments = readonly WrittenSegment[];

function written({ organization, environments, names, segments, rules, services, azure, state }: any): WrittenPolicy {
  const all: Segments = names.map((name: string, index: number) => {
    const made = segments[index % segments.length];
    const callers = made.callers.map(({ from, protocol, ports }: any) => ({ from: names[(from * 7) % names.length], ports, ...(protocol ? { protocol } : {}) }));
    const distinct = [...new Map<string, object>(callers.map((each: any) => [`${each.from} ${each.protocol ?? 'tcp'}`, each])).values()];
    const accepts = [...(made.tier === 'public' && made.internet ? [{ from: 'internet', ...made.internet }] : []), ...distinct];
    return { name, tier: made.tier, ...(accepts.length > 0 ? { accepts } : {}) };
  });
  const granted = all.filter(({ tier }) => tier === 'private').map(({ name }) => name);
  const allow = new Map<string, WrittenRule>();
  for (const { kind, host, wildcard, from, ports, addresses, clouds, expires } of granted.length > 0 ? rules : []) {
    const common = { from: [...new Set(from.map((each: number) => granted[each % granted.length]!))] as string[], owner: 'team', reason: 'why', ...(clouds ? { clouds } : {}), ...(expires ? { expires } : {}), ...(ports ? { ports } : {}) };
    if (kind === 'wildcard') allow.set(wildcard, { host: wildcard, wildcard: 'shards', ...common } as WrittenRule);
    else if (kind === 'tcp') allow.set(`tcp ${host}`, { host, protocol: 'tcp', addresses: distinctBlocks(addresses), ...common, ports: ports ?? [22] });
    else allow.set(`${kind} ${host}`, { host, ...(kind === 'http' ? { protocol: 'http' as const } : {}), ...common });
  }
  const first = writtenEnvironment(azure[0], all, services, 0);
  const needed = [first, ...(environments.length > 1 ? [writtenEnvironment(azure[1], all, services, 1)] : [])];
  return clean({
    organization,
    allow: [...allow.values()],
    segments: all,
    privateServices: needed.some(({ kubernetes }) => kubernetes) ? [...new Set<string>(['kubernetes', ...services])] : services,
    environments: needed.map((each, index) => ({ name: environments[index], ...((index === 0 ? azure[0] : azure[1]).deletionProtection === undefined ? {} : { deletionProtection: azure[index].deletionProtection }), azure: each })),
    ...(state ? { state } : {}),
  });
}

/** Two of them lie in one another, which the loader refuses. */
function distinctBlocks(addresses: readonly string[]): readonly string[] {
  return addresses.includes('151.101.64.0/24') ? addresses.filter((each) => each !== '151.101.64.128/25') : addresses;
}

/** The second environment has a block that no other has. */
function writtenEnvironment(made: Made, segments: Segments, services: readonly string[], index: number): WrittenAzure {
  const at = (place: number, of: readonly string[]) => of[made.chosen[place]! % of.length]!;
  const names = segments.map(({ name }) => name);
  const granted = segments.filter(({ tier }) => tier === 'private').map(({ name }) => name);
  const closed = segments.filter(({ tier }) => tier !== 'public').map(({ name }) => name);
  const own = services.flatMap((service) => service.replace(/^azure:/, '')).filter((service) => ENDPOINTS[service]).slice(0, made.endpoints);
  const { hub, firewall, kubernetes } = made;
  const network = id(`Microsoft.Network/virtualNetworks/existing${index}`);
  const cluster = kubernetes && granted.length > 0 ? at(0, granted) : undefined;
  const asks = made.way === 'hub' && (hub.dnsServers ?? ['']).length > 0;
  return {
    region: made.region,
    cidr: index === 0 ? made.cidr : '10.60.0.0/16',
    subscription: SUBSCRIPTION,
    ...(made.zones ? { zones: made.zones } : {}),
    ...(made.way === 'firewall' ? { firewall } : {}),
    ...(made.way === 'hub' ? { hub: { ...hub, ...(cluster ? { policy: hub.policy ?? id('Microsoft.Network/firewallPolicies/hub') } : {}) } } : {}),
    ...(made.spoke ? { spoke: {
      network,
      subnets: Object.fromEntries(names.map((name, place) => [name, { id: `${network}/subnets/${name}`, cidr: `10.${70 + index}.${place}.0/${place % 2 ? 24 : 27}` }])),
      privateEndpoints: { id: `${network}/subnets/endpoints`, cidr: `10.${70 + index}.200.0/24` },
    } } : {}),
    ...(made.dnsPolicy && !asks ? { dnsPolicy: made.dnsPolicy } : {}),
    ...(cluster ? { kubernetes: { segment: cluster, ...kubernetes } } : {}),
    ...(made.storage && closed.length > 0 && !made.spoke ? { serviceEndpoints: { segments: [...new Set([at(1, closed), at(2, closed)])], storageAccounts: made.storage.map((name) => id(`Microsoft.Storage/storageAccounts/${name}`)) } } : {}),
    ...(made.metadata && at(3, names) !== cluster ? { withoutMetadata: [at(3, names)] } : {}),
    ...(own.length > 0 ? { privateEndpoints: Object.fromEntries(own.map((service) => [service, [id(ENDPOINTS[service]!), ...(made.elsewhere ? [id(`${ENDPOINTS[service]}2`, 'x'.repeat(60), OTHER)] : [])]])) } : {}),
    ...(made.logs ? { logs: made.logs } : {}),
  } as WrittenAzure;
}

/** Without what is not there. */
function clean<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
