/** A firewall as it stands, and how it looks while it is made, changed and deleted. */
import type { Firewall, FirewallStatus, LogDestinationConfig, SubnetMapping } from '@aws-sdk/client-network-firewall';
import { encryptionOf, type ApiObject } from './objects';

/** One endpoint of a firewall. */
export interface FirewallEndpoint {
  readonly subnet: string;
  readonly zone: string;
  readonly id: string;
}

/** A firewall; times are milliseconds of the stand-in's clock. */
export interface FirewallObject extends ApiObject {
  readonly vpc: string;
  readonly ipAddressTypes: ReadonlyMap<string, SubnetMapping['IPAddressType']>;
  policyArn: string;
  endpoints: FirewallEndpoint[];
  deleteProtection: boolean;
  subnetChangeProtection: boolean;
  policyChangeProtection: boolean;
  description: string | undefined;
  logs: LogDestinationConfig[];
  /** When the last change has reached every zone. */
  settledAt: number;
  deleting: boolean;
}

/** The `Firewall` of answers. */
export function describe(firewall: FirewallObject, tags = firewall.tags): Firewall {
  return {
    FirewallName: firewall.name,
    FirewallArn: firewall.arn,
    FirewallId: firewall.id,
    FirewallPolicyArn: firewall.policyArn,
    VpcId: firewall.vpc,
    SubnetMappings: subnetMappings(firewall),
    DeleteProtection: firewall.deleteProtection,
    SubnetChangeProtection: firewall.subnetChangeProtection,
    FirewallPolicyChangeProtection: firewall.policyChangeProtection,
    Description: firewall.description,
    Tags: tags,
    EncryptionConfiguration: encryptionOf(firewall),
    NumberOfAssociations: 0,
  };
}

/** The subnets of a firewall, as answers list them. */
export function subnetMappings(firewall: FirewallObject): SubnetMapping[] {
  return firewall.endpoints.map(({ subnet }) => ({ SubnetId: subnet, IPAddressType: firewall.ipAddressTypes.get(subnet) ?? 'IPV4' }));
}

/**
 * The `FirewallStatus` of answers: until it has settled, a firewall is not ready and its endpoints
 * have no ids, as on AWS, so that whoever reads too early reads nothing.
 */
export function statusOf(firewall: FirewallObject, now: number): FirewallStatus {
  const settled = now >= firewall.settledAt;
  const status = firewall.deleting ? 'DELETING' : settled ? 'READY' : 'PROVISIONING';
  return {
    Status: status,
    ConfigurationSyncStateSummary: settled ? 'IN_SYNC' : 'PENDING',
    SyncStates: Object.fromEntries(firewall.endpoints.map(({ zone, subnet, id }) => [zone, {
      Attachment: settled ? { SubnetId: subnet, EndpointId: id, Status: 'READY' } : { SubnetId: subnet, Status: 'CREATING' },
      Config: { [firewall.policyArn]: { SyncStatus: settled ? 'IN_SYNC' : 'PENDING' } },
    }])),
    CapacityUsageSummary: { CIDRs: { AvailableCIDRCount: 1_000_000, UtilizedCIDRCount: 0, IPSetReferences: {} } },
  };
}
