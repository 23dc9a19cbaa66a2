/** What `--fail-on new-egress` fails for, one entry each, for reports that know nothing but findings. */
import { fingerprintOf } from '../findings';
import type { EgressDiff, Finding, ReachChange } from '../result';
import type { CheckText } from './check-text';
import { endpointWords, opens, placeWords, whatWords, whyWords } from './words';

/** It is no check: nothing is wrong with a state, but a change lets out what was not let out before. */
export const NEW_EGRESS: CheckText = {
  id: 'new-egress',
  title: 'way out that was not there before',
  severity: 'medium',
  why: 'What a change opens is what its reviewer has to agree to: everything else about the network was agreed to before.',
  fix: 'Approve the change if the way is meant, with its host in egress.yaml; otherwise take out what opens it.',
  references: [],
  comparable: [],
};

/** From the worst: without control, then what may be so, then by host name or inside of a cluster. The same ways, in number too, as `newWaysOut` counts. */
export function newEgress({ reach, endpoints = [], connections = [] }: EgressDiff): readonly Finding[] {
  const all: readonly Finding[] = [
    ...reach.filter(opens).map((change) => entry(change.input, change.path?.[0]?.address ?? change.who, reachMessage(change), {
      ...(change.change === 'became-open' ? { severity: 'high' } : {}),
      ...(change.change === 'became-unknown' ? { confidence: 'possible' } : {}),
      segment: change.who,
      ...(change.path ? { witness: change.path } : {}),
    })),
    ...endpoints.filter(({ wayOut }) => wayOut).map((change) => entry(change.input, change.address, `private endpoint ${change.change}: ${change.label}, ${endpointWords(change)}`)),
    ...connections.filter(({ change, internet }) => change === 'opened' && internet).map(({ input, from, to, port }) => entry(input, from, `${from} reaches ${to} ${port}, and did not before`, { segment: from })),
  ];
  return [...all].sort((a, b) => weight(a) - weight(b));
}

function weight({ severity, confidence }: Finding): number {
  return severity === 'high' ? 0 : confidence === 'possible' ? 1 : 2;
}

function reachMessage(change: ReachChange): string {
  const { who, family, traffic = [], places = [], more = 0, reasons = [] } = change;
  const [some, why, what] = [placeWords(change), whyWords(change), whatWords(change)];
  const who6 = `${some ? `${some} of ${who}` : who}${family === 6 ? ' (IPv6)' : ''}`;
  if (change.change === 'became-unknown') {
    return `${who6} may reach ${change.what === 'anything' ? 'the internet' : change.what}, ${reasons.length > 0 ? `for a new reason: ${why}` : 'and less before'}`;
  }
  const reached = change.change !== 'became-open' ? what : `${what === 'anything' && traffic.length === 0 ? 'the internet' : what} with no control by host name`;
  return `${who6} ${places.length + more > 1 ? 'reach' : 'reaches'} ${reached}, and did not before${why ? ` (${why})` : ''}`;
}

function entry(input: string, address: string, message: string, more: Partial<Pick<Finding, 'severity' | 'confidence' | 'segment' | 'witness'>> = {}): Finding {
  const { id: rule, severity, fix } = NEW_EGRESS;
  return { rule, severity, confidence: 'certain', input, address, message, fix, ...more, fingerprint: fingerprintOf(rule, input, address, more.segment, message) };
}
