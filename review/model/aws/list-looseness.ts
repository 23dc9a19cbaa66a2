/** What a domain list lets through besides what the policy's rule says, because a list cannot say it. */
import type { AllowRule } from '../../../blueprints/policy/model';
import type { AllowedHost } from '../network-model';
import type { AwsModel } from './model';

/** What is loose, by kind; nothing where no rule of the segment stands behind the host. */
export interface Looseness {
  /** The rules that stand behind it, as the policy writes them: `tls *.docker.io:443`. */
  readonly agreed: readonly string[];
  /** The apex that comes with a wildcard. */
  readonly apex?: string;
  /** Ports that the rules do not have. */
  readonly ports: readonly number[];
}

/** Addresses of the groups that are domain lists. */
export function listGroups(model: AwsModel): ReadonlySet<string> {
  return new Set(model.policies.flatMap((policy) => policy.stateful.flatMap(({ group }) => (group && group.lists.length > 0 ? [group.address] : []))));
}

/** Reads a host that a list lets through as the rules that it was made from. */
export function loosenessOf(host: AllowedHost, rules: readonly AllowRule[]): Looseness | undefined {
  const pattern = host.host.startsWith('.') ? `*${host.host}` : host.host;
  const behind = rules.filter((rule) => rule.protocol === host.protocol && rule.host.text === pattern);
  if (behind.length === 0) return undefined;
  const ports = new Set(behind.flatMap((rule) => rule.ports));
  const apex = host.host.slice(1);
  const apexAllowed = rules.some((rule) => rule.protocol === host.protocol && rule.host.text === apex);
  return {
    agreed: [...ports].map((port) => `${host.protocol} ${pattern}:${port}`),
    ...(host.host.startsWith('.') && !apexAllowed ? { apex } : {}),
    ports: host.ports.filter((port) => !ports.has(port)),
  };
}
