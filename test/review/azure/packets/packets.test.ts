/**
 * Random networks against an oracle: if some packet gets out past all names, the verdict has to say so, and if none
 * does, it must not say that one does. Groups, routes, a firewall, addresses and NAT, as a stack and as a plan of
 * what exists whose read-back copies are out of date.
 */
import fc from 'fast-check';
import { review } from '../reviewed';
import type { Values } from '../existing-network';
import { asExistingPlan, asStack } from './documents';
import { fateOf, packetsOf, type Fate } from './fate';
import { networks, type Network } from './network';

const PLACE = 'azurerm_network_interface.nic';
const RUNS = { numRuns: 50, seed: 20261126 };

/** What the copies said: the opposite. */
function opposite(part: Values): Values {
  const access = part['access'] === undefined ? {} : { access: part['access'] === 'Deny' ? 'Allow' : 'Deny' };
  const hop = part['next_hop_type'] === undefined ? {} : { next_hop_type: part['next_hop_type'] === 'None' ? 'Internet' : 'None', next_hop_in_ip_address: '' };
  return { ...part, ...access, ...hop };
}

const documents: Readonly<Record<string, (network: Network) => object | string>> = { 'a stack': asStack, 'a plan of what exists': (network) => asExistingPlan(network, opposite) };

/** Undefined where the verdict agrees. */
function disagreement(network: Network, document: object | string): string | undefined {
  const verdicts = review(document).verdicts.filter(({ place }) => place.id === PLACE);
  for (const family of [4, 6]) {
    const fates = new Set<Fate>(packetsOf(network).filter(({ destination }) => destination.includes(':') === (family === 6)).flatMap((packet) => [true, false].map((isWide) => fateOf(network, packet, isWide))));
    const kind = verdicts.find((verdict) => verdict.family === family)?.kind ?? 'none';
    const expected: readonly string[] = fates.has('out') ? ['open'] : fates.has('appliance') ? ['unknown'] : fates.has('named') ? ['allowlisted'] : ['none', 'allowlisted'];
    // A firewall lets names of Azure's own through. Rules that hold for a part of the sources are not followed together, and IPv6 is not kept from firewalls.
    const isCareful = (kind === 'open' || kind === 'unknown') && (network.forwards || !network.hasStaticAddress || family === 6);
    if (!expected.includes(kind) && !isCareful) return `IPv${family}: ${[...fates].join(', ')} and yet ${kind}`;
  }
  return undefined;
}

test.each(Object.entries(documents))('%s', (_, documentOf) => {
  fc.assert(fc.property(networks, (network) => {
    expect(disagreement(network, documentOf(network))).toBeUndefined();
  }), RUNS);
});

test('a rule that the document lacks is noticed', () => {
  const lacking = (network: Network): Network => ({ ...network, group: network.group?.filter(({ access }) => access === 'Allow') });
  const noticed = fc.sample(networks, RUNS).filter((network) => disagreement(network, asStack(lacking(network))) !== undefined);
  expect(noticed.length).toBeGreaterThan(0);
});
