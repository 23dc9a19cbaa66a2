import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork';
import { NetworkSecurityGatewaySecurityPolicy } from '@cdktf/provider-google/lib/network-security-gateway-security-policy';
import { NetworkSecurityGatewaySecurityPolicyRule } from '@cdktf/provider-google/lib/network-security-gateway-security-policy-rule';
import { NetworkSecurityUrlLists } from '@cdktf/provider-google/lib/network-security-url-lists';
import { NetworkServicesGateway } from '@cdktf/provider-google/lib/network-services-gateway';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { AllowRule } from '../policy/model';
import { segmentsWithHosts } from '../policy/rules';
import { addFirewallRule, attributesOfAll, idProblems, type FirewallRule, type Identities } from './firewall-rule';
import { nameProblems, resourceName } from './names';
import { singlePriority } from './priorities';
import { sessionMatcher, webProxyRules } from './web-proxy-rules';

/** Where the proxy stands and what it shows. */
export interface GoogleWebProxyPlace {
  /** Full name of a regional certificate of Certificate Manager, valid for the name that clients call the proxy by. */
  readonly certificate: string;
  /** The port that clients call. A gateway has one. */
  readonly port: number;
  /** A free address of the subnet. */
  readonly address: string;
  /** Id of the subnet that the address is in. */
  readonly subnetId: string;
  /** A /26 or larger that belongs to the region's proxies alone. */
  readonly proxyOnlyCidr: string;
}

const PROXY_ONLY = 'proxy-only-subnet';

/** What a Secure Web Proxy needs. */
export interface GoogleSecureWebProxyProps extends GoogleWebProxyPlace {
  readonly name: string;
  readonly project: string;
  readonly region: string;
  readonly networkId: string;
  readonly firewallPolicy: string;
  /** The rules of proxied segments only. */
  readonly rules: readonly AllowRule[];
  readonly segments: readonly { readonly name: string; readonly slot: number; readonly sourceRanges: readonly string[] }[];
  readonly identities: Identities;
  readonly opensAfter: readonly ITerraformDependable[];
}

/**
 * A Secure Web Proxy: hosts by the name that a client asks for, with wildcards.
 *
 * It denies what no rule allows. Segments reach its one address and port and no other; they need no
 * default route, and the proxy's own way out is Google's.
 * https://cloud.google.com/secure-web-proxy/docs/overview
 *
 * @throws BlueprintError for more hosts than lists hold, and for too long names.
 */
export class GoogleSecureWebProxy extends Construct {
  readonly gateway: NetworkServicesGateway;
  readonly policy: NetworkSecurityGatewaySecurityPolicy;
  readonly proxyOnlySubnet: ComputeSubnetwork;
  readonly urlLists: readonly NetworkSecurityUrlLists[];
  readonly ruleAttributes: number;
  /** What clients are told: `10.30.0.2:443`. */
  readonly endpoint: string;

  constructor(scope: Construct, id: string, props: GoogleSecureWebProxyProps) {
    super(scope, id);
    const { name, project, region, networkId, address, port } = props;
    const slots = new Map(props.segments.map((segment) => [segment.name, segment.slot]));
    const sources = new Map(props.segments.map((segment) => [segment.name, segment.sourceRanges]));
    const { rules, problems } = webProxyRules(props.rules, (segment) => slots.get(segment)!);
    const opens = segmentsWithHosts(props.rules).map((segment): FirewallRule => ({
      id: `proxy-${segment}`,
      priority: singlePriority(slots.get(segment)!, 'web-proxy'),
      action: 'allow',
      direction: 'EGRESS',
      ruleName: `out-${segment}-to-web-proxy`,
      description: `${segment} may call the web proxy`,
      target: segment,
      to: { ranges: [`${address}/32`] },
      layer4: [{ ipProtocol: 'tcp', ports: [String(port)] }],
    }));
    const found = [
      ...idProblems(opens, [PROXY_ONLY]),
      ...problems.map((message) => ({ message })),
      ...nameProblems([resourceName(name, 'proxy-only'), resourceName(name, 'web-proxy'), ...rules.map((rule) => resourceName(name, rule.name))]),
    ];
    if (found.length > 0) throw new BlueprintError(this, found);
    this.endpoint = `${address}:${port}`;

    this.proxyOnlySubnet = new ComputeSubnetwork(this, PROXY_ONLY, {
      name: resourceName(name, 'proxy-only'),
      network: networkId,
      region,
      ipCidrRange: props.proxyOnlyCidr,
      purpose: 'REGIONAL_MANAGED_PROXY',
      role: 'ACTIVE',
    });
    this.policy = new NetworkSecurityGatewaySecurityPolicy(this, 'policy', {
      name: resourceName(name, 'web-proxy'),
      location: region,
      description: `Hosts that segments of network ${name} may reach`,
    });
    const listed = rules.map((rule) => {
      const listName = resourceName(name, rule.name);
      const list = new NetworkSecurityUrlLists(this, `hosts-${rule.name}`, { name: listName, location: region, values: [...rule.hosts] });
      const opening = new NetworkSecurityGatewaySecurityPolicyRule(this, `rule-${rule.name}`, {
        name: rule.name,
        location: region,
        gatewaySecurityPolicy: this.policy.name,
        enabled: true,
        priority: rule.priority,
        basicProfile: 'ALLOW',
        sessionMatcher: sessionMatcher(sources.get(rule.segment)!, rule.ports, `projects/${project}/locations/${region}/urlLists/${listName}`),
        // The list is named, not referred to: a plan has to show the name.
        dependsOn: [list],
      });
      return { list, opening };
    });
    this.urlLists = listed.map(({ list }) => list);
    this.gateway = new NetworkServicesGateway(this, 'gateway', {
      name: resourceName(name, 'web-proxy'),
      location: region,
      type: 'SECURE_WEB_GATEWAY',
      network: networkId,
      subnetwork: props.subnetId,
      addresses: [address],
      ports: [port],
      certificateUrls: [props.certificate],
      gatewaySecurityPolicy: this.policy.id,
      // The gateway brings a router and a NAT of its own, which would outlive it.
      deleteSwgAutogenRouterOnDestroy: true,
      dependsOn: [...props.opensAfter, this.proxyOnlySubnet, ...listed.map(({ opening }) => opening)],
    });

    for (const rule of opens) addFirewallRule(this, props.firewallPolicy, rule, props.identities);
    this.ruleAttributes = attributesOfAll(opens);
  }
}
