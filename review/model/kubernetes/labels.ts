/** Labels of pods and namespaces: those that an object has, and those that others give it in the cluster. */
import { isObject, type Json } from '../../plan/json';

export type Labels = Readonly<Record<string, string>>;

/** What YAML takes for a number or a truth is text in a label. */
export function texts(value: Json | undefined): Labels {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([key, each]): [string, string][] => (['string', 'number', 'boolean'].includes(typeof each) ? [[key, String(each)]] : [])));
}

/**
 * Given to pods by controllers, by the node's zone, and by meshes; to namespaces by platforms and tenancy
 * controllers; and by Calico to either, from the namespace and the service account.
 *
 * https://kubernetes.io/docs/reference/labels-annotations-taints/
 * https://docs.tigera.io/calico/latest/reference/resources/profile
 */
const GIVEN = [
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name)$/,
  /^((statefulset|batch|apps|topology)\.kubernetes\.io|(service|security|topology)\.istio\.io|linkerd\.io)\//,
  /^(([a-z0-9-]+\.)*(cattle\.io|openshift\.io|tree\.hnc\.x-k8s\.io|capsule\.clastix\.io)|olm\.operatorgroup\.uid)\//,
  // Of pods that controllers of other kinds make: Knative, KubeRay, Argo, Tekton, Spark, Volcano, JobSet, KubeVirt, Kubeflow, Strimzi; and on Fargate.
  /^(([a-z0-9-]+\.)*(knative\.dev|ray\.io|argoproj\.io|tekton\.dev|volcano\.sh|kubevirt\.io|kubeflow\.org|strimzi\.io)|sparkoperator\.k8s\.io|(jobset|leaderworkerset|kueue)\.(sigs\.)?(k8s|x-k8s)\.io|eks\.amazonaws\.com)\//,
  /^(rollouts-pod-template-hash|spark-(role|app-name|app-selector|exec-id))$/,
  /^(pcns\.|pcsa\.|projectcalico\.org\/serviceaccount$)/,
];

/** Whether a label that is not there may be one that somebody else gives, with a value that no manifest has. */
export function isGivenLater(key: string, labels: Labels): boolean {
  if (labels[key] !== undefined) return false;
  // Asked for every pair of a selector and pods, mostly of the same few keys.
  let given = known.get(key);
  if (given === undefined) known.set(key, (given = GIVEN.some((pattern) => pattern.test(key))));
  return given;
}

const known = new Map<string, boolean>();
