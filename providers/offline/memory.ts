/**
 * Resources that exist for one stack: those made in this run, and those of its state, all of which
 * Terraform shows to the provider before the first one changes.
 */
import { type Known, text } from './clouds/cloud';
import { type ObjectValue } from './wire/cty';

/** A state file as far as it is read here. */
interface StateFile {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly instances?: readonly { readonly schema_version?: number }[];
  }[];
}

/** Remembers resources, so that a firewall finds the zone of its subnet and no two resources get one id. */
export class Memory {
  /** Resources by id, for look-ups; where several types share an id, the first made is kept. */
  readonly byId = new Map<string, Known>();
  private readonly taken = new Map<string, string>();

  /** Whether a resource of this type has this id already. */
  has(type: string, id: string): boolean {
    return this.taken.has(`${type} ${id}`);
  }

  /** Takes note of a resource as it is now. */
  remember(type: string, values: ObjectValue): void {
    const id = text(values['id']);
    if (id === undefined) return;
    this.taken.set(`${type} ${id}`, id);
    const known = this.byId.get(id);
    if (known === undefined || known.type === type) this.byId.set(id, { type, values });
  }

  /** Forgets a destroyed resource. */
  forget(type: string, values: ObjectValue): void {
    const id = text(values['id']);
    if (id === undefined) return;
    this.taken.delete(`${type} ${id}`);
    if (this.byId.get(id)?.type === type) this.byId.delete(id);
  }
}

/** Types of a state file with the version of the schema that wrote them: Terraform refuses an older schema. */
export function stateTypes(state: StateFile): { resources: Map<string, number>; dataSources: Set<string> } {
  const resources = new Map<string, number>();
  const dataSources = new Set<string>();
  for (const { mode, type, instances } of state.resources ?? []) {
    if (mode !== 'managed') dataSources.add(type);
    else resources.set(type, Math.max(resources.get(type) ?? 0, ...(instances ?? []).map((instance) => instance.schema_version ?? 0)));
  }
  return { resources, dataSources };
}
