/**
 * The policy as everything downstream sees it: canonical, immutable, sorted.
 *
 * Only `load.ts` makes these values. Nothing downstream reads YAML, and nothing here knows how
 * a cloud is built. Two policy files that say the same thing in another order give equal models.
 */
import type { GoogleOptions } from './google-model';

import type { KubernetesCluster, PodGroup } from './pods';
import type { AwsNetworkOptions } from './aws-network-options';
import type {
  AzureDnsPolicyOptions, AzureFirewallOptions, AzureHubOptions, AzureKubernetesOptions, AzureLogOptions, AzureServiceEndpointOptions, AzureSpokeOptions,
} from './azure-options';

/** The clouds that a policy can name. */
export type Cloud = 'aws' | 'google' | 'azure';

/** The clouds in the order in which they are listed everywhere. */
export const CLOUDS: readonly Cloud[] = ['aws', 'google', 'azure'];

/**
 * What a segment may be reached by, and whether it may have a way out at all.
 *
 * - `public`: may accept the internet; may not be granted hosts.
 * - `private`: accepts other segments; the only tier that may be granted hosts.
 * - `data`: accepts other segments; never has a route to the internet.
 */
export type Tier = 'public' | 'private' | 'data';

/**
 * How the host of an allow rule is checked.
 *
 * - `tls`: by the server name (SNI) of the TLS handshake.
 * - `http`: by the Host header of a plain HTTP request.
 * - `tcp`: no name travels on the wire, so the rule holds for its `addresses`.
 */
export type Protocol = 'tls' | 'http' | 'tcp';

/** A host name as the policy allows it, lower case, punycode, without a trailing dot. */
export interface HostPattern {
  /** As written in rules and messages: `api.stripe.com` or `*.docker.io`. */
  readonly text: string;
  /** `exact` is the name alone; `subdomains` is every name below `domain`, never `domain` itself. */
  readonly kind: 'exact' | 'subdomains';
  /** The name without the leading `*.`. */
  readonly domain: string;
}

/** Both ends are included; a single port has `from === to`. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Where a value stands in the policy file; lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One line of the allowlist: these segments may reach this host. */
export interface AllowRule {
  readonly host: HostPattern;
  /** Names of private segments, sorted. */
  readonly segments: readonly string[];
  /** Sorted, without duplicates. Default: 443 for `tls`, 80 for `http`; `tcp` must say. */
  readonly ports: readonly number[];
  readonly protocol: Protocol;
  /** Public IPv4 CIDRs, sorted; empty unless `protocol` is `tcp`, where it is required. */
  readonly addresses: readonly string[];
  /** The clouds that the rule holds for, in the order of `CLOUDS`. Default: all. */
  readonly clouds: readonly Cloud[];
  /** Names of the environments that the rule holds in, sorted. Default: all. */
  readonly environments: readonly string[];
  readonly owner: string;
  readonly reason: string;
  /** Last day on which the rule holds, `YYYY-MM-DD`. Default: no end. */
  readonly expires?: string;
  /** Why a wildcard is needed; present exactly when `host.kind` is `subdomains`. */
  readonly wildcardReason?: string;
  /** For messages only: never rendered, so that reordering a file changes no output. */
  readonly position: SourcePosition;
}

/** Who may call a segment, and on which ports. */
export interface AcceptRule {
  /** A segment's name, or `internet` (public tier only). A segment may accept itself. */
  readonly from: string;
  /** Sorted, merged where they touch. */
  readonly ports: readonly PortRange[];
  /** Default: `tcp`. */
  readonly protocol: 'tcp' | 'udp';
}

/** A group of workloads that are treated alike: one network zone in every cloud. */
export interface Segment {
  /** 1-20 characters: lower-case letters, digits and single hyphens, starting with a letter. */
  readonly name: string;
  readonly tier: Tier;
  /** Sorted by caller, protocol, ports. */
  readonly accepts: readonly AcceptRule[];
  /** The address block of the segment in every environment: 4..63. See `slots.ts`. */
  readonly slot: number;
  /** Sorted by namespace, then name. Absent: the segment has no nodes of a cluster. */
  readonly pods?: readonly PodGroup[];
}

