import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applyStack, importResource, planStacks, type RefusedStack } from '../../../providers/offline/plan';
import { type TerraformDiagnostic } from '../../../providers/offline/terraform';
import { removeFolders, temporaryFolder } from './fixtures/synthesized';
import { describeWithTerraform } from '../../fixtures/terraform';

const root = resolve(__dirname, '../../..');

type Resources = { readonly [type: string]: { readonly [name: string]: object } };

afterAll(removeFolders);

/** A stack written by hand: what a synthesized one would be with an error in it. */
function stack(resource: Resources, more: object = {}): string {
  const folder = join(temporaryFolder(), 'seeded');
  mkdirSync(folder);
  const required_providers = { aws: { source: 'hashicorp/aws', version: '6.25.0' }, azurerm: { source: 'azurerm' } };
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ terraform: { required_providers, backend: { s3: { bucket: 'unreachable', key: 'x', region: 'eu-west-1' } } }, provider: { aws: [{ region: 'eu-west-1' }], azurerm: [{ features: [{}] }] }, resource, ...more }));
  return folder;
}

async function refusal(folder: string): Promise<RefusedStack> {
  const planFolder = temporaryFolder();
  writeFileSync(join(planFolder, 'seeded.json'), '{"from": "an earlier run"}');
  const [result] = await planStacks({ root, stackFolders: [folder], planFolder });
  if (result === undefined || result.ok) throw new Error('the plan was not refused');
  expect(existsSync(join(planFolder, 'seeded.json'))).toBe(false);
  return result;
}

const error = (summary: string, detail: string): TerraformDiagnostic => expect.objectContaining({ severity: 'error', summary, detail: expect.stringContaining(detail) as string }) as TerraformDiagnostic;

const VPC = { cidr_block: '10.0.0.0/16' };

describeWithTerraform('errors seeded into a stack', () => {
  test.each<[string, Resources, string, string]>([
    ['an unknown attribute', { aws_vpc: { main: { ...VPC, cidr_blok: 'x' } } }, 'Extraneous JSON object property', 'No argument or block type is named "cidr_blok"'],
    ['a missing required argument', { aws_subnet: { main: { cidr_block: '10.0.0.0/24' } } }, 'Missing required argument', 'The argument "vpc_id" is required'],
    ['a wrong type', { aws_vpc: { main: { ...VPC, enable_dns_support: 'perhaps' } } }, 'Incorrect attribute value type', 'a bool is required'],
    ['a reference to a missing resource', { aws_subnet: { main: { vpc_id: '${aws_vpc.gone.id}', cidr_block: '10.0.0.0/24' } } }, 'Reference to undeclared resource', '"aws_vpc" "gone"'],
    ['a reference to a missing attribute', { aws_vpc: { main: VPC }, aws_subnet: { main: { vpc_id: '${aws_vpc.main.vpc_name}', cidr_block: '10.0.0.0/24' } } }, 'Unsupported attribute', 'vpc_name'],
    ['an unknown resource type', { aws_vpcc: { main: VPC } }, 'Invalid resource type', 'does not support resource type "aws_vpcc"'],
    ['a missing block', { azurerm_private_endpoint: { main: { name: 'x', location: 'y', resource_group_name: 'z', subnet_id: 's' } } }, 'Insufficient private_service_connection blocks', 'At least 1 "private_service_connection" blocks are required'],
    ['too many blocks', { azurerm_firewall: { main: { name: 'x', location: 'y', resource_group_name: 'z', sku_name: 'AZFW_VNet', sku_tier: 'Standard', management_ip_configuration: [1, 2].map((n) => ({ name: `${n}`, subnet_id: 's', public_ip_address_id: 'p' })) } } }, 'Too many management_ip_configuration blocks', 'No more than 1'],
    ['a value that only the provider sets', { aws_vpc: { main: { ...VPC, arn: 'arn:aws:ec2:x' } } }, 'Value for unconfigurable attribute', 'Can\'t configure a value for "arn"'],
    ['a value that only the provider sets, in a block', { azurerm_firewall: { main: { name: 'x', location: 'y', resource_group_name: 'z', sku_name: 'AZFW_VNet', sku_tier: 'Standard', ip_configuration: [{ name: 'a', private_ip_address: '10.0.0.4' }] } } }, 'Value for unconfigurable attribute', '"private_ip_address"'],
  ])('%s', async (_, resource, summary, detail) => {
    const { step, diagnostics } = await refusal(stack(resource));
    expect(step).toBe('validate');
    expect(diagnostics).toContainEqual(error(summary, detail));
  });

  test('a dependency cycle', async () => {
    const ring = (other: string): object => ({ name: 'x', location: 'y', tags: { other: `\${azurerm_resource_group.${other}.id}` } });
    const { diagnostics } = await refusal(stack({ azurerm_resource_group: { a: ring('b'), b: ring('a') } }));
    expect(diagnostics[0]?.summary).toMatch(/^Cycle: azurerm_resource_group\.[ab], azurerm_resource_group\.[ab]/);
  });

  test('the diagnostic names the resource', async () => {
    const { diagnostics } = await refusal(stack({ aws_vpc: { main: { ...VPC, arn: 'x' } } }));
    expect(diagnostics[0]?.address).toBe('aws_vpc.main');
  });

  test('a provider without a binding', async () => {
    const { diagnostics } = await refusal(stack({ tailscale_acl: { main: {} } }));
    expect(diagnostics[0]?.summary).toBe("provider 'tailscale' has no binding to read its schema from: npm install @cdktf/provider-tailscale, or plan with --real");
  });

  test('the state of another stack', async () => {
    const { diagnostics } = await refusal(stack({ aws_vpc: { main: VPC } }, { data: { terraform_remote_state: { hub: { backend: 's3', config: {} } } } }));
    expect(diagnostics[0]?.summary).toContain("stack 'seeded' cannot be planned offline: it reads the state of another stack (terraform_remote_state.hub)");
  });

  test('a folder without a stack', async () => {
    const { diagnostics } = await refusal(join(temporaryFolder(), 'seeded'));
    expect(diagnostics[0]?.summary).toMatch(/^no synthesized stack in .+: cdk\.tf\.json is missing; synthesize first$/);
  });
});

