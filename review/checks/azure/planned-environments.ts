/** Which environments of the policy a plan is of. */
import { allowRulesFor, type AzureEnvironment } from '../../../blueprints/policy/model';
import { matchAddresses } from '../../model/azure/address-match';
import { text } from '../../model/azure/read';
import type { AzureSubnet } from '../../model/azure/subnet';
import { includes, isEmpty, type Ranges } from '../../model/ranges';
import type { AzureContext } from './azure-check';

/**
 * Those whose network has a subnet of the plan; all of them where addresses do not tell. What one
 * environment asks for is neither missing in another nor agreed there.
 */
export function plannedEnvironments(context: AzureContext): readonly AzureEnvironment[] {
  const here = certainEnvironments(context);
  return here.length > 0 ? here : environmentsOf(context);
}

const environmentsOf = ({ policy }: AzureContext): readonly AzureEnvironment[] => (policy?.environments ?? []).flatMap(({ azure }) => azure ?? []);

/** Without those of which a plan does not tell: what nobody knows to be meant is not missing. */
export function certainEnvironments(context: AzureContext): readonly AzureEnvironment[] {
  let found = certain.get(context);
  if (!found) certain.set(context, (found = context.policy ? environmentsHere(context) : []));
  return found;
}

const certain = new WeakMap<AzureContext, readonly AzureEnvironment[]>();

function environmentsHere(context: AzureContext): readonly AzureEnvironment[] {
  const { model } = context;
  const subnets = model.subnets.filter(({ role }) => role === 'workloads').map(({ addresses }) => addresses[4]).filter((ranges) => !isEmpty(ranges));
  // Of those that exist the plan has no addresses, and the policy file their ids.
  const existing = new Set(model.subnets.flatMap(({ exists, resource }) => (exists ? text(resource, 'subnet_id')?.toLowerCase() ?? [] : [])));
  return environmentsOf(context).filter(({ cidr, spoke }) => {
    if (existing.size > 0 && Object.values(spoke?.subnets ?? {}).some(({ id }) => existing.has(id.toLowerCase()))) return true;
    const blocks = matchAddresses({ items: [cidr, ...Object.values(spoke?.subnets ?? {}).map((subnet) => subnet.cidr)] }, 4).certain;
    return subnets.some((subnet) => includes(blocks, subnet));
  }).map((environment) => (hasHosts(context, environment) ? environment : withoutHub(environment)));
}

/** A hub is asked for nothing as long as no segment has a host, and no cluster names. */
function hasHosts({ policy }: AzureContext, { cidr, kubernetes }: AzureEnvironment): boolean {
  return kubernetes !== undefined || (policy?.environments ?? []).some(({ name, azure }) => azure?.cidr === cidr && allowRulesFor(policy!, 'azure', name).length > 0);
}

function withoutHub({ hub: _, ...rest }: AzureEnvironment): AzureEnvironment {
  return rest;
}

/** A subnet's addresses. Of one that exists the plan has the id alone, and the policy file its block. */
export function blockOf(context: AzureContext, { addresses, exists, resource }: AzureSubnet): Ranges {
  if (!exists || !context.policy) return addresses[4];
  const id = text(resource, 'subnet_id')?.toLowerCase();
  const found = environmentsOf(context).flatMap(({ spoke }) => (spoke ? [...Object.values(spoke.subnets), spoke.privateEndpoints] : [])).find((each) => each.id.toLowerCase() === id);
  return found ? matchAddresses({ items: [found.cidr] }, 4).certain : addresses[4];
}
