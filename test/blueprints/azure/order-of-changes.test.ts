/** Changes that Azure takes in one order only, under the real Terraform: the stand-in refuses what Azure refuses. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { applyStack } from '../../../providers/offline/plan';
import { fixture, synthesized } from '../../fixtures/stacks';
import { describeWithTerraform } from '../../fixtures/terraform';
import { HUB } from './options';

const PATIENCE = 180_000;
const ROOT = join(__dirname, '../../..');

interface Change {
  readonly azure?: object;
  readonly deletionProtection?: boolean;
  readonly edit?: (policy: any) => void;
}

function text({ azure = {}, deletionProtection = true, edit = () => undefined }: Change): string {
  const policy = parse(fixture('full'));
  const [{ name, azure: own }] = policy.environments;
  policy.environments = [{ name, deletionProtection, azure: { ...own, ...azure } }];
  edit(policy);
  return stringify(policy);
}

const withoutHostsOf = (segment: string) => (policy: any) => {
  policy.allow = policy.allow.flatMap((rule: any) => {
    const from = rule.from.filter((each: string) => each !== segment);
    return from.length === 0 ? [] : [{ ...rule, from }];
  });
};
const ACCOUNTS = { segments: ['reporting'], storageAccounts: ['/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/a/providers/Microsoft.Storage/storageAccounts/acmereports'] };

/** Each begins with the first and goes on to the next. */
const SEQUENCES: Readonly<Record<string, readonly Change[]>> = {
  'another tier, up and down': [{}, { azure: { firewall: { tier: 'Premium' } } }, {}, { azure: { firewall: { tier: 'Basic' } } }],
  'an address more, and less': [{}, { azure: { firewall: { publicAddresses: ['egress', 'partners'] } } }, {}],
  'a way out by NAT addresses, and back': [{}, { azure: { firewall: { natAddresses: ['nat', 'nat-b'] } } }, { azure: { firewall: { natAddresses: ['nat'] } } }, {}],
  'forced tunnelling, and back': [{}, { azure: { firewall: { forcedTunnel: '10.200.0.4' } } }, {}],
  'storage by a service endpoint, and without': [{}, { azure: { serviceEndpoints: ACCOUNTS } }, {}],
  "a segment's last host, and the last of all": [{}, { edit: withoutHostsOf('platform') }, { edit: (policy) => { policy.allow = []; } }, {}],
  "a segment's last host, in a policy of others": [{ azure: { hub: HUB } }, { azure: { hub: HUB }, edit: withoutHostsOf('platform') }],
  'the endpoint of the archive, unprotected': [{ deletionProtection: false }, { deletionProtection: false, edit: (policy) => { policy.privateServices = ['secrets']; } }],
};

describeWithTerraform('changes in the order that Azure takes', () => {
  let folder: string;
  let stateFile: string;
  let lock: Awaited<ReturnType<typeof synthesized>>['lock'];

  const to = async (change: Change, destroy = false) => {
    const stackFolder = join(folder, 'azure-prod');
    mkdirSync(stackFolder, { recursive: true });
    writeFileSync(join(stackFolder, 'cdk.tf.json'), (await synthesized(text(change), lock)).texts['azure-prod'] as string);
    const result = await applyStack({ stackFolder, stateFile, destroy, root: ROOT });
    expect(result.ok ? [] : result.diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`)).toEqual([]);
  };
  const resources = (type: string): any[] => JSON.parse(readFileSync(stateFile, 'utf8')).resources
    .filter((each: any) => each.type === type).flatMap(({ instances }: any) => instances.map(({ attributes }: any) => attributes));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'azure-order-'));
    stateFile = join(folder, 'first.tfstate');
    lock = (await synthesized(text({}))).lock;
    await to({});
  }, PATIENCE);
  beforeEach(() => {
    stateFile = join(folder, 'state.tfstate');
    copyFileSync(join(folder, 'first.tfstate'), stateFile);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(Object.entries(SEQUENCES))('%s', async (_, [first, ...changes]) => {
    if (Object.keys(first!).length > 0) {
      rmSync(stateFile);
      await to(first!);
    }
    for (const change of changes) await to(change);
  }, PATIENCE);

  test('other zones: another firewall and address, and the same archive', async () => {
    await to({ azure: { zones: [1] } });
    await to({ azure: { zones: [] } });
    expect(resources('azurerm_firewall').map(({ zones }) => zones)).toEqual([null]);
    expect(resources('azurerm_public_ip').map(({ name }) => name)).toEqual(['acme-prod-egress-no-zone']);
    expect(resources('azurerm_storage_account').map((account) => account.account_replication_type)).toEqual(['ZRS']);
  }, PATIENCE);

  test('destroyed with its locks still there', async () => {
    await to({ deletionProtection: false }, true);
    expect(JSON.parse(readFileSync(stateFile, 'utf8')).resources).toEqual([]);
  }, PATIENCE);

  test('an endpoint to the archive cannot go while the archive is locked', async () => {
    await expect(to({ edit: (policy) => { policy.privateServices = ['secrets']; } })).rejects.toThrow(/ScopeLocked/);
  }, PATIENCE);
});
