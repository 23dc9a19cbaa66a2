/** Subnets that are not in the plan, but whose security group and route table are: known by their ids alone. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { NOTHING } from '../ranges';
import { UNATTACHED, type Attachment } from './attachments';
import { NO_TEXTS, pointsTo, text } from './read';
import type { AzureSubnet } from './subnet';

const GROUP = { type: 'azurerm_subnet_network_security_group_association', attached: 'network_security_group_id', of: 'azurerm_network_security_group' };
const TABLE = { type: 'azurerm_subnet_route_table_association', attached: 'route_table_id', of: 'azurerm_route_table' };

/** In the order of their ids. */
export function existingSubnets(graph: ResourceGraph): readonly { readonly id: string; readonly subnet: AzureSubnet }[] {
  const groups = byId(graph, GROUP);
  const tables = byId(graph, TABLE);
  return [...new Set([...groups.keys(), ...tables.keys()])].sort().map((id) => {
    const [association] = (groups.get(id) ?? tables.get(id)) as readonly [Resource, ...Resource[]];
    const subnet: AzureSubnet = {
      resource: association,
      address: association.address,
      name: id.split('/').at(-1) as string,
      role: 'workloads',
      exists: true,
      cidrs: { items: [], unknown: `${id} is not in the plan` },
      addresses: { 4: NOTHING, 6: NOTHING },
      groups: attachmentOf(groups.get(id), GROUP),
      tables: attachmentOf(tables.get(id), TABLE),
      natGateways: UNATTACHED,
      defaultOutbound: true,
      defaultOutboundSaid: false,
      serviceEndpoints: NO_TEXTS,
      hasEndpointPolicies: false,
      delegations: [],
    };
    return { id, subnet };
  });
}

type Kind = typeof GROUP;

function byId(graph: ResourceGraph, kind: Kind): ReadonlyMap<string, readonly [Resource, ...Resource[]]> {
  const result = new Map<string, [Resource, ...Resource[]]>();
  for (const association of graph.ofType(kind.type)) {
    const id = text(association, 'subnet_id');
    if (id === undefined || !/^\/subscriptions\/.+\/subnets\/[^/]+$/i.test(id) || pointsTo(association, 'subnet_id', 'azurerm_subnet').targets.length > 0) continue;
    const known = result.get(id);
    if (known) known.push(association);
    else result.set(id, [association]);
  }
  return result;
}

function attachmentOf(associations: readonly Resource[] | undefined, kind: Kind): Attachment {
  if (!associations) return UNATTACHED;
  const pointed = associations.map((association) => pointsTo(association, kind.attached, kind.of));
  const unknown = pointed.find((each) => each.unknown !== undefined)?.unknown;
  return { candidates: [...new Set(pointed.flatMap(({ targets }) => targets))], mayBeNone: false, by: associations, ...(unknown === undefined ? {} : { unknown }) };
}
