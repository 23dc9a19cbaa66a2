/** Where a packet can start: a machine of each segment, and machines that somebody puts where they do not belong. */
import type { ObservationSubject, SynthesizedStack } from '../../observation';
import { listOf, reference, resourcesOf, type Resource } from '../reading';
import { nth } from './addresses';
import type { Machine } from './world';

/** A place in a subnet where a machine gets its address. */
const PLACE = 20;

export function networkOf(stack: SynthesizedStack): Resource {
  const network = resourcesOf(stack, 'google_compute_network').find(({ address }) => resourcesOf(stack, 'google_compute_subnetwork').some(({ config }) => reference(config.network) === address));
  if (!network) throw new Error('no network with a subnet');
  return network;
}

export function segmentMachine(stack: SynthesizedStack, subject: ObservationSubject, segment: string): Machine | undefined {
  const range = subject.segments.find(({ name }) => name === segment)?.cidrs[0];
  const subnet = resourcesOf(stack, 'google_compute_subnetwork').find(({ config }) => config.ip_cidr_range === range);
  if (!subnet || range === undefined) return undefined;
  const tag = resourcesOf(stack, 'google_tags_tag_value').find(({ config }) => config.short_name === segment);
  const told = (stack.output?.group_ids?.value as Record<string, string[]> | undefined)?.[segment]?.[0];
  return {
    name: segment,
    tags: tag ? [tag.address] : [],
    ...(told?.includes('@') ? { account: told } : {}),
    networkTags: [`${subject.name}-${segment}-egress`],
    subnet: subnet.address,
    address: nth(range, PLACE),
    isPublic: false,
  };
}

/** Whoever may edit a machine can set any network tag: it is no control. */
export function withEveryNetworkTag(stack: SynthesizedStack, machine: Machine): Machine {
  const tags = resourcesOf(stack, 'google_compute_route').flatMap(({ config }) => listOf(config.tags).map(String));
  return { ...machine, name: `${machine.name}, any network tag`, networkTags: [...new Set([...machine.networkTags, ...tags])] };
}

/** Machines that the policy does not know of. Each is there only while something lets it be. */
export function strangers(stack: SynthesizedStack, subject: ObservationSubject): readonly Machine[] {
  const segments = subject.segments.flatMap(({ name }) => segmentMachine(stack, subject, name) ?? []);
  const [first] = segments;
  if (!first) return [];
  const untagged = (name: string, changes: Partial<Machine>): Machine => withEveryNetworkTag(stack, { ...first, name, tags: [], account: 'stranger@elsewhere.iam.gserviceaccount.com', ...changes });
  const values = resourcesOf(stack, 'google_tags_tag_value');
  const ranges = new Set(subject.segments.flatMap(({ cidrs }) => cidrs));
  const stray = resourcesOf(stack, 'google_compute_subnetwork').filter(({ config }) => !ranges.has(config.ip_cidr_range) && config.purpose !== 'REGIONAL_MANAGED_PROXY');
  const network = networkOf(stack);
  return [
    ...segments.map((machine) => untagged(`no tag, in ${machine.name}`, { subnet: machine.subnet, address: machine.address })),
    // A machine carries one value of a key; values of several keys put it into several segments.
    ...(new Set(values.map(({ config }) => String(config.parent))).size > 1 ? [untagged('in every segment', { tags: values.map(({ address }) => address) })] : []),
    ...stray.map(({ address, config }) => untagged(`no tag, in ${config.ip_cidr_range}`, { subnet: address, address: nth(config.ip_cidr_range, PLACE) })),
    ...(network.config.auto_create_subnetworks === false ? [] : [untagged("in a subnet of Google's making", { subnet: 'none', address: '10.128.0.20' })]),
    ...publicMachines(stack).map((name) => untagged(`${name}, with a public address`, { isPublic: true })),
  ];
}

/** Machines with addresses of their own, and addresses that any machine may take. */
function publicMachines(stack: SynthesizedStack): readonly string[] {
  const used = JSON.stringify([...resourcesOf(stack, 'google_compute_router_nat'), ...resourcesOf(stack, 'google_compute_forwarding_rule')].map(({ config }) => config));
  const machines = ['google_compute_instance', 'google_compute_instance_template'].flatMap((type) => resourcesOf(stack, type))
    .filter(({ config }) => listOf(config.network_interface).some((nic) => listOf(nic.access_config).length > 0));
  const free = resourcesOf(stack, 'google_compute_address').filter(({ address, config }) => config.address_type !== 'INTERNAL' && !used.includes(`\${${address}.`));
  return [...machines, ...free].map(({ address }) => address);
}

/**
 * The stack at the moment when a thing has just been made: of what filters, only that on which the
 * thing depends is there for certain.
 */
export function whileMaking(stack: SynthesizedStack, made: readonly Resource[]): SynthesizedStack {
  const needed = new Set<string>();
  const visit = (address: string) => {
    if (needed.has(address)) return;
    needed.add(address);
    const [type, name] = address.split('.') as [string, string];
    const config = stack.resource?.[type]?.[name];
    for (const [, found] of JSON.stringify(config ?? {}).matchAll(/\$\{([a-z0-9_]+\.[A-Za-z0-9_-]+)\./g)) visit(found!);
    for (const found of listOf(config?.depends_on)) visit(String(found));
  };
  for (const { address } of made) visit(address);
  const resource = Object.fromEntries(Object.entries(stack.resource ?? {}).map(([type, all]) => [type, type.startsWith('google_compute_network_firewall_policy')
    ? Object.fromEntries(Object.entries(all).filter(([name]) => needed.has(`${type}.${name}`)))
    : all]));
  return { ...stack, resource };
}

/** What Google would refuse at apply, so that nothing of it ever decides. */
export function refusals(stack: SynthesizedStack): readonly string[] {
  const rules = resourcesOf(stack, 'google_compute_network_firewall_policy_rule');
  const priorities = new Map<string, string>();
  const endpoints = resourcesOf(stack, 'google_compute_global_forwarding_rule')
    .filter(({ config }) => ['vpc-sc', 'all-apis'].includes(config.target) && !/^[a-z][a-z0-9]{0,19}$/.test(config.name))
    .map(({ address }) => `${address}: a name that endpoints of APIs cannot have`);
  return [...endpoints, ...rules.flatMap(({ address, config }) => {
    const found: string[] = [];
    const key = `${config.firewall_policy} ${config.priority}`;
    if (priorities.has(key)) found.push(`${address}: the priority of another rule`);
    priorities.set(key, address);
    if (listOf(config.match?.dest_fqdns).some((name) => String(name).includes('*'))) found.push(`${address}: a wildcard`);
    if (listOf(config.match?.dest_fqdns).length > 100) found.push(`${address}: more than 100 names`);
    if (config.priority > 2_147_483_547) found.push(`${address}: a priority that is too large`);
    if (listOf(config.target_secure_tags).length > 0 && listOf(config.target_service_accounts).length > 0) found.push(`${address}: tags and accounts`);
    return found;
  })];
}
