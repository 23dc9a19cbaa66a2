import { FirewallPolicyRuleCollectionGroup, type FirewallPolicyRuleCollectionGroupConfig } from '@cdktf/provider-azurerm/lib/firewall-policy-rule-collection-group';
import type { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { AllowRule } from '../policy/model';
import { compare, segmentsWithHosts } from '../policy/rules';
import type { AzureProtectedSegment } from './egress-control';
import { DENY_ALL_PRIORITY, groupPriority, limitProblems, segmentCollections, type SegmentCollections } from './firewall-rules';

/** What the groups need. */
export interface RuleGroupsProps {
  readonly policyId: string;
  readonly rules: readonly AllowRule[];
  readonly segments: readonly AzureProtectedSegment[];
}

/**
 * One rule collection group per segment with hosts, and one that denies the rest.
 *
 * They are written one after the other, as Azure demands for one policy; the deny comes first,
 * so that no moment has an allow without it.
 * https://github.com/hashicorp/terraform-provider-azurerm/issues/32081
 *
 * @throws BlueprintError with every limit of Azure Firewall that the rules would break.
 */
export function addRuleGroups(scope: Construct, props: RuleGroupsProps): readonly FirewallPolicyRuleCollectionGroup[] {
  const protectedNames = new Set(segmentsWithHosts(props.rules));
  const segments = props.segments.filter(({ name }) => protectedNames.has(name)).sort((a, b) => compare(a.name, b.name));
  const collections = new Map(segments.map(({ name }) => [name, segmentCollections(props.rules, name)]));
  const problems = limitProblems(collections);
  if (problems.length > 0) throw new BlueprintError(scope, problems.map((message) => ({ message })));

  const denyAll = new FirewallPolicyRuleCollectionGroup(scope, 'deny-all', {
    name: 'deny-all',
    firewallPolicyId: props.policyId,
    priority: DENY_ALL_PRIORITY,
    applicationRuleCollection: [denyAllCollection()],
  });
  const groups: FirewallPolicyRuleCollectionGroup[] = [];
  for (const segment of segments) {
    groups.push(new FirewallPolicyRuleCollectionGroup(scope, `rules-${segment.name}`, {
      name: `segment-${segment.name}`,
      firewallPolicyId: props.policyId,
      priority: groupPriority(segment.slot),
      ...render(segment, collections.get(segment.name)!),
      dependsOn: [groups.at(-1) ?? denyAll],
    }));
  }
  return [...groups, denyAll];
}

/**
 * Azure's own infrastructure names are allowed after all rules; this comes before them.
 * https://learn.microsoft.com/azure/firewall/infrastructure-fqdns
 */
function denyAllCollection() {
  return {
    name: 'deny-all',
    priority: DENY_ALL_PRIORITY,
    action: 'Deny',
    rule: [{
      name: 'deny-all',
      sourceAddresses: ['*'],
      destinationFqdns: ['*'],
      protocols: [{ type: 'Http', port: 80 }, { type: 'Https', port: 443 }],
    }],
  };
}

/** The segment's own CIDRs are the source: few, known at synthesis, and readable in the plan. */
function render(
  segment: AzureProtectedSegment,
  collections: SegmentCollections,
): Pick<FirewallPolicyRuleCollectionGroupConfig, 'applicationRuleCollection' | 'networkRuleCollection'> {
  const sourceAddresses = [...segment.cidrs].sort(compare);
  return {
    ...(collections.network.length === 0 ? {} : {
      networkRuleCollection: [{
        name: 'allow-addresses',
        priority: 200,
        action: 'Allow',
        rule: collections.network.map(({ name, port, addresses }) => ({
          name,
          sourceAddresses,
          destinationAddresses: [...addresses],
          destinationPorts: [`${port}`],
          protocols: ['TCP'],
        })),
      }],
    }),
    ...(collections.application.length === 0 ? {} : {
      applicationRuleCollection: [{
        name: 'allow-hosts',
        priority: 300,
        action: 'Allow',
        rule: collections.application.map(({ name, type, port, fqdns }) => ({
          name,
          sourceAddresses,
          destinationFqdns: [...fqdns],
          protocols: [{ type, port }],
        })),
      }],
    }),
  };
}