describeWithTerraform('changes of what exists', () => {
  const vpc = { main: VPC };
  const group = (more: object): Resources => ({ aws_vpc: vpc, aws_security_group: { main: { name: 'a', vpc_id: '${aws_vpc.main.id}', egress: [], ...more } } });

  async function planned(resource: Resources, stateFile: string): Promise<string[]> {
    const [result] = await planStacks({ root, stackFolders: [stack(resource)], planFolder: temporaryFolder(), stateFile: () => stateFile });
    if (result?.ok !== true) throw new Error(JSON.stringify(result));
    const { resource_changes: changes } = JSON.parse(readFileSync(result.planFile, 'utf8')) as { resource_changes: { address: string; change: { actions: string[] } }[] };
    return changes.map(({ address, change }) => `${change.actions.join('+')} ${address}`);
  }

  async function applied(resource: Resources): Promise<string> {
    const stateFile = join(temporaryFolder(), 'state.json');
    const result = await applyStack({ root, stackFolder: stack(resource), stateFile });
    expect(result).toMatchObject({ ok: true });
    return stateFile;
  }

  test('tags in place, a name by replacement, an emptied rule is seen', async () => {
    const rule = { from_port: 443, to_port: 443, protocol: 'tcp', cidr_blocks: ['10.0.0.0/8'], description: null, ipv6_cidr_blocks: null, prefix_list_ids: null, security_groups: null, self: null };
    const state = await applied(group({ ingress: [rule] }));
    expect(await planned(group({ ingress: [rule] }), state)).toEqual(['no-op aws_security_group.main', 'no-op aws_vpc.main']);
    expect(await planned(group({ ingress: [rule], tags: { a: 'b' } }), state)).toContain('update aws_security_group.main');
    expect(await planned(group({ ingress: [rule], name: 'b' }), state)).toContain('delete+create aws_security_group.main');
    expect(await planned(group({ ingress: [] }), state)).toContain('update aws_security_group.main');
  });

  test('a new CIDR replaces the network and what stands in it', async () => {
    const state = await applied(group({}));
    expect(await planned({ ...group({}), aws_vpc: { main: { cidr_block: '10.9.0.0/16' } } }, state)).toEqual(['delete+create aws_security_group.main', 'delete+create aws_vpc.main']);
  });

  test('a resource that the stack dropped is destroyed, though the stack no longer names its type', async () => {
    const state = await applied(group({}));
    expect(await planned({ aws_vpc: vpc }, state)).toEqual(['delete aws_security_group.main', 'no-op aws_vpc.main']);
  });

  test('two configurations of one provider are planned with a warning', async () => {
    const folder = stack({ aws_vpc: { ...vpc, far: { ...VPC, provider: 'aws.far' } } }, { provider: { aws: [{ region: 'eu-west-1' }, { region: 'us-east-1', alias: 'far' }] } });
    const [result] = await planStacks({ root, stackFolders: [folder], planFolder: temporaryFolder() });
    expect(result).toMatchObject({ ok: true, add: 2, warnings: [{ severity: 'warning', summary: 'One provider with several configurations' }] });
  });

  test('a stack whose state is in HCP Terraform is planned without it', async () => {
    const terraform = { required_providers: { aws: { source: 'aws' } }, cloud: { organization: 'acme', workspaces: { name: 'prod' } } };
    const [result] = await planStacks({ root, stackFolders: [stack({ aws_vpc: vpc }, { terraform, provider: { aws: [{ region: 'eu-west-1' }] } })], planFolder: temporaryFolder() });
    expect(result).toMatchObject({ ok: true, add: 1 });
  });

  test('an imported resource is updated, not replaced', async () => {
    const stateFile = join(temporaryFolder(), 'state.json');
    const result = await importResource({ root, stackFolder: stack({ aws_vpc: vpc }), stateFile, address: 'aws_vpc.main', id: 'vpc-0123456789abcdef0' });
    expect(result).toMatchObject({ ok: true });
    expect(await planned({ aws_vpc: vpc }, stateFile)).toEqual(['update aws_vpc.main']);
  });
});
