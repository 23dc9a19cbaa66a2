import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { flagAt, hiddenAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'database-public-address',
  title: 'a database with a public address',
  severity: 'medium',
  why: 'A Cloud SQL instance has a public address unless it is told otherwise, and leaves through it, outside of every VPC.',
  fix: 'Set ipv4_enabled to false and give it a private network.',
  references: ['https://cloud.google.com/sql/docs/mysql/configure-private-ip'],
  comparable: ['checkov CKV_GCP_60', 'trivy GCP-0017'],
  *run({ model }) {
    for (const resource of model.graph.ofType('google_sql_database_instance')) {
      const path = ['settings', 0, 'ip_configuration', 0, 'ipv4_enabled'];
      if (flagAt(resource, path) !== false && hiddenAt(resource, path) === undefined) yield { address: resource.address, message: 'ipv4_enabled is on' };
    }
  },
};
