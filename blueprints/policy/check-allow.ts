/** Whether each allow rule makes sense by itself and among the segments. */
import { DEFAULT_PORTS } from './canonical';
import { repeated, type CheckContext } from './check-context';
import { coveredBlocks, destinationProblem, parseBlock } from './cidr';
import { daysBetween } from './dates';
import { parseHostPattern } from './host-pattern';
import { cloudsInUse } from './check-environments';
import type { Path } from './problems';
import { resolverAddressWarning, resolverPortWarning, resolverWarning } from './public-resolvers';
import type { AllowInput, EnvironmentInput } from './schema';
import type { Sound } from './schema-findings';
import { suggestion } from './suggest';

/** How long before its end a rule is pointed out. */
const WARN_DAYS = 30;

type Rule = Sound<AllowInput>;
type Environments = readonly (Sound<EnvironmentInput> | null)[];

/** @param environments undefined when they cannot be told. */
export function checkAllowRules(rules: readonly (Rule | null)[], environments: Environments | undefined, context: CheckContext): void {
  const declared = declaredEnvironments(environments);
  rules.forEach((rule, index) => {
    if (!rule) return;
    const path: Path = ['allow', index];
    checkHost(rule, path, context);
    checkProtocol(rule, path, context);
    checkAddresses(rule, path, context);
    checkDnsPorts(rule, path, context);
    checkExpiry(rule, path, context);
    checkCallers(rule, path, context);
    checkEnvironmentNames(rule, path, declared, context);
    checkPlaces(rule, path, declared, context);
    repeated(rule.ports ?? [], (port) => context.error(
      [...path, 'ports', port],
      'duplicate-port',
      'is listed twice',
      'keep one of the two',
      rule.ports![port],
    ));
  });
}

function checkHost({ host, wildcard, protocol }: Rule, path: Path, context: CheckContext): void {
  if (host === null) return;
  const parsed = parseHostPattern(host);
  if (!parsed.ok) return;
  const at = [...path, 'host'];
  const resolver = resolverWarning(parsed.pattern);
  for (const { code, message, fix } of [...parsed.warnings, ...(resolver ? [resolver] : [])]) context.warning(at, code, message, fix, host);
  const wild = parsed.pattern.kind === 'subdomains';
  if (wild && wildcard === undefined) {
    context.error(at, 'wildcard-without-reason', 'is a wildcard and does not say why', "add 'wildcard: <why the hosts cannot be listed>'", host);
  }
  if (!wild && wildcard) {
    context.error(
      [...path, 'wildcard'],
      'reason-without-wildcard',
      'gives a reason for a wildcard, but the host is none',
      `remove it, or write the host as '*.${parsed.pattern.domain}'`,
      wildcard,
    );
  }
  if (wild && protocol === 'tcp') {
    context.error(at, 'wildcard-tcp', 'is a wildcard, but with tcp no name travels that it could match', 'name the host and its addresses', host);
  }
}

function checkProtocol({ protocol, ports, addresses }: Rule, path: Path, context: CheckContext): void {
  if (protocol === 'tcp') {
    if (addresses === undefined) {
      context.error(
        [...path, 'protocol'],
        'tcp-without-addresses',
        'has no addresses, and with tcp no name travels on the wire',
        "add 'addresses: [<public IPv4>]', or use tls or http",
        'tcp',
      );
    }
    if (ports === undefined) {
      context.error(
        [...path, 'protocol'],
        'tcp-without-ports',
        'has no ports, and tcp has no default',
        "add 'ports: [<port>]'",
        'tcp',
      );
    }
    return;
  }
  if (protocol === null) return;
  const name = protocol ?? 'tls';
  if (addresses) {
    context.error(
      [...path, 'addresses'],
      'addresses-without-tcp',
      `are for tcp only; ${name} rules go by the name`,
      "remove them, or write 'protocol: tcp'",
    );
  }
  const unusual = name === 'tls' ? DEFAULT_PORTS.http : DEFAULT_PORTS.tls;
  (ports ?? []).forEach((port, index) => {
    if (unusual.includes(Number(port))) {
      context.warning([...path, 'ports', index], 'unusual-port', `is rarely spoken ${name} on`, `check the protocol; it is ${name} now`, port);
    }
  });
}

