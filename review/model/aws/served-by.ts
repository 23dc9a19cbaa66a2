/**
 * Whose things an endpoint of AWS leads to. Its policy limits services of AWS only: a service of
 * somebody else (PrivateLink) has none. https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
import type { Served } from '../served';
import { judgePolicy } from './endpoint-policies';
import type { AwsEndpoint } from './gateways';

/** Whether an endpoint leads to a service that some account publishes, and not to one of AWS. */
export function isPrivateLink({ service, resource }: AwsEndpoint): boolean {
  return service === undefined ? madeHere(resource) : /(^|\.)vpce(\.|-svc-)/.test(service);
}

export function servedBy(endpoint: AwsEndpoint): Served {
  const { service, resource, kind, policyHolder } = endpoint;
  if (isPrivateLink(endpoint)) {
    return madeHere(resource)
      ? { kind: 'own', why: 'it leads to a service of this plan' }
      : { kind: 'another', why: `${service as string} is not made in this plan, and no endpoint policy limits what is sent there` };
  }
  const { lattice, stranger } = endpoint;
  if (stranger !== undefined) return { kind: 'unknown', why: `it leads to ${stranger}, which the plan does not make`, names: [stranger] };
  if (lattice?.foreign !== undefined) return { kind: 'another', why: `${lattice.foreign} is not made in this plan, and no endpoint policy limits what is sent there`, names: lattice.names };
  if (kind === 'other') return { kind: 'unknown', why: 'who answers behind a resource or a service network is not told by the plan', ...(lattice ? { names: lattice.names } : {}) };
  if (service === undefined) return { kind: 'unknown', why: 'the plan does not say which service it is for' };
  const judgement = judgePolicy(policyHolder);
  switch (judgement.kind) {
    case 'open': return { kind: 'anybody', why: judgement.what };
    case 'unknown': return { kind: 'unknown', why: 'its policy is not known before the plan is applied' };
    case 'bounded': return { kind: 'own', why: 'its policy names what it serves', names: judgement.names };
  }
}

function madeHere(resource: AwsEndpoint['resource']): boolean {
  return resource.references('service_name', { types: ['aws_vpc_endpoint_service'] }).targets.some(({ mode }) => mode === 'managed');
}
