import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { privateApis } from '../../model/google/private-apis';
import { layer4Text } from '../../model/google/layer4';
import { ownNetworks } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'endpoint-rule-wide',
  title: 'a rule that opens more than HTTPS to Google\'s APIs',
  severity: 'low',
  why: 'The APIs answer on tcp/443 and nowhere else. Anything more is a rule that somebody will point elsewhere.',
  fix: 'Allow tcp/443.',
  references: ['https://cloud.google.com/vpc/docs/configure-private-google-access#firewall'],
  comparable: [],
  *run({ model }) {
    for (const network of ownNetworks(model)) {
      for (const { rule } of privateApis(model, network).allows) {
        const more = rule.layer4.filter((layer4) => layer4Text(layer4) !== 'tcp/443');
        if (more.length > 0) yield { address: rule.address, message: `${rule.label} allows ${more.map(layer4Text).join(', ')}` };
      }
    }
  },
};
