/** Manifests as YAML files, for GitOps: the same objects that the Terraform stack makes. */
import { stringify } from 'yaml';
import type { Stage } from './manifests';

/** One file of a folder of manifests. */
export interface YamlFile {
  readonly name: string;
  readonly text: string;
}

/**
 * One file per stage, numbered: `kubectl apply -f` takes a folder in the order of names, and so do
 * Argo CD and Flux within one stage. A cluster is closed before it is opened.
 */
export function yamlFiles(stages: readonly Stage[]): readonly YamlFile[] {
  return stages.map(({ name, manifests }, index) => ({
    name: `${index}-${name}.yaml`,
    text: manifests.map((manifest) => `---\n${stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false })}`).join(''),
  }));
}
