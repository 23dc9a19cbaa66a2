/** Policies of a cluster in one shape, whichever kind they are of. */
import { isList, isObject, type Json, type JsonObject } from '../../plan/json';
import type { KubernetesObject } from './objects';
import type { PortSpan } from './ports';

/** What one rule names on the other side. */
export type RulePeer =
  | { readonly kind: 'anything' }
  | { readonly kind: 'block'; readonly cidr: string; readonly except: readonly string[] }
  /** `vague`: what is written is narrower than this, by labels that the input does not hold. */
  | { readonly kind: 'pods'; readonly namespaces: Json | undefined; readonly pods: Json | undefined; readonly vague?: boolean }
  /** `inHandshake`: asked of TLS itself, and not of the addresses that DNS tells for them. */
  | { readonly kind: 'names'; readonly names: readonly string[]; readonly inHandshake?: true }
  /** `world`, `all`, `kube-apiserver`, `nodes`, … */
  | { readonly kind: 'entity'; readonly entity: string }
  /** Somebody whom only the running cluster knows; may be on the internet. */
  | { readonly kind: 'hidden'; readonly text: string };

/** One rule of one policy. */
export interface PolicyRule {
  readonly policy: ClusterPolicy;
  readonly direction: Direction;
  /** `pass`: what comes after the admin's policies decides. */
  readonly action: 'allow' | 'deny' | 'pass';
  readonly peers: readonly RulePeer[];
  /** Of what lets through or passes on never too few, of a deny never too many. */
  readonly ports: readonly PortSpan[];
  /** Whether it filters names of DNS questions. */
  readonly dnsNames: boolean;
  /** Whether it is perhaps for the pods in question, and perhaps not. */
  readonly uncertain?: boolean;
  /** Of the pods that its policy is for, those with such labels alone. */
  readonly only?: Pick<Subject, 'namespaces' | 'pods'>;
}

export type Direction = 'ingress' | 'egress';

export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** The pods that a policy is for. */
export interface Subject {
  /** Absent: by `namespaces`. */
  readonly namespace?: string;
  readonly namespaces?: Json;
  readonly pods: Json;
  /** Whether it is for fewer pods than this, by labels that the input does not hold. */
  readonly vague: boolean;
}

/** Where tiers stand; Calico numbers those of Kubernetes so. */
export const TIER_ORDER = { admin: 1_000, namespaced: 1_000_000, baseline: 10_000_000 } as const;

/** Where a NetworkPolicy stands among Calico's policies of its tier. */
export const NETWORK_POLICY_ORDER = 1_000;

/**
 * A policy of any kind. Those of the tier `admin` come first, by priority and rule by rule; then the
 * `namespaced` ones, where Cilium's denies win and else any allow counts; what no policy of these
 * closes meets the `baseline`. Calico has tiers of its own between them.
 */
export interface ClusterPolicy {
  readonly object: KubernetesObject;
  readonly tier: 'admin' | 'namespaced' | 'baseline' | `tier ${string}`;
  readonly tierOrder: number;
  /** In its tier: the lowest counts first. */
  readonly priority: number;
  /** Whether its tier, though it selects pods, passes what no rule matches on to the next. */
  readonly passes?: boolean;
  /** Whether it asks for labels that the input gives to interfaces of nodes, and to no pods. */
  readonly isPerhapsForNodes?: true;
  /** Why the plugin takes nothing of it, though the API server takes the object. */
  readonly refused?: string;
  readonly subject: Subject;
  /** The directions that it closes for the pods that it selects. */
  readonly closes: readonly Direction[];
  readonly rules: readonly PolicyRule[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** @param rules made with the policy that they belong to */
export function policyWith(policy: Omit<ClusterPolicy, 'rules'>, rules: (policy: ClusterPolicy) => readonly PolicyRule[]): ClusterPolicy {
  const made: Writable<ClusterPolicy> = { ...policy, rules: [] };
  made.rules = rules(made);
  return made;
}

/** `payments/allow-dns`; the name alone of a policy of the cluster. */
export function policyName({ object: { namespace, name } }: ClusterPolicy): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** The list's objects. An item that is empty in YAML is an object without fields to the API server. */
export function list(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.flatMap((each) => (each === null ? [{}] : isObject(each) ? [each] : [])) : [];
}

export function textList(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
