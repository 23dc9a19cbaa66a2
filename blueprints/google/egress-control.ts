import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address';
import type { ComputeNetworkFirewallPolicyRule } from '@cdktf/provider-google/lib/compute-network-firewall-policy-rule';
import { ComputeRoute } from '@cdktf/provider-google/lib/compute-route';
import { ComputeRouter } from '@cdktf/provider-google/lib/compute-router';
import { ComputeRouterNat } from '@cdktf/provider-google/lib/compute-router-nat';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { BlueprintError, type BlueprintProblem } from '../blueprint-error';
import { EgressControlBase, type EgressControlProps, type LogDestination, type ProtectedSegment, type ResidualRisk } from '../egress-control';
import { addFirewallRule, attributesOf } from './firewall-rule';
import { hostRules } from './host-rules';
import { logDestinations } from './log-destinations';
import { nameProblems, resourceName } from './names';
import { cannotEnforce, egressRisks } from './residual-risks';

/** A segment as Google's egress control has to know it: plain ids, from whatever network. */
export interface GoogleProtectedSegment extends ProtectedSegment {
  /** The segment's slot, 4..63, which fixes its priorities in the firewall policy. */
  readonly slot: number;
  /** The secure tag value that its machines carry: `tagValues/123`. */
  readonly tagValueId: string;
  /** Ids of its subnets. */
  readonly subnetIds: readonly string[];
}

/** What Google's egress control needs besides the shared props. */
export interface GoogleEgressControlProps extends EgressControlProps {
  readonly project: string;
  readonly region: string;
  /** Id of the network whose segments get a way out. It must have no default route of its own. */
  readonly networkId: string;
  /** Name of a network firewall policy that is associated with the network and denies all other egress. */
  readonly firewallPolicy: string;
  readonly segments: readonly GoogleProtectedSegment[];
  /**
   * What closes the network: the denies and the association of the policy.
   * @default - nothing; right only where the network is deployed before this, in a stack of its own
   */
  readonly opensAfter?: readonly ITerraformDependable[];
  /**
   * Names of the static addresses that allowed traffic comes from; each gives 64,512 ports.
   * A name that stays keeps its address.
   * @default - `a` and `b`
   */
  readonly natAddresses?: readonly string[];
  /**
   * Ports that one machine may hold at a time; powers of two, the smaller at least 32.
   * @default - 64 to 4,096, as needed
   */
  readonly natPorts?: { readonly min: number; readonly max: number };
  /**
   * Which ranges of a segment's subnets are translated. GKE pods live in secondary ranges.
   * @default - `PRIMARY_IP_RANGE`
   */
  readonly natSourceRanges?: 'PRIMARY_IP_RANGE' | 'ALL_IP_RANGES';
  /**
   * How many rule attributes (names, ranges, tags, protocols, ports) the host rules may use.
   * https://cloud.google.com/firewall/docs/quotas
   * @default - not checked; `ruleAttributes` says how many there are
   */
  readonly ruleAttributeQuota?: number;
}

/**
 * The one way out of a network: FQDN and address rules in its firewall policy, a default route that
 * only machines with a segment's network tag see, and a NAT for only these segments' subnets.
 *
 * The firewall policy decides. Route and NAT only make the way, and a machine needs all three to
 * agree: the secure tag (given by IAM), the network tag and the subnet. With no rule, nothing is made.
 *
 * @throws BlueprintError for wildcards, for more hosts than rules hold, and for too long names.
 */
export class GoogleEgressControl extends EgressControlBase {
  /** The NAT's router; absent when no host is allowed. */
  readonly router?: ComputeRouter;
  /** Absent when no host is allowed. */
  readonly nat?: ComputeRouterNat;
  readonly addresses: readonly ComputeAddress[];
  /** The default route of each segment that has a way out. */
  readonly defaultRoutes: ReadonlyMap<string, ComputeRoute>;
  readonly hostRules: readonly ComputeNetworkFirewallPolicyRule[];
  /** By segment, the network tag that makes its machines see the default route. It grants no host. */
  readonly networkTags: Readonly<Record<string, string>>;
  /** What the host rules count for against the firewall policy's quota. */
  readonly ruleAttributes: number;
  readonly logDestinations: readonly LogDestination[];
  readonly residualRisks: readonly ResidualRisk[];
  readonly egressAddresses: readonly string[];

