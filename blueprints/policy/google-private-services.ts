/** Which of Google's APIs each neutral service name stands for; pure data. */
import type { NeutralService, PrivateService } from './model';

/** How machines without the internet reach Google's APIs. */
export interface ApiAddress {
  /** The name that `*.googleapis.com` is an alias of. */
  readonly host: string;
  /** Route and firewall rule name this range, and the records exactly its addresses. */
  readonly range: string;
  readonly addresses: readonly string[];
}

/**
 * Serves only APIs that VPC Service Controls can protect, and is announced to nobody outside Google.
 * https://cloud.google.com/vpc-service-controls/docs/set-up-private-connectivity
 */
export const RESTRICTED_VIP: ApiAddress = {
  host: 'restricted.googleapis.com',
  range: '199.36.153.4/30',
  addresses: ['199.36.153.4', '199.36.153.5', '199.36.153.6', '199.36.153.7'],
};

/** An address of the network itself: a Private Service Connect endpoint. */
export function ownAddress(address: string): ApiAddress {
  return { host: 'googleapis.com', range: `${address}/32`, addresses: [address] };
}

/** Identity-Aware Proxy forwards an administrator's session from here. https://cloud.google.com/iap/docs/using-tcp-forwarding */
export const IAP_RANGE = '35.235.240.0/20';

/** The domains whose names must all lead to the same address: one that is left out goes to the internet and fails. */
export const API_DOMAINS: readonly string[] = ['gcr.io', 'googleapis.com', 'pkg.dev'];

const APIS: Readonly<Record<Exclude<NeutralService, 'session-access'>, readonly string[]>> = {
  'container-registry': ['*.gcr.io', '*.pkg.dev', 'artifactregistry.googleapis.com'],
  database: ['sqladmin.googleapis.com'],
  kubernetes: ['container.googleapis.com'],
  logs: ['logging.googleapis.com'],
  metrics: ['monitoring.googleapis.com'],
  'object-storage': ['storage.googleapis.com'],
  queue: ['pubsub.googleapis.com'],
  secrets: ['secretmanager.googleapis.com'],
};

/** Whether the service is a way in for administrators and not an API. */
export function isSessionAccess(service: PrivateService): boolean {
  return !service.cloud && service.name === 'session-access';
}

/** The API names of a service, sorted; the cloud's own name `google:bigquery` is `bigquery.googleapis.com`. */
export function apisOf(service: PrivateService): readonly string[] {
  if (service.cloud) return [`${service.name}.googleapis.com`];
  return service.name in APIS ? APIS[service.name as keyof typeof APIS] : [];
}

/** The API that serves a domain of its own: what a perimeter restricts instead of `*.pkg.dev`. */
const DOMAIN_APIS: Readonly<Record<string, string>> = { '*.gcr.io': 'containerregistry.googleapis.com', '*.pkg.dev': 'artifactregistry.googleapis.com' };

/** The APIs that a perimeter has to restrict for these services, sorted. */
export function restrictedApis(services: readonly PrivateService[]): readonly string[] {
  const apis = services.filter((service) => !isSessionAccess(service)).flatMap(apisOf);
  return [...new Set(apis.map((api) => DOMAIN_APIS[api] ?? api))].sort();
}

/** The domain whose zone answers for an API name. */
export function domainOf(api: string): string | undefined {
  return API_DOMAINS.find((domain) => api.endsWith(`.${domain}`));
}
