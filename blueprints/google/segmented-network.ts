import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network';
import { ComputeNetworkFirewallPolicy } from '@cdktf/provider-google/lib/compute-network-firewall-policy';
import { ComputeNetworkFirewallPolicyAssociation } from '@cdktf/provider-google/lib/compute-network-firewall-policy-association';
import { ComputeSubnetwork, type ComputeSubnetworkConfig, type ComputeSubnetworkLogConfig } from '@cdktf/provider-google/lib/compute-subnetwork';
import { DataGoogleComputeNetwork } from '@cdktf/provider-google/lib/data-google-compute-network';
import { DnsPolicy } from '@cdktf/provider-google/lib/dns-policy';
import { TagsTagKey } from '@cdktf/provider-google/lib/tags-tag-key';
import { TagsTagValue } from '@cdktf/provider-google/lib/tags-tag-value';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { LogDestination, ResidualRisk } from '../egress-control';
import type { ExistingNetwork, GoogleAccept, GoogleDenies, GkeCluster } from '../policy/google-model';
import { compare, rulesOf } from '../policy/rules';
import type { ISegmentedNetwork, NetworkSegment, SegmentedNetworkProps } from '../segmented-network';
import { addFirewallRule, attributesOfAll, idProblems, type FirewallRule, type SegmentIdentity } from './firewall-rule';
import { clusterRanges, kubernetesRisk, kubernetesRules, POD_RANGE, SERVICE_RANGE, type ClusterRanges } from './kubernetes-rules';
import { logDestinations } from './log-destinations';
import { nameProblems, resourceName } from './names';
import { placeProblems } from './place-problems';
import { presetRules } from './preset-rules';
import { existingNetworkRisk, healthCheckRisk, sharedIdentityRisk } from './residual-risks';
import { DENY_ALL_EGRESS, EVERYWHERE, GOOGLE_FRONT_ENDS, optionalDenies, segmentationRules, type InternetSources } from './segmentation-rules';
import { UPDATE_USERS_FIRST } from './update-users-first';

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
  /**
   * A network that is there already. Its subnets, policy and tags are made here all the same.
   * @default - a network is made
   */
  readonly existingNetwork?: ExistingNetwork;
  /**
   * By segment, the account that its machines run as. All segments, or none.
   * @default - segments are told apart by secure tags
   */
  readonly serviceAccounts?: Readonly<Record<string, string>>;
  /**
   * Threat lists and countries that no allow rule can open.
   * @default - none
   */
  readonly denied?: GoogleDenies;
  /**
   * Health checks and sessions of Google's that segments accept, by name.
   * @default - none
   */
  readonly presets?: readonly GoogleAccept[];
  /**
   * Private GKE clusters: their rules, and secondary ranges in their segments' subnets.
   * @default - none
   */
  readonly clusters?: readonly GkeCluster[];
}

/** A segment of this network, with what other constructs ask for. */
export interface GoogleNetworkSegment extends NetworkSegment, SegmentIdentity {
  readonly slot: number;
  /** Where its packets come from: its subnet, and its pods where it has a cluster. Sorted. */
  readonly sourceRanges: readonly string[];
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
 * @throws BlueprintError with every name that Google would refuse, and every segment, block or place that the policy file may not hold.
 */
export class GoogleSegmentedNetwork extends Construct implements ISegmentedNetwork {
  /** Absent where the network was there already. */
  readonly network?: ComputeNetwork;
  readonly firewallPolicy: ComputeNetworkFirewallPolicy;
  /**
   * Its values tell segments apart; a machine can hold one value of a key, so it is in one segment
   * at most. Absent where service accounts do that.
   */
  readonly tagKey?: TagsTagKey;
  readonly subnetworks: ReadonlyMap<string, ComputeSubnetwork>;
  readonly tagValues: ReadonlyMap<string, TagsTagValue>;
  /** Absent where an existing network has one of its own. */
  readonly dnsPolicy?: DnsPolicy;
  readonly networkId: string;
  /** Its bare name, which few resources ask for. */
  readonly networkName: string;
  readonly segments: readonly GoogleNetworkSegment[];
  readonly clusters: readonly ClusterRanges[];
  /** What the rules made here count for against the project's quota. */
  readonly ruleAttributes: number;
  readonly residualRisks: readonly ResidualRisk[];
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
    const problems = [...nameProblems([name, ...segments.map((segment) => resourceName(name, segment.name))]), ...placeProblems(props)];
    if (problems.length > 0) throw new BlueprintError(this, problems);

    if (!props.existingNetwork) this.network = closedNetwork(this, name);
    const network = this.network ?? new DataGoogleComputeNetwork(this, 'existing-network', { name: props.existingNetwork!.name });
    this.networkId = network.id;
    this.networkName = network.name;
    const accounts = props.serviceAccounts;
    if (!accounts) {
      this.tagKey = new TagsTagKey(this, 'segment-tag', {
        parent: `projects/${project}`,
        shortName: resourceName(name, 'segment'),
        description: `Segment of network ${name} that a machine belongs to`,
        purpose: 'GCE_FIREWALL',
        purposeData: { network: `${project}/${network.name}` },
      });
    }
    const { tagKey } = this;
    this.tagValues = new Map(tagKey ? segments.map((segment) => [segment.name, new TagsTagValue(this, `tag-${segment.name}`, {
      parent: tagKey.id,
      shortName: segment.name,
      description: `Segment ${segment.name} of network ${name} (${segment.tier})`,
    })]) : []);
    const identities = new Map(segments.map((segment): [string, SegmentIdentity] => [segment.name, accounts
      ? { serviceAccount: accounts[segment.name]! }
      : { tagValueId: this.tagValues.get(segment.name)!.id }]));

