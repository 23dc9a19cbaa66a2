import { inFull, type Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import type { Decision } from '../../model/google/firewall-decision';
import { EVERY_PROTOCOL, layer4Text } from '../../model/google/layer4';
import type { GoogleNetwork } from '../../model/google/networks';
import { decisionsOf, hasTarget, ownNetworks, placesIn, policiesOf, untaggedDecisions, verdictsOf, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'firewall-default-pass',
  title: 'a network whose firewall lets out what no rule names',
  severity: 'high',
  why: 'Google\'s implied rule at priority 65535 allows all egress. What no rule denies leaves as soon as there is a route and an address.',
  fix: 'Add a deny for 0.0.0.0/0, all protocols, no target, behind all allows of the network\'s firewall policy.',
  references: ['https://cloud.google.com/firewall/docs/firewalls#default_firewall_rules'],
  comparable: ['checkov CKV2_GCP_18'],
  *run({ model, verdicts }) {
    for (const network of ownNetworks(model)) {
      const passes = (decisions: readonly Decision[]) => decisions.some(({ kind, rule, guard }) => kind === 'allow' && rule === undefined && guard === undefined);
      const who = placesIn(model, network).filter((place) => place.families.includes(4) && passes(decisionsOf(place, 4, network)));
      const untagged = passes(untaggedDecisions(model, network, 4));
      if (who.length === 0 && !untagged) continue;
      const open = who.flatMap((place) => verdictsOf(verdicts, place)).find(({ family, kind, witness }) => kind === 'open' && family === 4 && witness?.some((step) => step.kind === 'provider-default'));
      const names = [...(untagged ? ['machines without a tag'] : []), ...who.map((place) => place.segment ?? place.id)];
      yield {
        address: network.address,
        ...inFull([...new Set(names)].sort(), 5),
        message: `${unstopped(model, network)}: the implied rule lets out ${[...new Set(names)].sort().slice(0, 5).join(', ')}`,
        ...(open ? {} : { severity: 'medium' as const }),
        ...witnessed(open?.witness),
      };
    }
  },
};

/** A rule called "deny all" that lists its protocols leaves the others. */
function unstopped(model: GoogleModel, network: GoogleNetwork): string {
  const rules = [...model.classicRules.get(network) ?? [], ...policiesOf(model, network).flatMap(({ rules: own }) => own)];
  const partial = rules.find((rule) => rule.action === 'deny' && rule.direction === 'EGRESS' && !rule.isDisabled && !hasTarget(rule) && rule.peers.ranges.includes('0.0.0.0/0') && !rule.layer4.some(({ protocol }) => protocol === EVERY_PROTOCOL.protocol));
  return partial === undefined ? 'no rule denies 0.0.0.0/0' : `${partial.address} denies ${partial.layer4.map(layer4Text).join(', ')} to 0.0.0.0/0, and not every protocol`;
}
