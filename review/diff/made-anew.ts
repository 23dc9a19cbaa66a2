/** Whether an address names another thing after a change than before it. */
import type { Resource, ResourceGraph } from '../plan/resource-graph';
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

/**
 * Undefined where it is the same thing. Otherwise the attributes that make it another one, sorted; empty where the
 * input does not tell which.
 *
 * @param before what to compare ids with; undefined for a plan's own prior state, whose ids Terraform kept, and where there is no graph
 */
export function madeAnew(address: string, after: ResourceGraph, before: ResourceGraph | undefined, moves: Moves): readonly string[] | undefined {
  const now = after.byAddress(address);
  if (!now || now.mode === 'data') return undefined;
  if (now.action === 'replace') return replacement(now);
  const earlier = before && moves.before(address);
  const id = earlier === undefined ? undefined : before?.byAddress(earlier)?.valueAt('id');
  if (id === undefined || id === null) return undefined;
  if (now.action === 'create') return ['id'];
  const own = now.valueAt('id');
  return own !== undefined && own !== null && own !== id ? ['id'] : undefined;
}

/** A plan names what it replaces something for; what is replaced because somebody asked for it names nothing. */
function replacement({ actionReason, replacedFor = [] }: Resource): readonly string[] | undefined {
  const others = replacedFor.filter((attribute) => !SAME_FOR.has(attribute));
  if (others.length > 0) return [...new Set(others)].sort();
  return replacedFor.length > 0 || ON_DEMAND.has(actionReason ?? '') ? undefined : [];
}

/** https://developer.hashicorp.com/terraform/internals/json-format#change-representation (action_reason) */
const ON_DEMAND: ReadonlySet<string> = new Set(['replace_because_tainted', 'replace_by_request', 'replace_by_triggers']);
