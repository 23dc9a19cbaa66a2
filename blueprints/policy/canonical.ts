/** From input without errors to the canonical model: defaults, sorted, merged, frozen. */
import { FIRST_SEGMENT_SLOT, SLOTS, ZONE_SLOTS } from './address-plan';
import { canonicalAwsEnvironment, zoneNames } from './aws-environment';
import { canonicalAzureEnvironment } from './azure-environment';
import { blockText } from './cidr';
import { canonicalGoogleEnvironment } from './google-environment';
import { canonicalPods } from './canonical-pods';
import { parseHostPattern } from './host-pattern';
import {
  CLOUDS,
  type AcceptRule,
  type AllowRule,
  type Cloud,
  type Environment,
  type Policy,
  type PrivateService,
  type Protocol,
  type Segment,
  type SourcePosition,
  type StateBackend,
  type Zone,
} from './model';
import { mergePorts, parsePort } from './ports';
import { compare, compareRules, uniqueSorted } from './rules';
import type { AllowInput, EnvironmentInput, PolicyInput, SegmentInput } from './schema';
import { assignSlots, zoneLetterSlot, type AddressLock } from './slots';

/** The ports of a rule that names none. */
export const DEFAULT_PORTS: Readonly<Record<Protocol, readonly number[]>> = { tls: [443], http: [80], tcp: [] };

/** The model, and the lock that keeps its addresses in place from now on. */
export function canonicalPolicy(
  input: PolicyInput,
  lock: AddressLock | undefined,
  position: (rule: number) => SourcePosition,
): { readonly policy: Policy; readonly lock: AddressLock } {
  const segmentSlots = assignSlots(
    input.segments.map((segment) => segment.name),
    new Map(Object.entries(lock?.segments ?? {})),
    { first: FIRST_SEGMENT_SLOT, count: SLOTS - FIRST_SEGMENT_SLOT },
  );
  const zones: Record<string, Record<string, number>> = {};
  const zonesOf = (environment: string, region: string, asked: number | readonly string[] | undefined): readonly Zone[] => {
    const key = `aws-${environment}`;
    const slots = assignSlots(zoneNames(region, asked), new Map(Object.entries(lock?.zones[key] ?? {})), {
      first: 0,
      count: ZONE_SLOTS,
      preferred: zoneLetterSlot,
    });
    zones[key] = Object.fromEntries(slots);
    return [...slots].map(([name, slot]) => ({ name, slot }));
  };
  const environments = [...input.environments].sort(byName).map((environment) => canonicalEnvironment(input.organization, environment, zonesOf));
  const policy: Policy = {
    organization: input.organization,
    allow: (input.allow ?? []).map((rule, index) => canonicalRule(rule, environments, position(index))).sort(compareRules),
    segments: [...input.segments].sort(byName).map((segment) => canonicalSegment(segment, segmentSlots.get(segment.name)!)),
    privateServices: (input.privateServices ?? []).map(canonicalService).sort(compareServices),
    environments,
    state: canonicalState(input.state),
  };
  const newLock: AddressLock = { version: 1, segments: Object.fromEntries(segmentSlots), zones };
  return { policy: deepFreeze(policy), lock: deepFreeze(newLock) };
}

function canonicalRule(rule: AllowInput, environments: readonly Environment[], position: SourcePosition): AllowRule {
  const host = parseHostPattern(rule.host);
  if (!host.ok) throw new Error(`unchecked host in allow: ${host.problem.message}`);
  const protocol = rule.protocol ?? 'tls';
  return {
    host: host.pattern,
    segments: uniqueSorted(rule.from),
    ports: [...new Set((rule.ports ?? DEFAULT_PORTS[protocol]).map(Number))].sort((a, b) => a - b),
    protocol,
    addresses: uniqueSorted((rule.addresses ?? []).map(blockText)),
    clouds: CLOUDS.filter((cloud) => !rule.clouds || rule.clouds.includes(cloud)),
    environments: environments.map(({ name }) => name).filter((name) => !rule.environments || rule.environments.includes(name)),
    owner: rule.owner,
    reason: rule.reason,
    ...(rule.expires === undefined ? {} : { expires: rule.expires }),
    ...(rule.wildcard === undefined ? {} : { wildcardReason: rule.wildcard }),
    position,
  };
}

function canonicalSegment(segment: SegmentInput, slot: number): Segment {
  const callers = new Map<string, { from: string; protocol: 'tcp' | 'udp'; ports: (string | number)[] }>();
  for (const { from, protocol = 'tcp', ports } of segment.accepts ?? []) {
    const caller = callers.get(`${from} ${protocol}`) ?? { from, protocol, ports: [] };
    caller.ports.push(...ports);
    callers.set(`${from} ${protocol}`, caller);
  }
  const accepts = [...callers.values()]
    .map(({ from, protocol, ports }): AcceptRule => ({ from, protocol, ports: mergePorts(ports.map(checkedPort)) }))
    .sort((a, b) => compare(a.from, b.from) || compare(a.protocol, b.protocol));
  return { name: segment.name, tier: segment.tier, accepts, slot, ...canonicalPods(segment.name, segment.pods) };
}

function canonicalEnvironment(
  organization: string,
  input: EnvironmentInput,
  zonesOf: (environment: string, region: string, asked: number | readonly string[] | undefined) => readonly Zone[],
): Environment {
  const { name, aws, google, azure } = input;
  const cluster = `${organization}-${name}`;
  return {
    name,
    deletionProtection: input.deletionProtection ?? true,
    ...(aws ? { aws: canonicalAwsEnvironment(aws, zonesOf(name, aws.region, aws.zones), cluster) } : {}),
    ...(google ? { google: canonicalGoogleEnvironment(google, cluster) } : {}),
    ...(azure ? { azure: canonicalAzureEnvironment(azure, cluster) } : {}),
  };
}

function canonicalService(text: string): PrivateService {
  const [cloud, name] = text.split(':');
  return name === undefined ? { name: text } : { name, cloud: cloud as Cloud };
}

function compareServices(a: PrivateService, b: PrivateService): number {
  return compare(a.cloud ?? '', b.cloud ?? '') || compare(a.name, b.name);
}

function canonicalState(state: PolicyInput['state']): StateBackend {
  if (state?.s3) return { kind: 's3', ...state.s3 };
  if (state?.gcs) return { kind: 'gcs', ...state.gcs };
  if (state?.azurerm) return { kind: 'azurerm', ...state.azurerm };
  if (state?.cloud) return { kind: 'cloud', ...state.cloud };
  return { kind: 'local' };
}

function checkedPort(port: string | number) {
  const parsed = parsePort(port);
  if (!parsed.ok) throw new Error(`unchecked port: ${parsed.problem.message}`);
  return parsed.range;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compare(a.name, b.name);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
