import { FirewallPolicyRuleCollectionGroup, type FirewallPolicyRuleCollectionGroupConfig } from '@cdktf/provider-azurerm/lib/firewall-policy-rule-collection-group';
import { IpGroup } from '@cdktf/provider-azurerm/lib/ip-group';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { AllowRule } from '../policy/model';
import { compare, segmentsWithHosts } from '../policy/rules';
import type { AzureProtectedSegment } from './egress-control';
import {
  DENY_ALL_PRIORITY, groupPriority, limitProblems, segmentCollections, shardSuffix, sharedDenyPriority, shardsOf, type CollectionShard,
} from './firewall-rules';
import { KUBERNETES_TAG } from '../policy/azure-kubernetes-hosts';

/** What a cluster in a segment reaches, besides the segment's hosts. */
export interface ClusterHosts {
  readonly segment: string;
  readonly http: readonly string[];
  readonly tls: readonly string[];
}

/** What the groups need. */
export interface RuleGroupsProps {
  /** Prefix of names. */
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly policyId: string;
  readonly rules: readonly AllowRule[];
  readonly segments: readonly AzureProtectedSegment[];
  /** TLS is opened on the way: Premium with a certificate. */
  readonly opensTls: boolean;
  /** Absent when no segment has a cluster. */
  readonly cluster?: ClusterHosts;
  /** Set when the policy belongs to somebody else: where our groups begin there. */
  readonly sharedFrom?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** What was made. */
export interface RuleGroups {
  /** The last group denies everything; the others are sorted by segment. */
  readonly groups: readonly FirewallPolicyRuleCollectionGroup[];
  /** The addresses of each segment with hosts, by its name. */
  readonly sources: ReadonlyMap<string, IpGroup>;
}

const LAST_TO_GO = { createBeforeDestroy: true } as const;

/**
 * One IP group and one rule collection group per segment with hosts, and one that denies the rest.
 *
 * They are written one after the other: Azure takes up one change to a policy at a time, and an
 * IP group is part of it. The deny comes first, so that no moment has an allow without it. What is
 * not needed any more goes last: Azure deletes no IP group that a rule names, and the rules of
 * another policy are whole before the firewall turns to it.
 * https://github.com/hashicorp/terraform-provider-azurerm/issues/32081
 *
 * @throws BlueprintError with every limit of Azure Firewall that the rules would break.
 */
export function addRuleGroups(scope: Construct, props: RuleGroupsProps): RuleGroups {
  const protectedNames = new Set([...segmentsWithHosts(props.rules), ...(props.cluster ? [props.cluster.segment] : [])]);
  const segments = props.segments.filter(({ name }) => protectedNames.has(name)).sort((a, b) => compare(a.name, b.name));
  const collections = new Map(segments.map(({ name }) => [name, withCluster(shardsOf(segmentCollections(props.rules, name)), props.cluster?.segment === name)]));
  const problems = limitProblems(collections);
  if (problems.length > 0) throw new BlueprintError(scope, problems.map((message) => ({ message })));

  let last: ITerraformDependable | undefined;
  const chained = () => (last ? { dependsOn: [last] } : {});
  const sources = new Map<string, IpGroup>();
  for (const { name, cidrs } of segments) {
    const made: IpGroup = new IpGroup(scope, `source-${name}`, {
      name: `${props.name}-${name}`,
      location: props.location,
      resourceGroupName: props.resourceGroupName,
      cidrs: [...cidrs].sort(compare),
      tags: { ...props.tags, segment: name },
      lifecycle: LAST_TO_GO,
      ...chained(),
    });
    sources.set(name, made);
    last = made;
  }
  const shared = props.sharedFrom !== undefined;
  const prefix = shared ? `${props.name}-` : '';
  const denyAll = new FirewallPolicyRuleCollectionGroup(scope, 'deny-all', {
    name: `${prefix}deny-all`,
    firewallPolicyId: props.policyId,
    priority: shared ? sharedDenyPriority(props.sharedFrom!) : DENY_ALL_PRIORITY,
    applicationRuleCollection: [denyAllCollection(shared ? [...sources.values()] : undefined)],
    lifecycle: LAST_TO_GO,
    ...chained(),
  });
  last = denyAll;
  const groups: FirewallPolicyRuleCollectionGroup[] = [];
  for (const segment of segments) {
    const cluster = props.cluster?.segment === segment.name ? props.cluster : undefined;
    for (const shard of collections.get(segment.name)!) {
      const suffix = shardSuffix(shard);
      const made: FirewallPolicyRuleCollectionGroup = new FirewallPolicyRuleCollectionGroup(scope, `rules-${segment.name}${suffix}`, {
        name: `${prefix}segment-${segment.name}${suffix}`,
        firewallPolicyId: props.policyId,
        priority: groupPriority(segment.slot, shard.index, props.sharedFrom),
        ...render(sources.get(segment.name)!.id, shard, props.opensTls, shard.index === 0 ? cluster : undefined),
        lifecycle: LAST_TO_GO,
        ...chained(),
      });
      groups.push(made);
      last = made;
    }
  }
  return { groups: [...groups, denyAll], sources };
}

/** A cluster's hosts are in the first group, which then has to be there. */
function withCluster(shards: readonly CollectionShard[], hasCluster: boolean): readonly CollectionShard[] {
  if (!hasCluster || shards[0]?.index === 0) return shards;
  return [{ index: 0, collections: { application: [], network: [] } }, ...shards];
}

/**
 * Azure's own infrastructure names are allowed after all rules; this comes before them.
 * https://learn.microsoft.com/azure/firewall/infrastructure-fqdns
 *
 * @param sources whom it holds for; everybody when absent.
 */
function denyAllCollection(sources: readonly IpGroup[] | undefined) {
  return {
    name: 'deny-all',
    priority: DENY_ALL_PRIORITY,
    action: 'Deny',
    rule: [{
      name: 'deny-all',
      ...(sources ? { sourceIpGroups: sources.map(({ id }) => id) } : { sourceAddresses: ['*'] }),
      destinationFqdns: ['*'],
      protocols: [{ type: 'Http', port: 80 }, { type: 'Https', port: 443 }],
    }],
  };
}

/** The source is the segment's IP group: one place that says which addresses a segment has. */
function render(
  sourceGroupId: string,
  { collections }: CollectionShard,
  opensTls: boolean,
  cluster: ClusterHosts | undefined,
): Pick<FirewallPolicyRuleCollectionGroupConfig, 'applicationRuleCollection' | 'networkRuleCollection'> {
  const sourceIpGroups = [sourceGroupId];
  const hosts = collections.application.map(({ name, type, port, fqdns }) => ({
    name,
    sourceIpGroups,
    destinationFqdns: [...fqdns],
    protocols: [{ type, port }],
    ...(opensTls && type === 'Https' ? { terminateTls: true } : {}),
  }));
  const named = (name: string, type: 'Http' | 'Https', port: number, fqdns: readonly string[]) =>
    (fqdns.length === 0 ? [] : [{ name, sourceIpGroups, destinationFqdns: [...fqdns], protocols: [{ type, port }] }]);
  const ofCluster = !cluster ? [] : [
    // TLS of the platform is not opened: its clients bring their own trust.
    { name: 'kubernetes', sourceIpGroups, destinationFqdnTags: [KUBERNETES_TAG], protocols: [{ type: 'Https', port: 443 }] },
    ...named('add-ons-http', 'Http', 80, cluster.http),
    ...named('add-ons-tls', 'Https', 443, cluster.tls),
  ];
  return {
    ...(collections.network.length === 0 ? {} : {
      networkRuleCollection: [{
        name: 'allow-addresses',
        priority: 200,
        action: 'Allow',
        rule: collections.network.map(({ name, port, addresses }) => ({
          name,
          sourceIpGroups,
          destinationAddresses: [...addresses],
          destinationPorts: [`${port}`],
          protocols: ['TCP'],
        })),
      }],
    }),
    ...(hosts.length + ofCluster.length === 0 ? {} : {
      applicationRuleCollection: [
        ...(hosts.length === 0 ? [] : [{ name: 'allow-hosts', priority: 300, action: 'Allow', rule: hosts }]),
        ...(ofCluster.length === 0 ? [] : [{ name: 'allow-kubernetes', priority: 400, action: 'Allow', rule: ofCluster }]),
      ],
    }),
  };
}
