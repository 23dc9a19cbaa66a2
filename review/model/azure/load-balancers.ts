/**
 * Load balancers, as far as they lend machines behind them a public address for connections of
 * their own. https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Family } from '../addresses';
import type { OwnAddress } from './outbound';
import { PoolAddresses } from './pool-addresses';
import { familyAt, flag, isFound, pointsTo, text, unknownBlocks, type Pointed } from './read';

const POOL = 'azurerm_lb_backend_address_pool';
const FRONTENDS = ['public_ip_address_id', 'public_ip_prefix_id'];

export class LoadBalancing {
  private readonly lending = new Map<Resource, OwnAddress>();
  private readonly byInterface = new Map<Resource, OwnAddress[]>();
  private readonly listed = new PoolAddresses();

  constructor(graph: ResourceGraph) {
    const hidden = new Map(graph.ofType('azurerm_lb').flatMap((balancer) => {
      const reason = unknownBlocks(balancer, 'frontend_ip_configuration');
      return reason === undefined ? [] : [[balancer, reason] as const];
    }));
    const publicBalancers = new Map(graph.ofType('azurerm_lb').flatMap((balancer) => {
      const families = frontendFamilies(balancer);
      return hidden.has(balancer) || families.size > 0 ? [[balancer, families] as const] : [];
    }));
    const sharing = new Map<Resource, boolean>();
    // Balancers whose rules name a pool that nobody knows, by an id composed from the balancer's: any of its pools.
    const perhaps = new Map<Resource, Resource>();
    const note = (rule: Resource, path: string, lends: boolean) => {
      const pools = pointsTo(rule, path, POOL);
      for (const pool of pools.targets) sharing.set(pool, (sharing.get(pool) ?? false) || lends);
      if (lends && pools.isSet && pools.targets.length === 0 && isHidden(rule, path)) for (const balancer of pointsTo(rule, 'loadbalancer_id', 'azurerm_lb').targets) perhaps.set(balancer, rule);
    };
    for (const rule of graph.ofType('azurerm_lb_outbound_rule')) note(rule, 'backend_address_pool_id', true);
    for (const rule of graph.ofType('azurerm_lb_rule')) for (const path of ['backend_address_pool_ids', 'backend_address_pool_id']) note(rule, path, !(flag(rule, 'disable_outbound_snat') ?? false));
    for (const pool of graph.ofType(POOL)) {
      const balancers = pointsTo(pool, 'loadbalancer_id', 'azurerm_lb');
      const balancer = balancers.targets.find((each) => publicBalancers.has(each));
      // Whether it is a public one, and which rules it has, is said elsewhere.
      if (balancers.unknown !== undefined) this.lending.set(pool, outside(pool));
      // A pool that no rule names lends nothing, but who can tell what a plan with parts missing lacks.
      const rule = balancer && perhaps.get(balancer);
      if (!balancer || (sharing.get(pool) !== true && !rule)) continue;
      const doubt = rule && sharing.get(pool) !== true ? `whether ${rule.address} is for ${pool.address} is not known` : balancers.exact ? hidden.get(balancer) : `which load balancer ${pool.address} belongs to is not known`;
      const [family, other] = hidden.has(balancer) ? [] : publicBalancers.get(balancer) ?? [];
      this.lending.set(pool, { address: balancer.address, kind: 'nat', label: 'public address of the load balancer', ...(family === undefined || other !== undefined ? {} : { family }), ...(doubt === undefined ? {} : { doubt }) });
    }
    for (const association of graph.ofType('azurerm_network_interface_backend_address_pool_association')) {
      const found = this.ofPools(association, pointsTo(association, 'backend_address_pool_id', POOL));
      const nics = pointsTo(association, 'network_interface_id', 'azurerm_network_interface');
      const isComposed = nics.targets.length === 0 && found.length > 0 && isHidden(association, 'network_interface_id') && pointsTo(association, 'network_interface_id', 'azurerm_resource_group').targets.length > 0;
      const isAny = isComposed || (nics.targets.length === 0 && found.length > 0 && isFound(association, 'network_interface_id', 'azurerm_network_interface'));
      for (const nic of isAny ? graph.ofType('azurerm_network_interface') : nics.targets) {
        const addresses = nics.exact && !isAny ? found : found.map((each) => ({ ...each, doubt: `whether ${nic.address} is behind ${each.address} is not known` }));
        this.byInterface.set(nic, [...(this.byInterface.get(nic) ?? []), ...addresses]);
      }
    }
    for (const entry of graph.ofType('azurerm_lb_backend_address_pool_address')) this.listed.add(entry, [], this.ofPools(entry, pointsTo(entry, 'backend_address_pool_id', POOL)));
    // Of azurerm 2.
    for (const pool of graph.ofType(POOL)) for (const path of pool.elements('backend_address')) this.listed.add(pool, path, [this.lending.get(pool) ?? []].flat());
  }

  /**
   * @param addresses its private addresses; none where the plan does not tell them
   * @param subnet where it stands, for pools that are lists of addresses
   */
  ofInterface(nic: Resource, addresses: readonly string[], subnet: Pointed): readonly OwnAddress[] {
    return [...(this.byInterface.get(nic) ?? []), ...this.listed.of(nic, addresses, subnet)];
  }

  /** Of a scale set, whose instances may have any address of their subnets. */
  ofInstances(set: Resource, subnet: Pointed): readonly OwnAddress[] {
    return this.listed.of(set, [], subnet);
  }

  /** @param by what names the pools: of those that the plan does not hold nobody knows what they lend. */
  ofPools(by: Resource, pools: Pointed): readonly OwnAddress[] {
    return [...pools.targets.flatMap((pool) => this.lending.get(pool) ?? []), ...(pools.unknown === undefined ? [] : [outside(by)])];
  }
}

/** Of its public addresses; of both where that is not known. */
function frontendFamilies(balancer: Resource): ReadonlySet<Family> {
  // One that stands in a subnet has no public address, though the provider leaves open whether it has a prefix of them.
  const isPrivate = (path: AttributePath) => balancer.isConfigured([...path, 'subnet_id']) && !FRONTENDS.some((name) => balancer.isConfigured([...path, name]));
  return new Set(balancer.elements('frontend_ip_configuration').flatMap((path) => (isPrivate(path) ? [] : FRONTENDS).flatMap((name): readonly Family[] => {
    const { isSet, exact, targets: [address] } = pointsTo(balancer, [...path, name], 'azurerm_public_ip', 'azurerm_public_ip_prefix');
    const family = address && exact ? familyAt(address, 'ip_version') : undefined;
    return !isSet ? [] : family === undefined ? [4, 6] : [family];
  })));
}

/** Of an id that somebody composes a plan shows what it is composed from, until that exists. */
function isHidden(resource: Resource, path: string): boolean {
  return text(resource, path) === undefined && resource.hasUnknown(path);
}

function outside({ address }: Resource): OwnAddress {
  return { address, kind: 'nat', label: 'a load balancer outside of the plan', doubt: `whether the load balancer of ${address}, which is not in the plan, lends a public address is not known` };
}
