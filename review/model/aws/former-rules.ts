/** Rules of groups that a plan changes or takes away, as they were: until the next refresh a group's own lists show them. */
import { own } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AwsGroupRule } from './groups';
import { textAt } from './read';
import { FormerParts, textIn, textsIn, type FormerPart } from './read-back';

const RULES = ['aws_security_group_rule', 'aws_vpc_security_group_egress_rule', 'aws_vpc_security_group_ingress_rule'];
const NAMED = ['aws_security_group', 'aws_default_security_group', 'aws_ec2_managed_prefix_list', 'aws_prefix_list'];

export class FormerRules {
  private readonly parts: FormerParts;
  private addresses: ReadonlyMap<string, string> | undefined;

  constructor(private readonly graph: ResourceGraph) {
    this.parts = new FormerParts(graph, RULES, 'security_group_id');
  }

  of(group: Resource): readonly AwsGroupRule[] {
    return this.parts.of(group).map((part) => this.rule(group, part));
  }

  private rule(group: Resource, { type, values: part }: FormerPart): AwsGroupRule {
    const protocol = textIn(part, 'ip_protocol') ?? textIn(part, 'protocol');
    const [fromPort, toPort] = [own(part, 'from_port'), own(part, 'to_port')];
    const isEgress = type === 'aws_security_group_rule' ? own(part, 'type') === 'egress' : type.endsWith('_egress_rule');
    return {
      address: group.address,
      direction: isEgress ? 'egress' : 'ingress',
      ...(protocol === undefined ? {} : { protocol }),
      ...(typeof fromPort === 'number' ? { fromPort } : {}),
      ...(typeof toPort === 'number' ? { toPort } : {}),
      cidrs: textsIn(part, 'cidr_blocks', 'ipv6_cidr_blocks', 'cidr_ipv4', 'cidr_ipv6'),
      prefixLists: textsIn(part, 'prefix_list_ids', 'prefix_list_id').map((id) => ({ address: this.addressOf(id), cidrs: [] })),
      groups: [...textsIn(part, 'source_security_group_id', 'referenced_security_group_id').map((id) => this.addressOf(id)), ...(own(part, 'self') === true ? [group.address] : [])],
      inline: false,
      described: true,
    };
  }

  /** Of a group or a prefix list that the plan has; of another one its id. */
  private addressOf(id: string): string {
    this.addresses ??= new Map([
      ...NAMED.flatMap((type) => [...this.graph.ofType(type), ...this.graph.ofType(type, 'data')]).map((each) => [textAt(each, 'id') ?? '', each.address] as const),
      ...this.graph.ofType('aws_vpc_endpoint').map((each) => [textAt(each, 'prefix_list_id') ?? '', each.address] as const),
    ]);
    return this.addresses.get(id) ?? id;
  }
}
