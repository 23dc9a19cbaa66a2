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
  if (!before) return now.action === 'update' && now.before ? movedBy(now.before, now) : undefined;
  const earlier = moves.before(address);
  const was = earlier === undefined ? undefined : before.byAddress(earlier);
  const id = was?.valueAt('id');
  if (!was || id === undefined || id === null) return undefined;
  const own = now.valueAt('id');
  if (now.action === 'create' || (own !== undefined && own !== null && own !== id)) return ['id'];
  return movedBy(was.values, now);
}

/** These list what stands in them. */
const NETWORKS: ReadonlySet<string> = new Set(['aws_vpc', 'google_compute_network', 'azurerm_virtual_network']);

function movedBy(before: JsonObject, now: Resource): readonly string[] | undefined {
  if (NETWORKS.has(now.type)) return undefined;
  const names = [...new Set([...Object.keys(before), ...Object.keys(now.values)])].filter((name) => STANDS_IN.test(name));
  const moved = names.filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(now.values[name] ?? null));
  return moved.length > 0 ? moved.sort() : undefined;
}

/** A plan names what it replaces something for; what is replaced because somebody asked for it names nothing. */
function replacement({ actionReason, replacedFor = [] }: Resource): readonly string[] | undefined {
  const others = replacedFor.filter((attribute) => !SAME_FOR.has(attribute));
  if (others.length > 0) return [...new Set(others)].sort();
  return replacedFor.length > 0 || ON_DEMAND.has(actionReason ?? '') ? undefined : [];
}

/** https://developer.hashicorp.com/terraform/internals/json-format#change-representation (action_reason) */
const ON_DEMAND: ReadonlySet<string> = new Set(['replace_because_tainted', 'replace_by_request', 'replace_by_triggers']);
