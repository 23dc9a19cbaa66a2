/**
 * External passthrough load balancers. A backend gets packets with the balancer's public address as
 * their destination, and may begin connections with that address as their source: it needs neither
 * an address of its own nor a NAT.
 * https://cloud.google.com/load-balancing/docs/network/networklb-backend-service
 */
import { groupBy } from '../../group-by';
import type { AttributePath, PathLike } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { LentAddress } from './interfaces';
import { baseName, hiddenAt, textAt, textsAt } from './reading';

const MANAGERS = ['google_compute_instance_group_manager', 'google_compute_region_instance_group_manager'];
const GROUPS = ['google_compute_instance_group', ...MANAGERS, 'google_compute_network_endpoint_group', 'google_container_node_pool', 'google_container_cluster'];
const MACHINES = ['google_compute_instance', 'google_compute_instance_from_template', 'google_compute_instance_from_machine_image'];
const TEMPLATES = ['google_compute_instance_template', 'google_compute_region_instance_template'];
const TARGETS = ['google_compute_target_pool', 'google_compute_target_instance', 'google_compute_region_backend_service'];

interface Found {
  readonly machine: Resource;
  readonly isSure: boolean;
}

/** By machine, template or pool of nodes. */
export type LentAddresses = ReadonlyMap<Resource, readonly LentAddress[]>;

/** Which machines and templates may send with whose address. */
export function lentAddresses(graph: ResourceGraph): LentAddresses {
  const lent = new Map<Resource, LentAddress[]>();
  const backends = new Backends(graph);
  for (const rule of graph.ofType('google_compute_forwarding_rule')) {
    const scheme = textAt(rule, 'load_balancing_scheme');
    const hidden = scheme === undefined ? hiddenAt(rule, 'load_balancing_scheme') : undefined;
    // An empty scheme is that of a Private Service Connect endpoint; without one the provider says EXTERNAL.
    if (rule.valueAt('load_balancing_scheme') === '' || (scheme !== undefined && scheme !== 'EXTERNAL')) continue;
    const version = textAt(rule, 'ip_version');
    for (const { machine, isSure } of ['target', 'backend_service'].flatMap((path) => backends.behind(rule, path, TARGETS))) {
      const known = lent.get(machine) ?? [];
      if (known.some(({ address }) => address === rule.address)) continue;
      const doubt = hidden ?? (isSure ? undefined : `whether ${machine.address} is behind ${rule.address} is known after apply`);
      const family = version === undefined && hiddenAt(rule, 'ip_version') !== undefined ? {} : { family: version === 'IPV6' ? 6 as const : 4 as const };
      lent.set(machine, [...known, { address: rule.address, what: BALANCER, ...family, ...(doubt === undefined ? {} : { doubt }) }]);
    }
  }
  for (const [type, path] of STATEFUL) {
    for (const config of graph.ofType(type)) {
      if (config.elements(['preserved_state', 0, 'external_ip']).length === 0) continue;
      for (const { machine, isSure } of backends.behind(config, path, GROUPS)) {
        const doubt = isSure ? {} : { doubt: `whether ${machine.address} is of the group of ${config.address} is known after apply` };
        lent.set(machine, [...(lent.get(machine) ?? []), { address: config.address, what: GIVEN, family: 4, ...doubt }]);
      }
    }
  }
  for (const manager of MANAGERS.flatMap((type) => graph.ofType(type))) {
    if (manager.elements('stateful_external_ip').length === 0) continue;
    const doubt = `whether stateful_external_ip of ${manager.address} gives its machines an address that their template does not ask for, no source says`;
    for (const { machine } of backends.of(manager)) lent.set(machine, [...(lent.get(machine) ?? []), { address: manager.address, what: GIVEN, family: 4, doubt }]);
  }
  return lent;
}

/**
 * Machines that may be behind a balancer of any kind, the plan's or another one's: of what these send the source may be the balancer's
 * address, also that of an internal one.
 */
export function backendMachines(graph: ResourceGraph): ReadonlySet<Resource> {
  const backends = new Backends(graph);
  return new Set([...TARGETS, ...GROUPS].flatMap((type) => graph.ofType(type)).flatMap((target) => backends.of(target)).map(({ machine }) => machine));
}

const GIVEN = 'public address that a machine of the group is given';
const BALANCER = 'address of the load balancer, which its backends may send from';

/** Where a machine of a group gets an address that its template does not say. https://cloud.google.com/compute/docs/instance-groups/configuring-stateful-ip-addresses-in-migs */
const STATEFUL: readonly (readonly [type: string, path: string])[] = [
  ['google_compute_per_instance_config', 'instance_group_manager'], ['google_compute_region_per_instance_config', 'region_instance_group_manager'],
];

