import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import type { Resource } from '../../plan/resource-graph';
import { flagAt, textsAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'perimeter-open',
  title: 'a service perimeter that leaves a way around it',
  severity: 'medium',
  why: 'A perimeter holds for the projects and APIs that it lists. What the network may call besides is a way around it.',
  fix: 'List projects and APIs in status, and restrict what the network may call (vpc_accessible_services) to RESTRICTED-SERVICES.',
  references: ['https://cloud.google.com/vpc-service-controls/docs/vpc-accessible-services'],
  comparable: [],
  *run({ model }) {
    for (const resource of model.graph.ofType('google_access_context_manager_service_perimeter')) {
      if (resource.elements('status').length === 0) continue;
      const listed = (path: string) => {
        const texts = textsAt(resource, ['status', 0, path]);
        return texts.values.length > 0 || texts.unknown !== undefined || resource.hasUnknown(['status', 0, path]);
      };
      // An attached resource may bring them.
      if (!listed('resources') && !isNamedElsewhere(model, resource)) yield { address: resource.address, message: 'is around no project' };
      if (!listed('restricted_services')) yield { address: resource.address, message: 'restricts no API' };
      if (listed('restricted_services') && flagAt(resource, ['status', 0, 'vpc_accessible_services', 0, 'enable_restriction']) !== true) yield { address: resource.address, message: 'lets the network call every API that it does not restrict', severity: 'low' as const };
    }
  },
};

function isNamedElsewhere(model: GoogleModel, perimeter: Resource): boolean {
  return model.graph.referrers(perimeter, ['google_access_context_manager_service_perimeter_resource']).length > 0;
}
