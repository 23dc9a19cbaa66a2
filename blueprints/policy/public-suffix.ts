/**
 * Domains under which anybody can get a name: `com`, `co.uk`, `github.io`, `s3.amazonaws.com`.
 *
 * A wildcard over one allows everybody's hosts, so it is a way out for data and not an allowlist.
 * The list is Mozilla's public suffix list with its private section (https://publicsuffix.org),
 * as shipped in `tldts`.
 */
import { parse } from 'tldts';
import type { Finding } from './problems';
import { HOSTED_BELOW, HOSTED_BELOW_AT_ANY_DEPTH } from './shared-domains';

const NAME_YOURS = 'name the exact hosts; for a cloud service prefer a private endpoint (privateServices)';

/** Names that serve every customer's data by path without being in the list. */
const SERVED_BY_PATH: ReadonlySet<string> = new Set(['storage.googleapis.com', 'storage.cloud.google.com']);

interface Suffix {
  /** The public suffix that the name ends in. */
  readonly suffix: string;
  /** Set by a registry (`com`), set by a company for its customers (`github.io`), or not known at all. */
  readonly kind: 'registry' | 'tenants' | 'unknown';
}

function suffixOf(name: string): Suffix {
  const { publicSuffix, isIcann, isPrivate } = parse(name, { allowPrivateDomains: true, detectIp: false, validateHostname: false });
  return { suffix: publicSuffix ?? name, kind: isPrivate ? 'tenants' : isIcann ? 'registry' : 'unknown' };
}

/** Why an exact name is no host: it is a registry's suffix. */
export function suffixProblem(name: string): Finding | undefined {
  const { suffix, kind } = suffixOf(name);
  if (suffix !== name || kind !== 'registry') return undefined;
  return { code: 'host-public-suffix', message: 'is a public suffix, not a host', fix: `write the full name, such as 'api.example.${name}'` };
}

/** Why a domain cannot be resolved with everything below it: anybody can get a name there, and some of these providers delegate it. */
export function zoneProblem(name: string): Finding | undefined {
  const { suffix, kind } = suffixOf(name);
  if (suffix !== name || kind === 'unknown') return undefined;
  return openZone(name);
}

/** The same, but for domains that a company hands out: hosts are aliases of names there. */
export function registryProblem(name: string): Finding | undefined {
  return suffixProblem(name) ? openZone(name) : undefined;
}

function openZone(name: string): Finding {
  return { code: 'zone-public-suffix', message: 'is a public suffix, and every domain below it would be resolved', fix: `name the zone itself, such as 'corp.example.${name}'` };
}

/** Why subdomains of this domain cannot be allowed as a whole. */
export function wildcardProblem(domain: string): Finding | undefined {
  const { suffix, kind } = suffixOf(domain);
  // `*.ck` in the list makes every `x.ck` a suffix, and with it `*.x.ck` a wildcard over one.
  const below = suffixOf(`any.${domain}`);
  const isSuffix = suffix === domain || (below.suffix === `any.${domain}` && below.kind !== 'unknown');
  if (isSuffix && (kind === 'registry' || !domain.includes('.'))) {
    return {
      code: 'host-wildcard-suffix',
      message: `is every host under the public suffix '${domain}'`,
      fix: `name a domain, such as '*.example.${domain}'`,
    };
  }
  if (isSuffix || hostsTenants(domain, kind)) {
    return {
      code: 'host-wildcard-shared',
      message: `covers names that anybody can get below '${domain}', so data can leave through it`,
      fix: NAME_YOURS,
    };
  }
  return undefined;
}

/** What to look at twice: a suffix that is a typing error, or a name that serves everybody's data by path. */
export function suffixWarning(name: string): Finding | undefined {
  const { suffix, kind } = suffixOf(name);
  if (kind === 'unknown') {
    return { code: 'host-unknown-suffix', message: `'.${suffix}' is not a known top-level domain`, fix: 'check the spelling' };
  }
  if (!(kind === 'tenants' && suffix === name) && !SERVED_BY_PATH.has(name)) return undefined;
  return {
    code: 'host-shared-tenant',
    message: 'serves the data of every customer by path, and a firewall sees no path',
    fix: 'use the name of your own bucket or account, or a private endpoint (privateServices)',
  };
}

/** Every domain above a shared one: its wildcard is one over the shared one, too. */
const ABOVE: ReadonlySet<string> = new Set([...HOSTED_BELOW, ...HOSTED_BELOW_AT_ANY_DEPTH].flatMap((domain) => domain.split('.').map((_, index, labels) => labels.slice(index).join('.')).slice(1)));

/** True when customers' names stand somewhere below, though the domain itself is not in the list. */
function hostsTenants(domain: string, kind: Suffix['kind']): boolean {
  if (HOSTED_BELOW.has(domain) || ABOVE.has(domain)) return true;
  if (kind === 'tenants') return false; // one customer's own name
  const labels = domain.split('.');
  return labels.some((_, index) => HOSTED_BELOW_AT_ANY_DEPTH.has(labels.slice(index).join('.')));
}
