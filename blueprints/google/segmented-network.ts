import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network';
import { ComputeNetworkFirewallPolicy } from '@cdktf/provider-google/lib/compute-network-firewall-policy';
import { ComputeNetworkFirewallPolicyAssociation } from '@cdktf/provider-google/lib/compute-network-firewall-policy-association';
import { ComputeSubnetwork, type ComputeSubnetworkLogConfig } from '@cdktf/provider-google/lib/compute-subnetwork';
import { DnsPolicy } from '@cdktf/provider-google/lib/dns-policy';
import { TagsTagKey } from '@cdktf/provider-google/lib/tags-tag-key';
import { TagsTagValue } from '@cdktf/provider-google/lib/tags-tag-value';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { LogDestination } from '../egress-control';
import { compare } from '../policy/rules';
import type { ISegmentedNetwork, NetworkSegment, SegmentedNetworkProps } from '../segmented-network';
import { addFirewallRule } from './firewall-rule';
import { logDestinations } from './log-destinations';
import { nameProblems, resourceName } from './names';
import { DENY_ALL_EGRESS, EVERYWHERE, GOOGLE_FRONT_ENDS, segmentationRules, type InternetSources } from './segmentation-rules';

/** What Google's network needs besides the shared props; `rules` opens nothing here, the egress control does. */
export interface GoogleSegmentedNetworkProps extends SegmentedNetworkProps<'google'> {
  /** The project's id, where everything is made and logged. */
  readonly project: string;
  /** The region of the subnets: `europe-west1`. */
  readonly region: string;
  /**
   * The ranges that `accepts: [{ from: internet }]` stands for.
   * @default - tcp: Google's load balancers and health checks, because no machine has an address
   * of its own; udp: everywhere, because only a passthrough load balancer brings udp.
   */
  readonly internetSources?: Partial<InternetSources>;
  /**
   * Flow logs of every subnet.
   * @default - every logged connection, all metadata, summed up over a minute
   */
  readonly flowLogs?: ComputeSubnetworkLogConfig;
}

const EVERY_FLOW: ComputeSubnetworkLogConfig = {
  aggregationInterval: 'INTERVAL_1_MIN',
  flowSampling: 1,
  metadata: 'INCLUDE_ALL_METADATA',
};

/**
 * A VPC that is closed by itself: no default route, one subnet and one secure tag per segment, and
 * a network firewall policy that lets segments call each other as the policy says and denies every
 * other outgoing connection, over IPv4 and IPv6, to every machine, tagged or not.
 *
 * Others may add allow rules to the firewall policy by its name; the denies stand behind all of them.
 *
 * @throws BlueprintError when a name is longer than Google takes.
 */
export class GoogleSegmentedNetwork extends Construct implements ISegmentedNetwork {
  readonly network: ComputeNetwork;
  readonly firewallPolicy: ComputeNetworkFirewallPolicy;
  /** Its values tell segments apart; a machine can hold one value of a key, so it is in one segment at most. */
  readonly tagKey: TagsTagKey;
  readonly subnetworks: ReadonlyMap<string, ComputeSubnetwork>;
  readonly tagValues: ReadonlyMap<string, TagsTagValue>;
  readonly dnsPolicy: DnsPolicy;
  readonly networkId: string;
  readonly segments: readonly NetworkSegment[];
  readonly logDestinations: readonly LogDestination[];
  /**
   * What closes the network: both denies and the association. Whatever opens a way out has to
   * depend on these, so that it comes after them and goes before them.
   */
  readonly closedBy: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: GoogleSegmentedNetworkProps) {
    super(scope, id);
    const { name, project, region, addresses } = props;
    const segments = [...props.segments].sort((a, b) => compare(a.name, b.name));
    const problems = nameProblems([name, ...segments.map((segment) => resourceName(name, segment.name))]);
    if (problems.length > 0) throw new BlueprintError(this, problems);

    // Network and subnets carry no description: Google replaces both when its text changes.
    this.network = new ComputeNetwork(this, 'network', {
      name,
      autoCreateSubnetworks: false,
      // Acts at creation only: a default route that comes later is for the plan review to find.
      deleteDefaultRoutesOnCreate: true,
      // The default order lets any classic egress allow win over the policy's denies.
      networkFirewallPolicyEnforcementOrder: 'BEFORE_CLASSIC_FIREWALL',
      enableUlaInternalIpv6: false,
      routingMode: 'REGIONAL',
    });
    this.networkId = this.network.id;

    this.tagKey = new TagsTagKey(this, 'segment-tag', {
      parent: `projects/${project}`,
      shortName: resourceName(name, 'segment'),
      description: `Segment of network ${name} that a machine belongs to`,
      purpose: 'GCE_FIREWALL',
      purposeData: { network: `${project}/${this.network.name}` },
    });
    this.tagValues = new Map(segments.map((segment) => [segment.name, new TagsTagValue(this, `tag-${segment.name}`, {
      parent: this.tagKey.id,
      shortName: segment.name,
      description: `Segment ${segment.name} of network ${name} (${segment.tier})`,
    })]));

    this.subnetworks = new Map(segments.map((segment) => [segment.name, new ComputeSubnetwork(this, `subnet-${segment.name}`, {
      name: resourceName(name, segment.name),
      network: this.network.id,
      region,
      ipCidrRange: addresses.segment(segment.name),
      // Private access to Google's APIs; without the private endpoints' rule and route it opens nothing.
      privateIpGoogleAccess: true,
      stackType: 'IPV4_ONLY',
      logConfig: { ...(props.flowLogs ?? EVERY_FLOW) },
    })]));

    this.firewallPolicy = new ComputeNetworkFirewallPolicy(this, 'firewall-policy', {
      name,
      description: `Egress and segmentation of network ${name}`,
    });
    const tagIds = new Map([...this.tagValues].map(([segment, value]) => [segment, value.id]));
    const internet = { tcp: GOOGLE_FRONT_ENDS, udp: EVERYWHERE, ...props.internetSources };
    for (const rule of segmentationRules(segments, (segment) => addresses.segment(segment), internet)) {
      addFirewallRule(this, this.firewallPolicy.name, rule, tagIds);
    }
    const denies = DENY_ALL_EGRESS.map((rule) => addFirewallRule(this, this.firewallPolicy.name, rule, tagIds));
    const association = new ComputeNetworkFirewallPolicyAssociation(this, 'firewall-policy-association', {
      name,
      attachmentTarget: this.network.id,
      firewallPolicy: this.firewallPolicy.name,
    });
    this.closedBy = [...denies, association];

    this.dnsPolicy = new DnsPolicy(this, 'dns-policy', {
      name,
      description: `Records every query of network ${name}`,
      enableLogging: true,
      // Alternative name servers would take queries out of sight and switch FQDN rules off.
      enableInboundForwarding: false,
      networks: [{ networkUrl: this.network.id }],
    });

    this.segments = segments.map(({ name: segment, tier }) => ({
      name: segment,
      tier,
      cidrs: [addresses.segment(segment)],
      subnetIds: [this.subnetworks.get(segment)!.id],
      groupIds: [this.tagValues.get(segment)!.id],
    }));
    this.logDestinations = logDestinations(project, ['flow', 'firewall', 'dns']);
  }
}
