/**
 * Which folders and which organization a network is below: those of its project, as far as a plan tells. Policies of all
 * of them hold, the organization's first. https://cloud.google.com/firewall/docs/firewall-policies#hierarchical-policies
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { baseName, textAt } from './reading';

const FOLDERS = ['google_folder'];
const PROJECTS = ['google_project'];
/** Nobody nests folders deeper than ten. */
const DEEPEST = 20;

export class Hierarchy {
  private readonly projects: ReadonlyMap<string, Resource>;
  private readonly folders: ReadonlyMap<string, Resource>;
  private readonly byNode = new Map<string, Resource>();

  constructor(graph: ResourceGraph) {
    const all = (types: readonly string[]) => types.flatMap((type) => [...graph.ofType(type), ...graph.ofType(type, 'data')]);
    this.projects = new Map(all(PROJECTS).flatMap((project) => ['project_id', 'number'].flatMap((path) => { const text = textAt(project, path); return text === undefined ? [] : [[text, project] as const]; })));
    this.folders = new Map(all(FOLDERS).flatMap((folder) => { const text = textAt(folder, 'name'); return text === undefined ? [] : [[text, folder] as const]; }));
  }

  /** Whether what is given to a folder or an organization holds for a network; `undefined`: no plan tells. */
  isAbove(given: Resource, network: Resource | undefined): boolean | undefined {
    const node = this.nodeAt(given, 'attachment_target', 'folders');
    const project = network && this.projectOf(network);
    if (node === undefined || !project) return undefined;
    const above = this.upFrom(this.nodeAt(project, 'org_id', 'organizations') ?? this.nodeAt(project, 'folder_id', 'folders'));
    if (above.includes(node)) return true;
    return above.at(-1)?.startsWith('organizations/') ? false : undefined;
  }

  /** How far down it is given: rules of what is above are asked first. */
  depthOf(given: Resource): number {
    const above = this.upFrom(this.nodeAt(given, 'attachment_target', 'folders'));
    return above[0]?.startsWith('organizations/') ? 0 : 1 + above.length;
  }

  private projectOf(network: Resource): Resource | undefined {
    const { targets, exact } = network.references('project', { types: PROJECTS });
    return exact && targets.length === 1 ? targets[0] : this.projects.get(textAt(network, 'project') ?? '');
  }

  /** A folder and all that is above it, the nearest first. */
  private upFrom(start: string | undefined): readonly string[] {
    const found: string[] = [];
    for (let node = start; node !== undefined && found.length < DEEPEST;) {
      found.push(node);
      const folder = this.byNode.get(node);
      node = folder && this.nodeAt(folder, 'parent', 'folders');
    }
    return found;
  }

  /** `organizations/1`; of a folder that the plan has its address, else `folders/1`. */
  private nodeAt(resource: Resource, path: string, kind: 'folders' | 'organizations'): string | undefined {
    const { targets, exact } = resource.references(path, { types: FOLDERS });
    const text = textAt(resource, path);
    const named = text === undefined || text === '' ? undefined : text.includes('/') ? text.split('/').slice(-2).join('/') : `${kind}/${baseName(text)}`;
    const folder = exact && targets.length === 1 ? targets[0] : named === undefined ? undefined : this.folders.get(named);
    if (folder) this.byNode.set(folder.address, folder);
    return folder?.address ?? named;
  }
}
