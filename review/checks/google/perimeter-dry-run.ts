import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { perimeters } from '../../model/google/perimeters';

export const check: Check<GoogleModel> = {
  id: 'perimeter-dry-run',
  title: 'a service perimeter that enforces nothing',
  severity: 'medium',
  why: 'A perimeter with only a spec is a dry run: it logs what it would have stopped.',
  fix: 'Put the restrictions into status.',
  references: ['https://cloud.google.com/vpc-service-controls/docs/dry-run-mode'],
  comparable: [],
  *run({ model: { graph } }) {
    for (const { resource, at, status, restricted, title } of perimeters(graph)) {
      if (resource.elements([...at, 'spec']).length === 0 || resource.hasUnknown(status.slice(0, -1))) continue;
      if (restricted.values.length === 0) yield { address: resource.address, message: `${title === undefined ? '' : `${title} `}has a spec and restricts no service in status` };
    }
  },
};
