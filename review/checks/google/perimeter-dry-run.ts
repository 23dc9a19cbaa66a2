import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { textsAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'perimeter-dry-run',
  title: 'a service perimeter that enforces nothing',
  severity: 'medium',
  why: 'A perimeter with only a spec is a dry run: it logs what it would have stopped.',
  fix: 'Put the restrictions into status.',
  references: ['https://cloud.google.com/vpc-service-controls/docs/dry-run-mode'],
  comparable: [],
  *run({ model }) {
    for (const resource of model.graph.ofType('google_access_context_manager_service_perimeter')) {
      if (resource.elements('spec').length === 0 || resource.hasUnknown('status')) continue;
      const enforced = resource.elements('status').flatMap((path) => textsAt(resource, [...path, 'restricted_services']).values);
      if (enforced.length === 0) yield { address: resource.address, message: 'has a spec and restricts no service in status' };
    }
  },
};
