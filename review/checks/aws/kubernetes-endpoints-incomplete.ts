/** Networks with EKS nodes that reach nothing outside. */
import { AWS_ENDPOINT_PRESETS } from '../../../blueprints/policy/aws-endpoint-presets';
import { append } from '../../append';
import { VerdictIndex } from '../../model/aws/facts';
import type { AwsModel } from '../../model/aws/model';
import type { AwsNetwork } from '../../model/aws/networks';
import type { AwsPlace } from '../../model/aws/places';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'kubernetes-endpoints-incomplete',
  title: 'cluster without internet and without all the endpoints that it needs',
  severity: 'medium',
  why: 'Nodes with no way out join no cluster and pull no image unless each service has an endpoint in their network.',
  fix: 'Add the endpoints that are missing, S3 as a gateway or an interface.',
  references: ['https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html'],
  comparable: [],
  *run({ model, verdicts }) {
    const index = new VerdictIndex(verdicts);
    const clusterPlaces = model.places.filter((place) => place.workload?.resource.type.startsWith('aws_eks_'));
    const byNetwork = new Map<AwsNetwork | undefined, AwsPlace[]>();
    for (const place of clusterPlaces) if (place.subnet) append(byNetwork, place.subnet.network, place);
    for (const [network, nodes] of byNetwork) {
      const [node] = nodes;
      if (!network || !node || !nodes.every((place) => index.of(place, 4)?.kind === 'none')) continue;
      const services = new Set(model.endpoints.filter((endpoint) => endpoint.network === network).map((endpoint) => endpoint.service));
      const missing = AWS_ENDPOINT_PRESETS.eks.services.filter((service) => !services.has(service));
      if (missing.length > 0 && !services.has(undefined)) yield { address: node.addresses[0] ?? network.address, message: `${network.address} has no way to the internet and no endpoint for ${missing.join(', ')}`, ...(node.segment === undefined ? {} : { segment: node.segment }) };
    }
  },
};
