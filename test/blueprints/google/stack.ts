import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import type { Policy } from '../../../blueprints/policy/model';
import type { AddressLock } from '../../../blueprints/policy/slots';
import { createStack, type GoogleStack } from '../../../stacks/google';
import type { SynthesizedStack } from '../../contract/observation';
import { fixture, policyOf } from '../../fixtures/stacks';

export interface SynthesizedGoogle {
  readonly policy: Policy;
  readonly lock: AddressLock;
  readonly construct: GoogleStack;
  readonly text: string;
  /** A fresh copy, free to be broken. */
  stack(): SynthesizedStack;
}

/** Synthesizes the Google part of a policy text, in a folder of its own. */
export function googleStack(text: string = fixture('full'), lock?: AddressLock): SynthesizedGoogle {
  const loaded = policyOf(text, lock);
  const outdir = mkdtempSync(join(tmpdir(), 'google-'));
  try {
    const app = new App({ outdir, stackTraces: false });
    const construct = createStack(app, loaded.policy, loaded.policy.environments[0]!);
    app.synth();
    const json = readFileSync(join(outdir, 'stacks', construct.node.id, 'cdk.tf.json'), 'utf8');
    return { ...loaded, construct, text: json, stack: () => JSON.parse(json) as SynthesizedStack };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The resources of a type, by the construct id that their logical id ends in, before the hash. */
export function byRole(stack: SynthesizedStack, type: string): Record<string, any> {
  return Object.fromEntries(Object.entries(stack.resource?.[type] ?? {}).map(([name, config]) => [name.split('_').at(-2)!, config]));
}
