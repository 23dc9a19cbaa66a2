import { Construct } from 'constructs';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { BlueprintError } from '../blueprint-error';
import type { PrivateService } from '../policy/model';
import { compare } from '../policy/rules';
import type { IPrivateEndpoints, PrivateEndpoint } from '../private-endpoints';
import { endpointNeeds, hasPrivateDns, serviceName, type EndpointNeed } from '../policy/aws-endpoint-catalog';
import { endpointPolicy, layerBucket } from './endpoint-policy';
import { partitionOf } from './region';
import { serviceNameProblems } from './service-names';

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
  /** Services that have a gateway endpoint too, or one alone. @default - none */
  readonly gateways?: readonly AwsGateway[];
  /** Twelve digits, or a reference to them: only this account's identities and resources are served. */
  readonly account: string;
  /** `o-…`: serves every account of the organization instead. @default - this account alone */
  readonly organizationId?: string;
  /** Buckets of others that workloads may read, by name, beside the one with ECR's image layers where images are pulled. @default - none */
  readonly readableBuckets?: readonly string[];
}

/** The gateway endpoint of a service. */
export interface AwsGateway {
  /** `s3` or `dynamodb`. */
  readonly service: string;
  /** The route tables of the segments that use it; at least one. */
  readonly routeTableIds: readonly string[];
  /** Whether the service has an interface endpoint beside it. */
  readonly interfaceEndpoint: boolean;
}

/** VPC endpoints in every zone, each with a policy that serves nobody else's account. */
export class AwsPrivateEndpoints extends Construct implements IPrivateEndpoints {
  readonly endpoints: readonly PrivateEndpoint[];
  /** By `<kind>-<service>`: `interface-s3`. */
  readonly vpcEndpoints: ReadonlyMap<string, VpcEndpoint>;
  /** By service: the name that clients have to be told, where the usual one cannot lead to the endpoint. Tokens until deployed. */
  readonly ownNames: Readonly<Record<string, string>>;

  /** @throws BlueprintError when a service cannot have an endpoint, or there is no place for one. */
  constructor(scope: Construct, id: string, private readonly props: AwsPrivateEndpointsProps) {
    super(scope, id);
    const needs = endpointNeeds(props.services, props.gateways ?? []);
    const problems = this.problems(needs);
    if (problems.length > 0) throw new BlueprintError(this, problems.map((message) => ({ message })));

    const made = needs.map((need) => ({ need, endpoint: this.endpoint(need, needs) }));
    this.vpcEndpoints = new Map(made.map(({ need, endpoint }) => [`${need.kind}-${need.name}`, endpoint]));
    this.ownNames = Object.fromEntries(made
      .filter(({ need }) => need.kind === 'interface' && !hasPrivateDns(need.name))
      .map(({ need, endpoint }) => [need.name, endpoint.dnsEntry.get(0).dnsName]));
    this.endpoints = made
      .flatMap(({ need, endpoint }) => need.services.map((service) => ({ service, target: this.target(need), id: endpoint.id })))
      .sort((a, b) => compare(a.service.name, b.service.name) || compare(a.target, b.target));
  }

  private endpoint(need: EndpointNeed, needs: readonly EndpointNeed[]): VpcEndpoint {
    const { name, region, vpcId, subnetIds, groupIds, gateways = [], account, organizationId } = this.props;
    const pullsImages = needs.some((other) => other.name === 'ecr.dkr');
    const common = {
      vpcId,
      serviceName: serviceName(region, need.name),
      policy: endpointPolicy(need.name, {
        region,
        partition: partitionOf(region),
        account,
        organizationId,
        readableBuckets: [...(pullsImages ? [layerBucket(region)] : []), ...(this.props.readableBuckets ?? [])],
      }),
      tags: { Name: `${name}-${need.name}-${need.kind}` },
    };
    const id = idOf(need);
    if (need.kind === 'gateway') {
      const { routeTableIds } = gateways.find(({ service }) => service === need.name)!;
      return new VpcEndpoint(this, id, { ...common, vpcEndpointType: 'Gateway', routeTableIds: [...routeTableIds] });
    }
    return new VpcEndpoint(this, id, {
      ...common,
      vpcEndpointType: 'Interface',
      subnetIds: [...subnetIds],
      securityGroupIds: [...groupIds],
      // Without it the service's usual name leads to public addresses, and to the firewall.
      privateDnsEnabled: hasPrivateDns(need.name),
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
    const { region, subnetIds, groupIds } = this.props;
    const interfaces = needs.some((need) => need.kind === 'interface');
    return [
      ...[...new Set(needs.map((need) => need.name))].flatMap((name) => serviceNameProblems(name, region)),
      ...alike(needs),
      ...(interfaces && subnetIds.length === 0 ? ['aws: interface endpoints need a subnet in each zone; pass subnetIds'] : []),
      ...(interfaces && groupIds.length === 0 ? ["aws: interface endpoints need a group, or they get the vpc's default one; pass groupIds"] : []),
    ];
  }
}

/** Terraform takes no dot. */
function idOf({ kind, name }: EndpointNeed): string {
  return `${kind}-${name.replaceAll(/[^A-Za-z0-9-]/g, '-')}`;
}

/** Two names that differ in a dot and a hyphen: AWS has one of them at most. */
function alike(needs: readonly EndpointNeed[]): readonly string[] {
  return needs.flatMap((need, index) => {
    const other = needs.slice(0, index).find((each) => idOf(each) === idOf(need));
    return other ? [`aws: '${other.name}' and '${need.name}' are one name to Terraform, and AWS has one of them at most; drop the one that it has not`] : [];
  });
}