function checkAddresses({ addresses }: Rule, path: Path, context: CheckContext): void {
  const blocks = (addresses ?? []).map((address, index) => {
    const parsed = address === null ? undefined : parseBlock(address, true);
    if (!parsed?.ok) return null;
    const problem = destinationProblem(parsed.block);
    if (problem) context.error([...path, 'addresses', index], problem.code, problem.message, problem.fix, address);
    const warning = problem ? undefined : resolverAddressWarning(parsed.block);
    if (warning) context.warning([...path, 'addresses', index], warning.code, warning.message, warning.fix, address);
    return parsed.block;
  });
  const texts = blocks.map((block) => block?.text ?? null);
  repeated(texts, (index) => context.error(
    [...path, 'addresses', index],
    'duplicate-address',
    'is listed twice',
    'keep one of the two',
    texts[index],
  ));
  coveredBlocks(blocks).forEach(({ index, by }) => context.error(
    [...path, 'addresses', index],
    'covered-address',
    `is in ${blocks[by]!.text} already`,
    'keep one of the two',
    texts[index],
  ));
}

function checkDnsPorts({ ports }: Rule, path: Path, context: CheckContext): void {
  (ports ?? []).forEach((port, index) => {
    const warning = resolverPortWarning(Number(port));
    if (warning) context.warning([...path, 'ports', index], warning.code, warning.message, warning.fix, port);
  });
}

function checkExpiry({ expires }: Rule, path: Path, context: CheckContext): void {
  if (!expires) return;
  const left = daysBetween(context.today, expires);
  const at = [...path, 'expires'];
  if (left < 0) {
    context.error(
      at,
      'expired',
      `was ${-left === 1 ? 'yesterday' : `${-left} days ago`}`,
      'remove the rule, or let its owner set a later day',
      expires,
    );
  } else if (left <= WARN_DAYS) {
    context.warning(
      at,
      'expires-soon',
      left === 0 ? 'is today' : `is in ${left} ${left === 1 ? 'day' : 'days'}`,
      'ask the owner whether the rule is still needed',
      expires,
    );
  }
}

function checkCallers({ from }: Rule, path: Path, context: CheckContext): void {
  if (!from) return;
  repeated(from, (index) => context.error([...path, 'from', index], 'duplicate-from', 'is listed twice', 'keep one of the two', from[index]));
  from.forEach((name, index) => {
    if (name === null || !context.segments) return;
    const at = [...path, 'from', index];
    const segment = context.segments.get(name);
    if (!segment) {
      context.error(at, 'unknown-segment', 'is not a segment', suggestion(name, context.segments.keys(), 'segments'), name);
    } else if (segment.tier === 'data') {
      context.error(
        at,
        'data-segment-egress',
        'is a data segment, and a data segment never reaches the internet',
        'let a private segment fetch it, or remove the name',
        name,
      );
    } else if (segment.tier === 'public') {
      context.error(
        at,
        'public-segment-egress',
        'is a public segment; hosts are granted to private segments only',
        'move the workload to a private segment',
        name,
      );
    }
  });
}

/** By name; undefined when one cannot be told. */
type Declared = ReadonlyMap<string, Sound<EnvironmentInput>> | undefined;

function declaredEnvironments(environments: Environments | undefined): Declared {
  if (!environments?.every((environment) => typeof environment?.name === 'string')) return undefined;
  return new Map(environments.flatMap((environment) => (environment?.name ? [[environment.name, environment] as const] : [])));
}

function checkEnvironmentNames({ environments }: Rule, path: Path, declared: Declared, context: CheckContext): void {
  if (!environments) return;
  repeated(environments, (index) => context.error([...path, 'environments', index], 'duplicate-environment', 'is listed twice', 'keep one of the two', environments[index]));
  environments.forEach((name, index) => {
    if (name === null || !declared || declared.has(name)) return;
    context.error([...path, 'environments', index], 'unknown-environment', 'is not an environment', suggestion(name, declared.keys(), 'environments'), name);
  });
}

/** A rule that holds nowhere: no environment that it names is on a cloud that it names. */
function checkPlaces({ clouds, environments }: Rule, path: Path, declared: Declared, context: CheckContext): void {
  if (clouds) repeated(clouds, (index) => context.error([...path, 'clouds', index], 'duplicate-cloud', 'is listed twice', 'keep one of the two', clouds[index]));
  if (!clouds || clouds.includes(null) || environments === null || environments?.includes(null) || !declared) return;
  const named = environments?.map((name) => declared.get(name as string)) ?? [...declared.values()];
  const used = cloudsInUse(named.map((environment) => environment ?? null));
  if (!used || clouds.some((cloud) => used.has(cloud!))) return;
  const message = environments ? 'name no cloud that one of its environments is on' : 'name no cloud that an environment is on';
  context.warning([...path, 'clouds'], 'unused-rule', message, 'remove the rule, or add the environment');
}
