/** Firewalls: one endpoint per zone, three protections, a policy, and states that take time. */
import type {
  AssociateFirewallPolicyRequest, AssociateSubnetsRequest, CreateFirewallRequest, DeleteFirewallRequest,
  DescribeFirewallRequest, DisassociateSubnetsRequest, ListFirewallsRequest, SubnetMapping,
  UpdateFirewallDeleteProtectionRequest, UpdateFirewallDescriptionRequest,
  UpdateFirewallEncryptionConfigurationRequest, UpdateFirewallPolicyChangeProtectionRequest, UpdateSubnetChangeProtectionRequest,
} from '@aws-sdk/client-network-firewall';
import { demand } from '../api-error';
import type { Operation } from '../json-service';
import type { FirewallEndpoint, FirewallObject } from './firewall-object';
import { describe, statusOf, subnetMappings } from './firewall-object';
import type { FirewallEndpoints } from './endpoints';
import { newToken, page, renewToken, type Objects } from './objects';
import type { PolicyObject } from './policies';

/** What the operations on firewalls work with. */
export interface FirewallContext {
  readonly firewalls: Objects<FirewallObject>;
  readonly policies: Objects<PolicyObject>;
  readonly endpoints: FirewallEndpoints;
  readonly arnOf: (kind: string, name: string) => string;
  readonly now: () => number;
  /** How long a change takes to reach every zone, in milliseconds. */
  readonly settleTime: number;
}

/** How requests name a firewall. */
export interface FirewallReference {
  readonly FirewallArn?: string | undefined;
  readonly FirewallName?: string | undefined;
}

/** The firewall of a request; one whose deletion has come to its end is gone. */
export function findFirewall({ firewalls, now }: FirewallContext, { FirewallArn: arn, FirewallName: name }: FirewallReference): FirewallObject {
  for (const firewall of firewalls.all()) {
    if (firewall.deleting && now() >= firewall.settledAt) firewalls.remove(firewall);
  }
  return firewalls.get({ arn, name });
}

