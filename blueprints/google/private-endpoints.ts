import { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address';
import { ComputeGlobalForwardingRule } from '@cdktf/provider-google/lib/compute-global-forwarding-rule';
import { ComputeRoute } from '@cdktf/provider-google/lib/compute-route';
import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone';
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set';
import { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { ResidualRisk } from '../egress-control';
import type { PrivateService } from '../policy/model';
import { compare } from '../policy/rules';
import type { IPrivateEndpoints, PrivateEndpoint } from '../private-endpoints';
import { contentHashHex } from './content-hash';
import { addFirewallRule, attributesOfAll, identitiesOf, type FirewallRule, type SegmentIdentity } from './firewall-rule';
import { nameProblems, resourceName } from './names';
import { singlePriority } from './priorities';
import { API_DOMAINS, apisOf, domainOf, IAP_RANGE, isSessionAccess, ownAddress, RESTRICTED_VIP, type ApiAddress } from '../policy/google-private-services';
import { apiRisks, type PerimeterState } from './api-risks';

/** A segment that uses private endpoints. */
export interface GoogleEndpointSegment extends SegmentIdentity {
  readonly name: string;
  /** The segment's slot, which fixes its priorities in the firewall policy. */
  readonly slot: number;
}

/** What private access to Google's services needs. */
export interface GooglePrivateEndpointsProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly networkId: string;
  /** Name of the network firewall policy that gets the rules. */
  readonly firewallPolicy: string;
  /** The services to reach. With none, nothing is made. */
  readonly services: readonly PrivateService[];
  /** The segments that may reach them. Their subnets need private access to Google's APIs. */
  readonly segments: readonly GoogleEndpointSegment[];
  /**
   * The address that stands for Google's APIs.
   * @default - `restricted.googleapis.com`
   */
  readonly apiAddress?: ApiAddress;
  /**
   * An address of the network, in none of its subnets, for a Private Service Connect endpoint that
   * serves the APIs which VPC Service Controls supports. Takes the place of `apiAddress`.
   * @default - none
   */
  readonly privateServiceConnect?: string;
  /**
   * Whether a perimeter keeps the project's data in, for the risks.
   * @default - `none`
   */
  readonly perimeter?: PerimeterState;
  /**
   * Ports of `session-access`.
   * @default - 22
   */
  readonly sessionPorts?: readonly number[];
}

/**
 * Google's APIs over one address that is not on the internet.
 *
 * Route, zones and firewall rules are made here together, because they must name the same address:
 * this is the only place that knows it. `session-access` is a way in: Identity-Aware Proxy may open
 * sessions to machines of the segments, for people whom IAM lets through.
 *
 * @throws BlueprintError for a service that Google has no API for, and for too long names.
 */
export class GooglePrivateEndpoints extends Construct implements IPrivateEndpoints {
  readonly endpoints: readonly PrivateEndpoint[];
  /** To the address of the APIs; absent when no API is asked for, and with Private Service Connect, which needs none. */
  readonly route?: ComputeRoute;
  /** The endpoint of the APIs, with Private Service Connect. */
  readonly endpoint?: ComputeGlobalForwardingRule;
  /** By domain: `googleapis.com`. */
  readonly zones: ReadonlyMap<string, DnsManagedZone>;
  /** What one address for all APIs cannot tell apart. */
  readonly residualRisks: readonly ResidualRisk[];
  /** What the rules made here count for against the project's quota. */
  readonly ruleAttributes: number;

  constructor(scope: Construct, id: string, props: GooglePrivateEndpointsProps) {
    super(scope, id);
    const { name, networkId, firewallPolicy } = props;
    const segments = [...props.segments].sort((a, b) => compare(a.name, b.name));
    const apis = props.services
      .filter((service) => !isSessionAccess(service))
      .map((service) => ({ service, targets: apisOf(service) }));
    const problems = [
      ...apis.filter(({ targets }) => targets.length === 0).map(({ service }) => ({
        message: `google: no api is known for the private service '${service.name}'; write 'google:<api>', as in 'google:bigquery'`,
      })),
      ...nameProblems(apis.length > 0 ? [resourceName(name, 'google-apis'), ...API_DOMAINS.map((domain) => zoneName(name, domain))] : []),
    ];
    if (problems.length > 0) throw new BlueprintError(this, problems);

    const psc = props.privateServiceConnect;
    const vip = psc === undefined ? props.apiAddress ?? RESTRICTED_VIP : ownAddress(psc);
    this.zones = new Map(apis.length > 0 ? API_DOMAINS.map((domain) => [domain, this.zone(name, networkId, domain, vip)]) : []);
    this.residualRisks = apis.length > 0 && segments.length > 0 ? apiRisks(props.perimeter ?? 'none', segments.map((segment) => segment.name)) : [];

    if (apis.length > 0 && psc === undefined) {
      this.route = new ComputeRoute(this, 'route', {
        name: resourceName(name, 'google-apis'),
        network: networkId,
        destRange: vip.range,
        nextHopGateway: 'default-internet-gateway',
        priority: 1000,
      });
    }
    if (apis.length > 0 && psc !== undefined) this.endpoint = this.pscEndpoint(name, networkId, psc);

    const sessions = props.services.filter(isSessionAccess);
    const rules = segments.flatMap((segment): readonly FirewallRule[] => [
      ...(apis.length > 0 ? [{
        id: `apis-${segment.name}`,
        priority: singlePriority(segment.slot, 'private-services'),
        action: 'allow',
        direction: 'EGRESS',
        ruleName: `out-${segment.name}-to-google-apis`,
        description: `${segment.name} may reach Google's APIs at ${vip.host}`,
        target: segment.name,
        to: { ranges: [vip.range] },
        layer4: [{ ipProtocol: 'tcp', ports: ['443'] }],
      } as const] : []),
      ...(sessions.length > 0 ? [{
        id: `sessions-${segment.name}`,
        priority: singlePriority(segment.slot, 'session-access'),
        action: 'allow',
        direction: 'INGRESS',
        ruleName: `in-iap-to-${segment.name}`,
        description: `Identity-Aware Proxy may open sessions to ${segment.name}`,
        target: segment.name,
        from: { ranges: [IAP_RANGE] },
        layer4: [{ ipProtocol: 'tcp', ports: [...(props.sessionPorts ?? [22])].sort((x, y) => x - y).map(String) }],
      } as const] : []),
    ]);
    const identities = identitiesOf(segments);
    for (const rule of rules) addFirewallRule(this, firewallPolicy, rule, identities);
    this.ruleAttributes = attributesOfAll(rules);

    this.endpoints = [
      ...apis.flatMap(({ service, targets }) => targets.map((target) => ({
        service,
        target,
        id: this.zones.get(domainOf(target) ?? 'googleapis.com')!.id,
      }))),
      ...sessions.map((service) => ({ service, target: 'iap-tcp-forwarding', id: firewallPolicy })),
    ].sort((a, b) => compare(a.service.name, b.service.name) || compare(a.target, b.target));
  }

  /** https://cloud.google.com/vpc/docs/configure-private-service-connect-apis */
  private pscEndpoint(name: string, network: string, address: string): ComputeGlobalForwardingRule {
    const reserved = new ComputeGlobalAddress(this, 'endpoint-address', {
      name: resourceName(name, 'google-apis'),
      addressType: 'INTERNAL',
      purpose: 'PRIVATE_SERVICE_CONNECT',
      network,
      address,
    });
    return new ComputeGlobalForwardingRule(this, 'endpoint', {
      // 1-20 lower-case letters and digits; it becomes part of host names.
      name: `apis${contentHashHex(resourceName(name, 'google-apis'))}`,
      network,
      ipAddress: reserved.id,
      // 'all-apis' would also serve those that no perimeter can restrict.
      target: 'vpc-sc',
      // Has to be there and empty: the provider's default is EXTERNAL.
      loadBalancingScheme: '',
    });
  }

  /** A private zone that answers every name of a domain with the one address. */
  private zone(name: string, networkId: string, domain: string, vip: ApiAddress): DnsManagedZone {
    const label = domain.replaceAll('.', '-');
    const zone = new DnsManagedZone(this, `zone-${label}`, {
      name: zoneName(name, domain),
      description: `${domain} at ${vip.host}`,
      dnsName: `${domain}.`,
      visibility: 'private',
      forceDestroy: false,
      privateVisibilityConfig: { networks: [{ networkUrl: networkId }] },
    });
    const anchor = domain === 'googleapis.com' ? vip.host : domain;
    new DnsRecordSet(this, `address-${label}`, {
      managedZone: zone.name,
      name: `${anchor}.`,
      type: 'A',
      ttl: 300,
      rrdatas: [...vip.addresses],
    });
    new DnsRecordSet(this, `alias-${label}`, {
      managedZone: zone.name,
      name: `*.${domain}.`,
      type: 'CNAME',
      ttl: 300,
      rrdatas: [`${anchor}.`],
    });
    return zone;
  }
}

function zoneName(name: string, domain: string): string {
  return resourceName(name, domain.replaceAll('.', '-'));
}
