import { inFull } from '../check';
import type { AzureCheck } from './azure-check';
import { rulesOf } from './policy-hosts';

export const check: AzureCheck = {
  id: 'ownerless-host',
  title: 'host that a place outside of the policy reaches',
  severity: 'medium',
  why: 'Nobody has said why it is needed, and nobody will notice when it no longer is.',
  fix: 'Make the place a segment of egress.yaml and name the host there, with an owner and a reason.',
  references: ['https://learn.microsoft.com/azure/firewall/overview'],
  comparable: [],
  *run(context) {
    const { verdicts, policy } = context;
    if (!policy) return;
    const known = new Set(rulesOf(context).at({ cidrs: [] }).rules.map(({ host }) => host.text));
    for (const { place, hosts, witness } of verdicts) {
      if (place.segment !== undefined && policy.segments.some(({ name }) => name === place.segment)) continue;
      const strange = [...new Set(hosts.map(({ host }) => host).filter((host) => !known.has(host)))];
      if (strange.length > 0) yield { ...inFull(strange, 10), address: place.addresses[0] ?? place.id, message: `${place.id} reaches ${strange.slice(0, 10).join(', ')}, which nobody owns`, ...(witness ? { witness } : {}) };
    }
  },
};
