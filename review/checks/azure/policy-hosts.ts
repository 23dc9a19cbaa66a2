/** What the policy allows a segment on Azure, in the words of a verdict. */
import { addOnHosts, KUBERNETES_TAG } from '../../../blueprints/policy/azure-kubernetes-hosts';
import type { AllowRule, Policy } from '../../../blueprints/policy/model';
import type { AllowedHost } from '../../model/network-model';

/** One host on one port: `tls api.stripe.com:443`. */
export function grantWords(host: AllowedHost): readonly string[] {
  const ports = host.ports.length === 0 ? ['any'] : host.ports;
  return ports.map((port) => `${host.protocol === 'any' ? 'tcp' : host.protocol} ${host.host.replace(/\/32$/, '')}:${port}`);
}

export function rulesFor(policy: Policy, segment: string): readonly AllowRule[] {
  return policy.allow.filter(({ segments, clouds }) => segments.includes(segment) && clouds.includes('azure'));
}

export function ruleWords(rule: AllowRule): readonly string[] {
  const names = rule.protocol === 'tcp' ? rule.addresses.map((address) => address.replace(/\/32$/, '')) : [rule.host.text];
  return names.flatMap((name) => rule.ports.map((port) => `${rule.protocol} ${name}:${port}`));
}

/** What the clusters of a segment reach besides, in the same words: any environment's may be the one that is planned. */
export function clusterWords(policy: Policy, segment: string): readonly string[] {
  return policy.environments.flatMap(({ azure }) => {
    if (!azure?.kubernetes || azure.kubernetes.segment !== segment) return [];
    const { http, tls } = addOnHosts(azure.kubernetes.addOns, azure.region);
    return [`tls tag:${KUBERNETES_TAG}:443`, ...http.map((host) => `http ${host}:80`), ...tls.map((host) => `tls ${host}:443`)];
  });
}

/** Ports on which a segment is granted anything. */
export function portsOfSegment(policy: Policy, segment: string): readonly number[] {
  return [...rulesFor(policy, segment).flatMap(({ ports }) => ports), ...(clusterWords(policy, segment).length > 0 ? [443, 80] : [])];
}
