import { MonitorDiagnosticSetting } from '@cdktf/provider-azurerm/lib/monitor-diagnostic-setting';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { ResourceGroupTemplateDeployment } from '@cdktf/provider-azurerm/lib/resource-group-template-deployment';
import { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { LogDestination } from '../egress-control';
import type { ThreatReaction } from '../policy/azure-options';
import { compare } from '../policy/rules';
import { domainLists } from './dns-names';

/** The first version that is not a preview. */
const API_VERSION = '2025-05-01';
/** The lowest number decides. https://learn.microsoft.com/azure/dns/dns-security-policy#dns-traffic-rules */
const ALLOW_PRIORITY = 100;
const REST_PRIORITY = 65_000;

/** What the DNS policy needs. */
export interface AzureDnsPolicyProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly location: string;
  /** Domains that may be resolved, each with everything below it; without a trailing dot. */
  readonly domains: readonly string[];
  /** `deny` answers nothing else, `alert` answers and records it. */
  readonly mode: ThreatReaction;
  /** Ids of the networks whose questions it decides on, by a word for each. A network has one policy. */
  readonly networkIds: Readonly<Record<string, string>>;
  /** Where questions and answers are recorded. */
  readonly workspaceId: string;
  /** @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A DNS security policy: the listed domains are resolved, and nothing else.
 *
 * azurerm 4.55 has no resource for it, so a template carries it. Terraform sees the template and
 * not what it made: what somebody changes by hand is not drift, and is undone by the next change.
 * https://github.com/hashicorp/terraform-provider-azurerm/issues/28597
 *
 * @throws BlueprintError when there are more domains than the lists of a policy take.
 */
export class AzureDnsPolicy extends Construct {
  readonly resourceGroup: ResourceGroup;
  readonly deployment: ResourceGroupTemplateDeployment;
  readonly diagnostics: MonitorDiagnosticSetting;
  readonly logDestinations: readonly LogDestination[];

  constructor(scope: Construct, id: string, props: AzureDnsPolicyProps) {
    super(scope, id);
    const { name, location, workspaceId } = props;
    const tags = { ...props.tags };
    const lists = domainLists(props.domains);
    if (lists === undefined) {
      throw new BlueprintError(this, [{ message: `azure: ${props.domains.length} domains are more than the lists of one DNS security policy take; use wildcards, or drop 'dnsPolicy'` }]);
    }
    this.resourceGroup = new ResourceGroup(this, 'resources', { name: `${name}-dns`, location, tags });
    const roles = Object.keys(props.networkIds).sort(compare);
    this.deployment = new ResourceGroupTemplateDeployment(this, 'policy', {
      name: `${name}-dns`,
      resourceGroupName: this.resourceGroup.name,
      deploymentMode: 'Incremental',
      templateContent: JSON.stringify(template(`${name}-dns`, location, lists, props.mode, roles, tags)),
      parametersContent: JSON.stringify(Object.fromEntries(roles.map((role) => [parameter(role), { value: props.networkIds[role] }]))),
      tags,
    });
    this.diagnostics = new MonitorDiagnosticSetting(this, 'diagnostics', {
      name: `${name}-dns`,
      targetResourceId: `${this.resourceGroup.id}/providers/Microsoft.Network/dnsResolverPolicies/${name}-dns`,
      logAnalyticsWorkspaceId: workspaceId,
      enabledLog: [{ category: 'DnsResponse' }],
      dependsOn: [this.deployment],
    });
    this.logDestinations = [{ kind: 'dns', id: workspaceId }];
  }
}

const parameter = (role: string) => `${role}NetworkId`;

/** Deployed in this order: lists, the allow, the rest, and only then the networks. */
function template(
  name: string, location: string, lists: readonly { readonly name: string; readonly domains: readonly string[] }[], mode: ThreatReaction,
  roles: readonly string[], tags: Readonly<Record<string, string>>,
) {
  const kind = (type: string) => `Microsoft.Network/${type}`;
  const idOf = (type: string, ...names: readonly string[]) => `[resourceId('${kind(type)}', ${names.map((each) => `'${each}'`).join(', ')})]`;
  const resource = (type: string, resourceName: string, properties: unknown, dependsOn: readonly string[]) =>
    ({ type: kind(type), apiVersion: API_VERSION, name: resourceName, location, tags, properties, dependsOn });
  const rule = (ruleName: string, priority: number, actionType: 'Allow' | 'Block' | 'Alert', of: readonly string[], after: readonly string[], isOn = true) =>
    resource('dnsResolverPolicies/dnsSecurityRules', `${name}/${ruleName}`, {
      priority,
      action: { actionType },
      dnsResolverDomainLists: of.map((list) => ({ id: idOf('dnsResolverDomainLists', list) })),
      dnsSecurityRuleState: isOn ? 'Enabled' : 'Disabled',
    }, [idOf('dnsResolverPolicies', name), ...of.map((list) => idOf('dnsResolverDomainLists', list)), ...after]);
  const listName = (list: { readonly name: string }) => `${name}-${list.name}`;
  // A rule that a template leaves out stays as it was: with nothing to allow, it is there and off.
  const allow = rule('allow-listed', ALLOW_PRIORITY, 'Allow', lists.length > 0 ? lists.map(listName) : [`${name}-everything`], [], lists.length > 0);
  const ruleId = (ruleName: string) => idOf('dnsResolverPolicies/dnsSecurityRules', name, ruleName);
  const rest = rule('everything-else', REST_PRIORITY, mode === 'deny' ? 'Block' : 'Alert', [`${name}-everything`], [ruleId('allow-listed')]);
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    // Azure hands the type back with a capital, and the provider would see a change otherwise:
    // https://github.com/hashicorp/terraform-provider-azurerm/issues/12520
    parameters: Object.fromEntries(roles.map((role) => [parameter(role), { type: 'String' }])),
    resources: [
      resource('dnsResolverPolicies', name, {}, []),
      ...lists.map((list) => resource('dnsResolverDomainLists', listName(list), { domains: list.domains }, [])),
      resource('dnsResolverDomainLists', `${name}-everything`, { domains: ['.'] }, []),
      allow,
      rest,
      ...roles.map((role) => resource('dnsResolverPolicies/virtualNetworkLinks', `${name}/${role}`, { virtualNetwork: { id: `[parameters('${parameter(role)}')]` } },
        [idOf('dnsResolverPolicies', name), ruleId('everything-else')])),
    ],
  };
}
