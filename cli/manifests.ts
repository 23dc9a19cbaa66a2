/** `egress manifests`: what closes the clusters of the policy, as YAML for GitOps. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '../blueprints/policy/model';
import { clusterNetwork } from '../blueprints/kubernetes/cluster-network';
import { clusterStages } from '../blueprints/kubernetes/manifests';
import { yamlFiles } from '../blueprints/kubernetes/yaml';
import { CLOUDS } from '../blueprints/policy/model';

/** Text by path below the folder: `aws-prod/1-deny.yaml`. */
export function manifestFiles(policy: Policy): Readonly<Record<string, string>> {
  return Object.fromEntries(policy.environments.flatMap((environment) => CLOUDS.flatMap((cloud) => {
    const part = environment[cloud];
    if (!part?.cluster) return [];
    return yamlFiles(clusterStages(clusterNetwork(policy, environment.name, part))).map(({ name, text }) => [join(`${cloud}-${environment.name}`, name), text]);
  })));
}

/** Writes one folder per cluster. @returns the files, in the order in which they are applied */
export function writeManifests(policy: Policy, folder: string): readonly string[] {
  return Object.entries(manifestFiles(policy)).map(([name, text]) => {
    const file = join(folder, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
    return file;
  });
}
