/** Which environments of the policy a plan is of. */
import type { AwsEnvironment, Policy } from '../../../blueprints/policy/model';
import type { AwsModel } from './model';

/** Those whose block some network of the plan has; all of them where addresses do not tell. What one environment asks for is not agreed in another. */
export function plannedEnvironments(model: AwsModel, policy: Policy | undefined): readonly AwsEnvironment[] {
  const all = (policy?.environments ?? []).flatMap(({ aws }) => aws ?? []);
  const here = all.filter(({ cidr }) => model.networks.some(({ cidrs }) => cidrs.includes(cidr)));
  return here.length > 0 ? here : all;
}
