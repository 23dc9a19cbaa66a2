/** The hub's blocks, for checks that run before there is an address plan. */
import { INFRASTRUCTURE, SLOT_BITS, subnet, type InfrastructureRole } from './address-plan';
import { parseBlock, type Block } from './cidr';

/** The block that the address plan keeps for a part of the hub; undefined when the environment's block is none. */
export function planSlot(cidr: string, role: InfrastructureRole<'azure'>): Block | undefined {
  const environment = parseBlock(cidr);
  if (!environment.ok || environment.block.prefix > 32 - SLOT_BITS) return undefined;
  const found = parseBlock(subnet(environment.block.text, SLOT_BITS, INFRASTRUCTURE.azure.indexOf(role)));
  return found.ok ? found.block : undefined;
}
