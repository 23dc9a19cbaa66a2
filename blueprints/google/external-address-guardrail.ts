import { OrgPolicyPolicy } from '@cdktf/provider-google/lib/org-policy-policy';
import { Construct } from 'constructs';

/**
 * Refuses machines with public addresses in the whole project, whoever makes them: such a machine
 * would go around the NAT and its records. Addresses of NATs and load balancers stay possible.
 *
 * The deployer needs `roles/orgpolicy.policyAdmin`, which only an organization can give.
 * https://cloud.google.com/compute/docs/ip-addresses/configure-static-external-ip-address#disableexternalip
 */
export class GoogleExternalAddressGuardrail extends Construct {
  readonly policy: OrgPolicyPolicy;

  constructor(scope: Construct, id: string, props: { readonly project: string }) {
    super(scope, id);
    this.policy = new OrgPolicyPolicy(this, 'policy', {
      name: `projects/${props.project}/policies/compute.vmExternalIpAccess`,
      parent: `projects/${props.project}`,
      spec: { rules: [{ denyAll: 'TRUE' }] },
    });
  }
}
