/** Azure's options under the real Terraform, with a stand-in for Azure: planned, applied, planned again, destroyed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyStack, planStacks } from '../../../providers/offline/plan';
import { parse, stringify } from 'yaml';
import { fixture, synthesized } from '../../fixtures/stacks';
import { describeWithTerraform } from '../../fixtures/terraform';

const MINUTE = 60_000;
const ROOT = join(__dirname, '../../..');
const id = (kind: string) => `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/central/providers/${kind}`;

function text(change: object, deletionProtection: boolean): string {
  const policy = parse(fixture('full'));
  const [{ name, azure }] = policy.environments;
  policy.environments = [{ name, deletionProtection, azure: { ...azure, ...change } }];
  return stringify(policy);
}

/** Between them, every option but the tiers below Premium and forced tunnelling, which leave things out. */
const OPTIONS: Readonly<Record<string, object>> = {
  'everything of its own': {
    firewall: {
      tier: 'Premium', threatIntelligenceAllowlist: ['api.stripe.com'], publicAddresses: ['egress', 'partners'], natAddresses: ['nat', 'nat-b'], dnsServers: ['168.63.129.16'],
      tlsInspection: { certificate: 'https://acme-prod.vault.azure.net/secrets/egress-ca', identity: id('Microsoft.ManagedIdentity/userAssignedIdentities/firewall') },
      parentPolicy: id('Microsoft.Network/firewallPolicies/central'),
    },
    dnsPolicy: { mode: 'deny', alsoResolve: ['trafficmanager.net'] },
    kubernetes: { segment: 'platform', addOns: ['azure-policy', 'defender', 'monitoring', 'secrets-store'], adminGroups: ['22222222-2222-2222-2222-222222222222'] },
    serviceEndpoints: { segments: ['reporting'], storageAccounts: [id('Microsoft.Storage/storageAccounts/acmereports')] },
    privateEndpoints: { secrets: [id('Microsoft.KeyVault/vaults/acme-prod')] },
    logs: { retentionDays: 400, analyticsMinutes: 60 },
  },
  'a hub, a spoke and a workspace that exist': {
    hub: { firewall: id('Microsoft.Network/azureFirewalls/hub'), privateAddress: '10.0.0.4', policy: id('Microsoft.Network/firewallPolicies/hub'), network: id('Microsoft.Network/virtualNetworks/hub') },
    spoke: {
      network: id('Microsoft.Network/virtualNetworks/spoke'),
      subnets: Object.fromEntries(['edge', 'ledger', 'payments', 'platform', 'reporting'].map((name, index) => [name, { id: id(`Microsoft.Network/virtualNetworks/spoke/subnets/${name}`), cidr: `10.60.${index}.0/24` }])),
      privateEndpoints: { id: id('Microsoft.Network/virtualNetworks/spoke/subnets/endpoints'), cidr: '10.60.9.0/24' },
    },
    logs: { workspace: { id: id('Microsoft.OperationalInsights/workspaces/central'), guid: '11111111-1111-1111-1111-111111111111', region: 'westeurope' } },
  },
};

describeWithTerraform('options of an environment on Azure', () => {
  test.each(Object.entries(OPTIONS))('%s', async (_, change) => {
    const folder = mkdtempSync(join(tmpdir(), 'azure-options-'));
    try {
      const stackFolder = join(folder, 'azure-prod');
      const stateFile = join(folder, 'state.tfstate');
      mkdirSync(stackFolder);
      const { texts } = await synthesized(text(change, false));
      writeFileSync(join(stackFolder, 'cdk.tf.json'), texts['azure-prod'] as string);
      const plan = async (fresh: boolean) => (await planStacks({ stackFolders: [stackFolder], planFolder: join(folder, 'plans'), root: ROOT, ...(fresh ? {} : { stateFile: () => stateFile }) }))[0];
      expect(await plan(true)).toMatchObject({ ok: true, change: 0, destroy: 0, warnings: [] });
      expect(await applyStack({ stackFolder, stateFile, root: ROOT })).toMatchObject({ ok: true });
      expect(await plan(false)).toMatchObject({ ok: true, add: 0, change: 0, destroy: 0 });
      expect(await applyStack({ stackFolder, stateFile, destroy: true, root: ROOT })).toMatchObject({ ok: true });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 3 * MINUTE);
});
