import { MonitorPrivateLinkScope } from '@cdktf/provider-azurerm/lib/monitor-private-link-scope';
import { MonitorPrivateLinkScopedService } from '@cdktf/provider-azurerm/lib/monitor-private-link-scoped-service';
import { PrivateDnsZone } from '@cdktf/provider-azurerm/lib/private-dns-zone';
import { PrivateDnsZoneVirtualNetworkLink } from '@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link';
import { PrivateEndpoint as PrivateEndpointResource } from '@cdktf/provider-azurerm/lib/private-endpoint';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { PrivateService } from '../policy/model';
import { compare } from '../policy/rules';
import type { IPrivateEndpoints, PrivateEndpoint } from '../private-endpoints';
import { fitted } from './names';
import { kindOf, otherKind, unsupportedService, type PrivateServiceKind } from '../policy/azure-private-services';

/** The longest names of an endpoint and of its interface. https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const ENDPOINT_NAME = 64;
const INTERFACE_NAME = 80;

/** A resource that gets a private endpoint. */
export interface PrivateEndpointTarget {
  /** 1-40 lower-case letters, digits and hyphens; part of the endpoint's name for life. */
  readonly name: string;
  readonly resourceId: string;
}

/** What the private endpoints need on Azure. */
export interface AzurePrivateEndpointsProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly location: string;
  readonly services: readonly PrivateService[];
  readonly subnetId: string;
  /**
   * Ids of the networks that resolve the private names, by a word for each: the hub when its
   * firewall is the DNS server, and the spoke.
   */
  readonly networkIds: Readonly<Record<string, string>>;
  /**
   * The resources behind each service, by the policy's name of the service. On Azure an endpoint
   * leads to one resource and not to a whole service: a service without any gets its zones only.
   *
   * @default - none
   */
  readonly targets?: Readonly<Record<string, readonly PrivateEndpointTarget[]>>;
  /** The workspaces that `logs` reaches, through a scope that reaches nothing else. @default - none */
  readonly logWorkspaces?: readonly PrivateEndpointTarget[];
  /** What has to exist before: the subnet with its filters, the peering. @default - nothing */
  readonly after?: readonly ITerraformDependable[];
  /** @default - a resource group of its own, `<name>-endpoints` */
  readonly resourceGroupName?: string;
  /** @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Private endpoints, and the zones in which their names are found.
 *
 * A zone answers for every name below it, so the public name of a resource that has no endpoint
 * here is not found any more: that is wanted, other people's accounts among them.
 * https://learn.microsoft.com/azure/private-link/private-endpoint-dns
 *
 * @throws BlueprintError for services that have no private endpoint on Azure, and for resources of another kind than their service.
 */
export class AzurePrivateEndpoints extends Construct implements IPrivateEndpoints {
  readonly endpoints: readonly PrivateEndpoint[];
  /** The endpoints as resources, in the same order. */
  readonly privateEndpoints: readonly PrivateEndpointResource[];
  /** Absent when the resource group was given, or when there is no service. */
  readonly resourceGroup?: ResourceGroup;
  /** By name, sorted. */
  readonly zones: ReadonlyMap<string, PrivateDnsZone>;
  /** Who waits for these finds private names resolved. */
  readonly links: readonly PrivateDnsZoneVirtualNetworkLink[] = [];
  /** Absent without `logs` or without a workspace. */
  readonly monitorScope?: MonitorPrivateLinkScope;

