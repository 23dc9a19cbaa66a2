/** Plans for the tests: those that Terraform made, and small ones written by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGraph } from '../../../review/plan/build-graph';
import { loadPlan, parsePlan, type PlanFile } from '../../../review/plan/load';
import type { References, Resource, ResourceGraph } from '../../../review/plan/resource-graph';

const FIXTURES = join(__dirname, '../../fixtures');

export function planFile(name: string): PlanFile {
  return loadPlan(join(FIXTURES, 'plans', `${name}.json`))[0] as PlanFile;
}

/** A fresh copy of the JSON, free to be changed. */
export function planJson(name: string): any {
  return JSON.parse(readFileSync(join(FIXTURES, 'plans', `${name}.json`), 'utf8'));
}

export function stackJson(): any {
  return JSON.parse(readFileSync(join(FIXTURES, 'hcl/cdktf-json/cdk.tf.json'), 'utf8'));
}

export function graphOf(document: unknown): ResourceGraph {
  return buildGraph(parsePlan(JSON.stringify(document), 'plan.json'));
}

export function graph(name: string): ResourceGraph {
  return buildGraph(planFile(name));
}

/** The resource at an address; a test that asks for a missing one is wrong. */
export function at(from: ResourceGraph, address: string): Resource {
  const resource = from.byAddress(address);
  if (!resource) throw new Error(`no ${address} in ${from.resources.map(String).join(', ')}`);
  return resource;
}

export function addresses(answer: References | readonly Resource[]): string[] {
  return ('targets' in answer ? answer.targets : answer).map((resource) => resource.address).sort();
}

/** A resource change as a plan has it. */
export function change(address: string, type: string, name: string, details: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): unknown {
  return { address, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/aws', ...rest, change: { actions: ['create'], before: null, after: {}, after_unknown: { id: true }, before_sensitive: false, after_sensitive: {}, ...details } };
}

/** A plan with these changes and this root module. */
export function plan(changes: readonly unknown[], rootModule: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): any {
  return { format_version: '1.2', terraform_version: '1.11.4', resource_changes: changes, configuration: { root_module: rootModule }, ...rest };
}

/** A configured resource. */
export function configured(type: string, name: string, expressions: Record<string, unknown>, rest: Record<string, unknown> = {}): unknown {
  return { address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'aws', expressions, ...rest };
}

/** References as Terraform lists them: each with its beginnings. */
export function refs(...full: readonly string[]): { references: string[] } {
  return { references: full.flatMap((text) => (/\.id$/.test(text) ? [text, text.slice(0, -3), ...(/\]\.id$/.test(text) ? [text.slice(0, text.lastIndexOf('['))] : [])] : [text])) };
}
