/** What an environment on Google Cloud can ask for beyond region, block and project. All of it is optional. */
import type { PortRange } from './model';

/** Google's lists of dangerous addresses. https://cloud.google.com/firewall/docs/firewall-policies-rule-details#threat-intelligence-fw-policy */
export const THREAT_LISTS = ['anon-proxies', 'crypto-miners', 'known-malicious-ips', 'tor-exit-nodes', 'vpn-providers'] as const;
/** See `THREAT_LISTS`; Google puts `iplist-` before each. */
export type ThreatList = (typeof THREAT_LISTS)[number];

/** Callers that belong to Google and not to a segment. */
export const GOOGLE_CALLERS = ['health-checks', 'iap', 'passthrough-health-checks'] as const;
/** See `GOOGLE_CALLERS`. */
export type GoogleCaller = (typeof GOOGLE_CALLERS)[number];

/** Destinations that stay denied whatever a rule allows. */
export interface GoogleDenies {
  /** Sorted. */
  readonly threatLists: readonly ThreatList[];
  /** ISO 3166 codes, sorted: `KP`. */
  readonly countries: readonly string[];
}

/** Segments that reach their hosts through a Secure Web Proxy instead of a NAT. */
export interface GoogleWebProxy {
  /** Private segments, sorted. */
  readonly segments: readonly string[];
  /** `projects/p/locations/r/certificates/c`: what the proxy shows its clients. */
  readonly certificate: string;
  /** The port that clients call. Default: 443. */
  readonly port: number;
}

/** The public side of what leaves through Cloud NAT. */
export interface GoogleNat {
  /** Names of the static addresses, sorted. Default: `a`, `b`. */
  readonly addresses: readonly string[];
  /** Whether a machine gets more ports as it needs them. Default: true. */
  readonly dynamicPorts: boolean;
  /** Ports that a machine has at least. Default: 64. */
  readonly minPorts: number;
  /** Ports that a machine has at most; counts with dynamic ports only. Default: 4096. */
  readonly maxPorts: number;
}

/** How Google's APIs are reached: at the restricted VIP, or at an address of the network. */
export type GoogleApis = 'restricted' | 'private-service-connect';

/** A service that somebody publishes over Private Service Connect. */
export interface PublishedService {
  readonly name: string;
  /** `projects/p/regions/r/serviceAttachments/s` */
  readonly attachment: string;
  /** Segments that may call it, sorted. */
  readonly from: readonly string[];
  /** Sorted. */
  readonly ports: readonly number[];
  /** Its address in the block of the endpoints. Default: by its name. */
  readonly address?: string;
}

/** Services that Google runs in a network of its own, peered with this one: Cloud SQL, Memorystore. */
export interface PrivateServicesAccess {
  readonly from: readonly string[];
  readonly ports: readonly number[];
}

/** A VPC Service Controls perimeter around the project. */
export interface ServicePerimeter {
  /** The number of the organization's access policy. */
  readonly accessPolicy: string;
  /** False: violations are only recorded. */
  readonly enforced: boolean;
  /** APIs to restrict besides those of the private services, sorted: `bigquery.googleapis.com`. */
  readonly services: readonly string[];
  /** Access levels that may come in from outside, sorted: `accessPolicies/1/accessLevels/deployers`. */
  readonly accessLevels: readonly string[];
}

/** Who of Google's own may call which segments. */
export interface GoogleAccept {
  readonly from: GoogleCaller;
  /** Sorted. */
  readonly to: readonly string[];
  /** Sorted and merged; TCP. */
  readonly ports: readonly PortRange[];
}

/** The environment's project as host of a Shared VPC. */
export interface SharedVpc {
  /** Sorted. */
  readonly serviceProjects: readonly string[];
  /** By segment, who may put machines into its subnet: `group:payments@acme.com`. */
  readonly subnetUsers: Readonly<Record<string, readonly string[]>>;
}

/** A network that is there already. */
export interface ExistingNetwork {
  /** Its name in the environment's project. */
  readonly name: string;
  /** Whether this stack makes the network's one DNS server policy, which records queries. Default: true. */
  readonly dnsPolicy: boolean;
}

/** A private GKE cluster in a segment. The cluster itself is not made here. */
export interface GkeCluster {
  readonly segment: string;
  /** Secondary range of the segment's subnet. */
  readonly pods: string;
  readonly services: string;
  /** A /28. Default: the segment's place in the block `control-plane` of the address plan. */
  readonly controlPlane?: string;
  /** Ports of admission webhooks that the control plane calls, sorted. Default: 8443, 9443, 15017. */
  readonly webhookPorts: readonly number[];
}

/** A log bucket of the network's own, and how long it keeps records. */
export interface GoogleLogs {
  readonly retentionDays: number;
  /** Whether retention can never be shortened, nor the bucket deleted, by anybody. Default: false. */
  readonly locked: boolean;
}

/** The options of an environment on Google Cloud; an absent one changes nothing. */
export interface GoogleOptions {
  /** By segment, the account that its machines run as: rules target accounts instead of secure tags. */
  readonly serviceAccounts?: Readonly<Record<string, string>>;
  /** The rule attributes that the project's quota leaves for this network's policy. */
  readonly ruleAttributeQuota?: number;
  readonly deny?: GoogleDenies;
  readonly secureWebProxy?: GoogleWebProxy;
  readonly nat?: GoogleNat;
  /** Whether the project refuses machines with public addresses. */
  readonly denyExternalAddresses?: boolean;
  readonly apis?: GoogleApis;
  /** Sorted by name. */
  readonly publishedServices?: readonly PublishedService[];
  readonly privateServicesAccess?: PrivateServicesAccess;
  readonly perimeter?: ServicePerimeter;
  /** Sorted by caller. */
  readonly accepts?: readonly GoogleAccept[];
  readonly sharedVpc?: SharedVpc;
  readonly network?: ExistingNetwork;
  /** Sorted by segment. */
  readonly gke?: readonly GkeCluster[];
  readonly logs?: GoogleLogs;
}
