import { inFull, type Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { decisionsOf, segmentOf, verdictsOf } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'host-without-way-out',
  title: 'hosts granted to a segment that no way leads out of',
  severity: 'low',
  why: 'A grant that does nothing is often a rule with the wrong segment: the route that makes it work may follow later, unreviewed.',
  fix: 'Give the hosts to the segment that needs them, or add the route and the NAT.',
  references: ['https://cloud.google.com/nat/docs/overview'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const place of model.places) {
      const granted = decisionsOf(place, 4).flatMap((decision) => decision.guard?.hosts ?? []);
      const [first] = granted;
      if (!first || verdictsOf(verdicts, place).some(({ kind }) => kind !== 'none')) continue;
      const hosts = [...new Set(granted.map(({ host }) => host))];
      yield { ...inFull(hosts, 3), address: first.rule, message: `${place.segment ?? place.id} is granted ${hosts.slice(0, 3).join(', ')}, and no route or NAT leads there`, ...segmentOf(place) };
    }
  },
};
