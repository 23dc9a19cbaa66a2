/** How the fields of an environment on Google Cloud fit together, and to the rest of the policy. */
import { SLOT_BITS } from './address-plan';
import { repeated, type CheckContext } from './check-context';
import { parseBlock, privateBlockProblem, type Block } from './cidr';
import type { GoogleEnvironmentInput } from './google-environment';
import { parseHostPattern } from './host-pattern';
import type { Path } from './problems';
import type { PolicyInput } from './schema';
import type { Sound } from './schema-findings';
import { suggestion } from './suggest';

type Google = Sound<GoogleEnvironmentInput>;

/** A block that the environment uses besides its own. */
export interface FurtherBlock {
  readonly block: Block;
  readonly path: Path;
  readonly what: string;
}

/** A control plane takes a /28, and every slot has to have one of its own. */
const CONTROL_PLANE_PREFIX = 28;
const LONGEST_WITH_CONTROL_PLANES = CONTROL_PLANE_PREFIX - 2 * SLOT_BITS;
/** What nodes of a private cluster cannot do without. */
const KUBERNETES_SERVICES = ['container-registry', 'kubernetes', 'logs'] as const;

/** @returns the blocks that must not overlap those of other environments. */
export function checkGoogleEnvironment(google: Google, path: Path, context: CheckContext): readonly FurtherBlock[] {
  checkSegmentNames(google, path, context);
  checkRegions(google, path, context);
  checkRepetitions(google, path, context);
  checkAccounts(google, path, context);
  checkNat(google, path, context);
  checkServicesBlock(google, path, context);
  (google.sharedVpc?.serviceProjects ?? []).forEach((project, index) => {
    if (project === google.project) context.error([...path, 'sharedVpc', 'serviceProjects', index], 'one-per-project', 'is the host itself, and a project is one or the other', "remove it: the host's own machines need no sharing", project);
  });
  if (google.deny && !google.deny.threatLists && !google.deny.countries && Object.keys(google.deny).length === 0) {
    context.error([...path, 'deny'], 'empty-deny', 'denies nothing', "name 'threatLists' or 'countries', or remove it");
  }
  return checkKubernetes(google, path, context);
}

type Environments = readonly (Sound<PolicyInput['environments'][number]> | null)[];

/** What the file of an environment says, where there are several. Default: there is one. */
export interface Files {
  readonly segmentsOf?: (index: number) => CheckContext['segments'];
  readonly organizationOf?: (index: number) => string | null | undefined;
}

/**
 * Two environments of one project make subnets and routes with the same names when one's name goes on
 * as a segment begins: `prod` with `eu-app`, and `prod-eu` with `app`. Google refuses the second, late.
 */
export function checkGoogleNames(environments: Environments, { segmentsOf = () => context.segments, organizationOf = () => undefined }: Files, context: CheckContext): void {
  const here = environments.flatMap((environment, index) => (environment?.google && typeof environment.name === 'string' ? [{ name: environment.name, project: environment.google.project, index }] : []));
  for (const short of here) {
    for (const long of here) {
      if (short.project !== long.project || organizationOf(short.index) !== organizationOf(long.index) || !long.name.startsWith(`${short.name}-`)) continue;
      const rest = long.name.slice(short.name.length + 1);
      checkAddressNames(environments[short.index]!.google!, environments[long.index]!.google!, rest, ['environments', short.index, 'google'], long.name, context);
      const parts = ['endpoints', 'proxy-only', ...(segmentsOf(long.index)?.keys() ?? [])];
      const shared = parts.find((part) => segmentsOf(short.index)?.has(`${rest}-${part}`));
      if (shared === undefined) continue;
      context.error(['environments', long.index, 'name'], 'names-collide', `makes the names of its '${shared}' those of segment '${rest}-${shared}' in '${short.name}', in the same project`, 'rename the environment or the segment, or use a project for each', long.name);
    }
  }
}

