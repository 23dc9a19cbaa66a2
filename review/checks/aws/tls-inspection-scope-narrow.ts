/** Destinations of outward TLS inspection, and segments whose TLS the policy file wants opened. */
import { egressPorts } from '../../../blueprints/policy/rules';
import type { Policy } from '../../../blueprints/policy/model';
import { EVERYWHERE } from '../../model/addresses';
import { rangesIn } from '../../model/aws/prefix-lists';
import { includes, unionOf, type Ranges } from '../../model/ranges';
import { tlsInspections, usedInspections } from '../../model/aws/tls-inspection';
import type { AwsModel } from '../../model/aws/model';
import { policyRules } from '../../model/policy-rules';
import { environmentsOf } from '../../model/aws/planned-environments';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'tls-inspection-scope-narrow',
  title: 'TLS inspection of less than is meant',
  severity: 'low',
  why: 'Who controls a name controls the address that it leads to: a connection to an address outside of the scope is judged by its server name alone. And what the policy file wants opened and no scope has is not opened.',
  fix: 'Let the scope hold for 0.0.0.0/0 and protocol 6, and choose whose connections are decrypted by source: all subnets and ports of the segments that the policy file names.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/tls-inspection-considerations.html'],
  comparable: [],
  *run({ model, policy }) {
    for (const { resource, isOutward, scopes } of tlsInspections(model)) {
      const reached = (from: Ranges) => unionOf(scopes.filter(({ isTcp, sources }) => isTcp && includes(sources, from)).map(({ destinations }) => destinations));
      if (isOutward && scopes.some(({ sources }) => !includes(reached(sources), EVERYWHERE[4]))) yield { address: resource.address, message: `${resource.address} does not hold for every destination` };
    }
    if (policy) yield* closed(model, policy);
  },
};

/** Segments of which the policy wants to see what is inside of TLS, and some of it is not opened. */
function* closed(model: AwsModel, policy: Policy): Iterable<Hit> {
  const asked = environmentsOf(model, policy).flatMap(({ environment: { firewall }, network: { address } }) => (firewall?.tlsInspection ? [{ address, segments: firewall.tlsInspection.segments }] : []));
  if (asked.length === 0) return;
  const held = policyRules(policy, 'aws', model.places);
  const scopes = usedInspections(model).filter(({ isOutward }) => isOutward).flatMap((each) => each.scopes).filter(({ isTcp }) => isTcp);
  const told = new Set<string>();
  for (const place of model.places) {
    const { segment, network, cidrs, addresses, id } = place;
    if (segment === undefined || cidrs.length === 0 || !asked.some((each) => network === each.address && each.segments.includes(segment))) continue;
    const sources = rangesIn(cidrs, 4);
    const ports = egressPorts(held.at(place).rules.filter(({ protocol }) => protocol === 'tls'), segment).filter((port) => !scopes.some((scope) => includes(scope.sources, sources) && includes(scope.ports, [[BigInt(port), BigInt(port)]])));
    const text = `${segment} ${cidrs.join()} ${ports.join()}`;
    if (ports.length === 0 || told.has(text)) continue;
    told.add(text);
    yield { address: addresses[0] ?? id, segment, severity: 'medium', message: `the policy wants the TLS of ${segment} opened, and no inspection in use opens it from ${cidrs.join(', ')} on ${ports.join(', ')}` };
  }
}
