/** Policies and parts of them for the AWS tests. */
import { App, TerraformStack, Testing } from 'cdktf';
import { planAddresses, type AddressPlan } from '../../../blueprints/policy/address-plan';
import type { AllowRule, AwsEnvironment, Policy } from '../../../blueprints/policy/model';
import { createStack } from '../../../stacks/aws';
import type { SynthesizedStack } from '../../contract/observation';
import { policyOf } from '../../fixtures/stacks';

/** A policy for AWS alone, from its `allow` and `segments` in YAML. */
export function awsPolicy(allow: string, segments: string, services = '[]', zones = 2): Policy {
  return policyOf([
    'organization: acme',
    `allow: ${allow}`,
    `segments: ${segments}`,
    `privateServices: ${services}`,
    `environments: [{ name: test, aws: { region: us-east-1, zones: ${zones}, cidr: 10.20.0.0/16 } }]`,
  ].join('\n')).policy;
}

export function environmentOf(policy: Policy): AwsEnvironment {
  return policy.environments[0]!.aws!;
}

export function addressesOf(policy: Policy): AddressPlan<'aws'> {
  return planAddresses(policy, environmentOf(policy));
}

/** The stack of a policy's first environment. */
export function awsStack(policy: Policy): SynthesizedStack {
  return JSON.parse(Testing.synth(createStack(new App({ stackTraces: false }), policy, policy.environments[0]!)));
}

/** Makes something in a stack of its own. */
export function synthesize(make: (stack: TerraformStack) => unknown): SynthesizedStack {
  const stack = new TerraformStack(new App({ stackTraces: false }), 'stack');
  make(stack);
  return JSON.parse(Testing.synth(stack));
}

/** The bodies of all resources of a type. */
export function bodies(stack: SynthesizedStack, type: string): any[] {
  return Object.values(stack.resource?.[type] ?? {});
}

/** One allow rule, exact and over TLS unless told otherwise. */
export function allow(host: string, over: Partial<AllowRule> = {}): AllowRule {
  const subdomains = host.startsWith('*.');
  return {
    host: { text: host, kind: subdomains ? 'subdomains' : 'exact', domain: subdomains ? host.slice(2) : host },
    segments: ['payments'],
    ports: [443],
    protocol: 'tls',
    environments: ['prod'],
    addresses: [],
    clouds: ['aws'],
    owner: 'team',
    reason: 'test',
    position: { file: 'egress.yaml', line: 3, column: 5 },
    ...over,
  };
}