/** The addresses of the NAT and of published services are told apart by name alone, like subnets: those of `prod-nat` begin as those of `prod` do. */
function checkAddressNames(short: Google, long: Google, rest: string, path: Path, environment: string, context: CheckContext): void {
  if (short.region !== long.region) return;
  const taken = new Set(addressNames(long).map(({ name }) => `${rest}-${name}`));
  for (const { name, at } of addressNames(short)) {
    if (taken.has(name)) context.error([...path, ...at], 'names-collide', `makes the name of an address that environment '${environment}' has, too, in the same project and region`, 'rename it or the environment, or use a project for each', name.slice(name.indexOf('-') + 1));
  }
}

function addressNames({ nat, publishedServices }: Google): readonly { readonly name: string; readonly at: Path }[] {
  return [
    ...(nat?.addresses ?? (nat === null ? [] : ['a', 'b'])).map((address, index) => ({ name: `nat-${address}`, at: ['nat', 'addresses', index] as Path })),
    ...(publishedServices ?? []).map((service, index) => ({ name: `psc-${service?.name}`, at: ['publishedServices', index, 'name'] as Path })),
  ];
}

/** What a project has only one of, with what becomes of the second. */
const ONE_OF_A_PROJECT = {
  perimeter: 'Google takes a project into one perimeter',
  denyExternalAddresses: 'a project has one policy for it',
  sharedVpc: 'a project is a host once, and the first stack that is destroyed would end that for both',
} as const;

/** Two environments that make what their project, or their network, has only one of: Google refuses the second, late. */
export function checkGoogleSingles(organizationOf: (index: number) => string | null | undefined, environments: Environments, context: CheckContext): void {
  const first = new Map<string, number>();
  environments.forEach((environment, index) => {
    // What is made here is taken before somebody names it as one that is there.
    if (environment?.google && environment.google.network === undefined) first.set(`network ${environment.google.project}/${organizationOf(index)}-${environment.name}`, index);
  });
  environments.forEach((environment, index) => {
    const google = environment?.google;
    if (typeof google?.project !== 'string') return;
    const claim = (key: string, option: string, why: string, fix: string) => {
      const owner = first.get(key);
      if (owner === undefined) first.set(key, index);
      else context.error(['environments', index, 'google', option], 'one-per-project', `is asked for by ${context.where(['environments', owner])} as well, in the same project: ${why}`, fix);
    };
    for (const [option, why] of Object.entries(ONE_OF_A_PROJECT)) {
      if (google[option as keyof typeof ONE_OF_A_PROJECT]) claim(`${option} ${google.project}`, option, why, 'name it in one of the two, or use a project for each');
    }
    if (google.network?.name) claim(`network ${google.project}/${google.network.name}`, 'network', `network '${google.network.name}' takes one firewall policy`, 'name another network, or a project for each');
  });
}

/** Options that are worth nothing, or cannot work, without a private service. */
export function checkGoogleServices({ allow, environments, privateServices }: Sound<PolicyInput>, context: CheckContext): void {
  const listed = new Set(privateServices ?? []);
  privateServices?.forEach((service, index) => {
    const name = /^google:(.*)$/.exec(service ?? '')?.[1];
    if (name === undefined || /^[a-z][a-z0-9-]*$/.test(name)) return;
    const instead = name.toLowerCase().replace(/\.googleapis\.com$/, '');
    context.error(['privateServices', index], 'bad-service', "is not the name of one of Google's APIs, which '.googleapis.com' is put after", `write 'google:${instead.split('.')[0]}'`, service);
  });
  const hasApis = [...listed].some((service) => service === null || (service !== 'session-access' && !/^(aws|azure):/.test(service)));
  const onGoogle = environments?.filter((environment) => environment?.google).map((environment) => environment?.name ?? null) ?? [];
  if (hasApis) checkAnsweredHosts((allow ?? []).map((rule) => (onGoogle.some((name) => rule?.environments?.includes(name) ?? true) ? rule : null)), context);
  environments?.forEach((environment, index) => {
    const google = environment?.google;
    const path: Path = ['environments', index, 'google'];
    for (const option of ['perimeter', 'apis'] as const) {
      if (!hasApis && google?.[option] && google[option] !== 'restricted') {
        context.error([...path, option], 'option-without-services', "needs a private service, and there is none", "add one to privateServices, such as 'object-storage', or remove it here");
      }
    }
    const missing = KUBERNETES_SERVICES.filter((service) => !listed.has(service));
    if (google?.gke && missing.length > 0 && !listed.has(null)) {
      context.error([...path, 'gke'], 'gke-without-services', `needs private services that are not listed: ${missing.join(', ')}`, 'add them to privateServices');
    }
  });
}

