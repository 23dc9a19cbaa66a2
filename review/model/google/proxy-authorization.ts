/**
 * Authorization policies of Secure Web Proxies. A proxy with one asks its gateway security policy no more:
 * https://docs.cloud.google.com/secure-web-proxy/docs/configure-rules
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AllowedHost } from '../network-model';
import { baseName, hiddenAt, hiddenBlockAt, nameOf, textAt, textsAt } from './reading';

export interface Authorization {
  readonly policies: readonly Resource[];
  /** What they let through from anybody; `*` where they limit no host. */
  readonly hosts: readonly AllowedHost[];
  /** Those that let every host through. */
  readonly anyHost: readonly Resource[];
  /** Why other hosts may get through. */
  readonly unknown?: string;
  /** False where nothing tells whether the proxy has any: then its gateway security policy may hold. */
  readonly isCertain: boolean;
}

const GATEWAY = 'google_network_services_gateway';
const RESOURCES = ['target', 0, 'resources'];

/**
 * Those of a gateway together: without one that allows, whatever none refuses gets through; with some, what any of them allows.
 * An extension (CUSTOM) and a refusal (DENY) only take away.
 * https://docs.cloud.google.com/load-balancing/docs/auth-policy/auth-policy-overview
 */
export function authorizations(graph: ResourceGraph): (gateway: Resource) => Authorization | undefined {
  const all = graph.ofType('google_network_security_authz_policy').map((policy) => {
    const { values, unknown } = textsAt(policy, RESOURCES);
    const { targets } = policy.references(RESOURCES);
    const gateways = new Set(targets.filter(({ type }) => type === GATEWAY));
    // An id in words, of one that is made only now.
    const names = new Set(values.filter((value) => value.includes('/gateways/')).map(baseName));
    return { policy, isOf: (gateway: Resource) => gateways.has(gateway) || names.has(nameOf(gateway)), hidden: targets.length > 0 ? undefined : unknown ?? hiddenBlockAt(policy, 'target') };
  });
  return (gateway) => {
    const certain = all.filter(({ isOf }) => isOf(gateway)).map(({ policy }) => policy);
    // One that is attached to something that the plan does not tell may be attached to this.
    const possible = all.find(({ hidden }) => hidden !== undefined);
    if (certain.length === 0) return possible && { policies: [], hosts: [], anyHost: [], unknown: possible.hidden as string, isCertain: false };
    const allowing = certain.filter((policy) => textAt(policy, 'action')?.toUpperCase() === 'ALLOW');
    const read = allowing.length === 0
      ? certain.map((policy) => ({ policy, hosts: [anyHostOf(policy)], unknown: hiddenAt(policy, 'action') }))
      : allowing.map((policy) => ({ policy, hosts: hostsOf(policy), unknown: rulesUnknown(policy) }));
    const unknown = read.find((each) => each.unknown !== undefined)?.unknown ?? possible?.hidden;
    return {
      policies: certain,
      hosts: read.flatMap(({ hosts }) => hosts),
      anyHost: read.filter(({ hosts, unknown: hidden }) => hidden === undefined && hosts.some(({ host }) => host === '*')).map(({ policy }) => policy),
      ...(unknown === undefined ? {} : { unknown }),
      isCertain: true,
    };
  };
}

function rulesUnknown(policy: Resource): string | undefined {
  return hiddenBlockAt(policy, 'http_rules') ?? (policy.hasUnknown('http_rules') ? `${policy.address}: the plan does not know all of 'http_rules'` : undefined);
}

function anyHostOf(policy: Resource): AllowedHost {
  return { host: '*', protocol: 'any', ports: [], rule: policy.address };
}

/** Rules are alternatives, and so are their operations, and the hosts of each; one that names none holds for every host. */
function hostsOf(policy: Resource): readonly AllowedHost[] {
  const rules = policy.elements('http_rules');
  const operations = rules.flatMap((rule) => orItself(policy, [...rule, 'to', 0, 'operations']));
  const hosts = operations.flatMap((operation) => orItself(policy, [...operation, 'hosts']));
  return hosts.length === 0 ? [anyHostOf(policy)] : hosts.map((at) => ({ ...anyHostOf(policy), host: hostAt(policy, at) }));
}

/** The block's elements; without any a path to nothing, which limits nothing. */
function orItself(policy: Resource, block: AttributePath): readonly AttributePath[] {
  const found = policy.elements(block);
  return found.length > 0 ? found : [[...block, 0]];
}

/** A name, or `*.name` for an end that begins with a dot. What else a text may hold or begin with limits nothing. */
function hostAt(policy: Resource, at: AttributePath): string {
  const exact = textAt(policy, [...at, 'exact']);
  const suffix = textAt(policy, [...at, 'suffix']);
  if (exact !== undefined) return exact.toLowerCase();
  return suffix !== undefined && /^\.[^.]/.test(suffix) ? `*${suffix.toLowerCase()}` : '*';
}
