/**
 * Objects of a cluster that put machines into subnets, and pods into groups, which nothing else of the plan names:
 * Karpenter's node classes and those of EKS Auto Mode choose both by tag or id, and policies of security groups give pods
 * groups of their own, past those of their nodes.
 *
 * https://karpenter.sh/docs/concepts/nodeclasses/
 * https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html
 * https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html
 */
import { isObject, own, ownObject, ownObjects, ownText, type Json, type JsonObject } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { itemsOf, objectsInText } from '../../plan/yaml-objects';
import type { AwsGroup, Groups } from './groups';
import { choose, everyOf, isNothing, joined, NO_CHOICE, textAt, type Choice } from './read';
import type { AwsSubnet, Subnets } from './subnets';
import type { AwsWorkload } from './workloads';

const SUBNETS = { types: ['aws_subnet', 'aws_default_subnet'] };
/** Where objects stand as text, or as they are. */
const DOCUMENTS: Readonly<Record<string, string>> = { kubernetes_manifest: 'manifest', kubectl_manifest: 'yaml_body', kustomization_resource: 'manifest' };
const NODE_CLASSES = /^(EC2NodeClass|NodeClass|AWSNodeTemplate)$/;
const MENTIONED = /NodeClass|AWSNodeTemplate|SecurityGroupPolicy/;
const OF_NODE_CLASSES = /^(karpenter\.k8s\.aws|eks\.amazonaws\.com)\//;

/** @param nodes workloads that are machines of a cluster, or pods of Fargate: pods with groups of their own stand where these do */
export function clusterObjects(graph: ResourceGraph, subnets: Subnets, groups: Groups, nodes: readonly AwsWorkload[]): readonly AwsWorkload[] {
  // Which network they stand in only a plan that has one tells.
  if (subnets.all.length === 0) return [];
  const objects = Object.entries(DOCUMENTS).flatMap(([type, document]) => graph.ofType(type).flatMap((resource) => objectsIn(resource, document).map((object) => ({ resource, document, object }))));
  const machines = objects.filter(({ object }) => NODE_CLASSES.test(ownText(object, 'kind') ?? '') && OF_NODE_CLASSES.test(ownText(object, 'apiVersion') ?? '')).map(({ resource, document, object }) => nodeClass(graph, resource, document, ownObject(object, 'spec') ?? {}, subnets, groups));
  const under = [...nodes, ...machines].map((node) => node.subnets);
  return [...machines, ...objects.filter(({ object }) => ownText(object, 'kind') === 'SecurityGroupPolicy').flatMap(({ resource, document }) => {
    const named = inside(resource, document, GROUP, () => groups.at(resource, document));
    // Groups of another plan are judged with that.
    if (everyOf(named).length === 0) return [];
    const there = under.length > 0 ? joined(under) : { ...NO_CHOICE, unknown: `the subnets of the nodes that pods of ${resource.address} run on are not in the plan` };
    return [workload(resource, there, named, false)];
  })];
}

function objectsIn(resource: Resource, document: string): readonly JsonObject[] {
  const value = resource.valueAt(document);
  if (isObject(value)) return itemsOf(value);
  // Most texts are long, and something else.
  return typeof value === 'string' && MENTIONED.test(value) ? (objectsInText(value) ?? []).flatMap(itemsOf) : [];
}

const SUBNET = /\bsubnet-[0-9a-f]/;
const GROUP = /\bsg-[0-9a-f]/;

/** What an object that is known as a whole names is an id in it. */
function inside<T>(resource: Resource, document: string, id: RegExp, read: () => Choice<T>): Choice<T> {
  return resource.hasUnknown(document) || id.test(JSON.stringify(resource.valueAt(document))) ? read() : NO_CHOICE;
}

function nodeClass(graph: ResourceGraph, resource: Resource, document: string, spec: JsonObject, subnets: Subnets, groups: Groups): AwsWorkload {
  const [subnetTerms, groupTerms] = [terms(spec, ['subnetSelectorTerms', 'podSubnetSelectorTerms'], 'subnetSelector'), terms(spec, ['securityGroupSelectorTerms', 'podSecurityGroupSelectorTerms'], 'securityGroupSelector')];
  const where = joined([inside(resource, document, SUBNET, () => choose(resource, document, (target) => subnets.of(target), SUBNETS)), chosen(subnetTerms, subnets.all, ({ resource: each }) => each)]);
  const clusters = graph.ofType('aws_eks_cluster').flatMap((cluster): readonly (readonly [Resource, AwsGroup])[] => {
    const group = groups.of(cluster);
    return group ? [[cluster, group]] : [];
  });
  const ofClusters = clusters.filter(([cluster]) => groupTerms.some(({ tags }) => Object.keys(tags).some((key) => key === 'aws:eks:cluster-name' || key === `kubernetes.io/cluster/${textAt(cluster, 'name') ?? ''}`))).map(([, group]) => group);
  const carried = joined([inside(resource, document, GROUP, () => groups.at(resource, document)), chosen(groupTerms, groups.all, (group) => graph.byAddress(group.address)), { likely: ofClusters, others: [] }]);
  const lacks = (what: string) => ({ ...NO_CHOICE, unknown: `the ${what} of ${resource.address} are not in the plan` });
  return workload(resource, isNothing(where) ? lacks('subnets') : where, isNothing(carried) ? lacks('groups') : carried, own(spec, 'associatePublicIPAddress'));
}

function workload(resource: Resource, subnets: Choice<AwsSubnet>, groups: Choice<AwsGroup>, isPublic: Json | undefined): AwsWorkload {
  return { address: resource.address, resource, subnets, groups, unfiltered: false, ...(typeof isPublic === 'boolean' ? { isPublic } : {}), asksForIpv6: true, outside: false, outsideWords: undefined, inDefaultVpc: false };
}

interface Term {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly tags: Readonly<Record<string, Json>>;
}

/** Of one list any term may hold; the first versions had tags alone. */
function terms(spec: JsonObject, lists: readonly string[], before: string): readonly Term[] {
  const tags = ownObject(spec, before);
  return [...lists.flatMap((list) => ownObjects(spec, list)).map((term) => ({ id: ownText(term, 'id'), name: ownText(term, 'name'), tags: ownObject(term, 'tags') ?? {} })), ...(tags ? [{ id: undefined, name: undefined, tags }] : [])];
}

/** Those that a term is for: by id and name exactly, by every tag; a star is any value. */
function chosen<T>(all: readonly Term[], items: readonly T[], resourceOf: (item: T) => Resource | undefined): Choice<T> {
  const likely = items.filter((item) => {
    const resource = resourceOf(item);
    return resource !== undefined && all.some(({ id, name, tags }) => (id !== undefined ? textAt(resource, 'id') === id : name !== undefined ? textAt(resource, 'name') === name : hasTags(resource, tags)));
  });
  return { likely, others: [] };
}

function hasTags(resource: Resource, wanted: Readonly<Record<string, Json>>): boolean {
  const entries = Object.entries(wanted);
  return entries.length > 0 && entries.every(([key, value]) => ['tags', 'tags_all'].some((attribute) => {
    const found = own(resource.valueAt(attribute), key);
    // One that is not known may be it.
    return found === undefined ? resource.unknownAt([attribute, key]) !== undefined : value === '*' || value === '' || found === value;
  }));
}
