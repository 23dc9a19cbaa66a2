/** Address groups of the plan. https://cloud.google.com/firewall/docs/address-groups-firewall-policies */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import type { AddressGroups } from './firewall-rule';
import { hiddenBlockAt, textsAt } from './reading';

const GROUP_TYPES = ['google_network_security_address_group'];

/** Reads the items of groups that the plan makes; a group from elsewhere is only a name. */
export const ADDRESS_GROUPS: AddressGroups = {
  itemsOf(resource: Resource, path: AttributePath) {
    const texts = textsAt(resource, path);
    const hidden = hiddenBlockAt(resource, path);
    if (texts.values.length === 0 && texts.unknown === undefined && hidden === undefined) return { items: [], foreign: [] };
    const { targets, exact, unknown } = resource.references(path, { types: GROUP_TYPES });
    const lists = targets.map((group) => textsAt(group, 'items'));
    const foreign = texts.values.filter((text) => resource.elements(path).some((place) => resource.valueAt(place) === text && resource.references(place, { types: GROUP_TYPES }).targets.length === 0));
    const reason = lists.find((list) => list.unknown !== undefined)?.unknown ?? (foreign.length === 0 ? unknown : undefined)
      ?? (exact || targets.length < 2 ? undefined : `${resource.address}: which address group is meant is known after apply`);
    return { items: lists.flatMap((list) => list.values), foreign, ...(reason === undefined ? {} : { unknown: reason }) };
  },
};
