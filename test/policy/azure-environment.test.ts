/** The options of an environment on Azure: what contradicts itself is said with place, value and way out, all at once. */
import { parsePolicy } from '../../blueprints/policy/load';
import type { AzureEnvironment } from '../../blueprints/policy/model';
import { stringify } from 'yaml';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const id = (kind: string) => `/subscriptions/${SUBSCRIPTION}/resourceGroups/central/providers/${kind}`;
const HUB = { firewall: id('Microsoft.Network/azureFirewalls/hub'), privateAddress: '10.9.0.4' };
const NETWORK = id('Microsoft.Network/virtualNetworks/spoke');
const subnet = (name: string, cidr: string) => ({ id: `${NETWORK}/subnets/${name}`, cidr });
const SPOKE = { network: NETWORK, subnets: { app: subnet('app', '10.60.0.0/24'), ledger: subnet('ledger', '10.60.1.0/24') }, privateEndpoints: subnet('endpoints', '10.60.2.0/24') };
const CLUSTER = { segment: 'app', adminGroups: [SUBSCRIPTION] };

function load(azure: object, policy: object = {}) {
  return parsePolicy(stringify({
    organization: 'acme',
    segments: [{ name: 'app', tier: 'private' }, { name: 'ledger', tier: 'data' }],
    privateServices: ['kubernetes'],
    environments: [{ name: 'prod', azure: { region: 'westeurope', cidr: '10.40.0.0/16', subscription: SUBSCRIPTION, ...azure } }],
    ...policy,
  }), { file: 'egress.yaml', today: '2026-11-22' });
}

function environment(azure: object): AzureEnvironment {
  const loaded = load(azure);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  return loaded.policy.environments[0]!.azure!;
}

/** `code path: message → fix`, without the path of the environment. */
function problems(azure: object, policy: object = {}): string[] {
  const loaded = load(azure, policy);
  return loaded.ok ? [] : loaded.problems.map(({ code, path, message, fix }) => `${code} ${path.replace('environments[0].azure', '').replace(/^\./, '')}: ${message} → ${fix}`);
}

test('without options, the defaults are filled in', () => {
  expect(environment({})).toMatchObject({
    firewall: { tier: 'Standard', threatIntelligence: 'deny', threatIntelligenceAllowlist: [], publicAddresses: ['egress'], natAddresses: [], dnsServers: [] },
    logs: { retentionDays: 365, analyticsMinutes: 10, queryFromInternet: false },
  });
  const bare = environment({});
  for (const option of ['hub', 'spoke', 'dnsPolicy', 'kubernetes', 'serviceEndpoints'] as const) expect(bare[option]).toBeUndefined();
});

test('the order of lists changes nothing, but for addresses and servers, whose order means something', () => {
  const given = environment({
    firewall: { threatIntelligenceAllowlist: ['b.example.com', 'a.example.com'], publicAddresses: ['z', 'a'], natAddresses: ['y', 'x'], dnsServers: ['10.1.0.5', '10.1.0.4'] },
    kubernetes: { ...CLUSTER, addOns: ['monitoring', 'azure-policy'] },
  });
  expect(given.firewall).toMatchObject({ threatIntelligenceAllowlist: ['a.example.com', 'b.example.com'], publicAddresses: ['z', 'a'], natAddresses: ['x', 'y'], dnsServers: ['10.1.0.5', '10.1.0.4'] });
  expect(environment({ dnsPolicy: { mode: 'deny', alsoResolve: ['b.net', 'a.net'] } }).dnsPolicy!.alsoResolve).toEqual(['a.net', 'b.net']);
  expect(given.kubernetes).toMatchObject({ podCidr: '10.244.0.0/16', serviceCidr: '10.245.0.0/16', nodes: { size: 'Standard_D4ds_v5', min: 2, max: 5 }, addOns: ['azure-policy', 'monitoring'] });
});

