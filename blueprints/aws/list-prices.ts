/** The one place with prices. Change the figures, `LOOKED_UP` and docs/cost.md together. */

/** A list price in US dollars: on demand, first tier, no free tier, no discount, no tax. */
export interface ListPrice {
  readonly usd: number;
  readonly unit: 'hour' | 'GB' | 'GB-month' | 'million queries' | 'name-month';
  /** Where AWS publishes the price of today. */
  readonly source: string;
  /**
   * What the figure was taken from on the day of `LOOKED_UP`, none of it a live price page.
   * `aws`: AWS's own words in a stored copy. `others`: stored readings by others that agree,
   * such as the golden files of Infracost, which come from AWS's price list.
   */
  readonly evidence: 'aws' | 'others';
}

/** All figures are for this region. Others differ, and not by one factor. */
export const PRICE_REGION = 'us-east-1';

export const LOOKED_UP = '2026-11-22';

const FIREWALL = 'https://aws.amazon.com/network-firewall/pricing/';
const VPC = 'https://aws.amazon.com/vpc/pricing/';
const PRIVATELINK = 'https://aws.amazon.com/privatelink/pricing/';
const DNS = 'https://aws.amazon.com/route53/pricing/';
const LOGS = 'https://aws.amazon.com/cloudwatch/pricing/';

export const LIST_PRICES = {
  firewallEndpoint: { usd: 0.395, unit: 'hour', source: FIREWALL, evidence: 'others' },
  firewallTraffic: { usd: 0.065, unit: 'GB', source: FIREWALL, evidence: 'others' },
  natGateway: { usd: 0.045, unit: 'hour', source: VPC, evidence: 'aws' },
  natTraffic: { usd: 0.045, unit: 'GB', source: VPC, evidence: 'aws' },
  publicAddress: { usd: 0.005, unit: 'hour', source: VPC, evidence: 'others' },
  /** Per zone that the endpoint has an interface in. */
  interfaceEndpoint: { usd: 0.01, unit: 'hour', source: PRIVATELINK, evidence: 'others' },
  interfaceTraffic: { usd: 0.01, unit: 'GB', source: PRIVATELINK, evidence: 'aws' },
  dnsFirewallQueries: { usd: 0.6, unit: 'million queries', source: DNS, evidence: 'aws' },
  dnsFirewallNames: { usd: 0.0005, unit: 'name-month', source: DNS, evidence: 'aws' },
  /** Flow logs, firewall logs and query logs into CloudWatch Logs are vended logs. */
  logIngestion: { usd: 0.5, unit: 'GB', source: LOGS, evidence: 'others' },
  logStorage: { usd: 0.03, unit: 'GB-month', source: LOGS, evidence: 'others' },
  /** In each direction: out of one zone and into the other. */
  crossZoneTraffic: { usd: 0.01, unit: 'GB', source: 'https://aws.amazon.com/ec2/pricing/on-demand/', evidence: 'others' },
  internetOut: { usd: 0.09, unit: 'GB', source: 'https://aws.amazon.com/ec2/pricing/on-demand/', evidence: 'others' },
} as const satisfies Readonly<Record<string, ListPrice>>;
