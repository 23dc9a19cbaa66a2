/** What the policy allows a segment on Azure, in the words of a verdict. */
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
