import type { Construct } from 'constructs';
import { NetworkAcl, type NetworkAclEgress } from '@cdktf/provider-aws/lib/network-acl';
import type { AclEntry } from './acl-entries';

/** What one ACL needs. */
export interface AwsTierAclProps {
  /** The whole name: `acme-prod-payments`. */
  readonly name: string;
  readonly vpcId: string;
  readonly entries: readonly AclEntry[];
  readonly subnetIds: readonly string[];
}

/** The network ACL of a few subnets of one kind, with every entry inline so that additions by hand are taken out. */
export class AwsTierAcl extends NetworkAcl {
  constructor(scope: Construct, id: string, { name, vpcId, entries, subnetIds }: AwsTierAclProps) {
    const lines = (direction: AclEntry['direction']) => entries.filter((entry) => entry.direction === direction).map(line);
    super(scope, id, {
      vpcId,
      subnetIds: [...subnetIds],
      ingress: lines('ingress'),
      egress: lines('egress'),
      tags: { Name: name },
    });
  }
}

function line({ protocol, ports, cidr, number }: AclEntry): NetworkAclEgress {
  return {
    action: 'allow',
    ruleNo: number,
    protocol: protocol === 'all' ? '-1' : protocol,
    fromPort: ports.from,
    toPort: ports.to,
    cidrBlock: cidr,
    icmpType: 0,
    icmpCode: 0,
  };
}
