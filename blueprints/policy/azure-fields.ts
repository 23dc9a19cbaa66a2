/** The optional fields of an environment on Azure, as they are written, and their canonical form. */
import * as z from 'zod';
import { FIREWALL_TIERS, KUBERNETES_ADD_ONS, type AzureFirewallOptions } from './azure-options';
import { blockText, parseBlock } from './cidr';
import { blockField, filled, formatted, mixed, regionField, text } from './fields';
import type { AzureEnvironment } from './model';
import type { Finding } from './problems';
import { registryProblem } from './public-suffix';
import { compare, uniqueSorted } from './rules';

const ID = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers';

/** The id of a resource of one kind. */
function idOf(description: string, kind: string, example: string) {
  const path = kind.split('/');
  const pattern = `^/subscriptions/[0-9a-fA-F-]{36}/resourceGroups/[^/\\s$%{}]+/providers/${path[0]!.replaceAll('.', '\\.')}${path.slice(1).map((part) => `/${part}/[^/\\s$%{}]+`).join('')}$`;
  return formatted(description, new RegExp(pattern, 'i'), `the id of a resource of the kind ${kind}`, `${ID}/${example}`);
}

const address = (description: string) => text(description, (value): Finding | undefined =>
  (/^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(value) ? undefined : { code: 'bad-format', message: 'is not an IPv4 address', fix: "write it like '10.0.0.4'" }), { format: 'ipv4' });

const whole = (description: string, from: number, to: number) => mixed<number>(description, (value): Finding | undefined =>
  (Number.isInteger(value) && (value as number) >= from && (value as number) <= to ? undefined : { code: 'bad-number', message: 'is not a number that is possible here', fix: `write a whole number from ${from} to ${to}` }), { type: 'integer', minimum: from, maximum: to });

const oneOf = <const T extends readonly [string, ...string[]]>(values: T, description: string) => z.enum(values).meta({ description });
const reaction = (description: string) => oneOf(['deny', 'alert'], description);