/** The domains of Google's APIs, whose names the network's own zones answer. https://cloud.google.com/vpc-service-controls/docs/set-up-private-connectivity */
const ANSWERED_INSIDE = /(^|\.)(googleapis\.com|gcr\.io|pkg\.dev)$/;

/** A host that leads to the address of the private services, which serves what VPC Service Controls supports and nothing else. */
function checkAnsweredHosts(rules: readonly (Sound<NonNullable<PolicyInput['allow']>[number]> | null)[], context: CheckContext): void {
  rules.forEach((rule, index) => {
    if (typeof rule?.host !== 'string' || rule.protocol === 'tcp' || (rule.clouds && !rule.clouds.includes('google'))) return;
    const host = parseHostPattern(rule.host);
    if (!host.ok || !ANSWERED_INSIDE.test(host.pattern.domain)) return;
    context.warning(['allow', index, 'host'], 'host-answered-inside', "leads to the address of the private services on Google Cloud, which serves the APIs that VPC Service Controls supports and no other", "leave google out of 'clouds': such an API needs no rule, and another one is not reached by it", rule.host);
  });
}

/** Every place that names segments, with what a segment there has to be. */
function checkSegmentNames(google: Google, path: Path, context: CheckContext): void {
  const lists: { readonly at: Path; readonly names: readonly (string | null)[]; readonly onlyPrivate?: boolean }[] = [
    { at: ['secureWebProxy', 'segments'], names: google.secureWebProxy?.segments ?? [], onlyPrivate: true },
    { at: ['privateServicesAccess', 'from'], names: google.privateServicesAccess?.from ?? [] },
    ...(google.publishedServices ?? []).map((service, index) => ({ at: ['publishedServices', index, 'from'], names: service?.from ?? [] })),
    ...(google.accepts ?? []).map((accept, index) => ({ at: ['accepts', index, 'to'], names: accept?.to ?? [] })),
  ];
  for (const { at, names, onlyPrivate } of lists) {
    repeated(names, (index) => context.error([...path, ...at, index], 'duplicate-from', 'is listed twice', 'keep one of the two', names[index]));
    names.forEach((name, index) => checkSegment(name, [...path, ...at, index], context, onlyPrivate));
  }
  (google.gke ?? []).forEach((cluster, index) => checkSegment(cluster?.segment ?? null, [...path, 'gke', index, 'segment'], context));
  for (const option of ['serviceAccounts', 'subnetUsers'] as const) {
    const at: Path = option === 'serviceAccounts' ? [...path, option] : [...path, 'sharedVpc', option];
    for (const name of Object.keys((option === 'serviceAccounts' ? google.serviceAccounts : google.sharedVpc?.subnetUsers) ?? {})) checkSegment(name, [...at, name], context);
  }
}

