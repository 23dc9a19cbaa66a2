/** Which segment and tier of the policy a resource belongs to, as its tags say. */
import { own, isObject } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import type { AzureSubnet } from './subnet';

export type Tier = 'public' | 'private' | 'data';

export interface SegmentName {
  readonly segment?: string;
  readonly tier?: Tier;
}

/** A subnet has no tags on Azure: those of its group or route table count, or its name `segment-<name>`. */
export function segmentOfSubnet(subnet: AzureSubnet): SegmentName {
  const attached = [subnet.groups, subnet.tables].flatMap(({ candidates }) => (candidates.length === 1 ? candidates : []));
  const tagged = attached.map(segmentOf).find(({ segment }) => segment !== undefined) ?? {};
  const named = /^segment-([a-z][a-z0-9-]{0,19})$/.exec(subnet.name ?? '')?.[1];
  return tagged.segment === undefined && named !== undefined ? { ...tagged, segment: named } : tagged;
}

export function segmentOf(resource: Resource): SegmentName {
  const tags = resource.valueAt('tags');
  if (!isObject(tags)) return {};
  const value = (...names: readonly string[]) => names.map((name) => own(tags, name)).find((found): found is string => typeof found === 'string' && found !== '');
  const segment = value('segment', 'Segment');
  const tier = value('tier', 'Tier')?.toLowerCase();
  return {
    ...(segment === undefined ? {} : { segment }),
    ...(tier === 'public' || tier === 'private' || tier === 'data' ? { tier } : {}),
  };
}
