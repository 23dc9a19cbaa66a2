/** What the options of `options-before.yaml` and `options-after.yaml` make of a network. */
import type { AwsEndpointPreset } from '../../blueprints/policy/aws-endpoint-presets';
import { gatewayEndpointsOfSegments } from './expected-gateways';
import type { NetworkCheck } from './expected-network';
import { subnetAt } from './live-network';

/** AWS's short names, by preset, from its pages and not from the blueprint. */
const PRESET_SERVICES: Readonly<Record<AwsEndpointPreset, readonly string[]>> = {
  ecs: ['ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent', 'ecs-telemetry', 'logs', 's3'],
  eks: ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'elasticloadbalancing', 'logs', 's3', 'sts'],
  lambda: ['lambda', 'secretsmanager', 'sts'],
  ssm: ['ec2messages', 'ssm', 'ssmmessages'],
};

const presetEndpoints: NetworkCheck = {
  id: 'preset-endpoints',
  claim: 'each service of the presets has an interface endpoint',
  seen: ({ endpoints }, { environment }) => (environment.endpointPresets ?? []).flatMap((preset) => [...PRESET_SERVICES[preset]])
    .filter((name) => !endpoints.some(({ ServiceName, VpcEndpointType }) => VpcEndpointType === 'Interface' && ServiceName === `com.amazonaws.us-east-1.${name}`)),
};

/** @param mode of the account in the region: who says `exclusions` leaves it to somebody else */
function publicAccess(claim: string, mode: 'off' | 'block-bidirectional'): NetworkCheck {
  return {
    id: 'public-access',
    claim,
    seen: ({ vpc, publicAccess: { mode: actual, exclusions } }) => [
      ...(actual === mode ? [] : [`the mode is ${actual}`]),
      ...(exclusions.some((line) => line === `allow-bidirectional ${vpc}`) ? [] : [`excluded: ${exclusions.join(', ') || 'nothing'}`]),
    ],
  };
}

export const OPTIONS_BEFORE: readonly NetworkCheck[] = [
  presetEndpoints,
  publicAccess('the network is excluded from the block of public access, which is left to somebody else', 'off'),
  {
    id: 'domain-lists',
    claim: 'each segment has its hosts on a list for its own addresses, and no list has another',
    seen: ({ firewall }, { rules, zones, blocksIn }) => {
      const wanted = rules.flatMap(({ host, segments }) => segments.map((segment) => line(zones.flatMap((zone) => blocksIn(segment, zone)), host.kind === 'exact' ? host.domain : `.${host.domain}`)));
      const actual = (firewall?.lists ?? []).flatMap(({ homeNet, targets, action }) => targets.map((target) => (action === 'ALLOWLIST' ? line(homeNet, target) : `${action} of ${target}`)));
      return [...wanted.filter((each) => !actual.includes(each)).map((each) => `missing ${each}`), ...actual.filter((each) => !wanted.includes(each)).map((each) => `unexpected ${each}`)];
    },
  },
  {
    id: 'records-in-stream',
    claim: 'flow logs, and alerts and flows of the firewall go to the stream',
    seen: ({ flowLogs, firewall }, { environment: { logs } }) => {
      const stream = logs.destination === 'firehose' ? logs.streamArn : 'no stream';
      return [
        ...(flowLogs.some(({ LogDestination, LogDestinationType }) => LogDestination === stream && LogDestinationType === 'kinesis-data-firehose') ? [] : ['no flow log in the stream']),
        ...['ALERT', 'FLOW'].filter((type) => !firewall?.logs.some(({ LogType, LogDestination }) => LogType === type && stream.endsWith(`/${LogDestination?.deliveryStream}`))).map((type) => `${type} is not in the stream`),
      ];
    },
  },
  {
    id: 'firewall-key',
    claim: "the firewall is under the team's key, and opens no TLS",
    seen: ({ firewall }, { environment }) => [
      ...(firewall?.firewall.EncryptionConfiguration?.KeyId === environment.kmsKey ? [] : [`it is under ${firewall?.firewall.EncryptionConfiguration?.KeyId}`]),
      ...(firewall?.policy.TLSInspectionConfigurationArn ? ['it opens TLS'] : []),
    ],
  },
];