  constructor(scope: Construct, id: string, props: GoogleEgressControlProps) {
    super(scope, id, props, cannotEnforce);
    const { name, region } = props;
    const segments = new Map(props.segments.map((segment) => [segment.name, segment]));
    const tagOf = (segment: string) => resourceName(name, segment, 'egress');
    const addressNames = [...(props.natAddresses ?? ['a', 'b'])].sort();
    const hosts = hostRules(this.rules, (segment) => segments.get(segment)!.slot);
    this.ruleAttributes = hosts.rules.reduce((sum, rule) => sum + attributesOf(rule), 0);

    const problems: BlueprintProblem[] = [
      ...hosts.problems.map((message) => ({ message })),
      ...nameProblems(this.protectedSegments.map(tagOf)),
      ...nameProblems(addressNames.map((address) => resourceName(name, 'nat', address))),
    ];
    if (this.protectedSegments.length > 0 && addressNames.length === 0) {
      problems.push({ message: 'google: natAddresses is empty; name at least one address' });
    }
    if (props.ruleAttributeQuota !== undefined && this.ruleAttributes > props.ruleAttributeQuota) {
      problems.push({ message: `google: the allowlist needs ${this.ruleAttributes} rule attributes and may use ${props.ruleAttributeQuota}; raise the project's quota or split the environment` });
    }
    if (problems.length > 0) throw new BlueprintError(this, problems);

    const tagValues = new Map(props.segments.map((segment) => [segment.name, segment.tagValueId]));
    this.hostRules = hosts.rules.map((rule) => addFirewallRule(this, props.firewallPolicy, rule, tagValues));
    this.networkTags = Object.fromEntries(this.protectedSegments.map((segment) => [segment, tagOf(segment)]));
    this.residualRisks = egressRisks(this.rules, props.segments.map((segment) => segment.name));

    const open = this.protectedSegments.length > 0;
    this.logDestinations = open ? logDestinations(props.project, ['firewall', 'nat']) : [];
    // Addresses and routes carry no description: Google replaces them when its text changes, and
    // partners know the addresses.
    this.addresses = open ? addressNames.map((address) => new ComputeAddress(this, `nat-address-${address}`, {
      name: resourceName(name, 'nat', address),
      region,
      addressType: 'EXTERNAL',
      networkTier: 'PREMIUM',
    })) : [];
    this.egressAddresses = this.addresses.map(({ address }) => address);

    // Terraform makes these after the denies and removes them before: no window in which a way
    // out exists and the denies do not.
    const dependsOn = [...(props.opensAfter ?? [])];
    this.defaultRoutes = new Map(this.protectedSegments.map((segment) => [segment, new ComputeRoute(this, `default-route-${segment}`, {
      name: tagOf(segment),
      network: props.networkId,
      destRange: '0.0.0.0/0',
      nextHopGateway: 'default-internet-gateway',
      priority: 1000,
      tags: [tagOf(segment)],
      dependsOn,
    })]));
    if (!open) return;

    this.router = new ComputeRouter(this, 'router', {
      name: resourceName(name, 'nat'),
      network: props.networkId,
      region,
    });
    this.nat = new ComputeRouterNat(this, 'nat', {
      name: resourceName(name, 'nat'),
      router: this.router.name,
      region,
      type: 'PUBLIC',
      natIpAllocateOption: 'MANUAL_ONLY',
      natIps: this.addresses.map(({ selfLink }) => selfLink),
      sourceSubnetworkIpRangesToNat: 'LIST_OF_SUBNETWORKS',
      subnetwork: this.protectedSegments.flatMap((segment) => segments.get(segment)!.subnetIds.map((subnet) => ({
        name: subnet,
        sourceIpRangesToNat: [props.natSourceRanges ?? 'PRIMARY_IP_RANGE'],
      }))),
      enableDynamicPortAllocation: true,
      minPortsPerVm: props.natPorts?.min ?? 64,
      maxPortsPerVm: props.natPorts?.max ?? 4096,
      // Endpoint-independent mapping excludes dynamic ports.
      enableEndpointIndependentMapping: false,
      logConfig: { enable: true, filter: 'ALL' },
      dependsOn,
    });
  }
}
