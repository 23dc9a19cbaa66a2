/**
 * Which hosts an allow rule means. `matches` is the one definition; clouds only translate it.
 *
 * `api.stripe.com` is that name. `*.docker.io` is every name below it, at any depth, and never
 * `docker.io` itself. Case and a trailing dot do not matter.
 */
import type { HostPattern } from './model';
import { canonicalHost, parseHostName } from './host-name';
import type { Finding } from './problems';
import { suffixProblem, suffixWarning, wildcardProblem } from './public-suffix';

/** A pattern, with what somebody should know about it; or why it is none. */
export type ParsedHost =
  | { readonly ok: true; readonly pattern: HostPattern; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly problem: Finding };

/** Reads what a person wrote after `host:`. Never throws. */
export function parseHostPattern(text: string): ParsedHost {
  const misplaced = misplacedWildcard(text);
  if (misplaced) return { ok: false, problem: misplaced };
  const wildcard = text.startsWith('*.');
  const host = wildcard ? parseHostName(text.slice(2), '*.') : parseHostName(text);
  if (!host.ok) {
    // `*.com`: that `com` is a single word is not what is wrong with it.
    const suffix = wildcard && host.problem.code === 'host-single-label' ? wildcardProblem(canonicalHost(text.slice(2))) : undefined;
    return { ok: false, problem: suffix ?? host.problem };
  }
  const problem = wildcard ? wildcardProblem(host.name) : suffixProblem(host.name);
  if (problem) return { ok: false, problem };
  const pattern: HostPattern = wildcard
    ? { text: `*.${host.name}`, kind: 'subdomains', domain: host.name }
    : { text: host.name, kind: 'exact', domain: host.name };
  const warnings = [suffixWarning(host.name), mixedScripts(text)];
  return { ok: true, pattern, warnings: warnings.filter((warning) => warning !== undefined) };
}

/** The one spelling of a host as people write it; what is none stays as it is. */
export function hostText(text: string): string {
  const parsed = parseHostPattern(text);
  return parsed.ok ? parsed.pattern.text : text;
}

/** True when the pattern allows the host. A host that is no DNS name is never allowed. */
export function matches(pattern: HostPattern, host: string): boolean {
  const name = canonicalHost(host);
  if (pattern.kind === 'exact') return name === pattern.domain;
  if (!name.endsWith(`.${pattern.domain}`)) return false;
  return name.slice(0, -pattern.domain.length - 1).split('.').every((label) => LABEL.test(label));
}

/** What stands between two dots. Host names have no underscore, but names below them do: `_dmarc`. */
const LABEL = /^[a-z0-9_-]+$/;

/** True when every host that `other` allows is allowed by `pattern`, too. */
export function covers(pattern: HostPattern, other: HostPattern): boolean {
  if (other.kind === 'exact') return matches(pattern, other.domain);
  return pattern.kind === 'subdomains' && (other.domain === pattern.domain || matches(pattern, other.domain));
}

/** The patterns that could cover this one besides itself, nearest first: for lookups in a map. */
export function wildcardsAbove(pattern: HostPattern): readonly string[] {
  const labels = pattern.domain.split('.');
  return labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`);
}

function misplacedWildcard(text: string): Finding | undefined {
  const stars = text.split('*').length - 1;
  if (stars === 0) return undefined;
  // A URL or an address with a star in it is first of all a URL or an address.
  if (/[/:@\s]/.test(text)) return undefined;
  if (/^[*.]+$/.test(text)) {
    return {
      code: 'host-wildcard-all',
      message: 'is the whole internet',
      fix: "list the hosts that are needed; a wildcard is '*.' and a domain, such as '*.docker.io'",
    };
  }
  if (stars > 1) {
    return {
      code: 'host-wildcard-many',
      message: 'has more than one wildcard',
      fix: instead(text.replace(/^.*\*\.?/, ''), 'which already means every depth'),
    };
  }
  if (text.startsWith('*.')) return undefined;
  if (text.startsWith('*')) {
    return {
      code: 'host-wildcard-partial',
      message: `would also match 'not${text.slice(1)}', which somebody else may own`,
      fix: instead(text.slice(1), 'for the subdomains'),
    };
  }
  return {
    code: 'host-wildcard-middle',
    message: 'has a wildcard that is not at its start',
    fix: instead(text.replace(/^.*\*[^.]*\.?/, ''), 'for all of them'),
  };
}

/** The wildcard that was meant, if that is one that can be had. */
function instead(domain: string, remark: string): string {
  const wildcard = `*.${domain}`;
  return parseHostPattern(wildcard).ok ? `name the hosts, or write '${wildcard}' ${remark}` : 'name the hosts one by one';
}

/** Latin letters beside look-alikes of another script, as in a forged `pаypal.com`. */
function mixedScripts(text: string): Finding | undefined {
  const mixed = text.split('.').some((label) => /\p{Script=Latin}/u.test(label) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(label));
  return mixed
    ? {
      code: 'host-mixed-script',
      message: `mixes alphabets and is '${canonicalHost(text)}' on the wire`,
      fix: 'make sure that it is not a look-alike, and write the xn-- form',
    }
    : undefined;
}