/** A provider service that is reached over a private endpoint. */
export interface PrivateService {
  /** A neutral name (`object-storage`) or, with `cloud`, the cloud's own (`rds-data`). */
  readonly name: string;
  /** Set when the policy says `aws:rds-data`; the other clouds leave such a service out. */
  readonly cloud?: Cloud;
}

/** Names that every cloud translates to services of its own. */
export const NEUTRAL_SERVICES = [
  'container-registry',
  'database',
  'kubernetes',
  'logs',
  'metrics',
  'object-storage',
  'queue',
  'secrets',
  'session-access',
] as const;

/** A service name that every cloud translates. */
export type NeutralService = (typeof NEUTRAL_SERVICES)[number];

/** An availability zone and its place in each block of the address plan. */
export interface Zone {
  /** AWS: `us-east-1a`. Azure: `1`. Google's subnets are regional; it has no zones here. */
  readonly name: string;
  /** 0..3. See `slots.ts`. */
  readonly slot: number;
}

/** What every cloud's part of an environment has. */
export interface CloudEnvironment {
  readonly cloud: Cloud;
  readonly region: string;
  /** Private IPv4, /20 to /12 (AWS: /16), canonical: host bits zero. */
  readonly cidr: string;
  /** The cluster in this network whose namespaces the policy closes. Absent: none. */
  readonly cluster?: KubernetesCluster;
}

/** Where flow logs, firewall logs and DNS queries go on AWS. A bucket or stream that is given is the team's own. */
export type AwsLogs =
  | { readonly destination: 'cloudwatch'; readonly retentionDays: number }
  | { readonly destination: 's3'; readonly retentionDays: number; readonly bucketArn?: undefined }
  | { readonly destination: 's3'; readonly bucketArn: string }
  | { readonly destination: 'firehose'; readonly streamArn: string };

/** How the egress firewall on AWS is built, where it differs from the default. */
export interface AwsFirewallOptions {
  /** Generated signatures, or AWS's own domain lists. Default: `suricata`. */
  readonly rules: 'suricata' | 'domain-lists';
  /** 60..6000. Default: AWS's, 350. */
  readonly tcpIdleTimeoutSeconds?: number;
  /** Default: TLS is not opened. */
  readonly tlsInspection?: AwsTlsInspection;
}

/** Whose TLS the firewall opens. */
export interface AwsTlsInspection {
  /** Of a certificate in ACM, imported with its key, that clients trust. */
  readonly certificateAuthorityArn: string;
  /** Names of private segments, sorted. */
  readonly segments: readonly string[];
  /** What becomes of connections to servers with such certificates. Default: nobody asks. */
  readonly revocation?: { readonly revoked: 'drop' | 'reject' | 'pass'; readonly unknown: 'drop' | 'reject' | 'pass' };
}

/** An environment on AWS. */
export interface AwsEnvironment extends CloudEnvironment, AwsNetworkOptions {
  readonly cloud: 'aws';
  /** Default: the first three zones of the region. Sorted by name. */
  readonly zones: readonly Zone[];
  /** Twelve digits; when set, the provider refuses to touch any other account. */
  readonly account?: string;
  /** Default: CloudWatch Logs, for 365 days. */
  readonly logs: AwsLogs;
  /** What encrypts logs and firewall: `create` for a key of the stack's own, or the ARN of a KMS key. Default: keys that AWS owns. */
  readonly kmsKey?: string;
  /** Default: generated signatures, TLS not opened. */
  readonly firewall?: AwsFirewallOptions;
}

/** An environment on Google Cloud. */
export interface GoogleEnvironment extends CloudEnvironment, GoogleOptions {
  readonly cloud: 'google';
  readonly project: string;
}

