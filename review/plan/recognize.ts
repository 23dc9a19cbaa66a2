/** Which of the many JSON files around Terraform this one is. */
import { isObject, own, ownObject, ownObjects, ownText, type Json, type JsonObject } from './json';
import { PlanInputError } from './input-error';

/** What a file tells about a network: intentions, facts, or a configuration without values. */
export type PlanKind = 'plan' | 'state' | 'synthesized';

export interface Recognized {
  readonly kind: PlanKind;
  readonly document: JsonObject;
  readonly formatVersion: string;
  readonly terraformVersion?: string;
  readonly warnings: readonly string[];
}

const EXPECTED = 'expected the output of `terraform show -json` (a plan or a state), or a synthesized cdk.tf.json';
const NEWEST_MINOR = 2;

/** @throws PlanInputError for everything but a plan, a state and a synthesized stack. */
export function recognize(document: Json, name: string): Recognized {
  if (Array.isArray(document) && document.some((each) => isObject(each) && Object.hasOwn(each, 'format_version'))) {
    throw new PlanInputError(name, `this is a list, with ${document.length === 1 ? 'a plan' : `${document.length} plans`} in it`, "write each to a file of its own and name them all: `jq '.[0]' <file> > plan.json`");
  }
  if (!isObject(document)) {
    const what = document === null ? 'null' : Array.isArray(document) ? 'an array' : `a ${typeof document}`;
    throw new PlanInputError(name, `this is JSON, but ${what}`, EXPECTED);
  }
  const other = somethingElse(document);
  if (other) throw new PlanInputError(name, other[0], other[1]);
  if (Object.hasOwn(document, 'format_version')) return versioned(document, name);
  if (isTerraformJson(document)) {
    return { kind: 'synthesized', document, formatVersion: cdktfVersion(document) ?? 'tf.json', warnings: [] };
  }
  throw new PlanInputError(name, 'this is JSON, but neither a plan nor a state: it has no format_version', EXPECTED);
}

function versioned(document: JsonObject, name: string): Recognized {
  const formatVersion = own(document, 'format_version');
  const parts = typeof formatVersion === 'string' ? /^(\d{1,9})\.(\d{1,9})$/.exec(formatVersion) : null;
  if (typeof formatVersion !== 'string' || !parts) {
    throw new PlanInputError(name, 'its format_version is not of the form "1.2"', EXPECTED);
  }
  const changes = own(document, 'resource_changes');
  // By address, as mocks of policy tools have them, they would be read as none.
  if (isObject(changes) && Object.values(changes).some(isObject)) throw new PlanInputError(name, 'its resource_changes are no list', 'Terraform writes one: name the output of `terraform show -json` itself, and no rearranged copy');
  const major = Number(parts[1]);
  if (major > 1) {
    throw new PlanInputError(name, `its format_version is ${formatVersion}; this review reads 0.1 to 1.x`, 'update this project, or use a Terraform that writes format 1.x');
  }
  const warnings: string[] = [];
  if (major === 0 && !marksSecrets(document)) {
    warnings.push(`format_version ${formatVersion} does not mark sensitive values: attributes that are called like a secret are hidden, and no others`);
  }
  if (major === 1 && Number(parts[2]) > NEWEST_MINOR) warnings.push(`format_version ${formatVersion} is newer than 1.${NEWEST_MINOR}: what it adds is not reviewed`);
  const isPlan = ['resource_changes', 'planned_values', 'configuration', 'prior_state', 'resource_drift'].some((key) => isObject(own(document, key)) || Array.isArray(own(document, key)));
  if (!isPlan && own(document, 'values') === undefined) warnings.push('the state is empty: nothing was applied yet');
  const terraformVersion = ownText(document, 'terraform_version');
  return { kind: isPlan ? 'plan' : 'state', document, formatVersion, ...(terraformVersion === undefined ? {} : { terraformVersion }), warnings };
}

/** True when a plan or a state says what is sensitive, as those of Terraform 0.15 and newer do. */
function marksSecrets(document: JsonObject): boolean {
  return ownObjects(document, 'resource_changes').some((change) => own(ownObject(change, 'change'), 'after_sensitive') !== undefined)
    || ownObjects(ownObject(ownObject(document, 'values'), 'root_module'), 'resources').some((resource) => own(resource, 'sensitive_values') !== undefined);
}

const RAW_STATE = ['this is a raw state file', 'run `terraform show -json > state.json` in the folder of its configuration (of this very file: `terraform show -json <file>`), which marks sensitive values'] as const;

/** Files that people take for a plan, each with the way to one. */
function somethingElse(document: JsonObject): readonly [what: string, wayOut: string] | undefined {
  const has = (key: string) => Object.hasOwn(document, key);
  const saved = 'save the plan and print it: `terraform plan -out=tfplan && terraform show -json tfplan > plan.json`';
  if (has('@level') && has('@message')) return ['this is the log of `terraform plan -json`, which names resources without their values', saved];
  if (has('lineage') && has('serial')) return RAW_STATE;
  if (typeof own(document, 'version') === 'number' && has('terraform_version') && (has('resources') || has('modules'))) return RAW_STATE;
  // What the view of a plan in a browser reads: https://github.com/hashicorp/terraform/blob/v1.11.4/internal/command/jsonformat/plan.go
  if (has('plan_format_version')) return ['this is the redacted plan that HCP Terraform shows, without values', 'download the JSON of the plan itself (`json-output`, not `json-output-redacted`), or run `terraform show -json`'];
  if (has('provider_schemas') && !has('resource_changes')) return ['this is the output of `terraform providers schema -json`', saved];
  if (has('diagnostics') && has('valid')) return ['this is the output of `terraform validate -json`', saved];
  const wrapped = Object.keys(document).find((key) => Object.hasOwn(ownObject(document, key) ?? {}, 'format_version'));
  if (wrapped !== undefined && !has('format_version')) return ['the plan stands one level down, as the input of some policy tools', `take it out: \`jq '.${/^[A-Za-z_]{1,40}$/.test(wrapped) ? wrapped : '[]'}' <file> > plan.json\``];
  if (typeof own(document, 'apiVersion') === 'string' && typeof own(document, 'kind') === 'string') return ['this is an object of Kubernetes', 'name the folder that it is in, or save it with the ending .yaml, as which JSON is read, too'];
  if (has('$schema') && has('runs')) return ['this is a SARIF report', saved];
  if (has('stacks') && has('version') && !has('resource')) return ['this is the manifest of a cdktf.out folder', 'name the folder, or one of its stacks/*/cdk.tf.json'];
  return undefined;
}

const TOP_LEVEL = ['resource', 'data', 'module', 'provider', 'terraform', 'variable', 'output', 'locals', 'moved', 'import', 'removed', 'ephemeral'];

/** JSON syntax of Terraform: nothing but its block types, and at least one of them. */
function isTerraformJson(document: JsonObject): boolean {
  const keys = Object.keys(document).filter((key) => key !== '//');
  const known = keys.filter((key) => TOP_LEVEL.includes(key));
  return known.length > 0 && known.length === keys.length && keys.every((key) => typeof document[key] === 'object');
}

function cdktfVersion(document: JsonObject): string | undefined {
  const version = ownText(ownObject(ownObject(document, '//'), 'metadata'), 'version');
  return version === undefined ? undefined : `cdktf ${version}`;
}
