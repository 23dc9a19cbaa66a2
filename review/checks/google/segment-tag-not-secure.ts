import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { allKeys } from '../../model/google/keys';
import { hiddenAt, textAt } from '../../model/google/reading';
import { ownNetworks, segmentedPolicies } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'segment-tag-not-secure',
  title: 'a segment tag that is no firewall tag of its network',
  severity: 'high',
  why: 'Only values of a key with purpose GCE_FIREWALL, bound to the network, are enforced by firewall rules and governed by IAM.',
  fix: 'Set purpose to GCE_FIREWALL and purpose_data.network to the network of the segments.',
  references: ['https://cloud.google.com/firewall/docs/use-tags-for-firewalls'],
  comparable: [],
  *run({ model }) {
    const targeted = new Set(segmentedPolicies(model).flatMap(({ rules }) => rules.flatMap(({ secureTags }) => allKeys(secureTags))));
    const networks = ownNetworks(model);
    const keys = new Set(model.tags.filter(({ address }) => targeted.has(address)).flatMap(({ parents }) => parents));
    for (const key of model.graph.ofType('google_tags_tag_key')) {
      if (!keys.has(key.address)) continue;
      const purpose = textAt(key, 'purpose');
      if (purpose !== 'GCE_FIREWALL') {
        if (hiddenAt(key, 'purpose') === undefined) yield { address: key.address, message: `purpose is ${purpose ?? 'not set'}, and rules target its values` };
        continue;
      }
      const text = textAt(key, ['purpose_data', 'network']);
      const named = key.references(['purpose_data', 'network'], { types: ['google_compute_network'] }).targets;
      const isOurs = named.length > 0 || networks.length === 0 || (text !== undefined && networks.some(({ name }) => text.endsWith(`/${name}`)));
      if (!isOurs) yield { address: key.address, message: `purpose_data.network is ${text ?? 'not known'}, which is no network of the plan` };
    }
  },
};
