/**
 * Whether what an account of AWS has without asking is enough for the environments.
 *
 * Accounts may have been given more, so these are warnings; a deployment that runs into one stops half way.
 * What nobody can raise, and quotas that the policy can state (`aclEntries`), are errors where they are met.
 */
import type { AwsEnvironmentInput } from './aws-environment';
import type { CheckContext } from './check-context';
import type { Path } from './problems';
import type { PolicyInput } from './schema';
import type { Sound } from './schema-findings';

/**
 * Defaults, per VPC, and per account and region.
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html
 */
const QUOTAS = {
  network: { 'route tables': 200, subnets: 200 },
  region: { 'Elastic IP addresses': 5, VPCs: 5, firewalls: 5 },
} as const;

/** Zones of an environment that names none. */
const DEFAULT_ZONES = 3;
/** Roles of the infrastructure with a subnet in each zone: firewall, NAT gateway, endpoints. */
const INFRASTRUCTURE_ROLES = 3;

type Environment = Sound<AwsEnvironmentInput>;
type Environments = readonly (Sound<PolicyInput['environments'][number]> | null)[];
type Needs<Q extends keyof typeof QUOTAS> = Readonly<Record<keyof (typeof QUOTAS)[Q], number>>;

/** Warns of each quota that is passed, where it is. */
export function checkAwsQuotas({ environments, segments, allow }: Sound<PolicyInput>, context: CheckContext): void {
  const rules = (allow ?? []).filter((rule) => rule?.clouds === undefined || rule.clouds?.includes('aws'));
  environments?.forEach((environment, index) => {
    if (environment?.aws?.region && !environment.aws.existingNetwork) report(networkNeeds(environment.aws, segments?.length ?? 0), QUOTAS.network, ['environments', index, 'aws'], context);
  });
  checkRegionQuotas(environments ?? [], (name) => rules.some((rule) => rule?.environments === undefined || rule.environments?.includes(name)), context);
}

/**
 * What environments of one account need in a region together.
 *
 * @param hasHosts whether some rule holds in an environment of that name, on AWS
 */
export function checkRegionQuotas(environments: Environments, hasHosts: (name: string | null, index: number) => boolean, context: CheckContext): void {
  const used = new Map<string, { readonly names: string[]; readonly needs: Record<string, number> }>();
  environments.forEach((environment, index) => {
    const aws = environment?.aws;
    if (!aws?.region) return;
    const path: Path = ['environments', index, 'aws'];
    const place = JSON.stringify([aws.account ?? null, aws.region]);
    const { names, needs } = used.get(place) ?? used.set(place, { names: [], needs: {} }).get(place)!;
    names.push(environment?.name ?? `environments[${index}]`);
    for (const [what, count] of Object.entries(regionNeeds(aws, hasHosts(environment?.name ?? null, index)))) {
      const before = needs[what] ?? 0;
      needs[what] = before + count;
      const most = QUOTAS.region[what as keyof typeof QUOTAS.region];
      // Told once, by the environment that passes it.
      if (needs[what] <= most || before > most) continue;
      context.warning(
        path,
        'quota-likely',
        `needs${names.length > 1 ? `, with ${names.slice(0, -1).join(', ')},` : ''} ${needs[what]} ${what} in ${aws.region}, and an account has ${most} unless it was given more`,
        `ask for more in Service Quotas${what === 'Elastic IP addresses' ? ", set 'egressZones'" : ''}${names.length > 1 ? ', or give environments accounts of their own' : ''}`,
      );
    }
  });
}

function report<Q extends 'network'>(needs: Needs<Q>, quotas: (typeof QUOTAS)[Q], path: Path, context: CheckContext): void {
  for (const [what, most] of Object.entries(quotas)) {
    const count = needs[what as keyof Needs<Q>];
    if (count > most) context.warning(path, 'quota-likely', `needs ${count} ${what}, and a VPC has ${most} unless it was given more`, 'ask for more in Service Quotas, or use fewer zones or segments');
  }
}

function networkNeeds({ zones, secondaryCidrs }: Environment, segments: number): Needs<'network'> {
  const count = zonesOf(zones);
  const added = Object.keys(secondaryCidrs ?? {}).length;
  // Each subnet of a segment has a table; those of endpoints share one, and the network has a main one.
  return { subnets: count * (segments + added + INFRASTRUCTURE_ROLES), 'route tables': count * (segments + added + 2) + 2 };
}

function regionNeeds({ zones, egressZones, existingNetwork }: Environment, hasHosts: boolean): Needs<'region'> {
  const addresses = egressZones === undefined || egressZones === null ? zonesOf(zones) : zonesOf(egressZones);
  return { VPCs: existingNetwork ? 0 : 1, firewalls: hasHosts ? 1 : 0, 'Elastic IP addresses': hasHosts ? addresses : 0 };
}

function zonesOf(zones: Environment['zones']): number {
  if (zones === undefined || zones === null) return DEFAULT_ZONES;
  return typeof zones === 'number' ? zones : zones.length;
}
