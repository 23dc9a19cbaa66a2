/**
 * What an environment on Azure may choose besides its place, in canonical form: lists sorted,
 * defaults filled in. `azure-environment.ts` reads it; the constructs take the same.
 */

/** The tiers of Azure Firewall. https://learn.microsoft.com/azure/firewall/choose-firewall-sku */
export const FIREWALL_TIERS = ['Basic', 'Standard', 'Premium'] as const;
export type FirewallTier = (typeof FIREWALL_TIERS)[number];

/** What happens to traffic that a feed or a signature knows: it is stopped, or only recorded. */
export type ThreatReaction = 'deny' | 'alert';

/** The intermediate certificate authority that the firewall signs with, and the identity that may read it. */
export interface TlsInspection {
  /** Id of the secret in Key Vault; without a version, a renewed certificate is taken up by itself. */
  readonly certificate: string;
  /** Id of a user-assigned identity that may read the secret. */
  readonly identity: string;
}

/** The firewall that an environment makes. */
export interface AzureFirewallOptions {
  /** Default: `Standard`. */
  readonly tier: FirewallTier;
  /** Default: `deny`; `alert` on Basic, which can do no more. */
  readonly threatIntelligence: ThreatReaction;
  /** Names and IPv4 addresses that Microsoft's threat feed must not block. Default: none. */
  readonly threatIntelligenceAllowlist: readonly string[];
  /** Premium only. Default: `deny`. */
  readonly intrusionDetection?: ThreatReaction;
  /** Premium only. Default: none, TLS is not opened. */
  readonly tlsInspection?: TlsInspection;
  /** Names of the public addresses. The first one is bound to the subnet, so it is not sorted. Default: `egress`. */
  readonly publicAddresses: readonly string[];
  /** Names of the public addresses of a NAT gateway that everything leaves by instead. Default: none, no NAT gateway. */
  readonly natAddresses: readonly string[];
  /** Private address that the firewall sends everything on to. Default: the internet. */
  readonly forcedTunnel?: string;
  /** DNS servers that the firewall asks, in this order. Default: Azure's own. */
  readonly dnsServers: readonly string[];
  /** Id of a central team's firewall policy whose rules and settings come first. Default: none. */
  readonly parentPolicy?: string;
}

/** A hub with a firewall that somebody else runs. */
export interface AzureHubOptions {
  /** The firewall's id: for outputs, and to tell readers which one. */
  readonly firewall: string;
  /** Next hop of the segments with hosts. */
  readonly privateAddress: string;
  /** Id of the firewall's policy: the rules are written into it. Default: none, its team writes them. */
  readonly policy?: string;
  /** First priority of the groups of rules in that policy: 100 to 56000. Default: 1000. */
  readonly firstPriority: number;
  /** Id of the hub's network: it is peered. Default: none, its team does it. */
  readonly network?: string;
  /** DNS servers of the spoke. Default: the firewall. Empty: Azure's own. */
  readonly dnsServers: readonly string[];
}

/** A subnet that exists. */
export interface ExistingSubnet {
  readonly id: string;
  readonly cidr: string;
}

/** A network that exists, with one subnet for each segment and one for private endpoints. */
export interface AzureSpokeOptions {
  readonly network: string;
  readonly subnets: Readonly<Record<string, ExistingSubnet>>;
  readonly privateEndpoints: ExistingSubnet;
}

/** A DNS security policy with the names that may be resolved. */
export interface AzureDnsPolicyOptions {
  /** `deny` answers nothing else; `alert` answers everything and records it. */
  readonly mode: ThreatReaction;
  /** More names, with everything below them: what the allowed hosts are aliases of. Default: none. */
  readonly alsoResolve: readonly string[];
}

/** Parts of a cluster that reach hosts of their own, which its FQDN tag leaves out. */
export const KUBERNETES_ADD_ONS = ['azure-policy', 'defender', 'extensions', 'gpu', 'monitoring', 'os-updates', 'secrets-store', 'windows'] as const;
export type KubernetesAddOn = (typeof KUBERNETES_ADD_ONS)[number];

