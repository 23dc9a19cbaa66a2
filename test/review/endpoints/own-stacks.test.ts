/** Our own stacks: who reaches which private endpoint, and that a control which is gone is seen in the picture. */
import type { Cloud } from '../../../blueprints/policy/model';
import { availableClouds } from '../../../stacks/app';
import { fixture, synthesized, type Synthesized } from '../../fixtures/stacks';
import { reached } from './reached';

type Body = Record<string, any>;
type Stack = { readonly resource: Record<string, Record<string, Body>> };

let full: Synthesized;
beforeAll(async () => {
  full = await synthesized(fixture('full'));
});

/** A fork may have deleted a cloud. */
const testOf = (cloud: Cloud, name: string, body: () => void) => {
  if (availableClouds().includes(cloud)) test(name, body);
};

const stackOf = (name: string): Stack => full.stack(name) as unknown as Stack;
const without = (items: readonly Body[], description: RegExp): Body[] => items.filter((item) => !description.test(item.description as string));

testOf('aws', 'AWS: every segment reaches every interface endpoint, and one that is let in no more loses all of them', () => {
  const stack = stackOf('aws-prod');
  const interfaces = () => Object.fromEntries(Object.entries(reached(stack)).map(([segment, labels]) => [segment, labels.filter((label) => !label.endsWith('gateway'))]));
  const all = Object.values(stack.resource.aws_vpc_endpoint!).filter(({ vpc_endpoint_type }) => vpc_endpoint_type === 'Interface').map(({ service_name }) => (service_name as string).replace(/^com\.amazonaws\.[a-z0-9-]+\./, '')).sort();
  expect(all.length).toBeGreaterThan(2);
  expect(interfaces()).toEqual({ edge: all, ledger: all, payments: all, platform: all, reporting: all });
  const endpoints = Object.values(stack.resource.aws_security_group!).find(({ description }) => /^Interface endpoints/.test(description as string))!;
  endpoints.ingress = without(endpoints.ingress, /^edge /);
  expect(interfaces()).toEqual({ edge: [], ledger: all, payments: all, platform: all, reporting: all });
});

testOf('google', 'Google Cloud: every segment reaches the APIs, and one whose rule is gone does not', () => {
  const stack = stackOf('google-prod');
  const all = ['Google APIs (restricted)'];
  expect(reached(stack)).toEqual({ edge: all, ledger: all, payments: all, platform: all, reporting: all });
  const rules = stack.resource.google_compute_network_firewall_policy_rule!;
  for (const [name, { description }] of Object.entries(rules)) if (/^edge may reach Google's APIs/.test(description as string)) delete rules[name];
  expect(reached(stack)).toEqual({ edge: [], ledger: all, payments: all, platform: all, reporting: all });
});

testOf('azure', 'Azure: every segment reaches the endpoints, and one that is let in no more does not', () => {
  const stack = stackOf('azure-prod');
  const segments = () => Object.fromEntries(Object.entries(reached(stack)).filter(([who]) => !who.includes('.')));
  const all = segments().edge!;
  expect(all.length).toBeGreaterThan(0);
  expect(segments()).toEqual({ edge: all, ledger: all, payments: all, platform: all, reporting: all });
  const edge = Object.values(stack.resource.azurerm_subnet!).find(({ name }) => name === 'segment-edge')!.address_prefixes[0] as string;
  const group = Object.values(stack.resource.azurerm_network_security_group!).find(({ name }) => /private-endpoints$/.test(name as string))!;
  for (const rule of group.security_rule as Body[]) if (rule.source_address_prefixes) rule.source_address_prefixes = (rule.source_address_prefixes as string[]).filter((prefix) => prefix !== edge);
  expect(segments()).toEqual({ edge: [], ledger: all, payments: all, platform: all, reporting: all });
});

/** Where every value of a stack stands, without names and tags; and without what makes it an endpoint at all. */
function leaves(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value) ? value.slice(0, 2).map((item, index) => [index, item]) : Object.entries(value);
  return entries.filter(([key]) => !/^(\/\/|name|rule_name|short_name|description|depends_on|parent|tags|service_name|subresource_names|policy|provider|lifecycle|location|resource_group_name|dest_range|vpc_endpoint_type)$/.test(String(key))).flatMap(([key, item]) => leaves(item, [...path, key]));
}

const HIDDEN: readonly (readonly [stack: string, types: RegExp, most: number])[] = [
  ['aws-prod', /^aws_(security_group|vpc_endpoint|network_acl|route_table)$/, 40],
  ['google-prod', /^google_compute_(route|network|network_firewall_policy_rule|subnetwork)$/, 25],
  ['azure-prod', /^azurerm_(network_security_group|private_endpoint|subnet|route_table|subnet_network_security_group_association)$/, 25],
];

test.each(HIDDEN.filter(([stack]) => availableClouds().some((cloud) => stack.startsWith(cloud))))('%s: a value that nobody knows takes no edge away', (name, types, most) => {
  const stack = stackOf(name);
  const before = reached(stack);
  const shapes = new Map(Object.entries(stack.resource).filter(([type]) => types.test(type))
    .flatMap(([type, named]) => Object.entries(named).flatMap(([key, body]) => leaves(body, [type, key]).map((path) => [[type, ...path.slice(2)].join('.'), path] as const))));
  // A group that may be of another network stands in for nobody.
  shapes.delete('aws_security_group.vpc_id');
  // Spread over all of them: each costs a review.
  const step = Math.max(1, Math.floor(shapes.size / most));
  for (const path of [...shapes.values()].filter((_, index) => index % step === 0)) {
    const hidden = structuredClone(stack) as Body;
    const parent = path.slice(0, -1).reduce((at: any, key) => at[key], hidden.resource);
    parent[path.at(-1)!] = '${var.hidden}';
    const after = reached(hidden);
    const lost = Object.entries(before).flatMap(([who, labels]) => labels.filter((label) => after[who] && !after[who].includes(label)).map((label) => `${who} ${label}`));
    expect({ path: path.join('.'), lost }).toEqual({ path: path.join('.'), lost: [] });
  }
});
