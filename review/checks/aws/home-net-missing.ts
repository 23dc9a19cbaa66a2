/** HOME_NET of each policy against the subnets that it inspects. */
import { leavingRoutes, placesBySubnet, plumbingOf } from '../../model/aws/facts';
import { isStateful, type AwsFirewall, type AwsFirewallPolicy } from '../../model/aws/firewalls';
import { inspectionsOf } from '../../model/aws/inspections';
import { rangesIn } from '../../model/aws/prefix-lists';
import { everyOf } from '../../model/aws/read';
import type { AwsRuleGroup } from '../../model/aws/rule-groups';
import type { AwsSubnet } from '../../model/aws/subnets';
import type { AwsTransit } from '../../model/aws/transit';
import { includes, type Ranges } from '../../model/ranges';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'home-net-missing',
  title: 'HOME_NET that misses a network, or misses none',
  severity: 'high',
  why: 'Rules say from $HOME_NET: a network outside of it matches no rule, neither to pass nor to be dropped, and one that is everything makes no difference between inside and outside.',
  fix: 'Set HOME_NET in the policy_variables of the policy to the CIDRs of every network whose traffic comes by.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-ips.html'],
  comparable: [],
  *run({ model }) {
    const inspections = inspectionsOf(model);
    for (const firewall of model.firewalls) {
      const { policy } = firewall;
      if (!policy || policy.homeNet?.includes('$UNKNOWN') || policy.unknown !== undefined || !isStateful(policy)) continue;
      const home = policy.homeNet;
      if (home?.some((cidr) => cidr === '0.0.0.0/0' || cidr.toLowerCase() === 'any')) {
        yield { address: policy.address, message: `${policy.address} has HOME_NET ${home.join(', ')}: everything is inside`, severity: 'medium' };
        continue;
      }
      const inside = rangesIn(home ?? firewall.network?.cidrs ?? [], 4);
      const sources = [...inspections.filter((each) => each.firewall === firewall).map((each) => each.subnet), ...model.transits.flatMap((transit) => behind(transit, firewall, model))];
      const missed = inside.length === 0 ? undefined : sources.find((subnet) => subnet.ranges[4] && !includes(inside, subnet.ranges[4]) && !holdsByGroups(policy, subnet.ranges[4]));
      if (missed) yield { address: policy.address, message: `HOME_NET of ${policy.address} is ${home?.join(', ') ?? `the network of the firewall, ${firewall.network?.cidrs.join(', ') ?? ''}`}, and ${missed.address} (${missed.cidrs.join(', ')}) lies outside of it` };
      else if (!home) yield { address: policy.address, message: `${policy.address} leaves HOME_NET to AWS: the network of the firewall and no other${policy.stateful.some(({ group }) => ownHome(group)) ? ', but for what its groups say themselves' : ''}`, severity: 'low' };
    }
  },
};

/** Whether every group says itself what is inside, and has these addresses there. What AWS keeps itself asks the policy. */
function holdsByGroups({ stateful }: AwsFirewallPolicy, addresses: Ranges): boolean {
  return stateful.length > 0 && stateful.every(({ group, managed }) => !managed && includes(rangesIn(ownHome(group) ?? [], 4), addresses));
}

function ownHome(group: AwsRuleGroup | undefined): readonly string[] | undefined {
  return group?.variables.addresses.get('HOME_NET');
}

/** Subnets of other networks whose traffic a transit gateway or a core network may bring to the firewall's network: not those that are led elsewhere alone. */
function behind(transit: AwsTransit, firewall: AwsFirewall, model: AwsModel): readonly AwsSubnet[] {
  if (!transit.attachments.some((attachment) => attachment.network === firewall.network)) return [];
  const spokes = new Set(transit.attachments.map((attachment) => attachment.network).filter((network) => network !== undefined && network !== firewall.network));
  const isLedElsewhere = ({ tables }: AwsSubnet) => everyOf(tables).some((table) => leavingRoutes(table).length > 0) && everyOf(tables).every(({ routes, unknown }) => unknown === undefined && !routes.some(({ target }) => target.kind === 'transit' || target.kind === 'core-network' || target.kind === 'unknown'));
  // What stands in the subnet of a NAT gateway alone sends nothing of its own there.
  const { nat } = plumbingOf(model);
  const isInhabited = (subnet: AwsSubnet) => placesBySubnet(model).get(subnet)?.some(({ hypothetical }) => !hypothetical) === true;
  return model.subnets.filter((subnet) => spokes.has(subnet.network) && !isLedElsewhere(subnet) && (!nat.has(subnet) || isInhabited(subnet)));
}
