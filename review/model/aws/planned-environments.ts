/** Which environments of the policy a plan is of. */
import type { AwsEnvironment, Policy } from '../../../blueprints/policy/model';
import type { AwsModel } from './model';
import type { AwsNetwork } from './networks';

/** Those whose block some network of the plan has; all of them where addresses do not tell. What one environment asks for is not agreed in another. */
export function plannedEnvironments(model: AwsModel, policy: Policy | undefined): readonly AwsEnvironment[] {
  const all = (policy?.environments ?? []).flatMap(({ aws }) => aws ?? []);
  const here = all.filter(({ cidr }) => model.networks.some(({ cidrs }) => cidrs.includes(cidr)));
  return here.length > 0 ? here : all;
}

/** Each with the network of the plan that has its block; none where addresses do not tell. */
export function environmentsOf(model: AwsModel, policy: Policy | undefined): readonly { readonly environment: AwsEnvironment; readonly network: AwsNetwork }[] {
  return (policy?.environments ?? []).flatMap(({ aws: environment }) => (environment ? model.networks.filter(({ cidrs }) => cidrs.includes(environment.cidr)).map((network) => ({ environment, network })) : []));
}
