/** What a network costs each month, as data: what is built, times list prices. No cdktf. */

/** The hours that clouds' price calculators take for a month. */
export const HOURS_PER_MONTH = 730;

/** Something that is paid for while it exists, whether or not a packet passes. */
export interface CostItem {
  /** Stable name: `firewall-endpoint`. */
  readonly id: string;
  /** In words, plural: `firewall endpoints`. */
  readonly what: string;
  /** How many of `unit`; more than 0. */
  readonly quantity: number;
  /** What one is: `endpoint`. */
  readonly unit: string;
  /** For the whole quantity, in cents at the finest. */
  readonly monthlyUsd: number;
  /** Whether each zone has its own share. @default - false: it costs the same with any number of zones */
  readonly perZone?: boolean;
  /** What the figure does not say. */
  readonly note?: string;
}

/** The price of something that nobody knows the amount of before there is traffic. */
export interface UsagePrice {
  readonly id: string;
  readonly what: string;
  /** `GB`, `million queries`. */
  readonly unit: string;
  /** For one unit, in the first tier where prices come in tiers. */
  readonly usd: number;
  readonly note?: string;
}

/** What one more of something adds to a month, and one less takes away. */
export interface CostStep {
  readonly id: string;
  readonly what: string;
  readonly monthlyUsd: number;
}

/** The cost of one stack before traffic, tax, discounts and free tiers. */
export interface CostEstimate {
  /** The region whose list prices these are, wherever the stack is deployed. Other regions differ. */
  readonly priceRegion: string;
  /** Day on which the prices were looked up, `YYYY-MM-DD`. */
  readonly pricesOf: string;
  /** The provider's pages that hold the prices of today. */
  readonly sources: readonly string[];
  readonly monthlyUsd: number;
  readonly items: readonly CostItem[];
  readonly steps: readonly CostStep[];
  readonly usage: readonly UsagePrice[];
  /** What the figure is cheap at the price of, in words. */
  readonly tradeOffs: readonly string[];
}

/** The sum of all items. */
export function totalOf(items: readonly CostItem[]): number {
  return cents(items.reduce((sum, item) => sum + item.monthlyUsd, 0));
}

/** What one zone costs: the difference between a network in n and in n + 1 zones. @param zones at least 1 */
export function zoneShare(items: readonly CostItem[], zones: number): number {
  return cents(totalOf(items.filter((item) => item.perZone)) / zones);
}

/** Rounds to cents, so that sums of binary fractions read as money. */
export function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
