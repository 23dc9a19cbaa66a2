import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import type { TerraformStack } from 'cdktf';
import type { AzureEnvironment } from '../blueprints/policy/model';
import { useVersionRange } from './version-range';

/** Whose stack it is. azurerm has no default tags, so the blueprints set them; the signature is that of every cloud. */
export interface AzureProviderOptions {
  readonly organization: string;
  readonly environmentName: string;
  /** Whether a resource group that holds something else refuses to be deleted. */
  readonly deletionProtection: boolean;
}

/** What a cluster needs besides; Azure Policy reports what it finds in there. */
const KUBERNETES_PROVIDERS = ['Microsoft.ContainerService', 'Microsoft.ManagedIdentity', 'Microsoft.PolicyInsights'];

/**
 * Sets up `hashicorp/azurerm` for one subscription.
 *
 * 4.55.0 is the version that the bindings were made from, and the first to be relied on.
 */
export function configureAzure(stack: TerraformStack, environment: AzureEnvironment, options: AzureProviderOptions): AzurermProvider {
  const provider = new AzurermProvider(stack, 'azurerm', {
    subscriptionId: environment.subscription,
    // `core` holds Network, Storage, Authorization and Insights; the workspace needs one more.
    resourceProviderRegistrations: 'core',
    resourceProvidersToRegister: ['Microsoft.OperationalInsights', ...(environment.kubernetes ? KUBERNETES_PROVIDERS : [])],
    storageUseAzuread: true,
    features: [{
      // Traffic analytics puts a data collection rule and endpoint of its own beside the workspace, and leaves
      // them there: https://github.com/microsoft/AzureMonitorCommunity/issues/254
      resourceGroup: [{ preventDeletionIfContainsResources: options.deletionProtection }],
      // The log archive has no public endpoint, so its data plane cannot be asked from outside.
      storage: [{ dataPlaneAvailable: false }],
    }],
  });
  useVersionRange(stack, provider, 'hashicorp/azurerm', '>= 4.55.0, < 5.0.0');
  return provider;
}
