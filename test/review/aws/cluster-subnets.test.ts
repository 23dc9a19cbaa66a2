/** Pods and machines of a cluster in subnets that the cluster itself does not name. */
import { ref } from '../sound-stack';
import { review } from './reviewed';

const OPEN = 'aws_subnet.pods';

/** A cluster in a subnet without a way out, and another subnet with one. */
function cluster(resources: Readonly<Record<string, object>>, tags: object = {}) {
  return review({
    terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
    resource: {
      aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
      aws_subnet: {
        closed: { vpc_id: ref('aws_vpc', 'main'), cidr_block: '10.0.0.0/24' },
        pods: { vpc_id: ref('aws_vpc', 'main'), cidr_block: '10.0.128.0/20', tags },
        nat: { vpc_id: ref('aws_vpc', 'main'), cidr_block: '10.0.2.0/24' },
      },
      aws_internet_gateway: { main: { vpc_id: ref('aws_vpc', 'main') } },
      aws_nat_gateway: { main: { subnet_id: ref('aws_subnet', 'nat'), allocation_id: 'eipalloc-1' } },
      aws_route_table: {
        nat: { vpc_id: ref('aws_vpc', 'main'), route: [{ cidr_block: '0.0.0.0/0', gateway_id: ref('aws_internet_gateway', 'main') }] },
        pods: { vpc_id: ref('aws_vpc', 'main'), route: [{ cidr_block: '0.0.0.0/0', nat_gateway_id: ref('aws_nat_gateway', 'main') }] },
      },
      aws_route_table_association: Object.fromEntries(['nat', 'pods'].map((name) => [name, { subnet_id: ref('aws_subnet', name), route_table_id: ref('aws_route_table', name) }])),
      aws_eks_cluster: { main: { name: 'main', role_arn: 'arn', vpc_config: [{ subnet_ids: [ref('aws_subnet', 'closed')] }] } },
      ...resources,
    },
  });
}

const opened = (reviewed: ReturnType<typeof review>) => reviewed.verdicts.filter(({ kind }) => kind === 'open').map(({ place }) => place.id);

test('a subnet that nothing names is empty, as far as the plan says', () => expect(opened(cluster({}))).toEqual([]));

test.each([
  ['settings of the network plugin', { aws_eks_addon: { way: { cluster_name: 'main', addon_name: 'vpc-cni', configuration_values: `\${jsonencode({ eniConfig = { subnets = { a = { id = ${OPEN}.id } } } })}` } } }, 'aws_eks_addon.way'],
  ['an object of the cluster', { kubernetes_manifest: { way: { manifest: { apiVersion: 'crd.k8s.amazonaws.com/v1alpha1', kind: 'ENIConfig', metadata: { name: 'a' }, spec: { subnet: ref('aws_subnet', 'pods') } } } } }, 'kubernetes_manifest.way'],
  ['a file for the cluster', { kubectl_manifest: { way: { yaml_body: `kind: ENIConfig\nspec:\n  subnet: ${ref('aws_subnet', 'pods')}\n` } } }, 'kubectl_manifest.way'],
])('pods stand where %s says', (_, resources, place) => expect(opened(cluster(resources))).toEqual([place]));

test.each([
  ['settings that name no subnet', { aws_eks_addon: { way: { cluster_name: 'main', addon_name: 'coredns', configuration_values: '{"replicaCount":2}' } } }],
  ['an object that nobody knows', { kubernetes_manifest: { way: { manifest: '${yamldecode(var.text)}' } } }],
  ['a file that nobody knows', { kubectl_manifest: { way: { yaml_body: '${var.text}' } } }],
  ['settings that nobody knows', { aws_eks_addon: { way: { cluster_name: 'main', addon_name: 'vpc-cni', configuration_values: '${var.text}' } } }],
  ['another object', { kubernetes_manifest: { way: { manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } } } } }],
])('and %s are no place', (_, resources) => expect(cluster(resources).verdicts.map(({ place }) => place.id).filter((id) => id.includes('.way'))).toEqual([]));

test.each([[{ 'karpenter.sh/discovery': 'main' }], [{ 'kubernetes.io/role/cni': '1' }]])('Karpenter starts machines, and the network plugin pods, in subnets that carry their tags: %j', (tags) => {
  expect(opened(cluster({}, tags))).toEqual([expect.stringMatching(/^aws_subnet\.pods/)]);
});

test('a subnet for load balancers, or that the plugin is told to leave alone, is none of these', () => {
  expect([{ 'kubernetes.io/role/internal-elb': '1' }, { 'kubernetes.io/role/cni': '0' }].flatMap((tags) => opened(cluster({}, tags)))).toEqual([]);
});