/** An environment on Azure. */
export interface AzureEnvironment extends CloudEnvironment {
  readonly cloud: 'azure';
  /** Zones of the firewall and its public address. Default: `1`, `2`, `3`. */
  readonly zones: readonly Zone[];
  readonly subscription: string;
  /**
   * Ids of the resources that get a private endpoint, by the policy's name of the service
   * (`secrets`, or `redis` for `azure:redis`). Services and ids are sorted. Default: none.
   */
  readonly privateEndpoints: Readonly<Record<string, readonly string[]>>;
  /** The firewall that the environment makes. Does not matter with `hub`. */
  readonly firewall: AzureFirewallOptions;
  /** Default: a hub of its own. */
  readonly hub?: AzureHubOptions;
  /** Default: a network of its own. */
  readonly spoke?: AzureSpokeOptions;
  /** Default: none. */
  readonly dnsPolicy?: AzureDnsPolicyOptions;
  /** Default: none. */
  readonly kubernetes?: AzureKubernetesOptions;
  /** Default: none. */
  readonly serviceEndpoints?: AzureServiceEndpointOptions;
  readonly logs: AzureLogOptions;
  /** Segments whose machines may not ask the instance metadata service. Sorted. Default: none. */
  readonly withoutMetadata: readonly string[];
}

/** A stage such as `prod`, on one or more clouds. */
export interface Environment {
  /** 1-12 characters, same letters as a segment's name. */
  readonly name: string;
  /** Whether firewalls and logs refuse to be deleted, where the cloud has such a thing. Default: true. */
  readonly deletionProtection: boolean;
  readonly aws?: AwsEnvironment;
  readonly google?: GoogleEnvironment;
  readonly azure?: AzureEnvironment;
}

/** Where Terraform keeps its state. The key of each stack's state is derived from its name. */
export type StateBackend =
  /** A file beside the output folder, by a relative path. For one person trying it out. */
  | { readonly kind: 'local' }
  /** Locked with a lock file in the bucket (Terraform 1.10 or newer). */
  | { readonly kind: 's3'; readonly bucket: string; readonly region: string; readonly kmsKey?: string }
  | { readonly kind: 'gcs'; readonly bucket: string; readonly prefix?: string }
  | { readonly kind: 'azurerm'; readonly resourceGroup: string; readonly storageAccount: string; readonly container: string }
  /** HCP Terraform or Terraform Enterprise; one workspace per stack. Default host: app.terraform.io. */
  | { readonly kind: 'cloud'; readonly organization: string; readonly hostname?: string };

/** The whole policy of one file. */
export interface Policy {
  /** 1-20 characters, same letters as a segment's name; prefix of the names of resources. */
  readonly organization: string;
  /** Sorted by host, protocol, ports, segments. */
  readonly allow: readonly AllowRule[];
  /** Sorted by name. */
  readonly segments: readonly Segment[];
  /** Sorted by cloud, then name. */
  readonly privateServices: readonly PrivateService[];
  /** Sorted by name. */
  readonly environments: readonly Environment[];
  /** Default: `local`. */
  readonly state: StateBackend;
}

/** The policy as one environment has to enforce it on a cloud: only the allow rules that hold there. @param environment its name */
export function allowRulesFor(policy: Policy, cloud: Cloud, environment: string): readonly AllowRule[] {
  return policy.allow.filter((rule) => rule.clouds.includes(cloud) && rule.environments.includes(environment));
}

/** The policy as if it had this environment alone. @param environment its name */
export function policyOfEnvironment(policy: Policy, environment: string): Policy {
  return {
    ...policy,
    allow: policy.allow.filter(({ environments }) => environments.includes(environment)).map((rule) => ({ ...rule, environments: [environment] })),
    environments: policy.environments.filter(({ name }) => name === environment),
  };
}

/** The private services that one cloud has to offer. */
export function privateServicesFor(policy: Policy, cloud: Cloud): readonly PrivateService[] {
  return policy.privateServices.filter((service) => !service.cloud || service.cloud === cloud);
}
