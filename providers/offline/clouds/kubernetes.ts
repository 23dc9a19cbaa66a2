/** How Kubernetes names what it makes: namespace and name are the id, and a change of either makes another object. */
import { type ObjectValue } from '../wire/cty';
import { type CloudRules, objects, text } from './cloud';

/** The rules of `hashicorp/kubernetes`. */
export const KUBERNETES: CloudRules = {
  defaultId: (type, self) => {
    const [metadata] = objects(self['metadata']);
    const name = text(metadata?.['name']);
    // kubernetes_manifest has no id of its own.
    if (type === 'kubernetes_manifest' || name === undefined) return '{hex12}';
    const namespace = text(metadata?.['namespace']);
    return namespace === undefined || type.startsWith('kubernetes_namespace') ? name : `${namespace}/${name}`;
  },
  values: { uid: '{uuid}', resource_version: '{digits}', generation: () => 1 },
  // The real provider asks the API server for a dry run, which answers with the object.
  planned: (type, planned) => (type === 'kubernetes_manifest' ? { ...planned, object: planned['manifest'] as ObjectValue } : planned),
};
