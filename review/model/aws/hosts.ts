/** Hosts that places may reach by name, collected from verdicts. */
import { append } from '../../append';
import type { Verdict } from '../../paths/verdict';
import type { AllowedHost, Place } from '../network-model';
import type { AwsModel } from './model';

export interface ReachableHost {
  readonly host: AllowedHost;
  /** Segments, or where there is no segment, places that reach it. */
  readonly from: readonly string[];
  readonly verdict: Verdict;
}

/** Each host, protocol and rule once. @param apart what tells places whose hosts are not one; default: nothing */
export function reachableHosts(model: AwsModel, verdicts: readonly Verdict[], apart: (place: Place) => string = () => ''): readonly ReachableHost[] {
  const own = new Set<unknown>(model.places);
  const found = new Map<string, { host: AllowedHost; from: Set<string>; verdict: Verdict }>();
  for (const verdict of verdicts) {
    if (verdict.hosts.length === 0 || !own.has(verdict.place)) continue;
    const kind = apart(verdict.place);
    for (const host of verdict.hosts) {
      const key = `${host.host} ${host.protocol} ${host.rule} ${kind}`;
      const known = found.get(key);
      if (known) known.from.add(verdict.place.segment ?? verdict.place.id);
      else found.set(key, { host, from: new Set([verdict.place.segment ?? verdict.place.id]), verdict });
    }
  }
  return [...found.values()].map(({ host, from, verdict }) => ({ host, verdict, from: [...from].sort() }));
}

/** `tls api.stripe.com:443` */
export function hostText({ protocol, host, ports }: Pick<AllowedHost, 'protocol' | 'host' | 'ports'>): string {
  return `${protocol === 'any' ? 'tcp' : protocol} ${host}${ports.length > 0 ? `:${ports.join(',')}` : ''}`;
}

/** Patterns that places of a network may reach by TLS or HTTP name, each once. */
export function namedHosts(verdicts: readonly Verdict[], network: string): readonly string[] {
  const own = (byNetwork(verdicts).get(network) ?? []).flatMap((verdict) => verdict.hosts);
  return [...new Set(own.filter((host) => host.protocol !== 'any' && host.host !== '*').map((host) => host.host))];
}

const indexed = new WeakMap<readonly Verdict[], ReadonlyMap<string | undefined, readonly Verdict[]>>();

function byNetwork(verdicts: readonly Verdict[]): ReadonlyMap<string | undefined, readonly Verdict[]> {
  let found = indexed.get(verdicts);
  if (!found) {
    const networks = new Map<string | undefined, Verdict[]>();
    for (const verdict of verdicts) if (verdict.hosts.length > 0) append(networks, verdict.place.network, verdict);
    indexed.set(verdicts, (found = networks));
  }
  return found;
}

/** A name that a pattern stands for; of a list's `.example.com` one below it, as it is the apex that such a list cannot leave out. */
export function sampleOf(pattern: string): string {
  return pattern.replace(/^\*?\./, 'any.depth.');
}
