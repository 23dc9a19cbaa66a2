/** What the policy file asks for in a network that the plan makes, and the plan does not have. */
import { restrictedApis } from '../../../blueprints/policy/google-private-services';
import { privateServicesFor, type GoogleEnvironment, type Policy } from '../../../blueprints/policy/model';
import type { FirewallRule } from '../../model/google/firewall-rule';
import { googlePrivateServices } from '../../endpoints/google';
import type { GoogleModel } from '../../model/google/google-model';
import { bindingsOf } from '../../model/google/grants';
import { perimeters } from '../../model/google/perimeters';
import { allRules, hasTarget } from '../../model/google/questions';
import { numberAt, textAt, textsAt } from '../../model/google/reading';
import type { Hit } from '../check';
import { plannedEnvironments } from './planned-environments';

export function* askedAndMissing(model: GoogleModel, policy: Policy): Iterable<Hit> {
  for (const { environment, ranges } of plannedEnvironments(policy, model.subnets.map(({ primary }) => primary))) {
    const address = model.subnets.find(({ primary }) => primary !== undefined && [...ranges.values()].includes(primary))?.address ?? '';
    if (model.subnets.every(({ primary }) => primary !== undefined)) {
      const absent = [...ranges].filter(([, range]) => !model.subnets.some(({ primary }) => primary === range)).map(([name, range]) => `${name} (${range})`);
      if (absent.length > 0) yield { address, severity: 'low', message: `the policy has subnets for ${absent.join(', ')}, and the plan has none` };
    }
    const { denyExternalAddresses, privateServicesAccess, project } = environment;
    if (denyExternalAddresses && !hasGuardrail(model)) yield { address, severity: 'medium', confidence: 'possible', message: `the policy has ${project} refuse machines with public addresses (denyExternalAddresses), and this plan makes no policy that does: unless another one does, any machine may have one` };
    if (privateServicesAccess && model.graph.ofType('google_service_networking_connection').length === 0) yield { address, severity: 'low', confidence: 'possible', message: "the policy has services in Google's peered network (privateServicesAccess), and this plan has no google_service_networking_connection" };
    yield* cutOff(model, policy, address);
    yield* missingDenies(model, environment, address);
    yield* missingPerimeter(model, policy, environment, address);
    yield* missingLogs(model, environment, address);
    yield* otherCertificate(model, environment);
    yield* otherUsers(model, environment);
  }
}

/** Segments that get to none of the addresses at which Google's APIs answer privately. */
function* cutOff(model: GoogleModel, policy: Policy, address: string): Iterable<Hit> {
  if (restrictedApis(privateServicesFor(policy, 'google')).length === 0) return;
  const services = googlePrivateServices(model);
  const apis = new Set(services.endpoints.filter(({ label }) => label.startsWith('Google APIs')));
  if (apis.size === 0) return;
  const missing = policy.segments.map(({ name }) => name).filter((name) => {
    const places = model.places.filter(({ segment }) => segment === name);
    return places.length > 0 && places.every((place) => !services.reachedFrom(place).some((endpoint) => apis.has(endpoint)));
  });
  if (missing.length > 0) yield { address, severity: 'low', message: `the policy has private services, and no rule of the plan lets ${missing.join(', ')} call Google's APIs at ${[...apis].map((each) => each.address).join(', ')}` };
}

/** Also one of a folder or of the organization. https://cloud.google.com/compute/docs/ip-addresses/configure-static-external-ip-address#disableexternalip */
function hasGuardrail({ graph }: GoogleModel): boolean {
  return graph.ofType('google_org_policy_policy').some((each) => textAt(each, 'name')?.endsWith('/compute.vmExternalIpAccess') ?? true)
    || ['project', 'folder', 'organization'].some((owner) => graph.ofType(`google_${owner}_organization_policy`).some((each) => textAt(each, 'constraint')?.endsWith('compute.vmExternalIpAccess') ?? true));
}

/** Of lists and countries that nothing denies; late-deny tells where the deny comes too late. */
function* missingDenies(model: GoogleModel, { deny }: GoogleEnvironment, address: string): Iterable<Hit> {
  if (!deny) return;
  const denies = allRules(model).filter(({ action, direction }) => action === 'deny' && direction === 'EGRESS');
  // Where the plan has no rules at all, another one has them.
  if (denies.length === 0 || denies.some(({ peers, doubt }) => (peers.unknown ?? doubt) !== undefined)) return;
  const opaque = (rules: readonly FirewallRule[]) => new Set(rules.flatMap(({ peers }) => peers.opaque));
  const denied = opaque(denies.filter((rule) => !hasTarget(rule) && rule.layer4.some(({ protocol }) => protocol === 'all')));
  const missing = [...deny.threatLists.map((list) => `threat list iplist-${list}`), ...deny.countries.map((country) => `region ${country}`)].filter((each) => !denied.has(each));
  const isInPart = missing.some((each) => opaque(denies).has(each));
  if (missing.length > 0) yield { address, severity: 'medium', message: `the policy denies ${missing.join(', ')}, and no rule of the plan does${isInPart ? ' for every machine and protocol' : ''}` };
}

