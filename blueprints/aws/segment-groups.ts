import { Construct } from 'constructs';
import { SecurityGroup, type SecurityGroupEgress } from '@cdktf/provider-aws/lib/security-group';
import type { Segment } from '../policy/model';
import { groupRules, type GroupContext, type GroupPeer, type GroupRule } from './group-rules';

/** What the groups of a network need. */
export interface AwsSegmentGroupsProps extends GroupContext {
  readonly name: string;
  readonly vpcId: string;
  /** The prefix list of each gateway endpoint, by service. */
  readonly prefixListIds: ReadonlyMap<string, string>;
}

/**
 * Two security groups per segment, and one for the endpoints.
 *
 * The *membership* group has no rules: other groups name it. The *rules* group has every rule
 * inline and is named by nobody. So two segments can name each other without a cycle, and yet
 * Terraform owns the whole list of rules and takes out one that somebody added by hand.
 * See docs/adr/0001-inline-group-rules.md.
 */
export class AwsSegmentGroups extends Construct {
  /** By segment. */
  readonly membership: ReadonlyMap<string, SecurityGroup>;
  /** By segment. */
  readonly rules: ReadonlyMap<string, SecurityGroup>;
  /** The group of the interface endpoints; absent when there are none. */
  readonly endpoints?: SecurityGroup;

  constructor(scope: Construct, id: string, private readonly props: AwsSegmentGroupsProps) {
    super(scope, id);
    const { segments } = props;
    this.membership = new Map(segments.map((segment) => [segment.name, this.group(`member-${segment.name}`, {
      purpose: `${segment.name}-member`,
      description: `Membership of segment ${segment.name}. Has no rules; the groups of other segments name it`,
      segment,
      rules: [],
    })]));
    if (props.endpoints) {
      this.endpoints = this.group('endpoints', {
        purpose: 'endpoints',
        description: 'Interface endpoints. Answers the segments on 443 and opens no connection',
        rules: segments.map((segment): GroupRule => ({
          direction: 'ingress',
          protocol: 'tcp',
          ports: { from: 443, to: 443 },
          peer: { kind: 'segment', segment: segment.name },
          description: `${segment.name} may call AWS services`,
        })),
      });
    }
    this.rules = new Map(segments.map((segment) => [segment.name, this.group(`rules-${segment.name}`, {
      purpose: `${segment.name}-rules`,
      description: `What segment ${segment.name} may call and be called by`,
      segment,
      rules: groupRules(segment, props),
    })]));
  }

  private group(id: string, { purpose, description, segment, rules }: {
    readonly purpose: string;
    readonly description: string;
    readonly segment?: Segment;
    readonly rules: readonly GroupRule[];
  }): SecurityGroup {
    const { name, vpcId } = this.props;
    const lines = (direction: GroupRule['direction']) => rules.filter((rule) => rule.direction === direction).map((rule) => this.line(rule));
    return new SecurityGroup(this, id, {
      // A prefix, because the replacement has to stand before its predecessor can go.
      namePrefix: `${name}-${purpose}-`,
      description,
      vpcId,
      // Empty lists are said: an omitted one leaves AWS's own allow-all and every later addition alone.
      ingress: lines('ingress'),
      egress: lines('egress'),
      revokeRulesOnDelete: true,
      tags: { Name: `${name}-${purpose}`, ...(segment ? { segment: segment.name, tier: segment.tier } : {}) },
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private line({ protocol, ports, peer, description }: GroupRule): SecurityGroupEgress {
    return {
      protocol,
      fromPort: ports.from,
      toPort: ports.to,
      description,
      // Written out: Terraform reads an attribute of this kind as a whole object.
      cidrBlocks: [],
      ipv6CidrBlocks: [],
      prefixListIds: [],
      securityGroups: [],
      selfAttribute: false,
      ...this.peer(peer),
    };
  }

  private peer(peer: GroupPeer): SecurityGroupEgress {
    switch (peer.kind) {
      case 'segment':
        return { securityGroups: [this.membership.get(peer.segment)!.id] };
      case 'endpoints':
        return { securityGroups: [this.endpoints!.id] };
      case 'gateway-endpoints':
        return { prefixListIds: peer.services.map((service) => this.props.prefixListIds.get(service)!) };
      case 'addresses':
        return { cidrBlocks: [...peer.cidrs] };
    }
  }
}