function checkSegment(name: string | null, at: Path, context: CheckContext, onlyPrivate = false): void {
  if (name === null || !context.segments) return;
  const segment = context.segments.get(name);
  if (!segment) context.error(at, 'unknown-segment', 'is not a segment', suggestion(name, context.segments.keys(), 'segments'), name);
  else if (onlyPrivate && segment.tier !== undefined && segment.tier !== 'private') {
    context.error(at, 'proxy-not-private', `is a ${segment.tier} segment, and hosts are granted to private segments only`, 'remove the name, or make the segment private', name);
  }
}

/** A certificate and an attachment are regional, and what uses them is in the environment's region. */
function checkRegions(google: Google, path: Path, context: CheckContext): void {
  const { region } = google;
  if (!region) return;
  const check = (text: string | null | undefined, part: RegExp, at: Path) => {
    const found = text ? part.exec(text)?.[1] : undefined;
    if (found !== undefined && found !== region) context.error([...path, ...at], 'other-region', `is in ${found}, and the environment is in ${region}`, `name one in ${region}`, text);
  };
  check(google.secureWebProxy?.certificate, /\/locations\/([^/]+)\//, ['secureWebProxy', 'certificate']);
  (google.publishedServices ?? []).forEach((service, index) => check(service?.attachment, /\/regions\/([^/]+)\//, ['publishedServices', index, 'attachment']));
}

function checkRepetitions(google: Google, path: Path, context: CheckContext): void {
  const lists: readonly { readonly at: Path; readonly key?: string; readonly values: readonly (string | number | null)[] }[] = [
    { at: ['nat', 'addresses'], values: google.nat?.addresses ?? [] },
    { at: ['deny', 'threatLists'], values: google.deny?.threatLists ?? [] },
    { at: ['deny', 'countries'], values: google.deny?.countries ?? [] },
    { at: ['perimeter', 'services'], values: google.perimeter?.services ?? [] },
    { at: ['perimeter', 'accessLevels'], values: google.perimeter?.accessLevels ?? [] },
    { at: ['sharedVpc', 'serviceProjects'], values: google.sharedVpc?.serviceProjects ?? [] },
    { at: ['privateServicesAccess', 'ports'], values: google.privateServicesAccess?.ports ?? [] },
    { at: ['publishedServices'], key: 'name', values: (google.publishedServices ?? []).map((service) => service?.name ?? null) },
    { at: ['gke'], key: 'segment', values: (google.gke ?? []).map((cluster) => cluster?.segment ?? null) },
    { at: ['accepts'], key: 'from', values: (google.accepts ?? []).flatMap((accept) => (accept?.to ?? []).map((to) => (accept?.from && to ? `${accept.from} to ${to}` : null))) },
  ];
  for (const { at, key, values } of lists) {
    repeated(values, (index) => {
      const place = at[0] === 'accepts' ? [...path, ...at] : [...path, ...at, index, ...(key === undefined ? [] : [key])];
      context.error(place, 'duplicate-option', 'is listed twice', 'keep one of the two', values[index]);
    });
  }
}

/** An account that two segments share would make them one. */
function checkAccounts({ serviceAccounts }: Google, path: Path, context: CheckContext): void {
  if (!serviceAccounts) return;
  const at: Path = [...path, 'serviceAccounts'];
  const names = Object.keys(serviceAccounts);
  const missing = [...(context.segments?.keys() ?? [])].filter((segment) => !names.includes(segment));
  if (missing.length > 0) context.error(at, 'segment-without-account', `leaves out ${missing.join(', ')}`, 'name an account for each segment, or for none');
  const accounts = names.map((name) => serviceAccounts[name] ?? null);
  repeated(accounts, (index, first) => context.error(
    [...at, names[index] as string],
    'shared-account',
    `is the account of ${names[first]}, too; rules could not tell the two apart`,
    'give each segment an account of its own',
    accounts[index],
  ));
}

/** Services in the peered network take blocks of a /24 out of it. https://cloud.google.com/vpc/docs/configure-private-services-access#considerations */
const NARROWEST_FOR_SERVICES = 24 - SLOT_BITS;

function checkServicesBlock({ privateServicesAccess, cidr }: Google, path: Path, context: CheckContext): void {
  const environment = cidr ? parseBlock(cidr) : undefined;
  if (!privateServicesAccess || !environment?.ok || environment.block.prefix <= NARROWEST_FOR_SERVICES) return;
  const { prefix } = environment.block;
  context.error([...path, 'privateServicesAccess'], 'services-block', `has a /${prefix + SLOT_BITS} in an environment that is a /${prefix}, and Google takes a /24 or larger for it`, `give the environment a /${NARROWEST_FOR_SERVICES} or larger`);
}

/** The most ports that a machine can hold where they do not grow. https://cloud.google.com/nat/docs/set-up-manage-network-address-translation */
const MOST_STATIC_PORTS = 57_344;

/** https://cloud.google.com/nat/docs/ports-and-addresses */
function checkNat({ nat }: Google, path: Path, context: CheckContext): void {
  if (!nat) return;
  const { minPorts, maxPorts, dynamicPorts } = nat;
  const isPower = (count: number) => Number.isInteger(Math.log2(count));
  const dynamic = dynamicPorts !== false;
  for (const [name, count] of [['minPorts', minPorts], ['maxPorts', maxPorts]] as const) {
    if (typeof count === 'number' && dynamic && !isPower(count)) {
      context.error([...path, 'nat', name], 'nat-ports', 'is no power of two, which dynamic ports need', `write ${2 ** Math.round(Math.log2(count))}`, count);
    }
  }
  if (dynamic && (minPorts ?? 64) >= (maxPorts ?? 4096) && minPorts !== null && maxPorts !== null) {
    context.error([...path, 'nat'], 'nat-ports', `gives a machine at least ${minPorts ?? 64} ports and at most ${maxPorts ?? 4096}`, 'write a larger maxPorts');
  }
  if (!dynamic && typeof minPorts === 'number' && minPorts > MOST_STATIC_PORTS) {
    context.error([...path, 'nat', 'minPorts'], 'nat-ports', `is more than a machine can hold without dynamic ports, ${MOST_STATIC_PORTS}`, `write at most ${MOST_STATIC_PORTS}`, minPorts);
  }
  if (!dynamic && typeof maxPorts === 'number') {
    context.error([...path, 'nat', 'maxPorts'], 'nat-ports', 'counts with dynamic ports only', "remove it, or write 'dynamicPorts: true'", maxPorts);
  }
}

function checkKubernetes(google: Google, path: Path, context: CheckContext): readonly FurtherBlock[] {
  const environment = google.cidr ? parseBlock(google.cidr) : undefined;
  return (google.gke ?? []).flatMap((cluster, index) => (['pods', 'services', 'controlPlane'] as const).flatMap((field): FurtherBlock[] => {
    const at: Path = [...path, 'gke', index, field];
    const text = cluster?.[field];
    if (field === 'controlPlane' && cluster && text === undefined && environment?.ok && environment.block.prefix > LONGEST_WITH_CONTROL_PLANES) {
      context.error(at.slice(0, -1), 'control-plane-block', `has no block for its control plane: a /${environment.block.prefix} is too small to hold a /28 for each segment`, "add 'controlPlane: <a /28>'");
    }
    const parsed = text ? parseBlock(text) : undefined;
    if (!parsed?.ok) return [];
    const problem = privateBlockProblem(parsed.block);
    if (problem) context.error(at, problem.code, problem.message, problem.fix, text);
    if (field === 'controlPlane' && parsed.block.prefix !== CONTROL_PLANE_PREFIX) {
      context.error(at, 'control-plane-block', `is a /${parsed.block.prefix}, and a control plane takes a /28`, "write a /28", text);
    }
    return problem ? [] : [{ block: parsed.block, path: at, what: `the ${field} of ${cluster?.segment ?? 'a cluster'}` }];
  }));
}