const shortName = (description: string) => formatted(description, /^[a-z](-?[a-z0-9]){0,19}$/, 'a name of 1-20 lower-case letters, digits and single hyphens', 'partners');
const DOMAIN = /^([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** A name with at least one letter at its end, or `*.` and one. */
const EXCUSED = /^(\*\.)?([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/;
const guid = (description: string) => formatted(description, /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'a GUID', '00000000-0000-0000-0000-000000000000');
const existingSubnet = (description: string) => z.strictObject({
  id: idOf("The subnet's id.", 'Microsoft.Network/virtualNetworks/subnets', 'Microsoft.Network/virtualNetworks/spoke/subnets/payments'),
  cidr: blockField("The subnet's block. Example: 10.40.16.0/24"),
}).meta({ description });

const firewall = z.strictObject({
  tier: oneOf(FIREWALL_TIERS, 'The tier of Azure Firewall. Default: Standard.').optional(),
  threatIntelligence: reaction("What happens to names and addresses in Microsoft's threat feed. Default: deny; alert on Basic.").optional(),
  threatIntelligenceAllowlist: filled(
    text('A name, an IPv4 address or a block. Example: api.example.com', (value): Finding | undefined => (EXCUSED.test(value) || parseBlock(value, true).ok ? undefined : {
      code: 'bad-format', message: 'is not a name, an IPv4 address or a block', fix: "write it like 'api.example.com'",
    })),
    'What the threat feed must not block. Default: none.',
  ).optional(),
  intrusionDetection: reaction('Premium only. What happens to traffic that a signature knows. Default: deny.').optional(),
  tlsInspection: z.strictObject({
    certificate: formatted(
      'The secret in Key Vault that holds the intermediate certificate authority. Without a version, a renewed one is taken up by itself.',
      /^https:\/\/[a-z][a-z0-9-]{1,22}[a-z0-9]\.vault\.azure\.net\/secrets\/[0-9A-Za-z-]{1,127}(\/[0-9a-f]{32})?$/, 'the id of a secret in Key Vault', 'https://acme-prod.vault.azure.net/secrets/egress-ca',
    ),
    identity: idOf('The user-assigned identity that may read it.', 'Microsoft.ManagedIdentity/userAssignedIdentities', 'Microsoft.ManagedIdentity/userAssignedIdentities/firewall'),
  }).meta({ description: 'Premium only. Opens TLS with a certificate authority of your own. Default: TLS is not opened.' }).optional(),
  publicAddresses: filled(shortName('A name.'), "Names of the firewall's public addresses; add at the end. Default: [egress].").optional(),
  natAddresses: filled(shortName('A name.'), 'Names of the public addresses of a NAT gateway, by which everything leaves. Default: none.').optional(),
  forcedTunnel: address('A private address that the firewall sends everything on to, instead of the internet.').optional(),
  dnsServers: filled(address('An address.'), "DNS servers that the firewall asks, in this order. Default: Azure's own.").optional(),
  parentPolicy: idOf("A central team's firewall policy, whose rules come first.", 'Microsoft.Network/firewallPolicies', 'Microsoft.Network/firewallPolicies/central').optional(),
}).meta({ description: 'The firewall that this environment makes.' });

const hub = z.strictObject({
  firewall: idOf('The firewall.', 'Microsoft.Network/azureFirewalls', 'Microsoft.Network/azureFirewalls/hub'),
  privateAddress: address("The firewall's private address."),
  policy: idOf("The firewall's policy, into which the rules are written. Default: its team writes them.", 'Microsoft.Network/firewallPolicies', 'Microsoft.Network/firewallPolicies/hub').optional(),
  firstPriority: whole('First priority of the groups of rules in that policy. Default: 1000.', 100, 56_000).optional(),
  network: idOf("The hub's network, which is peered. Default: its team does it.", 'Microsoft.Network/virtualNetworks', 'Microsoft.Network/virtualNetworks/hub').optional(),
  dnsServers: z.array(address('An address.')).meta({ description: "DNS servers of the spoke. Default: the firewall. []: Azure's own." }).optional(),
}).meta({ description: 'A hub with a firewall that exists, instead of one that this environment makes.' });

const spoke = z.strictObject({
  network: idOf('The network.', 'Microsoft.Network/virtualNetworks', 'Microsoft.Network/virtualNetworks/spoke'),
  subnets: z.record(z.string(), existingSubnet('The subnet of a segment.')).meta({ description: 'The subnet of each segment, by its name.' }),
  privateEndpoints: existingSubnet('The subnet of the private endpoints.'),
}).meta({ description: 'A network that exists, with its subnets, instead of one that this environment makes.' });

const dnsPolicy = z.strictObject({
  mode: reaction('deny: nothing else is answered. alert: everything is answered and recorded; begin with this.'),
  alsoResolve: filled(text('A domain. Example: trafficmanager.net', (value): Finding | undefined => (DOMAIN.test(value) ? registryProblem(value) : {
    code: 'bad-format', message: 'is not a domain in lower case', fix: "write it like 'trafficmanager.net'",
  }), { pattern: DOMAIN.source }), 'More domains with everything below them: what allowed hosts are aliases of. Default: none.').optional(),
}).meta({ description: 'A DNS security policy that lists the names of this policy. Default: none.' });

const kubernetes = z.strictObject({
  segment: text('The private segment that the cluster is in.', () => undefined),
  podCidr: blockField("The pods' own block. Default: 10.244.0.0/16.").optional(),
  serviceCidr: blockField("The services' own block. Default: 10.245.0.0/16.").optional(),
  version: formatted('The minor version; AKS itself takes up its patches.', /^1\.\d{1,2}$/, 'a minor version of Kubernetes', '1.33').optional(),
  nodes: z.strictObject({
    size: formatted('The size of a node.', /^Standard_[A-Za-z0-9_]+$/, 'a size of machine', 'Standard_D4ds_v5').optional(),
    min: whole('The fewest nodes. Default: 2.', 1, 1000).optional(),
    max: whole('The most nodes. Default: 5.', 1, 1000).optional(),
  }).meta({ description: 'The nodes of the first pool.' }).optional(),
  addOns: filled(oneOf(KUBERNETES_ADD_ONS, 'An add-on.'), 'Add-ons that may reach the hosts which Microsoft names for them. Default: none.').optional(),
  adminGroups: filled(guid('The object id of a group.'), 'Entra groups that administer the cluster.'),
}).meta({ description: 'A private AKS cluster in a segment. Default: none.' });

const serviceEndpoints = z.strictObject({
  segments: filled(text("A segment's name.", () => undefined), 'Segments that use the service endpoint.'),
  storageAccounts: filled(idOf('A storage account.', 'Microsoft.Storage/storageAccounts', 'Microsoft.Storage/storageAccounts/acme'), 'The only accounts that can be reached by it.'),
}).meta({ description: 'Storage by a service endpoint with a policy, where a private endpoint cannot be had. Default: none.' });

const logs = z.strictObject({
  workspace: z.strictObject({
    id: idOf('The workspace.', 'Microsoft.OperationalInsights/workspaces', 'Microsoft.OperationalInsights/workspaces/central'),
    guid: guid("The workspace's own id."),
    region: regionField('azure'),
  }).meta({ description: 'A Log Analytics workspace that exists. Default: one of its own.' }).optional(),
  retentionDays: whole('Days that logs are kept. Default: 365.', 90, 730).optional(),
  analyticsMinutes: mixed<10 | 60>('Minutes between two runs of traffic analytics: 10 or 60. Default: 10.',
    (value): Finding | undefined => (value === 10 || value === 60 ? undefined : { code: 'bad-number', message: 'is not a number that is possible here', fix: 'write 10 or 60' }), { type: 'integer', enum: [10, 60] }).optional(),
  queryFromInternet: z.boolean().meta({ description: 'Whether people may query the workspace from outside the network, such as with the portal. Default: false.' }).optional(),
}).meta({ description: 'Where traffic is recorded.' });

/** What `azureEnvironmentSchema` takes besides the place. */
export const azureOptionFields = {
  firewall: firewall.optional(),
  hub: hub.optional(),
  spoke: spoke.optional(),
  dnsPolicy: dnsPolicy.optional(),
  kubernetes: kubernetes.optional(),
  serviceEndpoints: serviceEndpoints.optional(),
  logs: logs.optional(),
  withoutMetadata: filled(text("A segment's name.", () => undefined), 'Segments whose machines may not ask the instance metadata service, which hands out the tokens of managed identities. Default: none.').optional(),
};

export type AzureOptionsInput = z.infer<z.ZodObject<typeof azureOptionFields>>;

/** Sorted, without duplicates, defaults filled in; what is absent stays absent. */
export function canonicalOptions(input: AzureOptionsInput): Pick<AzureEnvironment, keyof AzureOptionsInput & keyof AzureEnvironment> {
  return {
    firewall: canonicalFirewall(input.firewall ?? {}),
    logs: {
      ...(input.logs?.workspace ? { workspace: { ...input.logs.workspace, guid: input.logs.workspace.guid.toLowerCase() } } : {}),
      retentionDays: input.logs?.retentionDays ?? 365,
      analyticsMinutes: input.logs?.analyticsMinutes ?? 10,
      queryFromInternet: input.logs?.queryFromInternet ?? false,
    },
    withoutMetadata: uniqueSorted(input.withoutMetadata ?? []),
    ...(input.hub ? {
      hub: {
        ...input.hub,
        firstPriority: input.hub.firstPriority ?? 1_000,
        dnsServers: input.hub.dnsServers ?? [input.hub.privateAddress],
      },
    } : {}),
    ...(input.spoke ? {
      spoke: {
        network: input.spoke.network,
        subnets: Object.fromEntries(Object.entries(input.spoke.subnets).sort(([a], [b]) => compare(a, b)).map(([name, subnet]) => [name, canonicalSubnet(subnet)])),
        privateEndpoints: canonicalSubnet(input.spoke.privateEndpoints),
      },
    } : {}),
    ...(input.dnsPolicy ? { dnsPolicy: { mode: input.dnsPolicy.mode, alsoResolve: uniqueSorted(input.dnsPolicy.alsoResolve ?? []) } } : {}),
    ...(input.kubernetes ? {
      kubernetes: {
        segment: input.kubernetes.segment,
        podCidr: blockText(input.kubernetes.podCidr ?? '10.244.0.0/16'),
        serviceCidr: blockText(input.kubernetes.serviceCidr ?? '10.245.0.0/16'),
        ...(input.kubernetes.version ? { version: input.kubernetes.version } : {}),
        nodes: { size: input.kubernetes.nodes?.size ?? 'Standard_D4ds_v5', min: input.kubernetes.nodes?.min ?? 2, max: input.kubernetes.nodes?.max ?? Math.max(5, input.kubernetes.nodes?.min ?? 2) },
        addOns: [...new Set(input.kubernetes.addOns ?? [])].sort(compare),
        adminGroups: uniqueSorted(input.kubernetes.adminGroups.map((group) => group.toLowerCase())),
      },
    } : {}),
    ...(input.serviceEndpoints ? {
      serviceEndpoints: { segments: uniqueSorted(input.serviceEndpoints.segments), storageAccounts: distinctIds(input.serviceEndpoints.storageAccounts) },
    } : {}),
  };
}

/** Sorted, each resource once: Azure does not tell ids apart by the case of their letters. */
export function distinctIds(ids: readonly string[]): readonly string[] {
  return [...new Map(uniqueSorted(ids).map((id) => [id.toLowerCase(), id])).values()].sort(compare);
}

function canonicalSubnet(subnet: { id: string; cidr: string }) {
  return { id: subnet.id, cidr: blockText(subnet.cidr) };
}

function canonicalFirewall(input: NonNullable<AzureOptionsInput['firewall']>): AzureFirewallOptions {
  const tier = input.tier ?? 'Standard';
  return {
    tier,
    threatIntelligence: input.threatIntelligence ?? (tier === 'Basic' ? 'alert' : 'deny'),
    threatIntelligenceAllowlist: uniqueSorted(input.threatIntelligenceAllowlist ?? []),
    ...(tier === 'Premium' ? { intrusionDetection: input.intrusionDetection ?? 'deny' } : {}),
    ...(input.tlsInspection ? { tlsInspection: input.tlsInspection } : {}),
    publicAddresses: input.publicAddresses ?? ['egress'],
    natAddresses: uniqueSorted(input.natAddresses ?? []),
    ...(input.forcedTunnel ? { forcedTunnel: input.forcedTunnel } : {}),
    dnsServers: input.dnsServers ?? [],
    ...(input.parentPolicy ? { parentPolicy: input.parentPolicy } : {}),
  };
}
