/** Interface endpoints of AWS services. */
import type { AwsModel } from '../../model/aws/model';
import { flagAt, isSet } from '../../model/aws/read';
import type { Resource } from '../../plan/resource-graph';
import type { Check } from '../check';
import { isPrivateLink } from '../../model/aws/served-by';

export const check: Check<AwsModel> = {
  id: 'endpoint-private-dns-off',
  title: 'endpoint that the usual name does not lead to',
  severity: 'low',
  why: 'Clients use the service\'s public name: without private DNS it leads to public addresses, past the endpoint and its policy.',
  fix: 'Set private_dns_enabled to true, and private_dns_only_for_inbound_resolver_endpoint to false; of the VPC, enable_dns_support and enable_dns_hostnames to true.',
  references: ['https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html'],
  comparable: [],
  *run({ model }) {
    for (const endpoint of model.endpoints) {
      if (endpoint.kind !== 'interface' || endpoint.privateDns !== false || WITHOUT.has(endpoint.service ?? '') || isPrivateLink(endpoint)) continue;
      // A zone of one's own may answer the name, as a hub's does for its spokes.
      if (model.graph.referrers(endpoint.resource, ['aws_route53_record']).length > 0) continue;
      yield { address: endpoint.address, message: `${endpoint.address} (${endpoint.service ?? 'unknown service'}) has private DNS off` };
    }
    const counting = new Set(model.endpoints.flatMap(({ kind, privateDns, network }) => (kind === 'interface' && privateDns === true && network ? [network] : [])));
    for (const network of model.networks) {
      const off = counting.has(network) && network.resource ? missingIn(network.resource) : [];
      if (off.length > 0) yield { address: network.address, message: `${network.address} answers no private names: ${off.join(' and ')} ${off.length === 1 ? 'is' : 'are'} off` };
    }
  },
};

/** What private names need, and what AWS does where nobody says so. https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
const NEEDED = [['enable_dns_support', true], ['enable_dns_hostnames', false]] as const;

function missingIn(network: Resource): readonly string[] {
  if (network.type !== 'aws_vpc') return [];
  return NEEDED.filter(([name, byDefault]) => (isSet(network, name) ? flagAt(network, name) === false : !byDefault)).map(([name]) => name);
}

/** Their interface endpoints have none to switch on. */
const WITHOUT: ReadonlySet<string> = new Set(['dynamodb', 'dynamodb-streams']);