function* missingPerimeter(model: GoogleModel, policy: Policy, { perimeter: asked, project }: GoogleEnvironment, address: string): Iterable<Hit> {
  if (!asked) return;
  const made = perimeters(model.graph).filter(({ isBridge }) => !isBridge);
  if (made.length === 0) yield { address, severity: 'medium', confidence: 'possible', message: `the policy has a service perimeter around ${project}, and this plan makes none: unless another one does, nothing keeps data of its services inside` };
  const [perimeter, ...others] = made;
  if (!perimeter || others.length > 0) return;
  const { resource, at, status, restricted } = perimeter;
  const isEnforced = resource.elements(status.slice(0, -1)).length > 0;
  const within = isEnforced ? status : [...at, 'spec', 0];
  const services = isEnforced ? restricted : textsAt(resource, [...within, 'restricted_services']);
  const missing = [...restrictedApis(privateServicesFor(policy, 'google')), ...asked.services].filter((api) => !services.values.includes(api));
  // Of one that has neither, nothing is restricted.
  const isSilent = !isEnforced && resource.elements(within.slice(0, -1)).length === 0 && !resource.hasUnknown(status.slice(0, -1)) && !resource.hasUnknown(within.slice(0, -1));
  if ((services.values.length > 0 || isSilent) && services.unknown === undefined && missing.length > 0) yield { address: resource.address, severity: 'medium', message: `it does not restrict ${missing.join(', ')}, which the policy has in it` };
  const more = textsAt(resource, [...within, 'access_levels']).values.filter((level) => !asked.accessLevels.includes(level));
  if (more.length > 0) yield { address: resource.address, severity: 'medium', message: `it lets in by ${more.join(', ')}, which the policy does not name` };
}

function* missingLogs({ graph }: GoogleModel, { logs }: GoogleEnvironment, address: string): Iterable<Hit> {
  if (!logs) return;
  const sinks = graph.ofType('google_logging_project_sink');
  if (sinks.length === 0) yield { address, severity: 'low', confidence: 'possible', message: 'the policy has a log bucket for what the network records (logs), and no google_logging_project_sink of this plan fills one' };
  for (const bucket of graph.ofType('google_logging_project_bucket_config')) {
    const days = numberAt(bucket, 'retention_days');
    const isFilled = sinks.some((sink) => textAt(sink, 'destination')?.endsWith(`/${textAt(bucket, 'bucket_id') ?? '?'}`) ?? false);
    if (isFilled && days !== undefined && days < logs.retentionDays) yield { address: bucket.address, severity: 'low', message: `it keeps records for ${days} days, and the policy says ${logs.retentionDays}` };
  }
}

/** What the proxy shows its clients: whoever has another key can read what they send. */
function* otherCertificate({ graph }: GoogleModel, { secureWebProxy }: GoogleEnvironment): Iterable<Hit> {
  if (!secureWebProxy) return;
  for (const gateway of graph.ofType('google_network_services_gateway')) {
    const others = textsAt(gateway, 'certificate_urls').values.filter((url) => !url.endsWith(secureWebProxy.certificate));
    if (others.length > 0) yield { address: gateway.address, severity: 'medium', message: `it shows ${others.join(', ')}, and the policy names ${secureWebProxy.certificate}` };
  }
}

/** Who of a Shared VPC may put machines into its subnets. https://cloud.google.com/vpc/docs/shared-vpc#svc_proj_admins */
function* otherUsers({ graph }: GoogleModel, { sharedVpc }: GoogleEnvironment): Iterable<Hit> {
  const named = new Set(sharedVpc?.serviceProjects ?? []);
  for (const attached of graph.ofType('google_compute_shared_vpc_service_project')) {
    const project = textAt(attached, 'service_project');
    if (project !== undefined && !named.has(project)) yield { address: attached.address, severity: 'medium', message: `it lets project ${project} use the network, which the policy does not name` };
  }
  const users = new Set(Object.values(sharedVpc?.subnetUsers ?? {}).flat());
  // Without any in the policy file they are somebody else's to tell.
  if (users.size === 0) return;
  for (const kind of ['member', 'binding', 'policy']) {
    for (const grant of graph.ofType(`google_compute_subnetwork_iam_${kind}`).filter(({ mode }) => mode === 'managed')) {
      const others = bindingsOf(grant).flatMap(({ members }) => members).filter((member) => !users.has(member));
      if (others.length > 0) yield { address: grant.address, severity: 'medium', message: `it lets ${others.join(', ')} use a subnet, whom the policy does not name` };
    }
  }
}
