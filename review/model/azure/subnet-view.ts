/** One subnet with what holds in it worked out, for checks: who gets in, what gets out, where routes lead. */
import type { Family } from '../addresses';
import { OUTSIDE } from './address-match';
import { intersect, isEmpty } from '../ranges';
import { isNothing, towards, type Traffic } from '../traffic';
import { isDoubted } from './doubt';
import type { AzureFirewall } from './firewall';
import type { FirewallRuling } from './firewall-evaluation';
import { anySender } from './places';
import type { RouteTable, UserRoute } from './route-table';
import { isInternetPrefix } from './routing';
import { allowedTraffic, evaluate, type Evaluation } from './security-evaluation';
import type { Direction, SecurityGroup } from './security-group';
import { segmentOfSubnet, type SegmentName } from './segment-names';
import type { AzureSubnet } from './subnet';
import type { Topology } from './topology';
import type { Ways } from './ways';

export class SubnetView {
  readonly name: SegmentName;
  private readonly evaluations = new Map<string, Evaluation>();

  constructor(readonly subnet: AzureSubnet, private readonly topology: Topology, private readonly ways: Ways) {
    this.name = segmentOfSubnet(subnet);
  }

  get address(): string {
    return this.subnet.address;
  }

  /** The one security group that holds for certain. */
  get group(): SecurityGroup | undefined {
    const { candidates, mayBeNone, unknown } = this.subnet.groups;
    const [only] = candidates;
    return only && candidates.length === 1 && !mayBeNone && unknown === undefined ? this.topology.groups.get(only) : undefined;
  }

  /** The one route table that holds for certain. */
  get table(): RouteTable | undefined {
    const { candidates, mayBeNone, unknown } = this.subnet.tables;
    const [only] = candidates;
    return only && candidates.length === 1 && !mayBeNone && unknown === undefined ? this.topology.tables.get(only) : undefined;
  }

  /** True when nothing is attached, and certainly so. */
  get hasNoGroup(): boolean {
    return this.subnet.groups.candidates.length === 0 && this.subnet.groups.unknown === undefined;
  }

  get hasNoTable(): boolean {
    return this.subnet.tables.candidates.length === 0 && this.subnet.tables.unknown === undefined;
  }

  evaluation(direction: Direction, family: Family = 4): Evaluation | undefined {
    const { group } = this;
    if (!group) return undefined;
    const key = `${direction} ${family}`;
    let found = this.evaluations.get(key);
    if (!found) this.evaluations.set(key, (found = evaluate(group, direction, this.ways.localSide(this.subnet, anySender(this.subnet)), family)));
    return found;
  }

  /** What the group lets through in a direction, to or from anybody; undefined without a certain group. */
  allowed(direction: Direction, family: Family = 4): Traffic | undefined {
    const evaluation = this.evaluation(direction, family);
    return evaluation && allowedTraffic(evaluation, family);
  }

  /** Whether the group lets the internet in. A subnet without a group does. */
  get acceptsInternet(): boolean {
    const allowed = this.allowed('Inbound');
    return allowed === undefined || !isNothing(towards(allowed, OUTSIDE[4]));
  }

  /** Whether the group lets anything out to the internet. */
  get letsOut(): boolean {
    const allowed = this.allowed('Outbound');
    return allowed === undefined || !isNothing(towards(allowed, OUTSIDE[4]));
  }

  /** Where the subnet's addresses of the internet go, by its own routes and the system's. */
  nextHops(family: Family = 4): readonly { readonly key: string; readonly hop: { readonly address: string; readonly label?: string }; readonly isSure: boolean }[] {
    return this.ways.legs(this.subnet, anySender(this.subnet), family).filter(({ addresses, key }) => !key.startsWith('beside') && !isEmpty(intersect(addresses, OUTSIDE[family])))
      .map(({ key, hop }) => ({ key, hop, isSure: !isDoubted(hop) }));
  }

  /** A user's routes that lead towards the internet. */
  internetRoutes(): readonly UserRoute[] {
    return this.table?.routes.filter(({ prefix }) => prefix === undefined || isInternetPrefix(prefix)) ?? [];
  }

  firewallsOf(route: UserRoute): readonly AzureFirewall[] {
    return this.ways.firewallsOf(route, this.subnet);
  }

  ruling(firewall: AzureFirewall): FirewallRuling {
    return this.ways.firewallHop(firewall, anySender(this.subnet).source).ruling;
  }

  /** True when some firewall of the plan has rules that let this subnet out. */
  get isGranted(): boolean {
    // Of a parent policy that is elsewhere nobody knows whom it grants what; the own rules count.
    return [...this.topology.firewalls.values()].some((firewall) => {
      const ruling = this.ruling(firewall);
      return firewall.policies.length > 0 && firewall.unknown !== undefined ? ruling.isGranted : ruling.letsOut;
    });
  }
}
