/** Small policies for the tests of the loader. */
import { parsePolicy, type LoadResult } from '../../blueprints/policy/load';
import type { Policy } from '../../blueprints/policy/model';
import type { AddressLock } from '../../blueprints/policy/slots';

/** Every test reads the calendar as of this day. */
export const TODAY = '2030-01-15';

/** What a valid policy needs at least; line numbers of what is put before it do not change. */
export const REST = `
segments:
  - { name: edge, tier: public, accepts: [{ from: internet, ports: [443] }] }
  - { name: app, tier: private, accepts: [{ from: edge, ports: [8443] }] }
  - { name: jobs, tier: private }
  - { name: store, tier: data, accepts: [{ from: app, ports: [5432] }] }
environments:
  - name: prod
    aws: { region: us-east-1, cidr: 10.20.0.0/16 }
    google: { region: europe-west1, cidr: 10.30.0.0/16, project: acme-prod }
    azure: { region: westeurope, cidr: 10.40.0.0/16, subscription: 00000000-0000-0000-0000-000000000000 }
`;

/** A policy with these allow rules (YAML flow maps); the first stands on line 3. */
export function withRules(...rules: string[]): string {
  const list = rules.length ? `\n${rules.map((rule) => `  - ${rule}`).join('\n')}` : ' []';
  return `organization: acme\nallow:${list}${REST}`;
}

/** A policy with one rule for this host; the host stands on line 3, column 13. */
export function withHost(host: string, more = ''): string {
  return withRules(`{ host: ${host}, from: [app], owner: team, reason: why${more ? `, ${more}` : ''} }`);
}

/** The same with a second environment, on AWS alone. */
export function staged(...rules: string[]): string {
  return `${withRules(...rules)}  - { name: staging, aws: { region: us-east-1, cidr: 10.21.0.0/16 } }\n`;
}

export function load(text: string, lock?: AddressLock): LoadResult {
  return parsePolicy(text, { file: 'egress.yaml', today: TODAY, ...(lock ? { lock } : {}) });
}

/** @throws Error with the problems, when there are any */
export function policyOf(text: string, lock?: AddressLock): Policy {
  return loaded(text, lock).policy;
}

export function loaded(text: string, lock?: AddressLock): LoadResult & { ok: true } {
  const result = load(text, lock);
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return result;
}

/** `code line:column` of each problem, in order. */
export function codes(text: string): string[] {
  const result = load(text);
  return result.ok ? [] : result.problems.map(({ code, line, column }) => `${code} ${line}:${column}`);
}