  constructor(scope: Construct, id: string, props: AzurePrivateEndpointsProps) {
    super(scope, id);
    const { name, location } = props;
    const tags = { ...props.tags };
    const services = [...props.services].sort((a, b) => compare(a.name, b.name));
    this.check(props);
    this.zones = new Map();
    this.endpoints = [];
    this.privateEndpoints = [];
    if (services.length === 0) return;

    if (!props.resourceGroupName) this.resourceGroup = new ResourceGroup(this, 'resources', { name: `${name}-endpoints`, location, tags });
    const resourceGroupName = props.resourceGroupName ?? this.resourceGroup!.name;
    const kinds = services.map((service) => ({ service, kind: kindOf(service, location)! }));
    const links: PrivateDnsZoneVirtualNetworkLink[] = [];
    this.zones = new Map([...new Set(kinds.flatMap(({ kind }) => kind.zones))].sort(compare).map((zone) => {
      const made = new PrivateDnsZone(this, `zone-${zone.replaceAll('.', '-')}`, { name: zone, resourceGroupName, tags });
      for (const role of Object.keys(props.networkIds).sort(compare)) {
        links.push(new PrivateDnsZoneVirtualNetworkLink(this, `link-${role}-${zone.replaceAll('.', '-')}`, {
          name: `${name}-${role}`,
          resourceGroupName,
          privateDnsZoneName: made.name,
          virtualNetworkId: props.networkIds[role]!,
          registrationEnabled: false,
          tags,
        }));
      }
      return [zone, made];
    }));

    const connect = (service: PrivateService, kind: PrivateServiceKind, target: PrivateEndpointTarget) => {
      const role = `${service.name}-${target.name}`;
      const endpoint = new PrivateEndpointResource(this, `endpoint-${role}`, {
        name: fitted(`${name}-${role}`, ENDPOINT_NAME),
        location,
        resourceGroupName,
        subnetId: props.subnetId,
        customNetworkInterfaceName: fitted(`${name}-${role}-nic`, INTERFACE_NAME),
        privateServiceConnection: {
          name: fitted(`${name}-${role}`, ENDPOINT_NAME),
          isManualConnection: false,
          privateConnectionResourceId: target.resourceId,
          subresourceNames: [kind.subresource],
        },
        privateDnsZoneGroup: { name: 'default', privateDnsZoneIds: kind.zones.map((zone) => this.zones.get(zone)!.id) },
        tags: { ...tags, service: service.name },
        // Names first: a workload never finds the public address of what is about to be private.
        dependsOn: [...(props.after ?? []), ...links],
      });
      return { service, target: `${kind.subresource}/${target.name}`, endpoint };
    };
    this.links = links;
    this.monitorScope = services.some((service) => service.name === 'logs') ? this.makeMonitorScope(props, resourceGroupName) : undefined;
    const scopeTargets = this.monitorScope ? [{ name: 'scope', resourceId: this.monitorScope.id }] : [];
    const made = kinds.flatMap(({ service, kind }) =>
      [...(service.name === 'logs' ? scopeTargets : []), ...(props.targets?.[service.name] ?? [])]
        .sort((a, b) => compare(a.name, b.name))
        .map((target) => connect(service, kind, target)));
    this.endpoints = made.map(({ endpoint, ...what }) => ({ ...what, id: endpoint.id }));
    this.privateEndpoints = made.map(({ endpoint }) => endpoint);
  }

  /** Over the endpoint of this scope nothing but its own workspaces can be written or read. */
  private makeMonitorScope(props: AzurePrivateEndpointsProps, resourceGroupName: string): MonitorPrivateLinkScope | undefined {
    const workspaces = [...(props.logWorkspaces ?? [])].sort((a, b) => compare(a.name, b.name));
    if (workspaces.length === 0) return undefined;
    const scope = new MonitorPrivateLinkScope(this, 'monitor', {
      name: `${props.name}-monitor`,
      resourceGroupName,
      ingestionAccessMode: 'PrivateOnly',
      queryAccessMode: 'PrivateOnly',
      tags: { ...props.tags },
    });
    for (const { name, resourceId } of workspaces) {
      new MonitorPrivateLinkScopedService(this, `monitored-${name}`, {
        name: `${props.name}-${name}`,
        resourceGroupName,
        scopeName: scope.name,
        linkedResourceId: resourceId,
      });
    }
    return scope;
  }

  private check(props: AzurePrivateEndpointsProps): void {
    const named = new Set(props.services.map((service) => service.name));
    const targets = Object.entries(props.targets ?? {});
    const problems = [
      ...props.services.flatMap((service) => unsupportedService(service, props.location) ?? []),
      ...targets.filter(([service]) => !named.has(service)).map(([service]) =>
        `azure: targets are given for '${service}', which is not among the private services; add it to 'privateServices' or drop them`),
      ...targets.flatMap(([service, list]) => list.flatMap(({ resourceId }) => otherKind(service, resourceId, props.location) ?? [])),
      ...[...targets.flatMap(([, list]) => list), ...(props.logWorkspaces ?? [])]
        .filter(({ name }) => !/^[a-z0-9](-?[a-z0-9]){0,39}$/.test(name))
        .map(({ name }) => `azure: '${name}' is no name of an endpoint's target; use 1-40 lower-case letters, digits and single hyphens`),
    ];
    if (problems.length > 0) throw new BlueprintError(this, problems.map((message) => ({ message })));
  }
}
