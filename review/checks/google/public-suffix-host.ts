import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { suffixProblem, wildcardProblem } from '../../../blueprints/policy/public-suffix';
import { plannedHosts } from '../../model/google/policy-hosts';
import { segmentOf, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'public-suffix-host',
  title: 'a wildcard under which anybody can get a name',
  severity: 'high',
  why: 'Whoever wants data to come out registers a name below it.',
  fix: 'Name the hosts one by one, or use a private endpoint.',
  references: ['https://publicsuffix.org/'],
  comparable: [],
  *run({ policy, verdicts }) {
    for (const { host, place, witness } of plannedHosts(policy, verdicts)) {
      const wide = /^\*?\./.test(host.host) ? wildcardProblem(host.host.replace(/^\*?\./, '')) : suffixProblem(host.host);
      if (wide) yield { address: host.rule, message: `${host.host} ${wide.message}`, ...segmentOf(place), ...witnessed(witness) };
    }
  },
};
