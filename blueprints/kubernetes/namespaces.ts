/** Namespaces, and the rule that keeps their pods on the nodes of their segment. */
import { OWN, SEGMENT_LABEL, type Manifest } from './manifest';

/** A namespace whose pods may do nothing that a node would not forgive: Pod Security Admission `restricted`. */
export function namespace(name: string, segment: string, hasHosts: boolean): Manifest {
  const level = Object.fromEntries(['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']));
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { ...level, [SEGMENT_LABEL]: segment, ...(hasHosts ? { [`${OWN}/hosts`]: 'allowed' } : {}) } },
  };
}

/**
 * Pods of a segment's namespaces go to its nodes, whose addresses the network knows as the segment's:
 * elsewhere, they would have another segment's rights. Kubernetes 1.30 and later.
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 *
 * @param ownedOnly whether pods without an owner are refused, too: vpc-cni enforces no policy for them
 *   (https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html)
 */
export function nodePlacement(segment: string, ownedOnly: boolean): readonly Manifest[] {
  const name = `segment-${segment}-nodes`;
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] },
        validations: [
          {
            expression: `has(object.spec.nodeSelector) && '${SEGMENT_LABEL}' in object.spec.nodeSelector && object.spec.nodeSelector['${SEGMENT_LABEL}'] == '${segment}'`,
            message: `pods of segment '${segment}' run on its nodes: add nodeSelector '${SEGMENT_LABEL}: ${segment}' and a toleration of the taint`,
          },
          {
            // A pod that names its node skips the scheduler, and with it the selector.
            expression: '!has(object.spec.nodeName) || object.spec.nodeName == \'\'',
            message: 'a pod that names its node would skip its nodeSelector: remove nodeName',
          },
          ...(ownedOnly ? [{
            expression: 'has(object.metadata.ownerReferences) && object.metadata.ownerReferences.size() > 0',
            message: 'the network policy agent of EKS enforces nothing for a pod without an owner: create it by a Deployment, StatefulSet, DaemonSet or Job',
          }] : []),
        ],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: {
        policyName: name,
        validationActions: ['Deny'],
        matchResources: { namespaceSelector: { matchLabels: { [SEGMENT_LABEL]: segment } } },
      },
    },
  ];
}
