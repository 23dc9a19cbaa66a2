/** Drops that take decrypted connections for something that is not TLS. */
import { isEmpty } from '../../model/ranges';
import { decryptedBy } from '../../model/aws/tls-inspection';
import { variablesOf } from '../../model/aws/firewall-variables';
import type { AwsModel } from '../../model/aws/model';
import type { Signature } from '../../model/aws/suricata';
import { sourceMatch } from '../../model/aws/suricata-reach';
import type { Check } from '../check';

/** What the engine sees in a connection that was TLS. */
const INSIDE = ['http', 'http2'];

export const check: Check<AwsModel> = {
  id: 'tls-inspected-traffic-dropped',
  title: 'decrypted connections dropped because they are no TLS',
  severity: 'medium',
  why: 'What the firewall has decrypted is HTTP to its rules. A drop for everything that is not TLS drops what the policy allows, and who has to get it to work again will loosen more than that.',
  fix: 'Add app-layer-protocol:!http and app-layer-protocol:!http2 to the drop, for the sources that are decrypted.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/tls-inspection-considerations.html'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) {
      const decrypted = decryptedBy(policy);
      if (isEmpty(decrypted)) continue;
      const firewall = model.firewalls.find((each) => each.policy === policy);
      for (const { group } of policy.stateful) {
        if (!group) continue;
        const variables = firewall ? variablesOf(firewall, policy, group) : group.variables;
        const early = group.signatures.find((rule) => isForNoTls(rule) && sourceMatch(rule.source, decrypted, variables, 4).some);
        if (early) yield { address: group.address, message: `${group.address} drops decrypted connections: ${early.text.slice(0, 160)}` };
      }
    }
  },
};

function isForNoTls({ action, options }: Signature): boolean {
  const others = options.filter(({ name }) => name === 'app-layer-protocol').map(({ value }) => value);
  return (action === 'drop' || action === 'reject') && others.includes('!tls') && INSIDE.some((protocol) => !others.includes(`!${protocol}`));
}
