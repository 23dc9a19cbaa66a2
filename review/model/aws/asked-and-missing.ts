/** What the policy file asks of a network that the plan makes, and the plan does not have: endpoints, subnets of segments, zones, records; or has otherwise. */
import { presetServices, serviceNames } from '../../../blueprints/policy/aws-endpoint-catalog';
import type { AwsGatewayService } from '../../../blueprints/policy/aws-gateway-endpoints';
import { privateServicesFor, type AwsEnvironment, type AwsLogs, type Policy } from '../../../blueprints/policy/model';
import { serviceIn, type AwsEndpoint } from './gateways';
import type { AwsModel } from './model';
import type { AwsNetwork } from './networks';
import { environmentsOf } from './planned-environments';
import { textAt } from './read';
import { leadsToGateway } from './subnets';
import { usedInspections } from './tls-inspection';
import type { Confidence, Severity } from '../../result';

/** Something that is asked for and not there. */
export interface Lack {
  /** Of the network. */
  readonly address: string;
  readonly severity: Severity;
  /** Default: `certain`. */
  readonly confidence?: Confidence;
  readonly message: string;
}

export function* askedAndMissing(model: AwsModel, policy: Policy): Iterable<Lack> {
  for (const { environment, network } of environmentsOf(model, policy)) {
    yield* missingEndpoints(model, policy, environment, network);
    yield* missingSubnets(model, policy, environment, network);
    yield* otherRecords(model, environment, network);
    yield* otherAuthority(model, environment);
  }
}

function* missingEndpoints(model: AwsModel, policy: Policy, environment: AwsEnvironment, network: AwsNetwork): Iterable<Lack> {
  const asked = serviceNames([...privateServicesFor(policy, 'aws'), ...presetServices(environment.endpointPresets ?? [])]).map(serviceIn);
  if (asked.length === 0 || mayBeAnsweredElsewhere(model)) return;
  const here = model.endpoints.filter((endpoint) => endpoint.network === network || endpoint.network === undefined);
  if (here.some(({ service, resource }) => service === undefined && resource.unknownAt('service_name') !== undefined)) return;
  const has = (service: string, kind: AwsEndpoint['kind']) => here.some((endpoint) => endpoint.service === service && endpoint.kind === kind);
  const isServed = (service: string): boolean => {
    const gateway = gatewayOf(service, environment, policy);
    if (has(service, 'interface') || gateway?.isBesideInterface) return has(service, 'interface');
    const users = model.subnets.filter(({ network: own, segment }) => own === network && segment !== undefined && (gateway?.segments.includes(segment) ?? true));
    return has(service, 'gateway') && users.every((subnet) => leadsToGateway(subnet, service));
  };
  const missing = asked.filter((service) => !isServed(service));
  const routes = Object.keys(environment.gatewayEndpoints ?? {}).filter((service) => !missing.includes(service) && !has(service, 'gateway'));
  const told = [...missing, ...routes.map((service) => `${service} (gateway)`)];
  if (told.length === 0) return;
  const { address } = network;
  // A plan without any may leave all of them to another one.
  if (here.length === 0) yield { address, severity: 'low', confidence: 'possible', message: `the policy asks for private endpoints for ${told.join(', ')} in ${address}, and this plan makes none: unless another one does, their names lead to public addresses` };
  else yield { address, severity: 'medium', message: `the policy asks for private endpoints for ${told.join(', ')} in ${address}, and the plan has none: their names lead to public addresses` };
}

/** Who reaches a service by its gateway endpoint as the policy file has it, and whether the interface endpoint stays. */
function gatewayOf(service: string, { gatewayEndpoints }: AwsEnvironment, { segments }: Policy): { readonly segments: readonly string[]; readonly isBesideInterface: boolean } | undefined {
  const asked = gatewayEndpoints?.[service as AwsGatewayService];
  if (!asked) return undefined;
  const users = asked.segments ?? segments.filter(({ tier }) => tier !== 'public').map(({ name }) => name);
  return { segments: users, isBesideInterface: asked.interfaceEndpoint ?? users.length < segments.length };
}

/** By endpoints of another network, whose names a zone of one's own has, or a profile brings. */
function mayBeAnsweredElsewhere({ graph }: AwsModel): boolean {
  return graph.ofType('aws_route53profiles_association').length > 0 || graph.ofType('aws_route53_zone_association').length > 0
    || graph.ofType('aws_route53_zone').some((zone) => textAt(zone, 'name')?.replace(/\.$/, '').endsWith('.amazonaws.com') ?? false);
}

/** Only where the plan tells segments apart: by the tags of its subnets. */
function* missingSubnets(model: AwsModel, policy: Policy, { zones, existingNetwork }: AwsEnvironment, network: AwsNetwork): Iterable<Lack> {
  const own = model.subnets.filter((subnet) => subnet.networks.includes(network));
  const known = own.filter(({ segment }) => policy.segments.some(({ name }) => name === segment));
  if (existingNetwork || known.length === 0 || own.some(({ networks, segment, resource }) => networks.length > 1 || (segment === undefined && resource.unknownAt('tags') !== undefined))) return;
  const { address } = network;
  const absent: string[] = [];
  for (const { name } of policy.segments) {
    const subnets = known.filter(({ segment }) => segment === name);
    const there = new Set(subnets.map(({ zone }) => zone));
    if (subnets.length === 0) absent.push(name);
    else if (!there.has(undefined)) absent.push(...zones.filter((zone) => !there.has(zone.name)).map((zone) => `${name} in ${zone.name}`));
  }
  if (absent.length > 0) yield { address, severity: 'low', message: `the policy has subnets for ${absent.join(', ')} in ${address}, and the plan has none` };
}

/** The names that flow logs have for the places of the policy file. https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html */
const PLACES: Readonly<Record<AwsLogs['destination'], string>> = { cloudwatch: 'cloud-watch-logs', s3: 's3', firehose: 'kinesis-data-firehose' };

/** Another kind of place for what the network records; one more beside it is nothing that lacks. */
function* otherRecords({ graph }: AwsModel, { logs }: AwsEnvironment, { address, resource }: AwsNetwork): Iterable<Lack> {
  const own = graph.ofType('aws_flow_log').filter((log) => resource !== undefined && log.references('vpc_id').targets.includes(resource));
  const kinds = own.map((log) => textAt(log, 'log_destination_type') ?? (log.unknownAt('log_destination_type') === undefined ? 'cloud-watch-logs' : undefined));
  if (own.length === 0 || kinds.includes(undefined) || kinds.includes(PLACES[logs.destination])) return;
  yield { address: own[0]?.address ?? address, severity: 'low', message: `the policy wants records in ${PLACES[logs.destination]}, and the flow logs of ${address} go to ${[...new Set(kinds)].join(', ')}` };
}

/** Whose key signs what the firewall shows its clients: whoever has another one can read what they send. */
function* otherAuthority(model: AwsModel, { firewall }: AwsEnvironment): Iterable<Lack> {
  const named = firewall?.tlsInspection?.certificateAuthorityArn;
  if (named === undefined) return;
  for (const { resource } of usedInspections(model)) {
    const others = resource.elements(['tls_inspection_configuration', 0, 'server_certificate_configuration']).flatMap((path) => textAt(resource, [...path, 'certificate_authority_arn']) ?? []).filter((arn) => arn !== named);
    if (others.length > 0) yield { address: resource.address, severity: 'medium', message: `${resource.address} opens TLS with ${others.join(', ')}, and the policy names ${named}` };
  }
}
