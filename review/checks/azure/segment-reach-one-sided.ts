import { type AzureCheck, segmentOfView } from './azure-check';
import type { SubnetView } from '../../model/azure/subnet-view';
import { accepts, calls, segmentViews } from './reach';

/** Every pair is compared, so that a made-up plan must not have thousands. */
const MOST = 128;

export const check: AzureCheck = {
  id: 'segment-reach-one-sided',
  title: 'segments whose groups do not agree',
  severity: 'low',
  why: 'What one group lets out and the other does not let in is either broken or a hole that waits for its other half.',
  fix: 'Write both rules from one list: who calls, who is called, and the ports.',
  references: ['https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview'],
  comparable: [],
  *run(context) {
    const byNetwork = new Map<unknown, SubnetView[]>();
    for (const view of segmentViews(context)) byNetwork.set(view.subnet.network, [...(byNetwork.get(view.subnet.network) ?? []), view]);
    for (const views of byNetwork.values()) {
      if (views.length > MOST) continue;
      for (const caller of views) {
        for (const callee of views) {
          const out = calls(context, caller, callee).join(', ');
          const into = accepts(context, callee, caller).join(', ');
          if (out !== into) yield { address: (caller.group ?? caller).address, message: `${caller.name.segment} may call ${callee.name.segment} on ${out || 'nothing'}, which accepts ${into || 'nothing'}`, ...segmentOfView(caller) };
        }
      }
    }
  },
};
