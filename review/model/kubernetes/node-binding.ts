/**
 * What keeps pods of a namespace on the nodes of a segment: an admission policy that refuses whatever does not ask for them.
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
import { own, ownObject, ownObjects, ownText, ownTexts, type JsonObject } from '../../plan/json';
import type { KubernetesObject } from './objects';
import { isEmpty, matches, type Labels } from './selectors';

const GROUP = 'admissionregistration.k8s.io';

/** Admission by other engines, whose rules are not read. */
const OTHER_ENGINES = /(^|\.)(kyverno\.io|gatekeeper\.sh|kubewarden\.io)$/;

/** `unread`: something may, which this does not read, or which is not known yet. `by-name`: a pod that names its node is not refused. */
export type NodeBinding = 'bound' | 'by-name' | 'unread' | 'none';

/** @param labels of the namespace */
export function nodeBinding(objects: readonly KubernetesObject[], segment: string, labels: Labels): NodeBinding {
  const validations = policiesFor(objects, labels).flatMap(({ spec }) => ownObjects(spec, 'validations').flatMap((each) => ownText(each, 'expression') ?? []));
  const asked = validations.some((expression) => expression.includes('nodeSelector') && quoted(expression).includes(segment));
  if (asked) return validations.some((expression) => expression.includes('nodeName')) ? 'bound' : 'by-name';
  const text = ({ spec }: KubernetesObject) => JSON.stringify(spec);
  const mayBind = (each: KubernetesObject) => (OTHER_ENGINES.test(each.group) && /nodeSelector|nodeAffinity/.test(text(each))) || (each.group === GROUP && each.unknown);
  return objects.some(mayBind) ? 'unread' : 'none';
}

/** What stands in quotes in a text of CEL. */
function quoted(expression: string): readonly string[] {
  return [...expression.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? '');
}

/** Policies that refuse pods which are created in a namespace. */
function policiesFor(objects: readonly KubernetesObject[], labels: Labels): readonly KubernetesObject[] {
  const named = new Map(objects.filter(({ kind, group }) => kind === 'ValidatingAdmissionPolicy' && group === GROUP).map((policy) => [policy.name, policy]));
  return objects.filter(({ kind, group, spec }) => kind === 'ValidatingAdmissionPolicyBinding' && group === GROUP && (ownTexts(spec, 'validationActions') ?? []).includes('Deny') && isFor(ownObject(spec, 'matchResources'), labels))
    .flatMap(({ spec }) => named.get(ownText(spec, 'policyName') ?? '') ?? [])
    .filter(({ spec }) => ownText(spec, 'failurePolicy') !== 'Ignore' && ownObjects(spec, 'matchConditions').length === 0 && looksAtPods(ownObject(spec, 'matchConstraints'), labels));
}

/** Whether what it is for leaves nothing of the namespace out. */
function isFor(resources: JsonObject | undefined, labels: Labels): boolean {
  const [ofObjects, ofNamespaces] = ['objectSelector', 'namespaceSelector'].map((name) => own(resources, name) ?? {});
  return isEmpty(ofObjects) && ownObjects(resources, 'excludeResourceRules').length === 0 && matches(ofNamespaces, labels) === 'yes'
    && (own(resources, 'resourceRules') === undefined || takesPods(resources));
}

function looksAtPods(constraints: JsonObject | undefined, labels: Labels): boolean {
  return isFor(constraints, labels) && takesPods(constraints);
}

function takesPods(resources: JsonObject | undefined): boolean {
  return ownObjects(resources, 'resourceRules').some((rule) => {
    const has = (name: string, ...wanted: readonly string[]) => (ownTexts(rule, name) ?? []).some((each) => each === '*' || wanted.includes(each));
    return has('apiGroups', '') && has('resources', 'pods') && has('operations', 'CREATE') && (ownTexts(rule, 'resourceNames') ?? []).length === 0 && ownText(rule, 'scope') !== 'Cluster';
  });
}
