/** Policies that between them use every option of an environment on Azure. */
import { parse, stringify } from 'yaml';
import { policyText } from './synthesis';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const id = (provider: string, group = 'central', subscription = SUBSCRIPTION) => `/subscriptions/${subscription}/resourceGroups/${group}/providers/${provider}`;

/** The full policy with changes to its environment on Azure. */
export function optionsText(change: Record<string, unknown>, edit: (policy: any) => void = () => undefined): string {
  return policyText((policy) => {
    const [environment] = policy.environments;
    policy.environments = [{ name: environment.name, azure: { ...environment.azure, ...change } }];
    edit(policy);
  });
}

export const WORKSPACE = { id: id('Microsoft.OperationalInsights/workspaces/central'), guid: '11111111-1111-1111-1111-111111111111', region: 'northeurope' };
export const SPOKE = (segments: readonly string[]) => ({
  network: id('Microsoft.Network/virtualNetworks/existing'),
  subnets: Object.fromEntries(segments.map((segment, index) => [segment, { id: id(`Microsoft.Network/virtualNetworks/existing/subnets/${segment}`), cidr: `10.60.${index}.0/24` }])),
  privateEndpoints: { id: id('Microsoft.Network/virtualNetworks/existing/subnets/endpoints'), cidr: '10.60.200.0/24' },
});
export const HUB = {
  firewall: id('Microsoft.Network/azureFirewalls/hub'),
  privateAddress: '10.0.0.4',
  policy: id('Microsoft.Network/firewallPolicies/hub'),
  firstPriority: 20_000,
  network: id('Microsoft.Network/virtualNetworks/hub'),
};
const SEGMENTS = ['edge', 'ledger', 'payments', 'platform', 'reporting'];

/** By name, what it is for. */
export const OPTIONS: Readonly<Record<string, string>> = {
  premium: optionsText({
    firewall: {
      tier: 'Premium', intrusionDetection: 'deny', threatIntelligenceAllowlist: ['api.stripe.com', '203.0.113.7'], publicAddresses: ['egress', 'partners'],
      tlsInspection: { certificate: 'https://acme-prod.vault.azure.net/secrets/egress-ca', identity: id('Microsoft.ManagedIdentity/userAssignedIdentities/firewall') },
      natAddresses: ['nat', 'nat-b'], dnsServers: ['168.63.129.16'],
    },
    dnsPolicy: { mode: 'deny', alsoResolve: ['trafficmanager.net'] },
    logs: { retentionDays: 180, analyticsMinutes: 60, queryFromInternet: false },
    privateEndpoints: { 'secrets': [id('Microsoft.KeyVault/vaults/acme-prod')] },
  }),
  kubernetes: optionsText({
    kubernetes: { segment: 'platform', version: '1.33', nodes: { size: 'Standard_D8ds_v5', min: 3, max: 9 }, addOns: ['monitoring', 'azure-policy', 'defender', 'os-updates', 'secrets-store'], adminGroups: ['22222222-2222-2222-2222-222222222222'] },
    dnsPolicy: { mode: 'alert' },
  }),
  storage: optionsText({
    serviceEndpoints: { segments: ['reporting', 'platform'], storageAccounts: [id('Microsoft.Storage/storageAccounts/acmereports')] },
    logs: { workspace: WORKSPACE },
    withoutMetadata: ['ledger'],
  }),
  basic: optionsText({ firewall: { tier: 'Basic' }, zones: [1] }),
  tunnel: optionsText({ firewall: { forcedTunnel: '10.200.0.4' } }),
  parent: optionsText({ firewall: { parentPolicy: id('Microsoft.Network/firewallPolicies/central') } }),
  'hub-and-spoke': optionsText({ hub: HUB, spoke: SPOKE(SEGMENTS) }),
  'hub-of-others': optionsText({
    hub: { firewall: id('Microsoft.Network/azureFirewalls/hub', 'hub', '33333333-3333-3333-3333-333333333333'), privateAddress: '10.0.0.4', network: id('Microsoft.Network/virtualNetworks/hub', 'hub', '33333333-3333-3333-3333-333333333333'), dnsServers: [] },
    dnsPolicy: { mode: 'deny' },
  }),
};

/** The same policy with the longest names that a policy takes: 20 characters, 12 for the environment. */
export function withLongestNames(text: string): string {
  const policy = parse(text);
  const long = (name: string) => (name === 'internet' ? name : `${name}-${'x'.repeat(19 - name.length)}`);
  policy.organization = 'o'.repeat(20);
  for (const rule of policy.allow) rule.from = rule.from.map(long);
  for (const segment of policy.segments) {
    segment.name = long(segment.name);
    for (const accept of segment.accepts ?? []) accept.from = long(accept.from);
  }
  for (const environment of policy.environments) {
    environment.name = 'e'.repeat(12);
    const { kubernetes, spoke, serviceEndpoints, privateEndpoints, withoutMetadata } = environment.azure;
    if (withoutMetadata) environment.azure.withoutMetadata = withoutMetadata.map(long);
    if (kubernetes) kubernetes.segment = long(kubernetes.segment);
    if (spoke) spoke.subnets = Object.fromEntries(Object.entries(spoke.subnets).map(([name, subnet]) => [long(name), subnet]));
    if (serviceEndpoints) serviceEndpoints.segments = serviceEndpoints.segments.map(long);
    environment.azure.privateEndpoints = { ...privateEndpoints, 'container-registry': [id(`Microsoft.ContainerRegistry/registries/${'r'.repeat(50)}`)] };
  }
  return stringify(policy);
}
