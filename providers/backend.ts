import type { StateBackend } from '../blueprints/policy/model';
import { AzurermBackend, CloudBackend, GcsBackend, LocalBackend, NamedCloudWorkspace, S3Backend, type TerraformStack } from 'cdktf';

/**
 * Tells a stack where its state lives.
 *
 * CDKTF's own default is a local file by an absolute path, which breaks on the next machine, so
 * every stack says one. The local file stands beside the output folder, three levels above
 * `<out>/stacks/<stack>`, where emptying the output folder does not reach it.
 */
export function configureBackend(stack: TerraformStack, organization: string, state: StateBackend): void {
  const name = stack.node.id;
  const key = `${organization}/${name}.tfstate`;
  switch (state.kind) {
    case 'local':
      new LocalBackend(stack, { path: `../../../terraform.${name}.tfstate` });
      return;
    case 's3':
      new S3Backend(stack, {
        bucket: state.bucket,
        key,
        region: state.region,
        encrypt: true,
        ...(state.kmsKey ? { kmsKeyId: state.kmsKey } : {}),
      });
      // The binding is older than Terraform's own locking in S3, so the argument goes in by name.
      stack.addOverride('terraform.backend.s3.use_lockfile', true);
      return;
    case 'gcs':
      new GcsBackend(stack, { bucket: state.bucket, prefix: `${state.prefix ?? organization}/${name}` });
      return;
    case 'azurerm':
      new AzurermBackend(stack, {
        resourceGroupName: state.resourceGroup,
        storageAccountName: state.storageAccount,
        containerName: state.container,
        key,
        useAzureadAuth: true,
      });
      return;
    case 'cloud':
      new CloudBackend(stack, {
        organization: state.organization,
        ...(state.hostname ? { hostname: state.hostname } : {}),
        workspaces: new NamedCloudWorkspace(`${organization}-${name}`),
      });
      return;
  }
}
