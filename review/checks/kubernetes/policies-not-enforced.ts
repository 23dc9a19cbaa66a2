import type { Check } from '../check';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';

export const check: Check<KubernetesModel> = {
  id: 'policies-not-enforced',
  title: 'cluster that enforces no network policy',
  severity: 'high',
  why: 'Every cluster takes NetworkPolicy objects. One without an engine for them does nothing with them and says nothing: all pods reach everything, whatever the policies say.',
  fix: 'AKS: network_policy = "cilium" with network_data_plane = "cilium". GKE: datapath_provider = "ADVANCED_DATAPATH". EKS: enableNetworkPolicy: "true" in the add-on vpc-cni; in Auto Mode the ConfigMap amazon-vpc-cni. Cilium: take policyAuditMode out, and set policyEnforcementMode to default.',
  references: ['https://learn.microsoft.com/azure/aks/use-network-policies', 'https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy', 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html', 'https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html', 'https://docs.cilium.io/en/stable/security/policy-creation/'],
  comparable: ['checkov CKV_GCP_12', 'checkov CKV_AZURE_7', 'trivy AZU-0043', 'trivy GCP-0056'],
  *run({ model }) {
    for (const { address, reason, certain, unknown } of model.unenforced) {
      yield { address, message: `the policies of this input ${certain ? 'are' : 'may be'} not in force in ${address}: ${reason}`, ...(certain ? {} : { severity: unknown ? 'low' as const : 'medium' as const, confidence: 'possible' as const }) };
    }
  },
};
