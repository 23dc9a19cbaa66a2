/** What a group does is worked out once for those that its rules do not tell apart: it is what each of them gets alone. */
import fc from 'fast-check';
import { addressesOf } from '../../../review/model/addresses';
import type { NetworkSpace } from '../../../review/model/azure/address-match';
import { NOWHERE } from '../../../review/model/azure/read';
import { evaluate, type LocalSide } from '../../../review/model/azure/security-evaluation';
import type { Rules, SecurityRule } from '../../../review/model/azure/security-group';
import type { Resource } from '../../../review/plan/resource-graph';

const both = (...cidrs: readonly string[]) => ({ 4: addressesOf(cidrs, 4), 6: addressesOf(cidrs, 6) });
const SPACES: readonly NetworkSpace[] = [
  { local: both('10.0.0.0/16'), reachable: both('10.0.0.0/16') }, { local: both('10.0.0.0/16'), reachable: both('10.0.0.0/16', '10.1.0.0/16') },
  { local: both('10.0.0.0/16'), reachable: both('10.0.0.0/16'), unknown: 'a peer' },
];
const LOCALS: readonly LocalSide[] = SPACES.flatMap((space) => [both('10.0.1.0/24'), both('10.0.1.7/32'), both('10.0.2.0/24'), both('10.0.1.0/24', '10.0.2.0/24'), both(), undefined]
  .flatMap((addresses) => ([undefined, 'untold', new Set<Resource>()] as const).map((memberships) => ({ addresses, memberships, space }))));

const prefixes = fc.constantFrom('*', 'VirtualNetwork', 'Internet', '10.0.1.0/24', '10.0.0.0/16', '8.8.8.0/24').map((item) => ({ items: [item] }));
const hidden = fc.constantFrom({ items: ['10.0.2.0/24'], unknown: 'one more' }, { items: ['*'], unknown: 'one more' });
const side = fc.oneof({ weight: 5, arbitrary: prefixes }, { weight: 1, arbitrary: hidden });
const rule = fc.record({ direction: fc.constantFrom('Outbound', 'Outbound', 'Inbound', undefined), access: fc.constantFrom('Allow', 'Deny'), protocol: fc.constantFrom('*', 'tcp', 'esp'), sources: side, destinations: side, ports: fc.constantFrom('*', '443', '400-500'), isSet: fc.constantFrom(false, false, true) })
  .map(({ direction, isSet, ports, ...rest }) => ({ ...rest, ...(direction ? { direction } : {}), sourcePorts: { items: ['*'] }, ports: { items: [ports] }, sourceGroups: { ...NOWHERE, isSet }, destinationGroups: NOWHERE, builtIn: false }));

const text = (value: unknown) => JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));

test('each sender gets what it would get alone', () => {
  const answers = new Set<string>();
  let same = 0;
  fc.assert(fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), fc.constantFrom('Inbound' as const, 'Outbound' as const), fc.constantFrom(4 as const, 6 as const), (some, direction, family) => {
    const group: Rules = { address: 'g', rules: some.map((own, at) => ({ address: 'g', name: `r${at}`, priority: 100 + at, ...own }) as SecurityRule) };
    const kept = LOCALS.map((local) => evaluate(group, direction, local, family));
    LOCALS.forEach((local, at) => expect(text(kept[at])).toBe(text(evaluate({ ...group }, direction, local, family))));
    kept.forEach((each) => answers.add(text(each)));
    same += kept.length - new Set(kept).size;
  }), { seed: 5, numRuns: 60 });
  expect([answers.size > 30, same > 1_500]).toEqual([true, true]);
});
