/**
 * Endpoints that a service makes for one cluster or domain of its own, which may be another account's.
 * https://docs.aws.amazon.com/msk/latest/developerguide/aws-access-mult-vpc.html
 * https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-cross-vpc.html
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc-interface-endpoints.html
 */
import type { Resource } from '../../plan/resource-graph';
import { textAt } from './read';

export interface ServiceConnection {
  /** What it names; undefined for what leads to whatever lets it in. */
  readonly to?: string;
  readonly subnets: string;
  readonly groups: string;
}

const OF_DOMAINS: ServiceConnection = { to: 'domain_arn', subnets: 'vpc_options[0].subnet_ids', groups: 'vpc_options[0].security_group_ids' };

export const SERVICE_CONNECTIONS: Readonly<Record<string, ServiceConnection>> = {
  aws_msk_vpc_connection: { to: 'target_cluster_arn', subnets: 'client_subnets', groups: 'security_groups' },
  aws_redshift_endpoint_access: { to: 'cluster_identifier', subnets: 'subnet_ids', groups: 'vpc_security_group_ids' },
  aws_redshiftserverless_endpoint_access: { to: 'workgroup_name', subnets: 'subnet_ids', groups: 'vpc_security_group_ids' },
  aws_opensearch_vpc_endpoint: OF_DOMAINS,
  aws_elasticsearch_vpc_endpoint: OF_DOMAINS,
  // It has no policy, and whoever owns a collection says who may call it: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-vpc.html
  aws_opensearchserverless_vpc_endpoint: { subnets: 'subnet_ids', groups: 'security_group_ids' },
};

/** What a connection leads to that is not made in its plan; undefined for what is. */
export function strangerBehind(connection: Resource): string | undefined {
  const { to } = SERVICE_CONNECTIONS[connection.type] as ServiceConnection;
  if (to === undefined) return 'collections of any account that let it in';
  if (connection.references(to).targets.some((target) => target !== connection && target.mode === 'managed')) return undefined;
  return textAt(connection, to) ?? `what ${connection.address} leads to`;
}
