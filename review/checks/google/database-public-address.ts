import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { flagAt, hiddenAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'database-public-address',
  title: 'a database with a public address',
  severity: 'medium',
  why: 'A Cloud SQL instance has a public address unless it is told otherwise, and leaves through it, outside of every VPC. An AlloyDB instance has one when it is told so.',
  fix: 'Set ipv4_enabled to false and give it a private network; leave out enable_public_ip.',
  references: ['https://cloud.google.com/sql/docs/mysql/configure-private-ip', 'https://cloud.google.com/alloydb/docs/connect-public-ip'],
  comparable: ['checkov CKV_GCP_60', 'trivy GCP-0017'],
  *run({ model }) {
    for (const resource of model.graph.ofType('google_sql_database_instance')) {
      const path = ['settings', 0, 'ip_configuration', 0, 'ipv4_enabled'];
      if (flagAt(resource, path) !== false && hiddenAt(resource, path) === undefined) yield { address: resource.address, message: 'ipv4_enabled is on' };
    }
    for (const resource of model.graph.ofType('google_alloydb_instance')) {
      if (flagAt(resource, ['network_config', 0, 'enable_public_ip']) === true) yield { address: resource.address, message: 'enable_public_ip is on' };
    }
  },
};