export function firewallOperations(context: FirewallContext): Record<string, Operation> {
  const { firewalls, policies, endpoints, arnOf, now, settleTime } = context;
  const find = (input: FirewallReference) => findFirewall(context, input);
  const identity = (firewall: FirewallObject) => ({ FirewallArn: firewall.arn, FirewallName: firewall.name, UpdateToken: firewall.updateToken });

  const checkSubnets = async (vpc: string, mappings: readonly SubnetMapping[], taken: readonly FirewallEndpoint[]) => {
    const zones = new Set(taken.map(({ zone }) => zone));
    const subnets = [];
    for (const { SubnetId: subnet } of mappings) {
      const place = await endpoints.place(subnet!);
      demand(place.vpc === vpc, 'InvalidRequestException', `${subnet} is not in ${vpc}`);
      demand(!zones.has(place.zone), 'InvalidRequestException', `a firewall has one subnet per zone, and ${place.zone} has two`);
      zones.add(place.zone);
      subnets.push({ subnet: subnet!, zone: place.zone });
    }
    return subnets;
  };
  const attach = (arn: string, vpc: string, subnets: readonly { subnet: string; zone: string }[]) => Promise.all(
    subnets.map(async ({ subnet, zone }) => ({ subnet, zone, id: await endpoints.create(arn, subnet, vpc) })),
  );
  /** A change of one flag. */
  const set = (firewall: FirewallObject, token: string | undefined, change: Partial<FirewallObject>) => {
    renewToken(firewall, token, true);
    Object.assign(firewall, change);
    return identity(firewall);
  };

  return {
    CreateFirewall: async (input: CreateFirewallRequest) => {
      const { FirewallName: name, FirewallPolicyArn: policyArn, VpcId: vpc, SubnetMappings: mappings = [] } = input;
      demand(name && policyArn && vpc && mappings.length > 0, 'InvalidRequestException', 'a firewall needs a name, a policy, a VPC and subnets');
      policies.get({ arn: policyArn });
      const arn = arnOf('firewall', name);
      demand(!firewalls.has(arn), 'InvalidRequestException', `A resource with the specified name already exists: ${name}`);
      const subnets = await checkSubnets(vpc, mappings, []);
      const firewall = firewalls.add({
        arn, name, id: newToken(), updateToken: newToken(), tags: input.Tags ?? [], encryption: input.EncryptionConfiguration, vpc, policyArn,
        ipAddressTypes: new Map(mappings.map((mapping) => [mapping.SubnetId!, mapping.IPAddressType])),
        endpoints: await attach(arn, vpc, subnets),
        deleteProtection: input.DeleteProtection ?? false,
        subnetChangeProtection: input.SubnetChangeProtection ?? false,
        policyChangeProtection: input.FirewallPolicyChangeProtection ?? false,
        description: input.Description,
        logs: [],
        settledAt: now() + settleTime,
        deleting: false,
      });
      return { Firewall: describe(firewall), FirewallStatus: statusOf(firewall, now()) };
    },

    DescribeFirewall: (input: DescribeFirewallRequest) => {
      const firewall = find(input);
      return { UpdateToken: firewall.updateToken, Firewall: describe(firewall), FirewallStatus: statusOf(firewall, now()) };
    },

    DeleteFirewall: async (input: DeleteFirewallRequest) => {
      const firewall = find(input);
      demand(!firewall.deleteProtection, 'InvalidOperationException', `${firewall.name} is protected against deletion`);
      demand(!firewall.deleting, 'InvalidOperationException', `${firewall.name} is being deleted`);
      firewall.deleting = true;
      firewall.settledAt = now() + settleTime;
      await Promise.all(firewall.endpoints.map(({ id }) => endpoints.remove(id)));
      return { Firewall: describe(firewall), FirewallStatus: statusOf(firewall, now()) };
    },

    ListFirewalls: (input: ListFirewallsRequest) => {
      const all = firewalls.all().filter(({ vpc }) => !input.VpcIds?.length || input.VpcIds.includes(vpc));
      const { items, NextToken } = page(all, input);
      return { Firewalls: items.map(({ name, arn }) => ({ FirewallName: name, FirewallArn: arn })), NextToken };
    },

    AssociateSubnets: async (input: AssociateSubnetsRequest) => {
      const firewall = find(input);
      demand(!firewall.subnetChangeProtection, 'InvalidOperationException', `${firewall.name} is protected against subnet changes`);
      const subnets = await checkSubnets(firewall.vpc, input.SubnetMappings ?? [], firewall.endpoints);
      renewToken(firewall, input.UpdateToken, true);
      firewall.endpoints.push(...await attach(firewall.arn, firewall.vpc, subnets));
      firewall.settledAt = now() + settleTime;
      return { ...identity(firewall), SubnetMappings: subnetMappings(firewall) };
    },

    DisassociateSubnets: async (input: DisassociateSubnetsRequest) => {
      const firewall = find(input);
      demand(!firewall.subnetChangeProtection, 'InvalidOperationException', `${firewall.name} is protected against subnet changes`);
      const gone = firewall.endpoints.filter(({ subnet }) => input.SubnetIds?.includes(subnet));
      demand(gone.length === input.SubnetIds?.length, 'InvalidRequestException', 'a subnet is not one of the firewall');
      demand(gone.length < firewall.endpoints.length, 'InvalidOperationException', 'a firewall keeps at least one subnet');
      renewToken(firewall, input.UpdateToken, true);
      firewall.endpoints = firewall.endpoints.filter((endpoint) => !gone.includes(endpoint));
      firewall.settledAt = now() + settleTime;
      await Promise.all(gone.map(({ id }) => endpoints.remove(id)));
      return { ...identity(firewall), SubnetMappings: subnetMappings(firewall) };
    },

    AssociateFirewallPolicy: (input: AssociateFirewallPolicyRequest) => {
      const firewall = find(input);
      demand(!firewall.policyChangeProtection, 'InvalidOperationException', `${firewall.name} is protected against policy changes`);
      const policy = policies.get({ arn: input.FirewallPolicyArn });
      const answer = set(firewall, input.UpdateToken, { policyArn: policy.arn, settledAt: now() + settleTime });
      return { ...answer, FirewallPolicyArn: policy.arn };
    },

    UpdateFirewallDeleteProtection: (input: UpdateFirewallDeleteProtectionRequest) => {
      const on = input.DeleteProtection ?? false;
      return { ...set(find(input), input.UpdateToken, { deleteProtection: on }), DeleteProtection: on };
    },

    UpdateSubnetChangeProtection: (input: UpdateSubnetChangeProtectionRequest) => {
      const on = input.SubnetChangeProtection ?? false;
      return { ...set(find(input), input.UpdateToken, { subnetChangeProtection: on }), SubnetChangeProtection: on };
    },

    UpdateFirewallPolicyChangeProtection: (input: UpdateFirewallPolicyChangeProtectionRequest) => {
      const on = input.FirewallPolicyChangeProtection ?? false;
      return { ...set(find(input), input.UpdateToken, { policyChangeProtection: on }), FirewallPolicyChangeProtection: on };
    },

    UpdateFirewallEncryptionConfiguration: (input: UpdateFirewallEncryptionConfigurationRequest) => {
      const encryption = input.EncryptionConfiguration;
      return { ...set(find(input), input.UpdateToken, { encryption }), EncryptionConfiguration: encryption };
    },

    UpdateFirewallDescription: (input: UpdateFirewallDescriptionRequest) => {
      const description = input.Description;
      return { ...set(find(input), input.UpdateToken, { description }), Description: description };
    },
  };
}
