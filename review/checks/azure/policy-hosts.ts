/** What the policy allows a segment on Azure, in the words of a verdict. */
import { addOnHosts, KUBERNETES_TAG } from '../../../blueprints/policy/azure-kubernetes-hosts';
import type { AllowRule, Policy } from '../../../blueprints/policy/model';
import type { AllowedHost } from '../../model/network-model';
import { policyRules, type Located, type PolicyRules } from '../../model/policy-rules';
import type { AzureContext } from './azure-check';
import { certainEnvironments } from './planned-environments';

/** One host on one port: `tls api.stripe.com:443`. */
export function grantWords(host: AllowedHost): readonly string[] {
  const ports = host.ports.length === 0 ? ['any'] : host.ports;
  return ports.map((port) => `${host.protocol === 'any' ? 'tcp' : host.protocol} ${host.host.replace(/\/32$/, '')}:${port}`);
}

/** The policy's rules by place. @throws Error without a policy */
export function rulesOf(context: AzureContext): PolicyRules {
  const { policy, verdicts } = context;
  if (!policy) throw new Error('there is no policy to look into');
  let found = known.get(context);
  if (!found) {
    const here = new Set(certainEnvironments(context).map(({ cidr }) => cidr));
    const names = policy.environments.filter(({ azure }) => azure && here.has(azure.cidr)).map(({ name }) => name);
    known.set(context, (found = policyRules(policy, 'azure', verdicts.map(({ place }) => place), { known: names, isApart: policy.environments.some(({ azure }) => azure?.kubernetes) })));
  }
  return found;
}

const known = new WeakMap<AzureContext, PolicyRules>();

/** What a segment is let through to wherever it is planned, in words: by rules that hold in some environment of the plan, or for clusters there. */
export function wordsFor(context: AzureContext, policy: Policy, segment: string): readonly string[] {
  const { rules, environments } = rulesOf(context).at({ cidrs: [], segment });
  return [...rules.flatMap(ruleWords), ...clusterWords(policy, segment, environments)];
}

export function ruleWords(rule: AllowRule): readonly string[] {
  const names = rule.protocol === 'tcp' ? rule.addresses.map((address) => address.replace(/\/32$/, '')) : [rule.host.text];
  return names.flatMap((name) => rule.ports.map((port) => `${rule.protocol} ${name}:${port}`));
}

/** What the clusters that a segment has in some of the environments reach besides, in the same words. */
export function clusterWords(policy: Policy, segment: string, environments: readonly string[]): readonly string[] {
  return policy.environments.flatMap(({ name, azure }) => {
    if (azure?.kubernetes?.segment !== segment || !environments.includes(name)) return [];
    const { http, tls } = addOnHosts(azure.kubernetes.addOns, azure.region);
    return [`tls tag:${KUBERNETES_TAG}:443`, ...http.map((host) => `http ${host}:80`), ...tls.map((host) => `tls ${host}:443`)];
  });
}

/** Ports on which a place is granted anything. */
export function portsOfPlace(context: AzureContext, policy: Policy, place: Located & { readonly segment: string }): readonly number[] {
  const { rules, environments } = rulesOf(context).at(place);
  return [...rules.flatMap(({ ports }) => ports), ...(clusterWords(policy, place.segment, environments).length > 0 ? [443, 80] : [])];
}
