/** Synthesizes the Azure stack of a policy alone, without the code of other clouds. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { parse, stringify } from 'yaml';
import type { Policy } from '../../../blueprints/policy/model';
import type { AddressLock } from '../../../blueprints/policy/slots';
import { AzureStack } from '../../../stacks/azure';
import type { SynthesizedStack } from '../../contract/observation';
import { fixture, policyOf } from '../../fixtures/stacks';

export interface AzureSynthesis {
  readonly policy: Policy;
  readonly lock: AddressLock;
  readonly text: string;
  readonly stack: AzureStack;
  /** A fresh copy. */
  json(): SynthesizedStack;
}

export function synthesizeAzure(text: string, lock?: AddressLock): AzureSynthesis {
  const loaded = policyOf(text, lock);
  const environment = loaded.policy.environments.find(({ name }) => name === 'prod') ?? loaded.policy.environments[0]!;
  return inFolder((app, outdir) => {
    const stack = new AzureStack(app, loaded.policy, environment);
    app.synth();
    const json = readFileSync(join(outdir, 'stacks', stack.node.id, 'cdk.tf.json'), 'utf8');
    return { ...loaded, text: json, stack, json: () => JSON.parse(json) };
  });
}

/** Synthesizes what a function puts into an empty stack. */
export function synthesizeParts(add: (stack: TerraformStack) => void): SynthesizedStack {
  return inFolder((app, outdir) => {
    const stack = new TerraformStack(app, 'parts');
    add(stack);
    app.synth();
    return JSON.parse(readFileSync(join(outdir, 'stacks', 'parts', 'cdk.tf.json'), 'utf8'));
  });
}

function inFolder<T>(work: (app: App, outdir: string) => T): T {
  const outdir = mkdtempSync(join(tmpdir(), 'azure-'));
  try {
    return work(new App({ outdir, stackTraces: false, skipValidation: true }), outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The full policy, changed. */
export function policyText(edit: (policy: any) => void = () => undefined): string {
  const policy = parse(fixture('full'));
  edit(policy);
  return stringify(policy);
}

/** The full policy without any host: nothing may leave. */
export const SEALED = policyText((policy) => { policy.allow = []; });

export function all(stack: SynthesizedStack, type: string): Record<string, any>[] {
  return Object.values(stack.resource?.[type] ?? {});
}

export function named(stack: SynthesizedStack, type: string, name: string): Record<string, any> {
  const found = all(stack, type).find((config) => config.name === name);
  if (!found) throw new Error(`no ${type} '${name}'; there are ${all(stack, type).map((config) => config.name).join(', ')}`);
  return found;
}
