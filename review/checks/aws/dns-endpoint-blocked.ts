/** Names of VPC endpoints against the DNS rules of the same network. */
import { isAnswered } from '../../model/aws/dns-firewall';
import { textAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-endpoint-blocked',
  title: 'private endpoint whose name is not resolved',
  severity: 'low',
  why: 'Clients ask for the usual name of the service: an endpoint that no name leads to serves nobody.',
  fix: 'Add the names of the endpoint to an ALLOW rule of the DNS firewall.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rules.html'],
  comparable: [],
  *run({ model }) {
    for (const control of model.dns.all) {
      if (!control.isKnown) continue;
      for (const endpoint of model.endpoints) {
        if (endpoint.network !== control.network) continue;
        const blocked = namesOf(textAt(endpoint.resource, 'service_name') ?? '').find((name) => !isAnswered(control.rules, name));
        if (blocked !== undefined) yield { address: endpoint.address, message: `the resolver of ${control.network.address} does not answer ${blocked}, the name of ${endpoint.address}` };
      }
    }
  },
};

function namesOf(serviceName: string): readonly string[] {
  const [, region, service] = /^com\.amazonaws\.([a-z0-9-]+)\.(.+)$/.exec(serviceName) ?? [];
  if (region === undefined || service === undefined || region === 'vpce') return [];
  const usual = `${service.split('.').reverse().join('.')}.${region}.amazonaws.com`;
  if (service === 's3') return [usual, `bucket.${usual}`];
  if (service === 'ecr.dkr') return [`111122223333.${usual}`];
  const other = OTHER_NAMES[service];
  return [other ? other.replace('R', region) : usual];
}

/** What clients ask for where it is not `<service>.<region>`. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'dynamodb-streams': 'streams.dynamodb.R.amazonaws.com',
  'ecs-agent': 'ecs-a-1.R.amazonaws.com',
  'ecs-telemetry': 'ecs-t-1.R.amazonaws.com',
  'eks-auth': 'eks-auth.R.api.aws',
  'kinesis-firehose': 'firehose.R.amazonaws.com',
  'kinesis-streams': 'kinesis.R.amazonaws.com',
};
