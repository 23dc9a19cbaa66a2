/** Every check of clusters, by id. */
import type { Check } from '../check';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import { check as dnsEgressMissing } from './dns-egress-missing';
import { check as hostPolicyWithoutDns } from './host-policy-without-dns';
import { check as hostNetwork } from './host-network';
import { check as hostNetworkAllowed } from './host-network-allowed';
import { check as metadataDenyMissing } from './metadata-deny-missing';
import { check as metadataReachable } from './metadata-reachable';
import { check as namespaceNotClosed } from './namespace-not-closed';
import { check as objectsNotRead } from './objects-not-read';
import { check as oneSidedEgress } from './one-sided-egress';
import { check as oneSidedIngress } from './one-sided-ingress';
import { check as podEgressOpen } from './pod-egress-open';
import { check as podsOnAnyNode } from './pods-on-any-node';
import { check as policiesNotEnforced } from './policies-not-enforced';
import { check as policyRefused } from './policy-refused';
import { check as rootOnNode } from './root-on-node';
import { check as selectorMatchesNothing } from './selector-matches-nothing';

export const kubernetesChecks: readonly Check<KubernetesModel>[] = [
  dnsEgressMissing,
  hostNetwork,
  hostNetworkAllowed,
  hostPolicyWithoutDns,
  metadataDenyMissing,
  metadataReachable,
  namespaceNotClosed,
  objectsNotRead,
  oneSidedEgress,
  oneSidedIngress,
  podEgressOpen,
  podsOnAnyNode,
  policiesNotEnforced,
  policyRefused,
  rootOnNode,
  selectorMatchesNothing,
];
