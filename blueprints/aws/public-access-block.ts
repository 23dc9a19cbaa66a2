import { Construct } from 'constructs';
import { VpcBlockPublicAccessExclusion } from '@cdktf/provider-aws/lib/vpc-block-public-access-exclusion';
import { VpcBlockPublicAccessOptions } from '@cdktf/provider-aws/lib/vpc-block-public-access-options';
import type { ResidualRisk } from '../egress-control';
import { compare } from '../policy/rules';

/** A segment, as far as it exchanges packets with the internet gateway. */
export interface ExposedSegment {
  readonly name: string;
  /** A segment with a range of its own has two in a zone. */
  readonly subnets: readonly { readonly zone: string; readonly id: string; readonly secondary?: boolean }[];
  readonly defaultRoute: 'none' | 'internet-gateway' | 'egress-control';
}

/** What the block needs. */
export interface AwsPublicAccessBlockProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly vpcId: string;
  readonly segments: readonly ExposedSegment[];
  /** `account` switches it on for the account and region; `exclusions` leaves that to somebody else. */
  readonly mode: 'account' | 'exclusions';
  /** Whether Terraform refuses to switch it off for the account. @default - true */
  readonly deletionProtection?: boolean;
}

/**
 * VPC Block Public Access: AWS itself drops what goes to or comes from any internet gateway of the
 * account in this region, whatever routes and groups say, except for what is excluded.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
 *
 * Traffic through Network Firewall is blocked even when the firewall's subnets are excluded, so a
 * network with allowed hosts has to be excluded as a whole; one without them only where it accepts
 * the internet. https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
 */
export class AwsPublicAccessBlock extends Construct {
  /** Present with mode `account`. */
  readonly options?: VpcBlockPublicAccessOptions;
  readonly exclusions: readonly VpcBlockPublicAccessExclusion[];
  readonly residualRisks: readonly ResidualRisk[];

  constructor(scope: Construct, id: string, props: AwsPublicAccessBlockProps) {
    super(scope, id);
    const { name, vpcId, mode, deletionProtection: protect = true } = props;
    const segments = [...props.segments].sort((a, b) => compare(a.name, b.name));
    const open = segments.filter(({ defaultRoute }) => defaultRoute === 'internet-gateway');
    const isExempt = segments.some(({ defaultRoute }) => defaultRoute === 'egress-control');

    this.exclusions = isExempt
      ? [new VpcBlockPublicAccessExclusion(this, 'exclusion-network', {
        vpcId,
        // Without a public segment nobody outside has to be let in.
        internetGatewayExclusionMode: open.length > 0 ? 'allow-bidirectional' : 'allow-egress',
        tags: { Name: name },
      })]
      : open.flatMap((segment) => segment.subnets.map(({ id: subnetId, zone, secondary }) => new VpcBlockPublicAccessExclusion(this, `exclusion-${segment.name}-${secondary ? 'secondary-' : ''}${zone}`, {
        subnetId,
        internetGatewayExclusionMode: 'allow-bidirectional',
        tags: { Name: `${name}-${segment.name}-${secondary ? 'secondary-' : ''}${zone}`, segment: segment.name },
      })));
    if (mode === 'account') {
      this.options = new VpcBlockPublicAccessOptions(this, 'options', {
        internetGatewayBlockMode: 'block-bidirectional',
        // Exclusions first: what they are for would be cut in between.
        dependsOn: [...this.exclusions],
        // Taking this stack down would open the account's other networks.
        ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
      });
    }
    this.residualRisks = isExempt ? [{
      id: 'public-access-block-exempts-network',
      summary: 'Block Public Access guards the account\'s other networks in the region and not this one: AWS blocks what passes a network firewall, so a network with allowed hosts has to be excluded as a whole.',
      mitigation: 'Put segments without hosts into an environment of their own, which then needs no exclusion.',
      segments: segments.map((segment) => segment.name),
    }] : [];
  }
}
