import { Construct } from 'constructs';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { BlueprintError } from '../blueprint-error';
import type { PrivateService } from '../policy/model';
import { compare } from '../policy/rules';
import type { IPrivateEndpoints, PrivateEndpoint } from '../private-endpoints';
import { endpointNeeds, serviceName, withoutEndpoint, type EndpointNeed } from './endpoint-catalog';
import { endpointPolicy, layerBucket } from './endpoint-policy';
import { partitionOf } from './region';

/** What the endpoints need: ids, so that they can stand in a network of their own. */
export interface AwsPrivateEndpointsProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  readonly services: readonly PrivateService[];
  /** One in every zone that workloads use. */
  readonly subnetIds: readonly string[];
  /** Groups that let the callers in on 443; without one AWS would use the VPC's default group. */
  readonly groupIds: readonly string[];
  /** The route tables of segments with allowed hosts; with none there is no gateway endpoint. */
  readonly gatewayRouteTableIds: readonly string[];
  /** Twelve digits, or a reference to them: only this account's identities and resources are served. */
  readonly account: string;
  /** `o-…`: serves every account of the organization instead. @default - this account alone */
  readonly organizationId?: string;
  /** Buckets of others that workloads may read, by name. @default - the one that holds ECR's image layers */
  readonly readableBuckets?: readonly string[];
}

/** VPC endpoints in every zone, each with a policy that serves nobody else's account. */
export class AwsPrivateEndpoints extends Construct implements IPrivateEndpoints {
  readonly endpoints: readonly PrivateEndpoint[];
  /** By `<kind>-<service>`: `interface-s3`. */
  readonly vpcEndpoints: ReadonlyMap<string, VpcEndpoint>;

  /** @throws BlueprintError when a service cannot have an endpoint, or there is no place for one. */
  constructor(scope: Construct, id: string, private readonly props: AwsPrivateEndpointsProps) {
    super(scope, id);
    const needs = endpointNeeds(props.services, props.gatewayRouteTableIds.length > 0);
    const problems = this.problems(needs);
    if (problems.length > 0) throw new BlueprintError(this, problems.map((message) => ({ message })));

    const made = needs.map((need) => ({ need, endpoint: this.endpoint(need, needs) }));
    this.vpcEndpoints = new Map(made.map(({ need, endpoint }) => [`${need.kind}-${need.name}`, endpoint]));
    this.endpoints = made
      .flatMap(({ need, endpoint }) => need.services.map((service) => ({ service, target: this.target(need), id: endpoint.id })))
      .sort((a, b) => compare(a.service.name, b.service.name) || compare(a.target, b.target));
  }

  private endpoint(need: EndpointNeed, needs: readonly EndpointNeed[]): VpcEndpoint {
    const { name, region, vpcId, subnetIds, groupIds, gatewayRouteTableIds, account, organizationId } = this.props;
    const pullsImages = needs.some((other) => other.name === 'ecr.dkr');
    const common = {
      vpcId,
      serviceName: serviceName(region, need.name),
      policy: endpointPolicy(need.name, {
        region,
        partition: partitionOf(region),
        account,
        organizationId,
        readableBuckets: this.props.readableBuckets ?? (pullsImages ? [layerBucket(region)] : []),
      }),
      tags: { Name: `${name}-${need.name}-${need.kind}` },
    };
    const id = `${need.kind}-${need.name.replaceAll(/[^A-Za-z0-9-]/g, '-')}`;
    if (need.kind === 'gateway') {
      return new VpcEndpoint(this, id, { ...common, vpcEndpointType: 'Gateway', routeTableIds: [...gatewayRouteTableIds] });
    }
    return new VpcEndpoint(this, id, {
      ...common,
      vpcEndpointType: 'Interface',
      subnetIds: [...subnetIds],
      securityGroupIds: [...groupIds],
      // Without it the service's usual name leads to public addresses, and to the firewall.
      privateDnsEnabled: true,
      ipAddressType: 'ipv4',
      // Workloads are to use the interface, not only resolvers on other sites.
      ...(need.name === 's3' ? { dnsOptions: { dnsRecordIpType: 'ipv4', privateDnsOnlyForInboundResolverEndpoint: false } } : {}),
    });
  }

  /** Both endpoints of one service have the same name at AWS. */
  private target({ name, kind }: EndpointNeed): string {
    const service = serviceName(this.props.region, name);
    return kind === 'gateway' ? `${service} (gateway)` : service;
  }

  private problems(needs: readonly EndpointNeed[]): readonly string[] {
    const { services, subnetIds, groupIds } = this.props;
    const interfaces = needs.some((need) => need.kind === 'interface');
    return [
      ...withoutEndpoint(services, needs).map((name) => `aws: '${name}' has a gateway endpoint only, which segments without allowed hosts cannot use; grant a segment a host or drop 'aws:${name}'`),
      ...(interfaces && subnetIds.length === 0 ? ['aws: interface endpoints need a subnet in each zone; pass subnetIds'] : []),
      ...(interfaces && groupIds.length === 0 ? ["aws: interface endpoints need a group, or they get the vpc's default one; pass groupIds"] : []),
    ];
  }
}
