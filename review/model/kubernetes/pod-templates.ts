/** The pods that an object has made: of Kubernetes' own kinds, and of whatever kind holds a template of pods somewhere. */
import { isList, isObject, own, ownText, type Json, type JsonObject } from '../../plan/json';
import { texts, type Labels } from './labels';
import type { KubernetesObject } from './objects';

export interface PodTemplate {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: JsonObject;
  /** Where it stands in an object with several: `headGroupSpec`. Empty for the only one. */
  readonly part: string;
}

/** With `spec.template`, a CronJob one step further; others of these names are another API's. */
const OWN_KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet', 'ReplicationController', 'Rollout']);

/** Kinds that hold templates and make no pods, those that describe kinds, and the many that are asked in vain. */
const NO_WORKLOAD = /NetworkPolicy$|^(Namespace|CustomResourceDefinition|ValidatingAdmissionPolicy|MutatingAdmissionPolicy|ConstraintTemplate|PodTemplate|(Cluster)?Policy)$/;

/** No kind that we know of hides its pods deeper. */
const DEEPEST = 8;

/** Of a JobSet, a RayCluster, a Volcano Job, a Knative Service, …: each template; a workflow of Argo has one for all of its steps. */
export function podTemplates(object: KubernetesObject): readonly PodTemplate[] {
  const { kind, group, spec } = object;
  if (kind === 'Pod') return [{ labels: object.labels, annotations: object.annotations, spec, part: '' }];
  if (group === 'argoproj.io' && /Workflow(Template)?$/.test(kind)) return workflow(within(spec, 'workflowSpec') ?? spec);
  const found = NO_WORKLOAD.test(kind) ? [] : templatesIn(spec, '', DEEPEST);
  if (found.length === 0 && OWN_KINDS.has(kind)) {
    // One whose template is not known, or that somebody else's object stands for.
    const template = within(kind === 'CronJob' ? within(within(spec, 'jobTemplate'), 'spec') : spec, 'template');
    return [{ ...metadataOf(template), spec: within(template, 'spec') ?? {}, part: '' }];
  }
  return found.length === 1 ? found.map((each) => ({ ...each, part: '' })) : found;
}

function templatesIn(value: Json | undefined, part: string, depth: number): readonly PodTemplate[] {
  if (depth === 0) return [];
  if (isList(value)) return value.flatMap((each, index) => templatesIn(each, ownText(each, 'name') ?? ownText(each, 'groupName') ?? `${part}[${index}]`, depth - 1));
  if (!isObject(value)) return [];
  const spec = own(value, 'spec');
  if (isObject(spec) && (isList(own(spec, 'containers')) || isObject(own(spec, 'domain')))) return [{ ...metadataOf(value), spec, part }];
  return Object.entries(value).flatMap(([key, each]) => (typeof each === 'object' ? templatesIn(each, ['template', 'spec', 'jobTemplate'].includes(key) ? part : key, depth - 1) : []));
}

/** Of all steps that have the same labels and annotations, one. https://argo-workflows.readthedocs.io/en/stable/fields/#template */
function workflow(written: JsonObject): readonly PodTemplate[] {
  const common = metadataOf({ metadata: own(written, 'podMetadata') ?? {} });
  const templates = own(written, 'templates');
  const steps = (isList(templates) ? templates : []).filter(isObject).map((each) => ({ own: metadataOf(each), name: ownText(each, 'name') ?? '' }));
  const isPatched = [written, ...(isList(templates) ? templates : [])].some((each) => /hostNetwork/.test(ownText(each, 'podSpecPatch') ?? ''));
  const spec = isPatched ? { ...written, hostNetwork: true } : written;
  const isPlain = ({ own: { labels, annotations } }: (typeof steps)[number]) => Object.keys(labels).length + Object.keys(annotations).length === 0;
  const named = steps.filter((each) => !isPlain(each)).map(({ own: { labels, annotations }, name }): PodTemplate => ({ labels: { ...common.labels, ...labels }, annotations: { ...common.annotations, ...annotations }, spec, part: name }));
  return steps.length > 0 && named.length === steps.length ? named : [{ ...common, spec, part: '' }, ...named];
}

function metadataOf(template: JsonObject | undefined): Pick<PodTemplate, 'labels' | 'annotations'> {
  const metadata = within(template, 'metadata');
  return { labels: texts(own(metadata, 'labels')), annotations: texts(own(metadata, 'annotations')) };
}

function within(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = own(object, key);
  return isObject(value) ? value : undefined;
}
