/** Whether the environments can stand side by side. */
import { checkAwsEnvironment } from './aws-environment';
import { checkPublicAccessBlocks } from './aws-network-options';
import { checkAzureEnvironment } from './azure-environment';
import { repeated, type CheckContext } from './check-context';
import { checkGoogleEnvironment, checkGoogleNames, checkGoogleSingles, type Files } from './check-google';
import { DOCKER_BRIDGE, environmentBlockProblem, intersects, isSharedSpace, parseBlock, type Block } from './cidr';
import { checkAzureZones, checkRegion } from './known-regions';
import { CLOUDS, type Cloud } from './model';
import type { Path } from './problems';
import type { EnvironmentInput } from './schema';
import type { Sound } from './schema-findings';

type Environment = Sound<EnvironmentInput>;

/** Addresses that belong to one environment. */
export interface PlacedBlock {
  readonly block: Block;
  readonly path: Path;
  /** `prod on aws` */
  readonly owner: string;
}

/** Names, clouds, zones and address ranges. */
export function checkEnvironments(environments: readonly (Environment | null)[], organization: string | null | undefined, context: CheckContext): void {
  const names = environments.map((environment) => environment?.name ?? null);
  repeated(names, (index, first) =>
    context.error(
      ['environments', index, 'name'],
      'duplicate-environment',
      `is the name of ${context.where(['environments', first])}, too`,
      'put the clouds of one stage into one entry',
      names[index],
    ));
  environments.forEach((environment, index) => {
    // `aws-a-kubernetes` is the stack of the cluster of environment `a`.
    if (typeof environment?.name !== 'string' || !environment.name.endsWith('-kubernetes')) return;
    context.error(['environments', index, 'name'], 'reserved-name', 'ends like the name of a stack of a cluster', 'choose another, without -kubernetes at the end', environment.name);
  });
  const blocks = environments.flatMap((environment, index) => (environment ? placedBlocks(environment, index, context) : []));
  checkNeighbours(environments, blocks, { organizationOf: () => organization }, context);
}

/** What environments may not do beside each other, in one file or in several. @param blocks of all of them, in their order */
export function checkNeighbours(environments: readonly (Environment | null)[], blocks: readonly PlacedBlock[], { organizationOf, ...files }: Files & Required<Pick<Files, 'organizationOf'>>, context: CheckContext): void {
  checkPublicAccessBlocks(environments, context);
  checkGoogleNames(environments, { organizationOf, ...files }, context);
  checkGoogleSingles(organizationOf, environments, context);
  checkOverlaps(blocks, context);
}

/** An environment's addresses. Reports what is wrong with it by itself. */
export function placedBlocks(environment: Environment, index: number, context: CheckContext): readonly PlacedBlock[] {
  const path: Path = ['environments', index];
  const blocks: PlacedBlock[] = [];
  // A key that is not known was reported; what it was meant to be is not missing.
  if (Object.keys(environment).every((key) => key === 'name' || key === 'deletionProtection')) {
    context.error(path, 'environment-without-cloud', 'is on no cloud', 'add aws, google or azure');
  }
  for (const cloud of CLOUDS) {
    const part = environment[cloud];
    if (!part) continue;
    checkRegion(cloud, part.region, [...path, cloud, 'region'], context);
    const block = checkBlock(part.cidr, cloud, [...path, cloud, 'cidr'], context);
    if (block) blocks.push({ block, path: [...path, cloud, 'cidr'], owner: `${environment.name ?? `environments[${index}]`} on ${cloud}` });
  }
  for (const [segment, cidr] of Object.entries(environment.aws?.secondaryCidrs ?? {})) {
    const parsed = cidr === null ? undefined : parseBlock(cidr);
    // The shared space is not routed between networks, so each may use it again.
    if (!parsed?.ok || isSharedSpace(parsed.block)) continue;
    blocks.push({ block: parsed.block, path: [...path, 'aws', 'secondaryCidrs', segment], owner: `${environment.name ?? `environments[${index}]`} on aws` });
  }
  if (environment.aws) checkAwsEnvironment(environment.aws, [...path, 'aws'], context);
  if (environment.google) {
    const further = checkGoogleEnvironment(environment.google, [...path, 'google'], context);
    blocks.push(...further.map(({ block, path: at, what }) => ({ block, path: at, owner: `${what} in ${environment.name ?? `environments[${index}]`}` })));
  }
  if (environment.azure) checkAzureZones(environment.azure.region, environment.azure.zones, [...path, 'azure', 'region'], context);
  if (environment.azure) checkAzureEnvironment(environment.azure, [...path, 'azure'], context);
  return blocks;
}

/** The clouds that some environment is on; undefined when one cannot be told. */
export function cloudsInUse(environments: readonly (Environment | null)[]): ReadonlySet<Cloud> | undefined {
  if (environments.some((environment) => !environment)) return undefined;
  return new Set(CLOUDS.filter((cloud) => environments.some((environment) => environment?.[cloud] !== undefined)));
}

function checkBlock(cidr: string | null, cloud: Cloud, path: Path, context: CheckContext): Block | undefined {
  const parsed = cidr === null ? undefined : parseBlock(cidr);
  if (!parsed?.ok) return undefined;
  const { block } = parsed;
  const problem = environmentBlockProblem(block, cloud);
  if (problem) context.error(path, problem.code, problem.message, problem.fix, cidr);
  if (intersects(block, DOCKER_BRIDGE)) {
    context.warning(
      path,
      'cidr-docker',
      `shares addresses with ${DOCKER_BRIDGE.text}, Docker's default bridge`,
      'containers with default settings cannot reach hosts in there; prefer another range',
      cidr,
    );
  }
  return block;
}

/** In the order of addresses, so that neighbours are all there is to compare. */
function checkOverlaps(blocks: readonly PlacedBlock[], context: CheckContext): void {
  let widest: PlacedBlock | undefined;
  for (const current of [...blocks].sort((a, b) => a.block.first - b.block.first)) {
    if (widest && intersects(widest.block, current.block)) {
      const [earlier, later] = blocks.indexOf(widest) < blocks.indexOf(current) ? [widest, current] : [current, widest];
      context.error(
        later.path,
        'cidr-overlap',
        `overlaps ${earlier.block.text} of ${earlier.owner}, ${context.where(earlier.path)}`,
        `give ${later.owner} a block of its own; networks that may be joined one day cannot share addresses`,
        later.block.text,
      );
    }
    if (!widest || current.block.last > widest.block.last) widest = current;
  }
}
