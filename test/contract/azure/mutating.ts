/** Finds what a mutation breaks, and throws when there is nothing. */
import type { SynthesizedStack } from '../observation';

export type Config = Record<string, any>;

export function resources(stack: SynthesizedStack, type: string): readonly [string, Config][] {
  return Object.entries(stack.resource?.[type] ?? {});
}

export function pick(stack: SynthesizedStack, type: string, fits: (config: Config) => unknown = () => true): Config {
  const found = resources(stack, type).find(([, config]) => fits(config));
  if (!found) throw new Error(`nothing to break: no ${type}`);
  return found[1];
}

export function remove(stack: SynthesizedStack, type: string, fits: (config: Config) => unknown = () => true): void {
  const config = pick(stack, type, fits);
  for (const [name, each] of resources(stack, type)) if (each === config) delete stack.resource![type]![name];
}

/** One subnet of each role. */
export const FIRST_SUBNETS: readonly (readonly [string, (stack: SynthesizedStack) => Config])[] = [
  ['a segment', (stack) => pick(stack, 'azurerm_subnet', ({ name }) => name.startsWith('segment-'))],
  ['the endpoint subnet', (stack) => pick(stack, 'azurerm_subnet', ({ name }) => name === 'private-endpoints')],
  ["the firewall's subnet", (stack) => pick(stack, 'azurerm_subnet', ({ name }) => name === 'AzureFirewallSubnet')],
];
