/** The stack of a cluster under the real Terraform, with stand-ins, and with node pools. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { writeManifests } from '../../cli/manifests';
import { applyStack, planStacks } from '../../providers/offline/plan';
import { loadPlan } from '../../review/plan/load';
import type { ReviewResult } from '../../review/result';
import { review } from '../../review/review';
import { availableClouds } from '../../stacks/app';
import { fixture, synthesized, type Synthesized } from '../fixtures/stacks';
import { describeWithTerraform } from '../fixtures/terraform';

const MINUTE = 60_000;
const ROOT = join(__dirname, '../..');
const NODES: Readonly<Record<string, object>> = {
  aws: { machine: 'm7i.large', role: 'arn:aws:iam::123456789012:role/acme-prod-nodes' },
  google: { machine: 'e2-standard-4' },
  azure: { machine: 'Standard_D4s_v5' },
};

function withNodes(): string {
  const policy = parse(fixture('kubernetes'));
  policy.privateServices.push('container-registry', 'object-storage');
  for (const [cloud, nodes] of Object.entries(NODES)) policy.environments[0][cloud].cluster.nodes = nodes;
  return stringify(policy);
}

let built: Synthesized;
beforeAll(async () => { built = await synthesized(withNodes()); });

describe('node pools', () => {
  test('without the endpoints that nodes need are refused with the way out', async () => {
    const policy = parse(withNodes());
    policy.privateServices = ['secrets'];
    await expect(synthesized(stringify(policy))).rejects.toThrow(/need private endpoints for .*container-registry.*add them to privateServices/);
  });

  // A fork may have deleted a cloud; its stack, and with it the subject of the test, is gone then.
  const clouds = availableClouds();
  const one = (resource: any, type: string, segment: string) => Object.entries<any>(resource[type]).find(([key]) => key.includes(segment))![1];

  if (clouds.includes('aws')) test('on EKS: private, one hop to metadata, in the segment, away from other pods', () => {
    const { resource, data } = built.stack('aws-prod-kubernetes') as any;
    const template = one(resource, 'aws_launch_template', 'payments');
    expect(template.metadata_options).toEqual({ http_endpoint: 'enabled', http_tokens: 'required', http_put_response_hop_limit: 1, instance_metadata_tags: 'disabled' });
    expect(template.network_interfaces[0]).toMatchObject({ associate_public_ip_address: 'false' });
    expect(template.block_device_mappings[0].ebs.encrypted).toBe('true');
    const group = one(resource, 'aws_eks_node_group', 'payments');
    expect(group.taint).toEqual([{ key: 'zero-egress/segment', value: 'payments', effect: 'NO_SCHEDULE' }]);
    expect(group.labels).toEqual({ 'zero-egress/segment': 'payments' });
    // Another segment's groups, or those of another network, would be another segment's rights.
    const own = [{ name: 'tag:segment', values: ['payments'] }, { name: 'vpc-id', values: [expect.stringMatching(/^\$\{data\.aws_eks_cluster\.cluster\.vpc_config\[0\]\.vpc_id\}$/)] }];
    expect(one(data, 'aws_subnets', 'payments').filter).toEqual(own);
    expect(one(data, 'aws_security_groups', 'payments').filter).toEqual([...own, { name: 'tag:Name', values: ['acme-prod-payments-member', 'acme-prod-payments-rules'] }]);
    const found = Object.keys(data.aws_security_groups).find((key) => key.includes('payments'));
    expect(template.network_interfaces[0].security_groups).toContain(`\${data.aws_security_groups.${found}.ids}`.slice(2, -1));
    // The cluster's own group lets its members reach each other; nodes have a group of two rules instead.
    expect(JSON.stringify(template.network_interfaces)).not.toContain('cluster_security_group_id');
    const access = one(resource, 'aws_security_group', 'payments');
    const cluster = '${data.aws_eks_cluster.cluster.vpc_config[0].cluster_security_group_id}';
    const between = (port: number) => [expect.objectContaining({ protocol: 'tcp', from_port: port, to_port: port, security_groups: [cluster], cidr_blocks: [], ipv6_cidr_blocks: [], prefix_list_ids: [], self: false })];
    expect([access.egress, access.ingress]).toEqual([between(443), between(10250)]);
    expect(one(resource, 'aws_vpc_security_group_ingress_rule', 'payments')).toMatchObject({
      security_group_id: cluster, referenced_security_group_id: expect.stringMatching(/^\$\{aws_security_group\.nodes-payments_/), ip_protocol: 'tcp', from_port: 443, to_port: 443,
    });
  });

  if (clouds.includes('google')) test('on GKE: private, metadata concealed, with the secure tag, away from other pods', () => {
    const { resource, data } = built.stack('google-prod-kubernetes') as any;
    const pool = one(resource, 'google_container_node_pool', 'payments');
    expect(pool.network_config).toEqual({ enable_private_nodes: true });
    expect(pool.node_config).toMatchObject({
      workload_metadata_config: { mode: 'GKE_METADATA' },
      metadata: { 'disable-legacy-endpoints': 'true' },
      taint: [{ key: 'zero-egress/segment', value: 'payments', effect: 'NO_SCHEDULE' }],
      tags: ['acme-prod-payments-egress'],
    });
    expect(pool.node_config.labels).toEqual({ 'zero-egress/segment': 'payments' });
    // The tag of its own segment: with another one its nodes had another segment's rights.
    const [[key, value]] = Object.entries<string>(pool.node_config.resource_manager_tags) as [[string, string]];
    const referred = (text: string, type: string) => data[type][new RegExp(`^\\$\\{data\\.${type}\\.([\\w-]+)\\.id\\}$`).exec(text)![1]!];
    expect(referred(value, 'google_tags_tag_value')).toMatchObject({ parent: key, short_name: 'payments' });
    expect(referred(key, 'google_tags_tag_key')).toMatchObject({ parent: 'projects/acme-prod', short_name: 'acme-prod-segment' });
    expect(one(resource, 'google_container_node_pool', 'platform').node_config.tags).toBeUndefined();
  });

  if (clouds.includes('azure')) test('on AKS: no public address, in the segment\'s subnet, away from other pods', () => {
    const { resource } = built.stack('azure-prod-kubernetes') as any;
    const pool = one(resource, 'azurerm_kubernetes_cluster_node_pool', 'payments');
    expect(pool).toMatchObject({ node_public_ip_enabled: false, host_encryption_enabled: true, node_labels: { 'zero-egress/segment': 'payments' }, node_taints: ['zero-egress/segment=payments:NoSchedule'] });
    expect(pool.vnet_subnet_id).toMatch(/\/virtualNetworks\/acme-prod-spoke\/subnets\/segment-payments$/);
    expect(pool.name).toMatch(/^[a-z][a-z0-9]{0,11}$/);
    const { resource: network } = built.stack('azure-prod') as any;
    expect(Object.values<any>(network.azurerm_subnet).map(({ name }) => name)).toContain('segment-payments');
    expect(Object.values<any>(network.azurerm_virtual_network).map(({ name }) => name)).toContain('acme-prod-spoke');
  });
});

describe('node pools in networks that are told otherwise', () => {
  const clouds = availableClouds();
  let given: Synthesized;
  beforeAll(async () => {
    const policy = parse(withNodes());
    const names: string[] = policy.segments.map(({ name }: any) => name);
    const [{ aws, google, azure }] = policy.environments;
    aws.zones = 1;
    aws.existingNetwork = {
      vpcId: 'vpc-0a1b2c3d4e5f60718', internetGatewayId: 'igw-0a1b2c3d4e5f60718', freeCidr: '10.20.240.0/22',
      subnets: Object.fromEntries(names.map((name, index) => [name, { 'us-east-1a': { id: `subnet-0a1b2c3d4e5f6071${index}`, cidr: `10.20.${index}.0/24` } }])),
    };
    google.serviceAccounts = Object.fromEntries(names.map((name) => [name, `${name}@acme-prod.iam.gserviceaccount.com`]));
    const network = `/subscriptions/${azure.subscription}/resourceGroups/central/providers/Microsoft.Network/virtualNetworks/given`;
    azure.spoke = {
      network,
      subnets: Object.fromEntries(names.map((name, index) => [name, { id: `${network}/subnets/${name}`, cidr: `10.60.${index}.0/24` }])),
      privateEndpoints: { id: `${network}/subnets/endpoints`, cidr: '10.60.200.0/24' },
    };
    given = await synthesized(stringify(policy));
  });
  const one = (all: any, type: string) => Object.entries<any>(all[type]).find(([key]) => key.includes('payments'))![1];

  if (clouds.includes('aws')) test('a VPC that was there: its subnets, and no group that is another team\'s', () => {
    const { resource, data } = given.stack('aws-prod-kubernetes') as any;
    expect(one(resource, 'aws_eks_node_group').subnet_ids).toEqual(['subnet-0a1b2c3d4e5f60711']);
    expect(data.aws_subnets).toBeUndefined();
    expect(one(data, 'aws_security_groups').filter).toContainEqual({ name: 'tag:Name', values: ['acme-prod-payments-member', 'acme-prod-payments-rules'] });
    const made = Object.values<any>((given.stack('aws-prod') as any).resource.aws_security_group).map(({ tags }) => tags.Name);
    expect(made).toEqual(expect.arrayContaining(['acme-prod-payments-member', 'acme-prod-payments-rules']));
  });

  if (clouds.includes('google')) test('service accounts: nodes run as the account of their segment, and no tag is looked for', () => {
    const { resource, data } = given.stack('google-prod-kubernetes') as any;
    const { node_config: config } = one(resource, 'google_container_node_pool');
    expect([config.service_account, config.resource_manager_tags]).toEqual(['payments@acme-prod.iam.gserviceaccount.com', undefined]);
    expect(data.google_tags_tag_key).toBeUndefined();
  });

  if (clouds.includes('azure')) test('a spoke that was there: its subnets', () => {
    expect(one((given.stack('azure-prod-kubernetes') as any).resource, 'azurerm_kubernetes_cluster_node_pool').vnet_subnet_id).toMatch(/\/virtualNetworks\/given\/subnets\/payments$/);
  });
});

describeWithTerraform('the life of a closed cluster', () => {
  test.each(availableClouds())('on %s it is added, and then nothing changes', async (cloud) => {
    const folder = mkdtempSync(join(tmpdir(), `cluster-on-${cloud}-`));
    try {
      const name = `${cloud}-prod-kubernetes`;
      const stackFolder = join(folder, 'stacks', name);
      const stateFile = join(folder, 'state.tfstate');
      mkdirSync(stackFolder, { recursive: true });
      writeFileSync(join(stackFolder, 'cdk.tf.json'), built.texts[name]!);
      expect(await applyStack({ stackFolder, stateFile, root: ROOT })).toMatchObject({ ok: true });
      const [again] = await planStacks({ stackFolders: [stackFolder], planFolder: join(folder, 'plans'), root: ROOT, stateFile: () => stateFile });
      expect(again).toMatchObject({ ok: true, add: 0, change: 0, destroy: 0, warnings: [] });
      expect(JSON.parse(readFileSync(stateFile, 'utf8')).resources.length).toBeGreaterThan(20);
      // The review reads the plan, whose blocks are lists, as it reads the YAML.
      writeManifests(built.policy, join(folder, 'yaml'));
      const reviewed = (path: string) => review({ inputs: loadPlan(path), today: '2026-11-26' });
      const inside = ({ connections = [] }: ReviewResult) => connections.map(({ from, to, ports }) => ({ from, to, ports }));
      const ofPlan = reviewed(join(folder, 'plans', `${name}.json`));
      expect(inside(ofPlan).length).toBeGreaterThan(10);
      expect(inside(ofPlan)).toEqual(inside(reviewed(join(folder, 'yaml', `${cloud}-prod`))));
      // Nodes are in a network of another plan; of the pods, nothing is found.
      expect(ofPlan.findings.filter(({ address }) => address.startsWith('kubernetes_'))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, MINUTE);
});
