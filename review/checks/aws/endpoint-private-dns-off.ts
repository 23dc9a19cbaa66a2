/** Interface endpoints of AWS services. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';
import { isPrivateLink } from '../../model/aws/served-by';

export const check: Check<AwsModel> = {
  id: 'endpoint-private-dns-off',
  title: 'endpoint that the usual name does not lead to',
  severity: 'low',
  why: 'Clients use the service\'s public name: without private DNS it leads to public addresses, past the endpoint and its policy.',
  fix: 'Set private_dns_enabled to true, and private_dns_only_for_inbound_resolver_endpoint to false.',
  references: ['https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html'],
  comparable: [],
  *run({ model }) {
    for (const endpoint of model.endpoints) {
      if (endpoint.kind !== 'interface' || endpoint.privateDns !== false || WITHOUT.has(endpoint.service ?? '') || isPrivateLink(endpoint)) continue;
      yield { address: endpoint.address, message: `${endpoint.address} (${endpoint.service ?? 'unknown service'}) has private DNS off` };
    }
  },
};

/** Their interface endpoints have none to switch on. */
const WITHOUT: ReadonlySet<string> = new Set(['dynamodb', 'dynamodb-streams']);
