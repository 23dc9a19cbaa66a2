/** Services that deliver to an address which their resource names: by themselves, past every network. */
import { toPath, type AttributePath, type PathLike } from '../plan/attribute-path';
import { own, ownTexts } from '../plan/json';
import { parseReference, primaryReferences } from '../plan/reference';
import type { Resource, ResourceGraph } from '../plan/resource-graph';
import type { Hit } from './check';

/** What names an address to deliver to. */
export interface Delivery {
  readonly type: string;
  /** The block that the attribute is in; each of its elements counts. */
  readonly at?: PathLike;
  readonly path: PathLike;
  /** Whether it goes anywhere at all. */
  readonly counts?: (resource: Resource, graph: ResourceGraph) => boolean;
}

/** Names below a domain of the cloud's. */
export interface CloudNames {
  /** Whether a host is the cloud's own, or that of something that it hosts. */
  readonly isOwn: (host: string) => boolean;
  /** Below these domains whoever hosts something there gets a name, in another account as well. */
  readonly hosted: RegExp;
  /** What gets such a name. */
  readonly hosts: readonly string[];
}

export function* deliveriesIn(graph: ResourceGraph, deliveries: readonly Delivery[], names: CloudNames): Iterable<Hit> {
  for (const { type, at, path, counts } of deliveries) {
    for (const resource of graph.ofType(type)) {
      if (resource.mode !== 'managed' || counts?.(resource, graph) === false) continue;
      for (const block of at === undefined ? [[]] : resource.elements(at)) {
        const steps = [...block, ...toPath(path)];
        const value = resource.valueAt(steps);
        const isUnknown = resource.unknownAt(steps) !== undefined && resource.isConfigured(steps.slice(0, 1));
        if (typeof value !== 'string' || value === '' ? !isUnknown : false) continue;
        const [made] = isUnknown ? addressedBy(resource, steps, names) : [];
        if (made) yield { address: resource.address, message: `${resource.address} delivers to an address that is made of that of ${made.address}, which is known after apply`, severity: 'info', confidence: 'possible' };
        else yield* deliveryTo(graph, resource, isUnknown ? undefined : hostOf(value as string), names);
      }
    }
  }
}

/** Nothing for what is the cloud's own, or made by the plan. */
export function* deliveryTo(graph: ResourceGraph, resource: Resource, host: string | undefined, names: CloudNames): Iterable<Hit> {
  if (host === undefined || !names.isOwn(host)) yield delivery(resource, host);
  else if (names.hosted.test(host) && !isMadeHere(graph, host, names.hosts)) {
    yield { address: resource.address, message: `${resource.address} delivers to ${host}, a name that anybody may have: nothing in the plan has it`, confidence: 'possible' };
  }
}

/** What providers say of the name that something has. */
const ADDRESSES: readonly PathLike[] = [
  'uri', 'url', 'https_trigger_url', 'default_hostname', 'default_site_hostname', 'api_endpoint', 'gateway_url', 'fqdn', 'latest_revision_fqdn', 'access_endpoint', 'callback_url',
  'endpoint', 'collection_endpoint', ['uris', 'GRAPHQL'], ['status', 0, 'url'], ['service_config', 0, 'uri'], ['ingress', 0, 'fqdn'],
];

const ADDRESS_NAMES: ReadonlySet<unknown> = new Set(ADDRESSES.map((path) => toPath(path).at(-1)));

/** What the plan makes, where an address that is not known yet refers to nothing but the addresses of such. Other words may stand before them. */
function addressedBy(resource: Resource, path: AttributePath, { hosts }: CloudNames): readonly Resource[] {
  const expression = resource.configExpression(path);
  const written = own(expression, 'constant_value');
  // What a synthesized stack has: nothing before the reference.
  if (written !== undefined && !(typeof written === 'string' && /^\$\{[^{}]*\}/.test(written))) return [];
  const named = primaryReferences(ownTexts(expression, 'references') ?? []).map(parseReference);
  const isAddress = named.length > 0 && named.every((each) => each?.kind === 'module' || (each?.kind === 'resource' && each.mode === 'managed' && hosts.includes(each.type) && ADDRESS_NAMES.has(each.rest.at(-1))));
  const { targets } = isAddress ? resource.references(path, { types: hosts }) : { targets: [] };
  return targets.every(({ mode }) => mode === 'managed') ? targets : [];
}

/**
 * Whether something that the plan makes or reads has the name, or is called as its first label. What else it holds proves nothing:
 * somebody else's name may stand in its settings, as what an address refers to may stand in its path.
 */
function isMadeHere(graph: ResourceGraph, host: string, hosts: readonly string[]): boolean {
  const [label = host] = host.split('.', 1);
  const textAt = (resource: Resource, path: PathLike) => {
    const value = resource.valueAt(path);
    return typeof value === 'string' ? value.toLowerCase() : undefined;
  };
  return hosts.some((type) => (['managed', 'data'] as const).some((mode) => graph.ofType(type, mode).some((each) =>
    ['name', 'id', 'bucket'].some((path) => textAt(each, path) === label) || ADDRESSES.some((path) => hostOf(textAt(each, path)) === host))));
}

export function delivery({ address }: Resource, host: string | undefined): Hit {
  return { address, message: `${address} delivers to ${host ?? 'a host that the plan does not tell'}` };
}

/**
 * Of an address with or without a scheme; undefined for none, and for one that is made at run time. What ends the host
 * ends it here, too, a backslash among them: `https://evil.example?@sns.amazonaws.com` is a call of evil.example.
 * https://url.spec.whatwg.org/#authority-state
 */
export function hostOf(url: string | undefined): string | undefined {
  return /^(?:[a-z0-9+.-]+:[\\/]{2})?(?:[^\\/?#]*@)?(\[[^\]]*\]|[a-z0-9][^\\/:?#]*)/i.exec(url ?? '')?.[1]?.toLowerCase();
}
