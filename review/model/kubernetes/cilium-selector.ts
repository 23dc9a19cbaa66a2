/** Cilium's selectors have labels of the namespace, of the pod and of nobody's in one. */
import { isList, isObject, own, ownText, type Json, type JsonObject } from '../../plan/json';

interface CiliumSelector {
  /** Undefined when it says nothing of the namespace. */
  readonly namespaces?: Json;
  /** Whether it says something of the namespace's name as the label that pods have of it. */
  readonly names: boolean;
  readonly pods: Json;
  /** Whether it asks for labels that no manifest has: a service account, a cluster. */
  readonly vague: boolean;
  /** `host`, `kube-apiserver`, … by a reserved label. */
  readonly entity?: string;
  /** Whether it is for whatever lacks a reserved label, addresses of the world among it, or for what has a label of addresses or names. */
  readonly outside: boolean;
}

const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

/** https://docs.cilium.io/en/stable/network/kubernetes/policy/#namespaces */
export function ciliumSelector(selector: Json): CiliumSelector {
  const namespaces = new Labels();
  const pods = new Labels();
  let vague = false;
  let entity: string | undefined;
  let outside = false;
  let names = false;
  const sort = (written: string, add: (labels: Labels, key: string) => void): void => {
    const [, source, key] = /^(?:([a-z0-9]+):)?(.*)$/.exec(written) as RegExpExecArray & [string, string | undefined, string];
    if (source === 'reserved') entity = key;
    else if (source !== undefined && source !== 'k8s' && source !== 'any') {
      vague = true;
      outside ||= ['cidr', 'cidrgroup', 'fqdn'].includes(source);
    }
    else if (key === NAMESPACE) {
      names = true;
      add(namespaces, 'kubernetes.io/metadata.name');
    }
    else if (key.startsWith(NAMESPACE_LABELS)) add(namespaces, key.slice(NAMESPACE_LABELS.length));
    else if (key.startsWith('io.cilium.') || key.startsWith('io.kubernetes.')) vague = true;
    else add(pods, key);
  };
  const wanted = own(selector, 'matchLabels');
  for (const [key, value] of Object.entries(isObject(wanted) ? wanted : {})) sort(key, (labels, name) => void (labels.equal[name] = value));
  const expressions = own(selector, 'matchExpressions');
  for (const each of isList(expressions) ? expressions : []) {
    if (!isObject(each)) continue;
    const key = ownText(each, 'key') ?? '';
    // No pod has a reserved label, and neither does most of what is no pod.
    if (key.startsWith('reserved:') && /^(NotIn|DoesNotExist)$/.test(ownText(each, 'operator') ?? '')) outside = true;
    else sort(key, (labels, name) => void labels.expressions.push({ ...each, key: name }));
  }
  return { ...(namespaces.isEmpty ? {} : { namespaces: namespaces.selector }), names, pods: pods.selector, vague, outside, ...(entity === undefined ? {} : { entity }) };
}

class Labels {
  readonly equal: Record<string, Json> = {};
  readonly expressions: JsonObject[] = [];

  get isEmpty(): boolean {
    return Object.keys(this.equal).length + this.expressions.length === 0;
  }

  get selector(): JsonObject {
    return { ...(Object.keys(this.equal).length > 0 ? { matchLabels: this.equal } : {}), ...(this.expressions.length > 0 ? { matchExpressions: this.expressions } : {}) };
  }
}
