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

test('Karpenter starts machines in subnets that carry its tag', () => {
  const reviewed = cluster({}, { 'karpenter.sh/discovery': 'main' });
  expect(opened(reviewed)).toEqual([expect.stringMatching(/^aws_subnet\.pods/)]);
});
