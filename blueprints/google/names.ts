import type { BlueprintProblem } from '../blueprint-error';

/** The longest name that Compute Engine and Cloud DNS take. https://cloud.google.com/compute/docs/naming-resources */
export const LONGEST_NAME = 63;

const RFC1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Joins the parts of a resource's name with hyphens: `acme-prod-payments`. */
export function resourceName(...parts: readonly string[]): string {
  return parts.join('-');
}

/** The names among these that Google would refuse at apply, which is late: after half of the network stands. */
export function nameProblems(names: readonly string[]): readonly BlueprintProblem[] {
  return names.flatMap((name) => {
    if (name.length > LONGEST_NAME) {
      return [{ message: `google: the name '${name}' has ${name.length} characters and may have ${LONGEST_NAME}; shorten the organization, environment or segment` }];
    }
    return RFC1035.test(name) ? [] : [{ message: `google: '${name}' is no resource name; use lower-case letters, digits and hyphens, beginning with a letter` }];
  });
}
