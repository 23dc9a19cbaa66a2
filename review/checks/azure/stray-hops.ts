/** Routes of users that lead packets for the internet anywhere but to a firewall of the plan. */
import type { SubnetView } from '../../model/azure/subnet-view';
import { workloadViews, type AzureContext } from './azure-check';

export interface StrayHop {
  readonly view: SubnetView;
  readonly key: string;
  readonly hop: { readonly address: string; readonly label?: string };
  /** False where the plan does not tell whether the route holds in the subnet. */
  readonly isSure: boolean;
}

/** One per table and next hop. What Azure's own default route takes belongs to other checks. */
export function* strayHops(context: AzureContext): Iterable<StrayHop> {
  for (const view of workloadViews(context)) {
    const seen = new Set<string>();
    for (const { key, hop, isSure } of view.nextHops()) {
      const isStray = key === 'Internet' ? !(hop.label ?? '').startsWith('system route') : key === 'gateway' || key.startsWith('appliance ') || key.startsWith('unknown ');
      if (!isStray || seen.has(`${key} ${hop.address} ${hop.label ?? ''}`)) continue;
      seen.add(`${key} ${hop.address} ${hop.label ?? ''}`);
      yield { view, key, hop, isSure };
    }
  }
}
