/**
 * Where single packets of machines and services get out, as Google's pages describe it. It shares no code with the review:
 *
 * https://cloud.google.com/vpc/docs/routes#ipv6-default-route
 * https://cloud.google.com/nat/docs/overview, https://cloud.google.com/nat/docs/public-nat#nat64
 * https://cloud.google.com/run/docs/configuring/vpc-connectors#egress, https://cloud.google.com/run/docs/configuring/vpc-direct-vpc
 * https://cloud.google.com/load-balancing/docs/network/networklb-backend-service
 */
import { isRef, type Part } from './random-networks';

export interface Packet { readonly family: 4 | 6; readonly to: string }

/** The third is a host of the internet's IPv4 behind NAT64. */
export const PACKETS: readonly Packet[] = [{ family: 4, to: '1.1.1.1' }, { family: 4, to: '200.1.2.3' }, { family: 6, to: '64:ff9b::101:101' }, { family: 6, to: '2600::1' }];

/** Where a packet starts inside of the network. */
interface Start {
  readonly subnet?: Part;
  readonly region: string;
  readonly tags: readonly string[];
  readonly machine?: Part;
  readonly nic?: any;
}

export const WORKLOADS = ['google_compute_instance', 'google_cloud_run_v2_service', 'google_cloudfunctions2_function', 'google_cloudfunctions_function'];

function bits(address: string): string {
  if (!address.includes(':')) return address.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join('');
  const [first, last] = address.split('::').map((side) => (side === '' ? [] : side.split(':'))) as [string[], string[]];
  return [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last].map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

function isIn(range: string, address: string): boolean {
  const [base = '', length = ''] = range.split('/');
  return base.includes(':') === address.includes(':') && bits(address).startsWith(bits(base).slice(0, Number(length)));
}

export class AddressedPackets {
  constructor(private readonly parts: readonly Part[]) {}

  getsOut(workload: Part, packet: Packet): boolean {
    const start = this.startOf(workload);
    if (start === 'directly') return packet.family === 4;
    return this.isPassed(start, packet) && this.isRouted(start, packet) && this.isTranslated(start, packet);
  }

  private of(type: string): readonly Part[] {
    return this.parts.filter((part) => part.type === `google_${type}`);
  }

  private at(ref: unknown): Part | undefined {
    return isRef(ref) ? this.parts.find((part) => `${part.type}.${part.name}` === ref.ref) : undefined;
  }

  private startOf(workload: Part): Start | 'directly' {
    const { values } = workload;
    if (workload.type === 'google_compute_instance') {
      const [nic] = values.network_interface;
      const subnet = this.at(nic.subnetwork) as Part;
      return { subnet, region: subnet.values.region, tags: values.tags, machine: workload, nic };
    }
    const [access] = values.template?.[0].vpc_access ?? [];
    const way = workload.type === 'google_cloud_run_v2_service' ? access && { connector: access.connector, nic: access.network_interfaces?.[0], egress: access.egress }
      : { connector: (values.service_config?.[0] ?? values).vpc_connector, egress: (values.service_config?.[0] ?? values).vpc_connector_egress_settings };
    // What is not told goes to private addresses alone.
    if (way?.egress !== 'ALL_TRAFFIC') return 'directly';
    if (way.nic) {
      const subnet = this.at(way.nic.subnetwork) as Part;
      return { subnet, region: subnet.values.region, tags: way.nic.tags };
    }
    const connector = this.at(way.connector) as Part;
    const subnet = this.at(connector.values.subnet?.[0].name);
    return { ...(subnet ? { subnet } : {}), region: connector.values.region, tags: ['vpc-connector', `vpc-connector-${connector.values.region}-${connector.name}`] };
  }

  private isPassed({ tags }: Start, { to }: Packet): boolean {
    const meant = this.of('compute_firewall').map(({ values }) => values).filter((rule) => rule.destination_ranges.some((range: string) => isIn(range, to)) && (!rule.target_tags || rule.target_tags.some((tag: string) => tags.includes(tag))));
    const first = Math.min(...meant.map(({ priority }) => priority));
    return !meant.some((rule) => rule.priority === first && rule.deny);
  }

  /** All routes lead to the internet gateway, so that one is enough. */
  private isRouted({ tags }: Start, { family, to }: Packet): boolean {
    const [network] = this.of('compute_network');
    // That of IPv6 comes with the first subnet that has public addresses.
    const byDefault = family === 4 ? !network!.values.delete_default_routes_on_create : this.of('compute_subnetwork').some(({ values }) => values.ipv6_access_type === 'EXTERNAL');
    return byDefault || this.of('compute_route').some(({ values }) => isIn(values.dest_range, to) && (values.tags.length === 0 || values.tags.some((tag: string) => tags.includes(tag))));
  }

  private isTranslated(start: Start, { family, to }: Packet): boolean {
    const { subnet, nic, machine } = start;
    if (machine && this.lends(machine, family) && this.has(start, family)) return true;
    if (family === 4) return this.has(start, 4) && ((nic?.access_config.length ?? 0) > 0 || this.of('compute_router_nat').some(({ values }) => this.serves4(values, start)));
    if (!this.has(start, 6)) return false;
    // With an address of its own it sends to those behind NAT64 as well, whoever answers.
    return subnet?.values.ipv6_access_type === 'EXTERNAL' || (isIn('64:ff9b::/96', to) && this.of('compute_router_nat').some(({ values }) => this.serves6(values, start)));
  }

  /** Whether it has an address of the family at all. */
  private has({ subnet, nic }: Start, family: 4 | 6): boolean {
    const stack = nic?.stack_type ?? (subnet?.values.stack_type === 'IPV6_ONLY' ? 'IPV6_ONLY' : 'IPV4_ONLY');
    return family === 4 ? stack !== 'IPV6_ONLY' : stack !== 'IPV4_ONLY';
  }

  private isPublicNat({ type, endpoint_types }: any): boolean {
    return type !== 'PRIVATE' && (!endpoint_types || endpoint_types.includes('ENDPOINT_TYPE_VM'));
  }

  private serves4(nat: any, { subnet, region }: Start): boolean {
    if (!this.isPublicNat(nat) || nat.region !== region || !nat.source_subnetwork_ip_ranges_to_nat) return false;
    return nat.source_subnetwork_ip_ranges_to_nat !== 'LIST_OF_SUBNETWORKS' || nat.subnetwork.some((each: any) => this.at(each.name) === subnet && !each.source_ip_ranges_to_nat.includes('LIST_OF_SECONDARY_IP_RANGES'));
  }

  private serves6(nat: any, { subnet, region }: Start): boolean {
    if (!this.isPublicNat(nat) || nat.region !== region) return false;
    return nat.source_subnetwork_ip_ranges_to_nat64 === 'ALL_IPV6_SUBNETWORKS' || (nat.nat64_subnetwork ?? []).some((each: any) => this.at(each.name) === subnet);
  }

  /** A backend of an external passthrough balancer may send from its address. */
  private lends(machine: Part, family: 4 | 6): boolean {
    return this.of('compute_forwarding_rule').some(({ values }) => {
      if ((values.load_balancing_scheme ?? 'EXTERNAL') !== 'EXTERNAL' || (values.ip_version ?? 'IPV4') !== `IPV${family}`) return false;
      const target = this.at(values.target ?? values.backend_service);
      const groups = (target?.values.backend ?? []).map((backend: any) => this.at(backend.group));
      return [target?.values.instance, ...(target?.values.instances ?? []), ...groups.flatMap((group: any) => group.values.instances)].some((each) => this.at(each) === machine);
    });
  }
}
