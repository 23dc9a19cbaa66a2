import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address';
import type { ComputeNetworkFirewallPolicyRule } from '@cdktf/provider-google/lib/compute-network-firewall-policy-rule';
import { ComputeRoute } from '@cdktf/provider-google/lib/compute-route';
import { ComputeRouter } from '@cdktf/provider-google/lib/compute-router';
import { ComputeRouterNat, type ComputeRouterNatConfig } from '@cdktf/provider-google/lib/compute-router-nat';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { BlueprintError, type BlueprintProblem } from '../blueprint-error';
import { EgressControlBase, type EgressControlProps, type LogDestination, type ProtectedSegment, type ResidualRisk } from '../egress-control';
import type { AllowRule } from '../policy/model';
import { addFirewallRule, attributesOfAll, identitiesOf, type SegmentIdentity } from './firewall-rule';
import { hostRules } from './host-rules';
import { logDestinations } from './log-destinations';
import { nameProblems, resourceName } from './names';
import { cannotEnforce, egressRisks } from './residual-risks';
import { GoogleSecureWebProxy, type GoogleWebProxyPlace } from './secure-web-proxy';
import { UPDATE_USERS_FIRST } from './update-users-first';

/** A segment as Google's egress control has to know it: plain ids, from whatever network. */
export interface GoogleProtectedSegment extends ProtectedSegment, SegmentIdentity {
  /** The segment's slot, 4..63, which fixes its priorities in the firewall policy. */
  readonly slot: number;
  /**
   * Where its packets come from, pods included.
   * @default - `cidrs`
   */
  readonly sourceRanges?: readonly string[];
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
   * Ports that one machine may hold at a time; powers of two, the smaller at least 32. Without
   * `max` every machine holds `min`, always.
   * https://cloud.google.com/nat/docs/ports-and-addresses
   * @default - 64 to 4,096, as needed
   */
  readonly natPorts?: { readonly min: number; readonly max?: number };
  /**
   * A Secure Web Proxy for some segments: hosts by name, wildcards, no route and no NAT.
   * @default - none; every segment reaches its hosts by address
   */
  readonly secureWebProxy?: GoogleWebProxyPlace & { readonly segments: readonly string[] };
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
 * Segments behind a Secure Web Proxy have neither: their rule leads to the proxy, which goes by name.
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
  /** Absent when no segment behind it has a host. */
  readonly webProxy?: GoogleSecureWebProxy;
  readonly logDestinations: readonly LogDestination[];
  readonly residualRisks: readonly ResidualRisk[];
  readonly egressAddresses: readonly string[];

  constructor(scope: Construct, id: string, props: GoogleEgressControlProps) {
    const proxied = new Set(props.secureWebProxy?.segments ?? []);
    super(scope, id, props, (rule) => cannotEnforce(rule, proxied));
    const { name, region } = props;
    const segments = new Map(props.segments.map((segment) => [segment.name, segment]));
    const tagOf = (segment: string) => resourceName(name, segment, 'egress');
    const addressNames = [...(props.natAddresses ?? ['a', 'b'])].sort();
    const identities = identitiesOf(props.segments);
    const routed = this.protectedSegments.filter((segment) => !proxied.has(segment));
    const behindProxy = this.protectedSegments.filter((segment) => proxied.has(segment));
    const hosts = hostRules(only(this.rules, routed), (segment) => segments.get(segment)!.slot);
    const hostAttributes = attributesOfAll(hosts.rules);

    const problems: BlueprintProblem[] = [
      ...hosts.problems.map((message) => ({ message })),
      ...nameProblems(routed.map(tagOf)),
      ...nameProblems(addressNames.map((address) => resourceName(name, 'nat', address))),
    ];
    if (routed.length > 0 && addressNames.length === 0) {
      problems.push({ message: 'google: natAddresses is empty; name at least one address' });
    }
    if (props.ruleAttributeQuota !== undefined && hostAttributes > props.ruleAttributeQuota) {
      problems.push({ message: `google: the allowlist needs ${hostAttributes} rule attributes and may use ${props.ruleAttributeQuota}; raise the project's quota or split the environment` });
    }
    if (problems.length > 0) throw new BlueprintError(this, problems);

    this.hostRules = hosts.rules.map((rule) => addFirewallRule(this, props.firewallPolicy, rule, identities));
    this.networkTags = Object.fromEntries(routed.map((segment) => [segment, tagOf(segment)]));
    this.residualRisks = egressRisks(this.rules, props.segments.map((segment) => segment.name), proxied);

    // Terraform makes these after the denies and removes them before: no window in which a way
    // out exists and the denies do not.
    const dependsOn = [...(props.opensAfter ?? [])];
    if (props.secureWebProxy && behindProxy.length > 0) {
      this.webProxy = new GoogleSecureWebProxy(this, 'web-proxy', {
        ...props.secureWebProxy,
        name,
        project: props.project,
        region,
        networkId: props.networkId,
        firewallPolicy: props.firewallPolicy,
        rules: only(this.rules, behindProxy),
        segments: props.segments.map((segment) => ({ name: segment.name, slot: segment.slot, sourceRanges: segment.sourceRanges ?? segment.cidrs })),
        identities,
        opensAfter: dependsOn,
      });
    }
    this.ruleAttributes = hostAttributes + (this.webProxy?.ruleAttributes ?? 0);

    const open = routed.length > 0;
    this.logDestinations = [
      ...(open ? logDestinations(props.project, ['firewall', 'nat']) : []),
      ...(this.webProxy ? logDestinations(props.project, open ? ['proxy'] : ['firewall', 'proxy']) : []),
    ];
    // Addresses and routes carry no description: Google replaces them when its text changes, and
    // partners know the addresses. An address that is given up goes after the NAT has let go of it.
    this.addresses = open ? addressNames.map((address) => new ComputeAddress(this, `nat-address-${address}`, {
      name: resourceName(name, 'nat', address),
      region,
      addressType: 'EXTERNAL',
      networkTier: 'PREMIUM',
      lifecycle: UPDATE_USERS_FIRST,
    })) : [];
    this.egressAddresses = this.addresses.map(({ address }) => address);

    this.defaultRoutes = new Map(routed.map((segment) => [segment, new ComputeRoute(this, `default-route-${segment}`, {
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
      subnetwork: routed.flatMap((segment) => segments.get(segment)!.subnetIds.map((subnet) => ({
        name: subnet,
        sourceIpRangesToNat: [props.natSourceRanges ?? 'PRIMARY_IP_RANGE'],
      }))),
      ...portsOf(props.natPorts ?? { min: 64, max: 4096 }),
      // Endpoint-independent mapping excludes dynamic ports.
      enableEndpointIndependentMapping: false,
      logConfig: { enable: true, filter: 'ALL' },
      dependsOn,
    });
  }
}

function portsOf({ min, max }: { readonly min: number; readonly max?: number }): Pick<ComputeRouterNatConfig, 'enableDynamicPortAllocation' | 'minPortsPerVm' | 'maxPortsPerVm'> {
  return max === undefined ? { enableDynamicPortAllocation: false, minPortsPerVm: min } : { enableDynamicPortAllocation: true, minPortsPerVm: min, maxPortsPerVm: max };
}

/** The rules as far as they concern these segments. */
function only(rules: readonly AllowRule[], segments: readonly string[]): readonly AllowRule[] {
  return rules.flatMap((rule) => {
    const kept = rule.segments.filter((segment) => segments.includes(segment));
    return kept.length > 0 ? [{ ...rule, segments: kept }] : [];
  });
}