    const slots = new Map(segments.map((segment) => [segment.name, segment.slot]));
    this.clusters = (props.clusters ?? []).map((cluster) =>
      clusterRanges(cluster, addresses.segment(cluster.segment), slots.get(cluster.segment)!, addresses.infrastructure('control-plane')));
    const clusterOf = (segment: string) => this.clusters.find((cluster) => cluster.segment === segment);
    const placeOf = (segment: string) => ({ subnetRange: addresses.segment(segment), podRanges: [clusterOf(segment)?.pods ?? []].flat() });

    this.subnetworks = new Map(segments.map((segment) => [segment.name, new ComputeSubnetwork(this, `subnet-${segment.name}`, {
      name: resourceName(name, segment.name),
      network: network.id,
      region,
      ipCidrRange: addresses.segment(segment.name),
      ...secondaryRanges(clusterOf(segment.name)),
      // Private access to Google's APIs; without the private endpoints' rule and route it opens nothing.
      privateIpGoogleAccess: true,
      stackType: 'IPV4_ONLY',
      logConfig: { ...(props.flowLogs ?? EVERY_FLOW) },
      // Only where a NAT may list it: another block or region for a subnet needs the old one gone first.
      ...(rulesOf(props.rules, segment.name).length > 0 ? { lifecycle: UPDATE_USERS_FIRST } : {}),
    })]));

    this.firewallPolicy = new ComputeNetworkFirewallPolicy(this, 'firewall-policy', {
      name,
      description: `Egress and segmentation of network ${name}`,
    });
    const internet = { tcp: GOOGLE_FRONT_ENDS, udp: EVERYWHERE, ...props.internetSources };
    const rules: readonly FirewallRule[] = [
      ...(props.denied ? optionalDenies(props.denied) : []),
      ...segmentationRules(segments, placeOf, internet),
      ...presetRules(props.presets ?? [], (segment) => slots.get(segment)!),
      ...this.clusters.flatMap((cluster) => kubernetesRules(cluster, slots.get(cluster.segment)!)),
    ];
    const alike = idProblems(rules);
    if (alike.length > 0) throw new BlueprintError(this, alike);
    for (const rule of rules) addFirewallRule(this, this.firewallPolicy.name, rule, identities);
    const denies = DENY_ALL_EGRESS.map((rule) => addFirewallRule(this, this.firewallPolicy.name, rule, identities));
    this.ruleAttributes = attributesOfAll([...rules, ...DENY_ALL_EGRESS]);
    const association = new ComputeNetworkFirewallPolicyAssociation(this, 'firewall-policy-association', {
      name,
      attachmentTarget: network.id,
      firewallPolicy: this.firewallPolicy.name,
    });
    this.closedBy = [...denies, association];

    if (props.existingNetwork?.dnsPolicy !== false) {
      this.dnsPolicy = new DnsPolicy(this, 'dns-policy', {
        name,
        description: `Records every query of network ${name}`,
        enableLogging: true,
        // Alternative name servers would take queries out of sight and switch FQDN rules off.
        enableInboundForwarding: false,
        networks: [{ networkUrl: network.id }],
      });
    }

    this.segments = segments.map(({ name: segment, tier, slot }) => {
      const identity = identities.get(segment)!;
      const { subnetRange, podRanges } = placeOf(segment);
      return {
        name: segment,
        tier,
        slot,
        ...identity,
        cidrs: [subnetRange],
        sourceRanges: [subnetRange, ...podRanges].sort(compare),
        subnetIds: [this.subnetworks.get(segment)!.id],
        groupIds: [(identity.serviceAccount ?? identity.tagValueId)!],
      };
    });
    const names = segments.map((segment) => segment.name);
    const checked = (props.presets ?? []).filter(({ from }) => from === 'health-checks').flatMap(({ to }) => to);
    this.residualRisks = [
      ...(checked.length > 0 ? [healthCheckRisk([...new Set(checked)])] : []),
      ...(this.clusters.length > 0 ? [kubernetesRisk(this.clusters.map((cluster) => cluster.segment))] : []),
      ...(props.existingNetwork ? [existingNetworkRisk(props.existingNetwork, names)] : []),
      ...(accounts ? [sharedIdentityRisk(names)] : []),
    ];
    this.logDestinations = logDestinations(project, ['flow', 'firewall', 'dns']);
  }
}

function closedNetwork(scope: Construct, name: string): ComputeNetwork {
  // Network and subnets carry no description: Google replaces both when its text changes.
  return new ComputeNetwork(scope, 'network', {
    name,
    autoCreateSubnetworks: false,
    // Acts at creation only: a default route that comes later is for the plan review to find.
    deleteDefaultRoutesOnCreate: true,
    // The default order lets any classic egress allow win over the policy's denies.
    networkFirewallPolicyEnforcementOrder: 'BEFORE_CLASSIC_FIREWALL',
    enableUlaInternalIpv6: false,
    routingMode: 'REGIONAL',
  });
}

function secondaryRanges(cluster: ClusterRanges | undefined): Pick<ComputeSubnetworkConfig, 'secondaryIpRange'> {
  if (!cluster) return {};
  return { secondaryIpRange: [{ rangeName: POD_RANGE, ipCidrRange: cluster.pods }, { rangeName: SERVICE_RANGE, ipCidrRange: cluster.services }] };
}
