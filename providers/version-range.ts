import type { TerraformProvider, TerraformStack } from 'cdktf';

/**
 * Replaces the exact version and short source that a binding emits with the full source and a
 * range that the tests cover, so that a team can take a provider's fixes without new bindings.
 */
export function useVersionRange(stack: TerraformStack, provider: TerraformProvider, source: string, version: string): void {
  const name = provider.terraformResourceType;
  stack.addOverride(`terraform.required_providers.${name}`, { source, version });
}
