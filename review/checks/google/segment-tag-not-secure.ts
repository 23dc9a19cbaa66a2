import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { allKeys } from '../../model/google/keys';
import { hiddenAt, nameOf, textAt } from '../../model/google/reading';
import type { Resource } from '../../plan/resource-graph';
import { ownNetworks } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'segment-tag-not-secure',
  title: 'a segment tag that is no firewall tag of its network',
  severity: 'high',
  why: 'Only values of a key with purpose GCE_FIREWALL, bound to the network, are enforced by firewall rules and governed by IAM.',
  fix: 'Set purpose to GCE_FIREWALL and purpose_data.network to the network of the segments.',
  references: ['https://cloud.google.com/firewall/docs/use-tags-for-firewalls'],
  comparable: [],
  *run({ model }) {
    const networks = ownNetworks(model);
    const policies = model.policies.filter(({ scope }) => scope !== 'hierarchical').map((policy) => ({
      tags: new Set(policy.rules.flatMap(({ secureTags }) => allKeys(secureTags))),
      asking: policy.associations.flatMap(({ networks: held }) => held).filter(({ isForeign }) => !isForeign),
    }));
    const parents = policies.map(({ tags, asking }) => ({ asking, keys: new Set(model.tags.filter(({ address }) => tags.has(address)).flatMap((tag) => tag.parents)) }));
    const keys = new Set(parents.flatMap((each) => [...each.keys]));
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
      const asking = parents.flatMap((each) => (each.keys.has(key.address) ? each.asking : []));
      const away = asking.filter(({ resource }) => resource !== undefined && !named.includes(resource));
      if (!isOurs) yield { address: key.address, message: `purpose_data.network is ${text ?? 'not known'}, which is no network of the plan` };
      else if (named.length === 1 && away.length > 0 && away.length === asking.length) yield { address: key.address, message: `its values hold in network ${nameOf(named[0] as Resource)} alone, and rules of network ${away[0]?.name} ask for them` };
    }
  },
};
