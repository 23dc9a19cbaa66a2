/** Whether segments, place and addresses of a network are ones that Google takes, before anything is made. */
import type { BlueprintProblem } from '../blueprint-error';
import { INFRASTRUCTURE } from '../policy/address-plan';
import { blockProblems, NARROWEST_SUBNET, regionProblems, segmentProblems } from '../policy/sound-network';
import type { GoogleSegmentedNetworkProps } from './segmented-network';

/** An id, with the domain that old projects have before it. https://cloud.google.com/resource-manager/docs/creating-managing-projects */
const PROJECT = /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

/** Every problem, in lower case and with the way out. */
export function placeProblems({ segments, rules, region, project, addresses, clusters = [] }: GoogleSegmentedNetworkProps): readonly BlueprintProblem[] {
  const problems = segmentProblems(segments, rules);
  return [
    ...problems,
    ...regionProblems('google', region),
    ...(PROJECT.test(project) || project.includes('${') ? [] : [`'${project}' is no id of a project; write the id, not the name or number`]),
    ...blockProblems([
      ...segments.map(({ name }) => ({ owner: `'${name}'`, cidr: addresses.segment(name) })),
      ...INFRASTRUCTURE.google.map((role) => ({ owner: role, cidr: addresses.infrastructure(role) })),
    ], { within: [addresses.cidr], narrowest: NARROWEST_SUBNET.google }),
    ...blockProblems([{ owner: 'the network', cidr: addresses.cidr }, ...clusters.map(({ segment, pods }) => ({ owner: `the pods of '${segment}'`, cidr: pods }))]),
  ].map((problem) => ({ message: `google: ${problem}` }));
}
