/** Paths with a `*` for every element of a block. */
import { toPath, type AttributePath, type PathLike } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';

/** Paths with each `*` replaced by the elements that there are. */
export function expanded(resource: Resource, paths: readonly PathLike[]): readonly AttributePath[] {
  return paths.flatMap((path) => {
    const steps = toPath(path);
    if (!steps.includes('*')) return [steps];
    let found: readonly AttributePath[] = [[]];
    for (const step of steps) found = step === '*' ? found.flatMap((each) => resource.elements(each)) : found.map((each) => [...each, step]);
    return found;
  });
}
