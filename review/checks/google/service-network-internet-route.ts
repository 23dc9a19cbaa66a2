import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { flagAt, hiddenAt, textAt } from '../../model/google/reading';
import type { Resource } from '../../plan/resource-graph';
import { segmentedPolicies } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'service-network-internet-route',
  title: 'a peered network of Google\'s services with a way to the internet',
  severity: 'medium',
  why: 'Cloud SQL and others run in a network of Google that has a default route of its own: what is there can reach the internet although nothing here can.',
  fix: 'Add google_service_networking_vpc_service_controls with enabled = true for the network and service.',
  references: ['https://cloud.google.com/service-infrastructure/docs/enabling-private-services-access', 'https://cloud.google.com/sdk/gcloud/reference/services/vpc-peerings/enable-vpc-service-controls'],
  comparable: [],
  *run({ model }) {
    // Who has no segments promised nobody that there is no way out.
    if (segmentedPolicies(model).length === 0) return;
    const closed = model.graph.ofType('google_service_networking_vpc_service_controls').filter((each) => flagAt(each, 'enabled') === true || hiddenAt(each, 'enabled') !== undefined);
    const networksOf = (each: Resource) => each.references('network', { types: ['google_compute_network'] }).targets;
    for (const connection of model.graph.ofType('google_service_networking_connection')) {
      const own = networksOf(connection);
      // Each service has a peering of its own.
      const service = textAt(connection, 'service');
      const networks = closed.filter((each) => service === undefined || (textAt(each, 'service') ?? service) === service).flatMap(networksOf);
      if (own.length > 0 && !own.some((network) => networks.includes(network))) yield { address: connection.address, message: 'the producer keeps its default route' };
    }
  },
};