describe('node classes', () => {
  const object = (kind: string, apiVersion: string, spec: object) => ({ apiVersion, kind, metadata: { name: 'default' }, spec });
  const text = (value: object) => ({ kubectl_manifest: { way: { yaml_body: JSON.stringify(value) } } });
  const tags = { team: 'batch' };
  const group = (egress: object[]) => ({ aws_security_group: { nodes: { vpc_id: ref('aws_vpc', 'main'), egress, tags: { team: 'batch', Name: 'nodes' }, name: 'nodes' } } });
  const out = group([{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] }]);
  const by = (subnet: object, sg: object = { tags }) => ({ subnetSelectorTerms: [subnet], securityGroupSelectorTerms: [sg] });
  const verdictOf = (resources: Readonly<Record<string, object>>) => cluster(resources, tags).verdicts.filter(({ place }) => place.id.includes('.way')).map(({ kind }) => kind);

  test.each<[string, object]>([
    ['of Karpenter, by tags', object('EC2NodeClass', 'karpenter.k8s.aws/v1', by({ tags }))],
    ['by any value', object('EC2NodeClass', 'karpenter.k8s.aws/v1', by({ tags: { team: '*' } }))],
    ['by one of several terms', object('EC2NodeClass', 'karpenter.k8s.aws/v1', { ...by({ tags }), subnetSelectorTerms: [{ tags: { team: 'none' } }, { tags }] })],
    ['by the name of the group', object('EC2NodeClass', 'karpenter.k8s.aws/v1', by({ tags }, { name: 'nodes' }))],
    ['with the group of the cluster', object('EC2NodeClass', 'karpenter.k8s.aws/v1', by({ tags }, { tags: { 'aws:eks:cluster-name': 'main' } }))],
    ['of EKS Auto Mode', object('NodeClass', 'eks.amazonaws.com/v1', by({ tags }))],
    ['of EKS Auto Mode, for pods', object('NodeClass', 'eks.amazonaws.com/v1', { ...by({ tags: { team: 'none' } }), podSubnetSelectorTerms: [{ tags }] })],
    ['of the first versions', object('AWSNodeTemplate', 'karpenter.k8s.aws/v1alpha1', { subnetSelector: tags, securityGroupSelector: tags })],
  ])('%s: machines stand where they say', (_, manifest) => {
    expect(verdictOf({ ...out, ...text(manifest) })).toEqual(['open']);
    expect(verdictOf({ ...out, kubernetes_manifest: { way: { manifest } } })).toEqual(['open']);
    expect(verdictOf({ ...out, kustomization_resource: { way: { manifest: JSON.stringify(manifest) } } })).toEqual(['open']);
  });

  test('in groups that let nothing out they are closed, and in a subnet without a way out', () => {
    const nodes = (spec: object) => text(object('EC2NodeClass', 'karpenter.k8s.aws/v1', spec));
    expect(verdictOf({ ...group([]), ...nodes(by({ tags })) })).toEqual(['none']);
    const closed = cluster({ ...out, ...text(object('EC2NodeClass', 'karpenter.k8s.aws/v1', { ...by({ tags }), subnetSelectorTerms: [{ id: 'subnet-0closed' }] })) });
    expect(closed.verdicts.filter(({ place }) => place.id.includes('.way')).map(({ kind }) => kind)).not.toContain('open');
  });

  test('whose subnets or groups are in another plan are not known', () => {
    const nodes = (spec: object) => text(object('EC2NodeClass', 'karpenter.k8s.aws/v1', spec));
    expect(verdictOf({ ...out, ...nodes(by({ tags: { team: 'none' } })) })).toEqual(['unknown']);
    expect(verdictOf({ ...out, ...nodes(by({ tags }, { tags: { team: 'none' } })) })).toEqual(['unknown']);
    expect(verdictOf({ ...out, ...text(object('NodeClass', 'example.com/v1', by({ tags }))) })).toEqual([]);
  });
});

test('pods with groups of their own stand where their nodes do, and are let out by these', () => {
  const open = { protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] };
  const pods = (egress: object[], nodes: object = { aws_eks_node_group: { main: { cluster_name: 'main', subnet_ids: [ref('aws_subnet', 'pods')], launch_template: [{ id: ref('aws_launch_template', 'main') }] } } }) => cluster({
    aws_security_group: { nodes: { vpc_id: ref('aws_vpc', 'main'), egress: [] }, pods: { vpc_id: ref('aws_vpc', 'main'), egress } },
    aws_launch_template: { main: { vpc_security_group_ids: [ref('aws_security_group', 'nodes')] } },
    ...nodes,
    kubernetes_manifest: { way: { manifest: { apiVersion: 'vpcresources.k8s.aws/v1beta1', kind: 'SecurityGroupPolicy', metadata: { name: 'a', namespace: 'a' }, spec: { podSelector: {}, securityGroups: { groupIds: [ref('aws_security_group', 'pods')] } } } } },
  }).verdicts.filter(({ place }) => /\.way|node_group/.test(place.id)).map(({ place, kind }) => `${place.id} ${kind}`);
  expect(pods([open])).toEqual(['aws_eks_node_group.main none', 'kubernetes_manifest.way open']);
  expect(pods([])).toEqual(['aws_eks_node_group.main none', 'kubernetes_manifest.way none']);
  expect(pods([open], {})).toEqual(['kubernetes_manifest.way unknown']);
});
