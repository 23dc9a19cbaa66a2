/** An environment's part on AWS: its fields, what has to fit together, and its canonical form. */
import * as z from 'zod';
import { awsFirewallSchema, canonicalAwsFirewall, checkAwsFirewall } from './aws-firewall-options';
import { awsLogsSchema, canonicalAwsLogs, checkAwsLogs, kmsKeyField } from './aws-logs';
import { awsNetworkFields, canonicalAwsNetwork, checkAwsNetwork } from './aws-network-options';
import { repeated, type CheckContext } from './check-context';
import { blockText } from './cidr';
import { formatted, mixed, networkBlock, regionField } from './fields';
import type { AwsEnvironment, Zone } from './model';
import { canonicalCluster } from './canonical-pods';
import { clusterSchema } from './pods-schema';
import type { Finding, Path } from './problems';
import type { Sound } from './schema-findings';
import { partitionProblem } from './sound-network';

/**
 * Rules per group times groups per interface. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
 */
const RULES_PER_INTERFACE = 1000;
/** The two of their segment, and the one that opens the way to the API server. */
const GROUPS_OF_NODES = 3;

/** The zones of an environment that names none. */
const DEFAULT_ZONES = 3;

const zonesField = mixed<number | string[]>(
  'How many zones (1-4: the first letters of the region), or 1-4 full names such as us-east-1a. Default: 3.',
  (value): Finding | undefined => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 4) return undefined;
    if (Array.isArray(value) && value.length >= 1 && value.length <= 4 && value.every((zone) => typeof zone === 'string')) return undefined;
    return {
      code: 'bad-zones',
      message: 'is neither 1 to 4 nor a list of 1 to 4 names of zones',
      fix: 'write a number from 1 to 4, or 1-4 names such as [us-east-1a, us-east-1b]',
    };
  },
  { anyOf: [{ type: 'integer', minimum: 1, maximum: 4 }, { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 4, uniqueItems: true }] },
);

/** `environments[].aws` as it is written. */
export const awsEnvironmentSchema = z
  .strictObject({
    region: regionField('aws'),
    zones: zonesField.optional(),
    cidr: networkBlock('/16 to /20'),
    account: formatted('Twelve digits, in quotes; any other account is refused.', /^\d{12}$/, 'an account number of twelve digits', '123456789012').optional(),
    firewall: awsFirewallSchema.optional(),
    cluster: clusterSchema('aws').optional(),
    logs: awsLogsSchema.optional(),
    kmsKey: kmsKeyField.optional(),
    ...awsNetworkFields,
  })
  .meta({ description: 'This environment on AWS.' });

/** What `environments[].aws` holds once the schema accepts it. */
export type AwsEnvironmentInput = z.infer<typeof awsEnvironmentSchema>;

/** How the fields fit together. */
export function checkAwsEnvironment(input: Sound<AwsEnvironmentInput>, path: Path, context: CheckContext): void {
  const elsewhere = input.region ? partitionProblem(input.region) : undefined;
  if (elsewhere) {
    context.error([...path, 'region'], elsewhere.code, elsewhere.message, elsewhere.fix, input.region);
  }
  checkAwsFirewall(input.firewall, input.region, path, context);
  checkAwsLogs(input, path, context);
  const { zones, region, rulesPerGroup } = input;
  const mostRules = Math.floor(RULES_PER_INTERFACE / GROUPS_OF_NODES);
  if (input.cluster?.nodes && rulesPerGroup && rulesPerGroup > mostRules) {
    context.error([...path, 'rulesPerGroup'], 'too-many-rules-for-nodes', `leaves each interface ${Math.floor(RULES_PER_INTERFACE / rulesPerGroup)} groups, and nodes of a cluster carry ${GROUPS_OF_NODES}: AWS would start none`, `write at most ${mostRules}, and ask for no more: rules times groups are at most ${RULES_PER_INTERFACE}`, rulesPerGroup);
  }
  checkAwsNetwork(input, namesOf(region, zones), input.cidr, path, context);
  if (!Array.isArray(zones)) return;
  const at = (index: number): Path => [...path, 'zones', index];
  repeated(zones, (index) => context.error(at(index), 'duplicate-zone', 'is listed twice', 'keep one of the two', zones[index]));
  if (!region) return;
  zones.forEach((zone: string | null, index) => {
    if (zone !== null && !(zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length)))) {
      context.error(at(index), 'zone-not-in-region', `is not a zone of ${region}`, `write the region and a letter, such as '${region}a'`, zone);
    }
  });
}

/** The zones' full names, as far as they can be told. */
function namesOf(region: string | null, zones: Sound<AwsEnvironmentInput>['zones']): readonly string[] | undefined {
  if (!region || zones === null) return undefined;
  const names: readonly (string | null)[] = zoneNames(region, zones as number | readonly string[] | undefined);
  return names.some((name) => name === null) ? undefined : (names as readonly string[]);
}

/** The full names of the zones that an environment uses. */
export function zoneNames(region: string, asked: number | readonly string[] = DEFAULT_ZONES): readonly string[] {
  return typeof asked === 'number' ? Array.from({ length: asked }, (_, index) => `${region}${'abcd'[index]}`) : asked;
}

/**
 * @param zones the environment's zones with the slots that the lock gives them
 * @param defaultCluster the name of a cluster that is given none
 */
export function canonicalAwsEnvironment(input: AwsEnvironmentInput, zones: readonly Zone[], defaultCluster: string): AwsEnvironment {
  return {
    cloud: 'aws',
    region: input.region,
    cidr: blockText(input.cidr),
    zones,
    ...(input.account === undefined ? {} : { account: input.account }),
    ...canonicalAwsFirewall(input.firewall),
    ...canonicalCluster(input.cluster, defaultCluster),
    logs: canonicalAwsLogs(input.logs),
    ...(input.kmsKey === undefined ? {} : { kmsKey: input.kmsKey }),
    ...canonicalAwsNetwork(input, zones.map(({ name }) => name)),
  };
}
