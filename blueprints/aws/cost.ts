import { cents, HOURS_PER_MONTH, totalOf, zoneShare, type CostEstimate, type CostItem, type UsagePrice } from '../cost';
import { LIST_PRICES, LOOKED_UP, PRICE_REGION } from './list-prices';

/** What is built, as far as AWS charges for it. */
export interface AwsCostProps {
  /** Zones in use, at least 1. */
  readonly zones: number;
  /** Zones with a firewall endpoint and a NAT gateway, at most `zones`. @default - every zone */
  readonly egressZones?: number;
  /** Interface endpoints, each with an interface in every zone. Gateway endpoints are free. */
  readonly interfaceEndpoints: number;
  /** Whether each zone has a firewall endpoint. */
  readonly firewall: boolean;
  /** Whether each zone has a NAT gateway, and with it a public address. */
  readonly nat: boolean;
  /** Whether anything exchanges packets with the internet. */
  readonly internetGateway: boolean;
  /** Whether queries pass the Route 53 Resolver DNS Firewall. @default - false */
  readonly dnsFirewall?: boolean;
  /** Whether the firewall opens TLS. @default - false */
  readonly tlsInspection?: boolean;
}

/** AWS's page that says so, beside the pricing page: NAT gateways used along with firewall endpoints. */
const NAT_WAIVER = 'https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/using-nat-gateway-with-firewall.html';

/**
 * What a network costs each month before traffic, at us-east-1 list prices.
 *
 * For every hour and GB of a firewall endpoint, AWS waives an hour and a GB of a NAT gateway. Here
 * each gateway stands behind an endpoint, so it shows with 0 and its address with the full price.
 */
export function awsCost(props: AwsCostProps): CostEstimate {
  const { zones, interfaceEndpoints, egressZones = zones } = props;
  const shared = props.nat && egressZones < zones;
  const items = fixedItems(props);
  const perEndpoint = cents(zones * LIST_PRICES.interfaceEndpoint.usd * HOURS_PER_MONTH);
  return {
    priceRegion: PRICE_REGION,
    pricesOf: LOOKED_UP,
    sources: [...new Set(Object.values(LIST_PRICES).map((price) => price.source)), NAT_WAIVER].sort(),
    monthlyUsd: totalOf(items),
    items,
    steps: [
      ...(items.some((item) => item.perZone) ? [{ id: 'zone', what: 'zone', monthlyUsd: zoneShare(items, zones) }] : []),
      ...(shared ? [{ id: 'egress-zone', what: 'zone with a way out of its own', monthlyUsd: cents(totalOf(items.filter((item) => !item.perZone)) / egressZones) }] : []),
      ...(interfaceEndpoints > 0 ? [{ id: 'interface-endpoint', what: 'interface endpoint', monthlyUsd: perEndpoint }] : []),
    ],
    usage: usagePrices(props),
    tradeOffs: [
      ...(zones > 1 ? [] : ['one zone: when it fails, workloads, way out and private endpoints fail with it']),
      // Its hourly rate was found for another region only; a figure that is not known is not counted. Per GB it is 0 in AWS's
      // price list of September 2025: https://huggingface.co/datasets/labofsahil/aws-pricing-dataset
      ...(props.tlsInspection ? [`tls inspection: aws charges an hourly rate for advanced inspection in each zone, nothing per gb, not covered by the nat waiver and not in this sum; see ${LIST_PRICES.firewallEndpoint.source}`] : []),
      ...(shared ? [`a way out in ${egressZones} of ${zones} zones: the others lose every allowed host when it fails, and pay $${LIST_PRICES.crossZoneTraffic.usd} a GB in each direction to get there`] : []),
    ],
  };
}

function fixedItems({ zones, egressZones = zones, interfaceEndpoints, firewall, nat }: AwsCostProps): readonly CostItem[] {
  const hourlyItem = (id: string, what: string, unit: string, quantity: number, hourly: number, perZone: boolean, note?: string): CostItem => ({
    id, what, quantity, unit, monthlyUsd: cents(quantity * hourly * HOURS_PER_MONTH), ...(perZone ? { perZone } : {}), ...(note ? { note } : {}),
  });
  const ownWayOut = egressZones === zones;
  const { firewallEndpoint, interfaceEndpoint, natGateway, publicAddress } = LIST_PRICES;
  const items = [
    hourlyItem('firewall-endpoint', 'firewall endpoints', 'endpoint', firewall ? egressZones : 0, firewallEndpoint.usd, ownWayOut),
    hourlyItem('interface-endpoint', 'interface endpoints', 'endpoint in a zone', interfaceEndpoints * zones, interfaceEndpoint.usd, true),
    hourlyItem('nat-gateway', 'NAT gateways', 'gateway', nat ? egressZones : 0, firewall ? 0 : natGateway.usd, ownWayOut,
      firewall ? `AWS waives the $${natGateway.usd} an hour for each hour of a firewall endpoint` : undefined),
    hourlyItem('public-address', 'public addresses', 'address', nat ? egressZones : 0, publicAddress.usd, ownWayOut),
  ];
  return items.filter((item) => item.quantity > 0);
}

function usagePrices({ zones, egressZones = zones, interfaceEndpoints, firewall, nat, internetGateway, dnsFirewall }: AwsCostProps): readonly UsagePrice[] {
  const price = (id: string, what: string, { usd, unit }: { readonly usd: number; readonly unit: string }, note?: string): UsagePrice => ({
    id, what, unit, usd, ...(note ? { note } : {}),
  });
  return [
    ...(firewall ? [price('firewall-traffic', 'traffic through the firewall, both ways', LIST_PRICES.firewallTraffic)] : []),
    ...(nat ? [firewall
      ? price('nat-traffic', 'traffic through the NAT gateway, both ways', { ...LIST_PRICES.natTraffic, usd: 0 },
        `AWS waives the $${LIST_PRICES.natTraffic.usd} for each GB of the firewall`)
      : price('nat-traffic', 'traffic through the NAT gateway, both ways', LIST_PRICES.natTraffic)] : []),
    ...(nat && egressZones < zones ? [price('cross-zone-traffic', 'traffic between zones, in each direction', LIST_PRICES.crossZoneTraffic)] : []),
    ...(internetGateway ? [price('internet-out', 'traffic to the internet', LIST_PRICES.internetOut)] : []),
    ...(interfaceEndpoints > 0 ? [price('interface-traffic', 'traffic through interface endpoints, both ways', LIST_PRICES.interfaceTraffic)] : []),
    ...(dnsFirewall ? [
      price('dns-firewall-queries', 'DNS queries', LIST_PRICES.dnsFirewallQueries),
      price('dns-firewall-names', "names in DNS Firewall's lists", LIST_PRICES.dnsFirewallNames),
    ] : []),
    price('log-ingestion', 'logs into CloudWatch Logs', LIST_PRICES.logIngestion),
    price('log-storage', 'logs kept, compressed', LIST_PRICES.logStorage),
  ];
}
