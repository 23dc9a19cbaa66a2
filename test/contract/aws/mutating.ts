/** How a synthesized stack is broken: what to look for, and what a mutation consists of. */
import type { Mutation, SynthesizedStack } from '../observation';
import { resources } from './resources';

/** The first resource of a type whose address or body fits. @throws Error when there is none. */
export function find(stack: SynthesizedStack, type: string, fits: (address: string, body: any) => boolean = () => true): any {
  const found = resources(stack, type).find(({ address, body }) => fits(address, body));
  if (!found) throw new Error(`nothing to break: no such ${type}`);
  return found.body;
}

/** Removes all of a type. @throws Error when there is none. */
export function drop(stack: SynthesizedStack, type: string): void {
  if (!stack.resource?.[type]) throw new Error(`nothing to break: no ${type}`);
  delete stack.resource[type];
}

export const mutation = (name: string, fault: string, mutate: (stack: SynthesizedStack) => void, unreviewed?: string): Mutation => ({ name, fault, mutate, ...(unreviewed === undefined ? {} : { unreviewed }) });
