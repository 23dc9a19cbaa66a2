/** DNS security policies, which a template carries as long as the provider has no resource for them. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { isUnset, text } from './read';

export interface DnsPolicy {
  /** The deployment of the template. */
  readonly resource: Resource;
  /** What happens to a name that no list holds. */
  readonly rest: 'Block' | 'Alert' | 'Allow';
  /** Parameters of the template that name networks, and the ones among them that are linked. */
  readonly networks: readonly string[];
  readonly linked: readonly string[];
}

/** Policies in templates that can be read; what is no JSON is left alone. */
export function dnsPolicies(graph: ResourceGraph): readonly DnsPolicy[] {
  return graph.ofType('azurerm_resource_group_template_deployment').flatMap((resource) => {
    const template = parsed(text(resource, 'template_content'));
    const resources = items(template?.['resources']);
    if (!resources.some((each) => typeOf(each) === 'microsoft.network/dnsresolverpolicies')) return [];
    const lists = new Map(resources.filter((each) => typeOf(each) === 'microsoft.network/dnsresolverdomainlists')
      .map((each) => [String(each['name']).toLowerCase(), items(fields(each['properties'])['domains'], String)] as const));
    const rules = resources.filter((each) => typeOf(each) === 'microsoft.network/dnsresolverpolicies/dnssecurityrules')
      .map((each) => fields(each['properties']))
      .filter((rule) => String(rule['dnsSecurityRuleState'] ?? 'Enabled').toLowerCase() === 'enabled')
      .sort((a, b) => Number(a['priority']) - Number(b['priority']));
    // The first rule for every name says what happens to those that no list before it holds.
    const last = rules.find((rule) => items(rule['dnsResolverDomainLists']).some((list) => (lists.get(listName(String(list['id']))) ?? []).includes('.')));
    const action = String(fields(last?.['action'])['actionType'] ?? 'Allow').toLowerCase();
    return [{
      resource,
      rest: action === 'block' ? 'Block' : action === 'alert' ? 'Alert' : 'Allow',
      networks: Object.keys(fields(template?.['parameters'])),
      linked: resources.filter((each) => typeOf(each) === 'microsoft.network/dnsresolverpolicies/virtualnetworklinks')
        .flatMap((each) => /parameters\('([^']+)'\)/.exec(String(fields(fields(each['properties'])['virtualNetwork'])['id']))?.[1] ?? []),
    }];
  });
}

/** Whether something of the plan that is not read may be one. */
export function mayHoldDnsPolicy(graph: ResourceGraph): boolean {
  return graph.ofType('azurerm_resource_group_template_deployment').some((each) => text(each, 'template_content') === undefined && !(isUnset(each, 'template_content') && isUnset(each, 'template_spec_version_id')))
    || graph.ofType('azapi_resource').some((each) => /dnsresolverpolicies/i.test(text(each, 'type') ?? 'dnsResolverPolicies'));
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(content: string | undefined): Fields | undefined {
  if (content === undefined) return undefined;
  try {
    return fields(JSON.parse(content));
  } catch {
    return undefined;
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function items(value: unknown): readonly Fields[];
function items<T>(value: unknown, as: (item: unknown) => T): readonly T[];
function items(value: unknown, as: (item: unknown) => unknown = fields): readonly unknown[] {
  return Array.isArray(value) ? value.map((item) => as(item)) : [];
}

const typeOf = (resource: Fields): string => String(resource['type']).toLowerCase();

/** The last name in `[resourceId('Microsoft.Network/dnsResolverDomainLists', 'name')]`, or of an id. */
function listName(id: string): string {
  return (/'([^']+)'\s*\)\]$/.exec(id)?.[1] ?? id.split('/').at(-1) ?? '').toLowerCase();
}
