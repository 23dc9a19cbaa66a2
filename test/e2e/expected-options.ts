/** What the options of `options-policy.yaml` add to a network. */
import { gatewayEndpointsOfSegments } from './expected-gateways';
import type { NetworkCheck } from './expected-network';
import { subnetAt } from './live-network';

export const OPTION_CHECKS: readonly NetworkCheck[] = [
  gatewayEndpointsOfSegments,
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
    seen: ({ firewall }) => (firewall?.firewall.EncryptionConfiguration?.Type === 'CUSTOMER_KMS' ? [] : ['it is under a key that AWS owns']),
  },
  {
    id: 'tls-inspection',
    claim: 'the policy in force opens TLS, and forgets connections when it was told to',
    seen: ({ firewall }) => [
      ...(firewall?.policy.TLSInspectionConfigurationArn ? [] : ['it opens nothing']),
      ...(firewall?.policy.StatefulEngineOptions?.FlowTimeouts?.TcpIdleTimeoutSeconds === 600 ? [] : ['the idle timeout is another']),
    ],
  },
  {
    id: 'preset-endpoints',
    claim: 'each service of the presets has an interface endpoint',
    seen: ({ endpoints }) => PRESET_SERVICES
      .filter((name) => !endpoints.some(({ ServiceName, VpcEndpointType }) => VpcEndpointType === 'Interface' && ServiceName?.endsWith(`.${name}`))),
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

const PRESET_SERVICES = [
  'ec2messages', 'ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent', 'ecs-telemetry', 'logs', 's3', 'ssm', 'ssmmessages',
];
