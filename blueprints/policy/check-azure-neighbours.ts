/** Whether environments that share a hub or a network on Azure can stand side by side there. */
import type { AzureEnvironmentInput } from './azure-environment';
import type { CheckContext } from './check-context';
import type { Path } from './problems';
import type { PolicyInput } from './schema';
import type { Sound } from './schema-findings';

/** Priorities that one environment takes in a policy of others: 100 for each of 64 slots, and one for the deny. */
const PRIORITIES = 6_401;
const FIRST_PRIORITY = 1_000;

/**
 * Reports what Azure would refuse while the second of two is deployed.
 *
 * @param hasZones whether an environment has private zones for its services
 */
export function checkAzureNeighbours(environments: Environments, hasZones: (index: number) => boolean, context: CheckContext): void {
  const all = environments.flatMap((environment, index) => (environment?.azure ? [{ azure: environment.azure, path: ['environments', index, 'azure'] as Path, zones: hasZones(index) }] : []));
  all.forEach(({ azure: { hub, spoke }, path, zones }, index) => {
    const earlier = (same: (other: (typeof all)[number]['azure'], zones: boolean) => boolean) => all.slice(0, index).find((other) => same(other.azure, other.zones));
    const inPolicy = earlier((other) => sameId(hub?.policy, other.hub?.policy) && Math.abs(firstPriority(hub) - firstPriority(other.hub)) < PRIORITIES);
    if (inPolicy) {
      context.error([...path, 'hub', 'firstPriority'], 'priorities-taken', `begins within the ${PRIORITIES} priorities of ${context.where([...inPolicy.path, 'hub'])}, in the same policy`, `begin at ${firstPriority(inPolicy.azure.hub) + PRIORITIES} or above`, firstPriority(hub));
    }
    const inHub = earlier((other, otherZones) => zones && otherZones && sameId(hub?.network, other.hub?.network) && asksTheHub(hub) && asksTheHub(other.hub));
    if (inHub) {
      context.error([...path, 'hub', 'network'], 'hub-resolves-once', `is the hub of ${context.where(inHub.path)}, too, and a network takes one private zone of a name: its firewall would find the endpoints of one of the two`, "write 'dnsServers: []' under one hub, so that Azure's resolver answers with that environment's own zones", hub!.network);
    }
    const inSpoke = earlier((other) => sameId(spoke?.network, other.spoke?.network));
    if (inSpoke) {
      context.error([...path, 'spoke', 'network'], 'network-taken', `is the network of ${context.where(inSpoke.path)}, too, which sets its DNS servers and records its flows`, 'give each environment a network of its own', spoke!.network);
    }
  });
}

type Environments = readonly (Sound<PolicyInput['environments'][number]> | null)[];

/** Whether private zones are made for some of the services. */
export function haveZones(services: Sound<PolicyInput>['privateServices']): boolean {
  return (services ?? []).some((service) => service !== null && service !== 'session-access' && !/^(aws|google):/.test(service));
}

type Hub = Sound<AzureEnvironmentInput>['hub'];

const firstPriority = (hub: Hub) => hub?.firstPriority ?? FIRST_PRIORITY;
const asksTheHub = (hub: Hub) => (hub?.dnsServers ?? ['']).length > 0;

function sameId(one: string | null | undefined, other: string | null | undefined): boolean {
  return typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase();
}