/** True for what somebody wrote and the plan does not tell, neither as a value nor as what it refers to. */
function isUntold(resource: Resource, path: PathLike): boolean {
  const isHidden = resource.valueAt(path) === undefined ? hiddenAt(resource, path) !== undefined : resource.elements(path).some((each) => hiddenAt(resource, each) !== undefined);
  return isHidden && resource.references(path).targets.length === 0;
}

class Backends {
  private readonly kept = new Map<Resource, readonly Found[]>();
  private readonly byPool = new Map<Resource, Resource[]>();
  private readonly members = new Map<string, Map<Resource, Resource[]>>();
  private zoned: ReadonlyMap<string, readonly Resource[]> | undefined;

  /** What a value may name of which nothing is known. */
  private readonly anything: readonly Found[];

  constructor(private readonly graph: ResourceGraph) {
    this.anything = [...MACHINES, ...TEMPLATES].flatMap((type) => graph.ofType(type)).map((machine) => ({ machine, isSure: false }));

    for (const manager of GROUPS.flatMap((type) => graph.ofType(type))) {
      for (const pool of manager.references('target_pools', { types: ['google_compute_target_pool'] }).targets) this.byPool.set(pool, [...(this.byPool.get(pool) ?? []), manager]);
    }
  }

  /** The machines behind whatever a value names. */
  behind(resource: Resource, path: PathLike, types: readonly string[]): readonly Found[] {
    const { targets, exact, unknown } = resource.references(path, { types });
    if (targets.length === 0 && isUntold(resource, path)) return this.anything;
    // A list of as many values as there may be targets names them all.
    const isSure = unknown === undefined && (exact || targets.length === 1 || resource.elements(path).length >= targets.length);
    return targets.flatMap((target) => this.of(target).map((found) => (isSure ? found : { ...found, isSure: false })));
  }

  of(target: Resource): readonly Found[] {
    const known = this.kept.get(target);
    if (known) return known;
    this.kept.set(target, []);
    const found = this.read(target);
    this.kept.set(target, found);
    return found;
  }

  private read(target: Resource): readonly Found[] {
    switch (target.type) {
      case 'google_compute_target_pool':
        return [...this.behind(target, ['instances'], MACHINES), ...this.byZoneAndName(target), ...(this.byPool.get(target) ?? []).flatMap((manager) => this.of(manager))];
      case 'google_compute_target_instance':
        return this.behind(target, ['instance'], MACHINES);
      case 'google_compute_region_backend_service':
        return this.each(target, 'backend', 'group', GROUPS);
      case 'google_compute_instance_group':
        return [...this.behind(target, ['instances'], MACHINES), ...this.joining('google_compute_instance_group_membership', 'instance_group', target).flatMap((member) => this.behind(member, ['instance'], MACHINES))];
      case 'google_compute_network_endpoint_group':
        return ['google_compute_network_endpoint', 'google_compute_network_endpoints'].flatMap((type) => this.joining(type, 'network_endpoint_group', target).flatMap((member) => [
          ...this.behind(member, ['instance'], MACHINES), ...this.each(member, 'network_endpoints', 'instance', MACHINES),
        ]));
      case 'google_compute_instance_group_manager':
      case 'google_compute_region_instance_group_manager':
        return this.each(target, 'version', 'instance_template', TEMPLATES);
      default:
        return [{ machine: target, isSure: true }];
    }
  }

  /** What a resource of its own adds to a group, which it may name by its name alone. */
  private joining(type: string, path: string, group: Resource): readonly Resource[] {
    let byGroup = this.members.get(type);
    if (!byGroup) {
      this.members.set(type, (byGroup = new Map()));
      for (const member of this.graph.ofType(type)) {
        for (const named of member.references(path, { types: [group.type] }).targets) {
          const known = byGroup.get(named);
          if (known) known.push(member);
          else byGroup.set(named, [member]);
        }
      }
    }
    return byGroup.get(group) ?? [];
  }

  /** `europe-west1-b/web`, as states have the machines of a pool. */
  private byZoneAndName(pool: Resource): readonly Found[] {
    const named = new Set(textsAt(pool, 'instances').values.filter((text) => /^[^/]+\/[^/]+$/.test(text)));
    if (named.size === 0) return [];
    this.zoned ??= groupBy(MACHINES.flatMap((type) => this.graph.ofType(type)), (machine) => `${baseName(textAt(machine, 'zone') ?? '')}/${textAt(machine, 'name') ?? ''}`);
    return [...named].flatMap((text) => this.zoned?.get(text) ?? []).map((machine) => ({ machine, isSure: true }));
  }

  private each(resource: Resource, block: string, attribute: string, types: readonly string[]): readonly Found[] {
    const elements = resource.elements(block);
    const paths = elements.length > 0 ? elements.map((path): AttributePath => [...path, attribute]) : [[block]];
    return paths.flatMap((path) => this.behind(resource, path, types));
  }
}
