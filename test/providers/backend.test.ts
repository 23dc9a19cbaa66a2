/** Where state lives is what the policy says, encrypted and locked: it holds what Terraform was given. */
import { App, TerraformStack } from 'cdktf';
import type { StateBackend } from '../../blueprints/policy/model';
import { configureBackend } from '../../providers/backend';

function backendOf(state: StateBackend): unknown {
  const stack = new TerraformStack(new App({ stackTraces: false }), 'aws-prod');
  configureBackend(stack, 'acme', state);
  const { backend, cloud } = stack.toTerraform().terraform;
  return cloud ? { cloud } : backend;
}

test.each<[StateBackend, unknown]>([
  [{ kind: 'local' }, { local: { path: '../../../terraform.aws-prod.tfstate' } }],
  [
    { kind: 's3', bucket: 'acme-state', region: 'eu-west-1' },
    { s3: { bucket: 'acme-state', key: 'acme/aws-prod.tfstate', region: 'eu-west-1', encrypt: true, use_lockfile: true } },
  ],
  [
    { kind: 's3', bucket: 'acme-state', region: 'eu-west-1', kmsKey: 'alias/state' },
    { s3: { bucket: 'acme-state', key: 'acme/aws-prod.tfstate', region: 'eu-west-1', encrypt: true, kms_key_id: 'alias/state', use_lockfile: true } },
  ],
  [{ kind: 'gcs', bucket: 'acme-state' }, { gcs: { bucket: 'acme-state', prefix: 'acme/aws-prod' } }],
  [{ kind: 'gcs', bucket: 'acme-state', prefix: 'network' }, { gcs: { bucket: 'acme-state', prefix: 'network/aws-prod' } }],
  [
    { kind: 'azurerm', resourceGroup: 'state', storageAccount: 'acmestate', container: 'tfstate' },
    { azurerm: { resource_group_name: 'state', storage_account_name: 'acmestate', container_name: 'tfstate', key: 'acme/aws-prod.tfstate', use_azuread_auth: true } },
  ],
  [{ kind: 'cloud', organization: 'acme-org' }, { cloud: { organization: 'acme-org', workspaces: { name: 'acme-aws-prod' } } }],
  [{ kind: 'cloud', organization: 'acme-org', hostname: 'tfe.acme.com' }, { cloud: { organization: 'acme-org', hostname: 'tfe.acme.com', workspaces: { name: 'acme-aws-prod' } } }],
])('%j', (state, expected) => {
  expect(backendOf(state)).toEqual(expected);
});
