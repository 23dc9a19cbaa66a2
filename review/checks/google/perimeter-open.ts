import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { alsoAccessible, isAroundSomething, keepsToRestricted, letIn, letOut, perimeters } from '../../model/google/perimeters';
import { textsAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'perimeter-open',
  title: 'a service perimeter that leaves a way around it',
  severity: 'medium',
  why: 'A perimeter holds for the projects and APIs that it lists. What the network may call besides is a way around it, and so is what an egress policy lets out, or an ingress policy in: whoever has rights fetches the data from where he is.',
  fix: 'List projects and APIs in status, and restrict what the network may call (vpc_accessible_services) to RESTRICTED-SERVICES; name projects and methods in egress policies, identities or access levels in ingress policies.',
  references: ['https://cloud.google.com/vpc-service-controls/docs/vpc-accessible-services', 'https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules'],
  comparable: [],
  *run({ model: { graph } }) {
    for (const perimeter of perimeters(graph)) {
      const { resource, at, status, isBridge, title } = perimeter;
      const { address } = resource;
      const isThere = resource.valueAt(status) !== undefined && resource.valueAt(status) !== null;
      if (isBridge) continue;
      // One that is only tried is told elsewhere.
      if (!isThere && resource.elements([...at, 'spec']).length === 0 && !resource.hasUnknown(status.slice(0, -1))) yield { address, message: `${title === undefined ? '' : `${title} `}has no status, and so keeps nothing inside` };
      if (!isThere) continue;
      const whose = title === undefined ? '' : `${title} `;
      const listed = (path: string) => {
        const texts = textsAt(resource, [...status, path]);
        return texts.values.length > 0 || texts.unknown !== undefined || resource.hasUnknown([...status, path]);
      };
      if (!isAroundSomething(perimeter, graph)) yield { address, message: `${whose}is around no project` };
      if (!listed('restricted_services')) yield { address, message: `${whose}restricts no API` };
      if (listed('restricted_services') && !keepsToRestricted(perimeter)) yield { address, message: `${whose}lets the network call every API that it does not restrict`, severity: 'low' };
      else if (alsoAccessible(perimeter).length > 0) yield { address, message: `${whose}lets the network call ${alsoAccessible(perimeter).join(', ')}, which it does not restrict`, severity: 'low' };
    }
    for (const { resource, to, isOfEveryService, isReadOnly, unknown } of letOut(graph)) {
      if (!isReadOnly && unknown === undefined) yield { address: resource.address, message: `an egress policy lets out to ${to}${isOfEveryService ? ', by every service' : ''}`, ...(isOfEveryService ? {} : { severity: 'low' as const }) };
    }
    for (const { resource, by, isOfEveryService } of letIn(graph)) {
      yield { address: resource.address, message: `${by} lets anybody in from anywhere${isOfEveryService ? ', to every service' : ''}`, ...(isOfEveryService ? {} : { severity: 'low' as const }) };
    }
  },
};
