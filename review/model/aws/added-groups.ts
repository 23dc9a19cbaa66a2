/**
 * Groups that an attachment adds to what stands somewhere already.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/network_interface_sg_attachment
 */
import { append } from '../../append';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AwsGroup, Groups } from './groups';
import { MACHINES } from './neighbours';
import { isFound, NO_CHOICE, possible, type Choice } from './read';
import type { AwsSubnet } from './subnets';

/** Of more than that the first ones stand for all, as far as what they let out goes. */
const MOST_ANYWHERE = 20;

export class AddedGroups {
  private readonly added = new Map<Resource, Choice<AwsGroup>[]>();
  /** Of what a search finds during the apply: it may be any machine of the plan. */
  private readonly anywhere: Choice<AwsGroup>[] = [];
  private unsaid: string | undefined;

  constructor(graph: ResourceGraph, groups: Groups) {
    for (const attachment of graph.ofType('aws_network_interface_sg_attachment')) {
      const to = attachment.references('network_interface_id');
      const group = groups.at(attachment, 'security_group_id');
      const reason = `${attachment.address}: the plan does not say which interface is meant`;
      for (const target of to.targets) append(this.added, target, to.exact ? group : possible(group, reason));
      if (!isFound(attachment, 'network_interface_id', [...MACHINES])) continue;
      if (this.anywhere.length < MOST_ANYWHERE) this.anywhere.push(possible(group, reason));
      else this.unsaid = reason;
    }
  }

  /** Whatever is added to a machine that carries these interfaces, and stands in one of these subnets. */
  to(machine: Resource, interfaces: readonly Resource[], subnets: readonly AwsSubnet[]): readonly Choice<AwsGroup>[] {
    const own = [machine, ...interfaces].flatMap((each) => this.added.get(each) ?? []);
    if (this.anywhere.length === 0 || !MACHINES.has(machine.type)) return own;
    const networks = new Set(subnets.flatMap((subnet) => subnet.networks));
    // AWS refuses groups of another network.
    const fits = ({ network, otherNetworks = [] }: AwsGroup) => network === undefined || networks.size === 0 || [network, ...otherNetworks].some((each) => networks.has(each));
    const found = this.anywhere.map((choice) => ({ ...choice, others: choice.others.filter(fits) })).filter(({ others, unknown }) => others.length > 0 || unknown !== undefined);
    return [...own, ...found, ...(this.unsaid === undefined ? [] : [{ ...NO_CHOICE, unknown: this.unsaid }])];
  }
}