export const OPTIONS_AFTER: readonly NetworkCheck[] = [
  presetEndpoints,
  gatewayEndpointsOfSegments,
  publicAccess('public access is blocked in the account, and the network is excluded', 'block-bidirectional'),
  {
    id: 'organization-perimeter',
    claim: 'endpoints serve the organization, and S3 lets the named buckets be read',
    seen: ({ endpoints }) => endpoints.flatMap(({ ServiceName, VpcEndpointType, PolicyDocument = '' }) => {
      if (VpcEndpointType === 'GatewayLoadBalancer') return [];
      const isS3 = ServiceName?.endsWith('.s3');
      return [
        ...(PolicyDocument.includes('"aws:ResourceOrgID":"o-a1b2c3d4e5"') ? [] : [`${ServiceName} does not name the organization`]),
        ...(isS3 && !PolicyDocument.includes('al2023-repos-us-east-1-de612dc2') ? [`${ServiceName} does not let the named bucket be read`] : []),
      ];
    }),
  },
  {
    id: 'records-in-bucket',
    claim: 'flow logs, and alerts, flows and TLS of the firewall go to the bucket',
    seen: ({ flowLogs, firewall }, { name }) => [
      ...(flowLogs.some(({ LogDestination = '', DestinationOptions }) => LogDestination.startsWith(`arn:aws:s3:::${name}-egress-logs-`) && DestinationOptions?.FileFormat === 'parquet') ? [] : ['no flow log in the bucket']),
      ...['ALERT', 'FLOW', 'TLS'].filter((type) => !firewall?.logs.some(({ LogType, LogDestination }) => LogType === type && LogDestination?.bucketName?.startsWith(`${name}-egress-logs-`))).map((type) => `${type} is not in the bucket`),
    ],
  },
  {
    id: 'firewall-key',
    claim: "the firewall is under the stack's key",
    seen: ({ firewall }) => {
      const { Type, KeyId = '' } = firewall?.firewall.EncryptionConfiguration ?? {};
      return Type === 'CUSTOMER_KMS' && !KeyId.endsWith('/00000000-0000-0000-0000-000000000000') ? [] : [`it is under ${KeyId || 'a key that AWS owns'}`];
    },
  },
  {
    id: 'tls-inspection',
    claim: 'the policy in force opens TLS, and forgets connections when it was told to',
    seen: ({ firewall }) => [
      ...(firewall?.policy.TLSInspectionConfigurationArn ? [] : ['it opens nothing']),
      ...(firewall?.policy.StatefulEngineOptions?.FlowTimeouts?.TcpIdleTimeoutSeconds === 600 ? [] : ['the idle timeout is another']),
      ...(firewall?.lists ?? []).flatMap(({ targets }) => targets).map((target) => `${target} is still on a list`),
    ],
  },
  {
    id: 'secondary-ranges',
    claim: 'the range for pods is cut for the zones, and its subnets are under the segment\'s ACL',
    seen: (network, { environment, zones, blocksIn }) => Object.keys(environment.secondaryCidrs ?? {}).flatMap((segment) => zones.flatMap((zone) => {
      const acls = blocksIn(segment, zone).map((block) => {
        const { SubnetId: own } = subnetAt(network, block);
        return network.acls.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === own))?.NetworkAclId;
      });
      return acls.length === 2 && acls[0] === acls[1] ? [] : [`${segment} in ${zone.name} is under ${acls.join(', ')}`];
    })),
  },
];

function line(addresses: readonly string[], target: string): string {
  return `${target} for ${[...addresses].sort().join(',')}`;
}