test('Basic only alerts, and Premium prevents intrusions', () => {
  expect(environment({ firewall: { tier: 'Basic' } }).firewall).toMatchObject({ threatIntelligence: 'alert' });
  expect(environment({ firewall: { tier: 'Premium' } }).firewall).toMatchObject({ intrusionDetection: 'deny' });
  expect(environment({ firewall: { tier: 'Standard' } }).firewall.intrusionDetection).toBeUndefined();
});

test('what a hub and its policy default to', () => {
  expect(environment({ hub: HUB }).hub).toMatchObject({ firstPriority: 1000, dnsServers: ['10.9.0.4'] });
  expect(environment({ hub: { ...HUB, dnsServers: [] } }).hub!.dnsServers).toEqual([]);
});

test.each<[string, object, string, RegExp]>([
  ['threat intelligence that denies on Basic', { firewall: { tier: 'Basic', threatIntelligence: 'deny' } }, 'azure-tier firewall.threatIntelligence', /only alerts → write 'alert', or choose the tier Standard/],
  ['DNS servers on Basic', { firewall: { tier: 'Basic', dnsServers: ['10.1.0.4'] } }, 'azure-tier firewall.dnsServers', /no DNS proxy/],
  ['forced tunnelling on Basic', { firewall: { tier: 'Basic', forcedTunnel: '10.1.0.4' } }, 'azure-tier firewall.forcedTunnel', /tier Standard/],
  ['intrusion detection on Standard', { firewall: { intrusionDetection: 'alert' } }, 'azure-tier firewall.intrusionDetection', /not part of the tier Standard → .*Premium/],
  ['TLS inspection on Standard', { firewall: { tlsInspection: { certificate: 'https://acme-prod.vault.azure.net/secrets/ca', identity: id('Microsoft.ManagedIdentity/userAssignedIdentities/x') } } }, 'azure-tier firewall.tlsInspection', /Premium/],
  ['a NAT gateway and forced tunnelling', { firewall: { natAddresses: ['nat'], forcedTunnel: '10.1.0.4' } }, 'azure-tier firewall.natAddresses', /remove one of the two/],
  ['one address for both', { firewall: { natAddresses: ['egress'] } }, 'duplicate-address-name firewall.natAddresses[0]', /such as 'nat'/],
  ['an address twice', { firewall: { publicAddresses: ['a', 'a'] } }, 'duplicate-address-name firewall.publicAddresses[1]', /twice/],
  ['17 addresses of a NAT gateway', { firewall: { natAddresses: Array.from({ length: 17 }, (_, index) => `n${index}`) } }, 'too-many-addresses firewall.natAddresses', /at most 16/],
  ['the name of the management address', { firewall: { publicAddresses: ['management'] } }, 'reserved-name firewall.publicAddresses[0]', /another name/],
  ['an unknown tier', { firewall: { tier: 'Premum' } }, 'unknown-value firewall.tier', /Premium/],
  ['a certificate that is none', { firewall: { tier: 'Premium', tlsInspection: { certificate: 'egress-ca', identity: id('Microsoft.ManagedIdentity/userAssignedIdentities/x') } } }, 'bad-format firewall.tlsInspection.certificate', /vault\.azure\.net\/secrets/],
  ['a policy that is a firewall', { firewall: { parentPolicy: HUB.firewall } }, 'bad-format firewall.parentPolicy', /firewallPolicies/],
  ['a firewall and a hub', { firewall: { tier: 'Standard' }, hub: HUB }, 'firewall-and-hub firewall', /remove 'firewall', or 'hub'/],
  ['a DNS policy that sees nothing', { hub: HUB, dnsPolicy: { mode: 'deny' } }, 'dns-policy-elsewhere dnsPolicy', /dnsServers: \[\]/],
  ['a DNS policy past which the firewall asks others', { firewall: { dnsServers: ['10.9.0.5', '168.63.129.16'] }, dnsPolicy: { mode: 'deny' } }, 'dns-policy-elsewhere dnsPolicy', /the firewall asks 10\.9\.0\.5, and not Azure's resolver → remove 'firewall\.dnsServers'/],
  ['a DNS server on the internet, which public segments would reach', { hub: { ...HUB, dnsServers: ['8.8.8.8'] } }, 'cidr-not-private hub.dnsServers[0]', /past the firewall/],
  ["Azure's resolver as a server of the hub", { hub: { ...HUB, dnsServers: ['168.63.129.16'] } }, 'cidr-not-private hub.dnsServers[0]', /write 'dnsServers: \[\]'/],
  ['a next hop on the internet', { hub: { ...HUB, privateAddress: '8.8.8.8', dnsServers: [] } }, 'cidr-not-private hub.privateAddress', /address of a network/],
  ['a tunnel to the internet', { firewall: { forcedTunnel: '8.8.8.8' } }, 'cidr-not-private firewall.forcedTunnel', /address of a network/],
  ['a hub that is the spoke', { hub: { ...HUB, network: NETWORK.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions') }, spoke: SPOKE }, 'network-taken hub.network', /peered with itself → remove 'network' here/],
  ['one subnet for two', { spoke: { ...SPOKE, privateEndpoints: { id: SPOKE.subnets.app.id.replace('app', 'APP'), cidr: '10.60.2.0/24' } } }, 'subnet-twice spoke.privateEndpoints.id', /the subnet of 'app', too/],
  ['an address named as what joins the NAT gateway', { firewall: { natAddresses: ['subnet'] } }, 'reserved-name firewall.natAddresses[0]', /such as 'nat'/],
  ['an address that is none', { firewall: { threatIntelligenceAllowlist: ['api.example.com', '203.0.113.0/24', '999.1.1.1'] } }, 'bad-format firewall.threatIntelligenceAllowlist[2]', /not a name, an IPv4 address or a block/],
  ['an id that Terraform would read as an expression', { firewall: { parentPolicy: id('Microsoft.Network/firewallPolicies/${var.x}') } }, 'bad-format firewall.parentPolicy', /firewallPolicies/],
  ['a whole registry that is resolved', { dnsPolicy: { mode: 'deny', alsoResolve: ['trafficmanager.net', 'co.uk'] } }, 'zone-public-suffix dnsPolicy.alsoResolve[1]', /every domain below it/],
  ['a domain with a star', { dnsPolicy: { mode: 'deny', alsoResolve: ['*.example.com'] } }, 'bad-format dnsPolicy.alsoResolve[0]', /trafficmanager\.net/],
  ['a priority out of range', { hub: { ...HUB, firstPriority: 60_000 } }, 'bad-number hub.firstPriority', /from 100 to 56000/],
  ['a segment without a subnet', { spoke: { ...SPOKE, subnets: { app: SPOKE.subnets.app } } }, 'segment-without-subnet spoke.subnets', /add 'ledger/],
  ['a subnet of no segment', { spoke: { ...SPOKE, subnets: { ...SPOKE.subnets, ap: subnet('ap', '10.60.3.0/24') } } }, 'unknown-segment spoke.subnets.ap', /did you mean 'app'/],
  ['a subnet of another network', { spoke: { ...SPOKE, privateEndpoints: { id: id('Microsoft.Network/virtualNetworks/other/subnets/x'), cidr: '10.60.2.0/24' } } }, 'subnet-elsewhere spoke.privateEndpoints.id', /of that network/],
  ['a network of another subscription', { spoke: JSON.parse(JSON.stringify(SPOKE).replaceAll(SUBSCRIPTION, '33333333-3333-3333-3333-333333333333')) }, 'subnet-elsewhere spoke.network', /network's subscription/],
  ['subnets that overlap', { spoke: { ...SPOKE, privateEndpoints: subnet('endpoints', '10.60.1.128/25') } }, 'cidr-overlap spoke.privateEndpoints.cidr', /the subnet of 'ledger'/],
  ["a subnet in the hub's block", { spoke: { ...SPOKE, privateEndpoints: subnet('endpoints', '10.40.0.0/24') } }, 'cidr-overlap spoke.privateEndpoints.cidr', /hub's block for 'firewall'/],
  ['a subnet of four addresses', { spoke: { ...SPOKE, privateEndpoints: subnet('endpoints', '10.60.2.0/30') } }, 'cidr-too-small spoke.privateEndpoints.cidr', /\/29/],
  ['a cluster in a data segment', { kubernetes: { ...CLUSTER, segment: 'ledger' } }, 'kubernetes-not-private kubernetes.segment', /name a private segment/],
  ['a cluster nowhere', { kubernetes: { ...CLUSTER, segment: 'ap' } }, 'unknown-segment kubernetes.segment', /did you mean 'app'/],
  ['a cluster behind a firewall whose rules are not ours', { hub: HUB, kubernetes: CLUSTER }, 'kubernetes-without-policy kubernetes', /'policy'/],
  ["pods in the network's block", { kubernetes: { ...CLUSTER, podCidr: '10.40.128.0/17' } }, 'cidr-overlap kubernetes.podCidr', /environment's cidr/],
  ['pods among services', { kubernetes: { ...CLUSTER, podCidr: '10.245.0.0/20' } }, 'cidr-overlap kubernetes.serviceCidr', /podCidr/],
  ['pods in the subnet of the private endpoints', { spoke: SPOKE, kubernetes: { ...CLUSTER, nodes: { max: 4 }, podCidr: '10.60.0.0/21' } }, 'cidr-overlap kubernetes.podCidr', /the subnet of 'app'/],
  ['pods in the private endpoints alone', { spoke: SPOKE, kubernetes: { ...CLUSTER, nodes: { min: 1, max: 1 }, podCidr: '10.60.2.0/23' } }, 'cidr-overlap kubernetes.podCidr', /the subnet of the private endpoints/],
  ["pods around the hub's firewall", { hub: { ...HUB, policy: id('Microsoft.Network/firewallPolicies/hub') }, kubernetes: { ...CLUSTER, podCidr: '10.9.0.0/16' } }, 'cidr-overlap kubernetes.podCidr', /the hub's firewall/],
  ['pods where AKS keeps addresses', { kubernetes: { ...CLUSTER, podCidr: '172.30.0.0/16' } }, 'cidr-overlap kubernetes.podCidr', /AKS keeps for itself/],
  ['services where AKS keeps addresses', { kubernetes: { ...CLUSTER, serviceCidr: '172.24.0.0/13' } }, 'cidr-overlap kubernetes.serviceCidr', /AKS keeps for itself/],
  ['pods with public addresses', { kubernetes: { ...CLUSTER, podCidr: '20.0.0.0/16' } }, 'cidr-not-private kubernetes.podCidr', /private range/],
  ['a cluster in a network that AKS does not take', { cidr: '172.16.0.0/12', kubernetes: CLUSTER }, 'cidr-overlap cidr', /172\.30\.0\.0\/16, which AKS keeps for itself/],
  ['fewer blocks for pods than nodes', { kubernetes: { ...CLUSTER, podCidr: '10.244.0.0/22' } }, 'cidr-too-small kubernetes.podCidr', /6 nodes \(5, and a tenth more.*which has 4 → use a \/21 or larger/],
  ['more nodes than pods have blocks', { kubernetes: { ...CLUSTER, nodes: { max: 300 } } }, 'cidr-too-small kubernetes.nodes.max', /330 nodes .* 10\.244\.0\.0\/16, which has 256 → use a \/15 or larger as podCidr/],
  ['more nodes than addresses', { cidr: '10.40.0.0/20', kubernetes: { ...CLUSTER, nodes: { max: 55 } } }, 'too-many-nodes kubernetes.nodes.max', /61 addresses .* a \/26, has 58 .*larger cidr/],
  ['too many services', { kubernetes: { ...CLUSTER, serviceCidr: '10.96.0.0/12' } }, 'cidr-too-large kubernetes.serviceCidr', /\/13 to \/27/],
  ['fewer nodes than the fewest', { kubernetes: { ...CLUSTER, nodes: { min: 6, max: 3 } } }, 'bad-number kubernetes.nodes.max', /6 or more/],
  ['a cluster that nobody administers', { kubernetes: { segment: 'app', adminGroups: [] } }, 'empty-list kubernetes.adminGroups', /at least one/],
  ['metadata kept from nobody', { withoutMetadata: ['nobody'] }, 'unknown-segment withoutMetadata[0]', /segments: app, ledger/],
  ['metadata kept from nodes', { withoutMetadata: ['app'], kubernetes: CLUSTER }, 'kubernetes-needs-metadata withoutMetadata[0]', /network policies/],
  ['a service endpoint for nobody', { serviceEndpoints: { segments: ['nobody'], storageAccounts: [id('Microsoft.Storage/storageAccounts/acme')] } }, 'unknown-segment serviceEndpoints.segments[0]', /segments: app, ledger/],
  ['a service endpoint to a vault', { serviceEndpoints: { segments: ['app'], storageAccounts: [id('Microsoft.KeyVault/vaults/acme')] } }, 'bad-format serviceEndpoints.storageAccounts[0]', /storageAccounts/],
  ['logs for a week', { logs: { retentionDays: 7 } }, 'bad-number logs.retentionDays', /from 90 to 730/],
  ['analytics every minute', { logs: { analyticsMinutes: 1 } }, 'bad-number logs.analyticsMinutes', /10 or 60/],
])('%s', (_, azure, where, words) => {
  const found = problems(azure);
  expect(found.map((each) => each.split(': ')[0])).toEqual([where]);
  expect(found[0]).toMatch(words);
});

test('a firewall that asks servers on the internet is warned of', () => {
  const warned = (dnsServers: readonly string[]) => load({ firewall: { dnsServers } }).warnings.map(({ code, path }) => `${code} ${path}`).filter((each) => each.includes('dnsServers'));
  expect(warned(['10.9.0.5', '9.9.9.9', '168.63.129.16'])).toEqual(['host-public-resolver environments[0].azure.firewall.dnsServers[1]']);
  expect(warned(['10.9.0.5', '168.63.129.16'])).toEqual([]);
});

test('a resource whose id is written in two ways is one', () => {
  const vault = id('Microsoft.KeyVault/vaults/acme');
  const loaded = load({ privateEndpoints: { secrets: [vault, vault.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')] } }, { privateServices: ['secrets'] });
  expect(loaded.ok && loaded.policy.environments[0]!.azure!.privateEndpoints).toEqual({ secrets: [vault] });
});

test("a service under its own name and under Azure's", () => {
  expect(problems({}, { privateServices: ['queue', 'azure:queue'] })).toEqual([expect.stringMatching(/^duplicate-service privateServices\[1\]: is listed as 'queue', too → keep one/)]);
});

test('service endpoints on subnets that exist', () => {
  expect(problems({ spoke: SPOKE, serviceEndpoints: { segments: ['app'], storageAccounts: [id('Microsoft.Storage/storageAccounts/acme')] } })).toEqual([
    expect.stringMatching(/^service-endpoints-elsewhere serviceEndpoints: .*set them there/),
  ]);
});

test('a service endpoint of a public segment, whose route leads to storage of other regions', () => {
  const segments = [{ name: 'app', tier: 'private' }, { name: 'edge', tier: 'public' }];
  expect(problems({ serviceEndpoints: { segments: ['app', 'edge'], storageAccounts: [id('Microsoft.Storage/storageAccounts/acme')] } }, { segments })).toEqual([
    expect.stringMatching(/^service-endpoint-public serviceEndpoints\.segments\[1\]: .*storage of other regions.* → let a private segment fetch it/),
  ]);
});

test('pods of an overlay, whose addresses the group of another segment refuses', () => {
  const pods = (namespace: string) => [{ name: 'api', namespace, labels: { app: 'api' } }];
  const accepts = (from: string) => [{ from, ports: [53, 443, 10250] }, { from, ports: [53], protocol: 'udp' }];
  const segments = [{ name: 'app', tier: 'private', accepts: [...accepts('app'), ...accepts('jobs')], pods: pods('app') }, { name: 'jobs', tier: 'private', accepts: accepts('app'), pods: pods('jobs') }];
  expect(problems({ kubernetes: CLUSTER, cluster: { cni: 'azure-cilium', system: 'app' } }, { segments })).toEqual([
    expect.stringMatching(/^outside-of-overlay segments\[1\]\.pods: cannot be in the cluster of environments\[0\]\.azure\.kubernetes.*group of 'jobs' refuses → move them to 'app', or name another cluster/),
  ]);
  expect(problems({ kubernetes: CLUSTER, cluster: { name: 'acme-prod-kubernetes', cni: 'azure-cilium', system: 'jobs' } }, { segments: [segments[0], { ...segments[1], pods: undefined, accepts: [...accepts('app'), ...accepts('jobs')] }] })).toEqual([
    expect.stringMatching(/^outside-of-overlay cluster\.system: .* → write 'app'$/),
  ]);
  expect(problems({ kubernetes: CLUSTER, cluster: { name: 'another', cni: 'azure-cilium', system: 'app' } }, { segments })).toEqual([]);
});

test('a cluster whose name nobody finds', () => {
  expect(problems({ kubernetes: CLUSTER }, { privateServices: [] })).toEqual([expect.stringMatching(/^kubernetes-without-service kubernetes: .*add 'kubernetes' to privateServices/)]);
});

test('a cluster of one patch version, which AKS leaves behind', () => {
  expect(problems({ kubernetes: { ...CLUSTER, version: '1.33.2' } })).toEqual([expect.stringMatching(/^bad-format kubernetes\.version: .*a minor version of Kubernetes.*1\.33/)]);
});

describe('two environments behind one hub', () => {
  const POLICY = id('Microsoft.Network/firewallPolicies/hub');
  const base = { region: 'westeurope', subscription: SUBSCRIPTION };
  const beside = (prod: object, staging: object, policy: object = {}) => problems({}, {
    environments: [{ name: 'prod', azure: { ...base, cidr: '10.40.0.0/16', ...prod } }, { name: 'staging', azure: { ...base, cidr: '10.41.0.0/16', ...staging } }],
    ...policy,
  });

  test.each<[string, object, object, readonly RegExp[]]>([
    ['priorities that meet', { hub: { ...HUB, policy: POLICY } }, { hub: { ...HUB, policy: POLICY.replace('central', 'Central') } }, [/^priorities-taken environments\[1\]\.azure\.hub\.firstPriority: .*environments\[0\]\.azure\.hub.* → begin at 7401 or above/]],
    ['priorities side by side', { hub: { ...HUB, policy: POLICY, firstPriority: 1000 } }, { hub: { ...HUB, policy: POLICY, firstPriority: 7401 } }, []],
    ['a hub that would hold two zones of one name', { hub: { ...HUB, network: NETWORK } }, { hub: { ...HUB, network: NETWORK } }, [/^hub-resolves-once environments\[1\]\.azure\.hub\.network: .* → write 'dnsServers: \[\]'/]],
    ["a hub that only one environment asks", { hub: { ...HUB, network: NETWORK } }, { hub: { ...HUB, network: NETWORK, dnsServers: [] } }, []],
    ['one network for both', { spoke: SPOKE }, { spoke: SPOKE }, [/^network-taken environments\[1\]\.azure\.spoke\.network: .* → .*a network of its own/]],
  ])('%s', (_, prod, staging, expected) => {
    const found = beside(prod, staging);
    expect(found).toHaveLength(expected.length);
    expected.forEach((words, index) => expect(found[index]).toMatch(words));
  });

  test('without private services there is no zone to link', () => {
    expect(beside({ hub: { ...HUB, network: NETWORK } }, { hub: { ...HUB, network: NETWORK } }, { privateServices: ['aws:sqs'] })).toEqual([]);
  });
});

test('several problems come at once', () => {
  expect(problems({ firewall: { tier: 'Basic', threatIntelligence: 'deny', dnsServers: ['10.1.0.4'] }, logs: { retentionDays: 1 }, kubernetes: { segment: 'ledger', adminGroups: ['x'] } }).map((each) => each.split(' ')[0]).sort())
    .toEqual(['azure-tier', 'azure-tier', 'bad-format', 'bad-number', 'kubernetes-not-private']);
});
