/** Whether an address names another thing after a change than before it, or one that stands elsewhere. */
import type { JsonObject, Resource, ResourceGraph } from '../plan/resource-graph';
import type { Moves } from './moves';

/**
 * For these a machine, task or database is made anew and stays what it was, where it was. For anything else
 * something may take over an address, and with it what was found there: a key of `for_each` that is used again, two names that are swapped.
 */
const SAME_FOR: ReadonlySet<string> = new Set([
  'ami', 'image', 'image_id', 'source_image', 'source_image_id', 'source_image_reference', 'boot_disk', 'os_disk', 'root_block_device', 'ebs_block_device', 'disk',
  'user_data', 'user_data_base64', 'user_data_replace_on_change', 'custom_data', 'metadata_startup_script', 'container_definitions', 'filename', 'source_code_hash',
  'instance_type', 'machine_type', 'vm_size', 'size', 'cpu', 'memory', 'admin_password', 'admin_ssh_key', 'key_name', 'description', 'engine_version', 'triggers', 'triggers_replace', 'keepers',
]);

/** Says in which network something stands: a machine that moves takes nothing with it that was agreed to where it was. */
const STANDS_IN = /subnet|^network$|^network_interface$|^vpc_(id|config|options)$|virtual_network/;

/**
 * Undefined where it is the same thing in the same place. Otherwise the attributes that say so, sorted; empty where the
 * input does not tell which.
 *
 * @param before what to compare with; undefined for a plan's own prior state, which its changes tell, and where there is no graph
 */
export function anotherThing(address: string, after: ResourceGraph, before: ResourceGraph | undefined, moves: Moves): readonly string[] | undefined {
  const now = after.byAddress(address);
  if (!now || now.mode === 'data') return undefined;
  if (now.action === 'replace') return replacement(now);
  // It may have stood somewhere for long, and nobody who reviewed this has seen it; unless another file had it, which lets go of it.
  if (now.imported && !moves.has(address)) return ['import'];
  if (!before) return now.action === 'update' && now.before ? movedBy(now.before, now) : undefined;
  const earlier = moves.before(address);
  const was = earlier === undefined ? undefined : before.byAddress(earlier);
  if (!was) return undefined;
  const [id, own] = [was.valueAt('id') ?? undefined, now.valueAt('id') ?? undefined];
  if (id !== undefined && (now.action === 'create' || (own !== undefined && own !== id))) return ['id'];
  return movedBy(was.values, now, (name) => was.unknownAt([name]) !== undefined) ?? ledElsewhere(was, now);
}

/** These list what stands in them. */
const NETWORKS: ReadonlySet<string> = new Set(['aws_vpc', 'google_compute_network', 'azurerm_virtual_network']);

/** @param isUnknown of what was not known before nobody can tell whether it changed */
function movedBy(before: JsonObject, now: Resource, isUnknown: (name: string) => boolean = () => false): readonly string[] | undefined {
  if (NETWORKS.has(now.type)) return undefined;
  const names = [...new Set([...Object.keys(before), ...Object.keys(now.values)])].filter((name) => STANDS_IN.test(name));
  const moved = names.filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(now.values[name] ?? null) && !isUnknown(name));
  return moved.length > 0 ? moved.sort() : undefined;
}

/** The same where no value is known, as in a synthesized stack: by what they refer to. */
const LEAD_TO = ['subnet_id', 'subnet_ids', 'subnets', 'subnetwork', 'network', 'network_interface', 'vpc_id', 'vpc_config', 'virtual_network_name', 'virtual_network_subnet_id'];

function ledElsewhere(was: Resource, now: Resource): readonly string[] | undefined {
  const targets = (resource: Resource, name: string) => resource.references([name]).targets.map(({ address }) => address).sort().join('\n');
  const led = LEAD_TO.filter((name) => was.hasUnknown([name]) && now.hasUnknown([name]) && targets(was, name) !== targets(now, name));
  return led.length > 0 ? led : undefined;
}

/** A plan names what it replaces something for; what is replaced because somebody asked for it names nothing. */
function replacement({ actionReason, replacedFor = [] }: Resource): readonly string[] | undefined {
  const others = replacedFor.filter((attribute) => !SAME_FOR.has(attribute));
  if (others.length > 0) return [...new Set(others)].sort();
  return replacedFor.length > 0 || ON_DEMAND.has(actionReason ?? '') ? undefined : [];
}

/** https://developer.hashicorp.com/terraform/internals/json-format#change-representation (action_reason) */
const ON_DEMAND: ReadonlySet<string> = new Set(['replace_because_tainted', 'replace_by_request', 'replace_by_triggers']);