/** A private AKS cluster in a segment. */
export interface AzureKubernetesOptions {
  /** A private segment. */
  readonly segment: string;
  /** The pods' own addresses. Default: `10.244.0.0/16`. */
  readonly podCidr: string;
  /** The services' own addresses. Default: `10.245.0.0/16`. */
  readonly serviceCidr: string;
  /** Kubernetes version, such as `1.33`. Default: what AKS offers first. */
  readonly version?: string;
  /** Default: `Standard_D4ds_v5`, 2 to 5 of them. */
  readonly nodes: { readonly size: string; readonly min: number; readonly max: number };
  /** Default: none. */
  readonly addOns: readonly KubernetesAddOn[];
  /** Object ids of the Entra groups that administer the cluster. */
  readonly adminGroups: readonly string[];
}

/** Storage accounts that some segments reach by a service endpoint, with a policy that names them. */
export interface AzureServiceEndpointOptions {
  readonly segments: readonly string[];
  /** Ids of the storage accounts. */
  readonly storageAccounts: readonly string[];
}

/** A Log Analytics workspace that exists. */
export interface ExistingWorkspace {
  readonly id: string;
  /** The workspace's own id, a GUID. */
  readonly guid: string;
  readonly region: string;
}

/** Where traffic is recorded and for how long. */
export interface AzureLogOptions {
  /** Default: a workspace of the environment's own. */
  readonly workspace?: ExistingWorkspace;
  /** 90 to 730. Default: 365. */
  readonly retentionDays: number;
  /** Minutes between two runs of traffic analytics. Default: 10. */
  readonly analyticsMinutes: 10 | 60;
  /** Whether people may query the workspace from outside the network. Default: false. */
  readonly queryFromInternet: boolean;
}

/** Why a tier cannot do what the options ask of it. */
export interface TierProblem {
  readonly option: keyof AzureFirewallOptions;
  readonly value: unknown;
  readonly message: string;
  readonly fix: string;
}

/**
 * What each tier leaves out, of what can be asked for.
 *
 * Basic: threat intelligence that only alerts, no DNS proxy, no servers of its own choice, no
 * intrusion detection, no TLS inspection. Standard: neither of the last two.
 * https://learn.microsoft.com/azure/firewall/features-by-sku
 */
export function tierProblems(options: { readonly [Key in keyof AzureFirewallOptions]?: AzureFirewallOptions[Key] | undefined }): readonly TierProblem[] {
  const { tier = 'Standard' } = options;
  const problems: TierProblem[] = [];
  const refuse = (option: keyof AzureFirewallOptions, message: string, fix: string, value: unknown = options[option]) => problems.push({ option, value, message, fix });
  if (tier === 'Basic') {
    if (options.threatIntelligence === 'deny') refuse('threatIntelligence', 'is more than a Basic firewall can do: its threat intelligence only alerts', "write 'alert', or choose the tier Standard");
    if ((options.dnsServers ?? []).length > 0) refuse('dnsServers', 'cannot be set on a Basic firewall, which has no DNS proxy', 'remove it, or choose the tier Standard');
    if (options.forcedTunnel !== undefined) refuse('forcedTunnel', 'is not possible with a Basic firewall', 'remove it, or choose the tier Standard');
  }
  if (tier !== 'Premium') {
    if (options.intrusionDetection !== undefined) refuse('intrusionDetection', `is not part of the tier ${tier}`, 'remove it, or choose the tier Premium');
    if (options.tlsInspection !== undefined) refuse('tlsInspection', `is not part of the tier ${tier}`, 'remove it, or choose the tier Premium', undefined);
  }
  if (options.forcedTunnel !== undefined && (options.natAddresses ?? []).length > 0) refuse('natAddresses', 'cannot be used together with forcedTunnel: nothing leaves by the subnet any more', 'remove one of the two');
  return problems;
}
