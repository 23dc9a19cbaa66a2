/** Which environments of the policy a plan is of. */
import type { AwsEnvironment, Policy } from '../../../blueprints/policy/model';
import type { AwsModel } from './model';
import type { AwsNetwork } from './networks';

/** Those whose block some network of the plan has; all of them where addresses do not tell. What one environment asks for is not agreed in another. */
export function plannedEnvironments(model: AwsModel, policy: Policy | undefined): readonly AwsEnvironment[] {
  const all = (policy?.environments ?? []).flatMap(({ aws }) => aws ?? []);
  const networks = networksOf(model);
  const here = all.filter(({ cidr }) => networks.some(({ cidrs }) => cidrs.includes(cidr)));
  return here.length > 0 ? here : all;
}

/** Each with the network of the plan that has its block, made by it or there before any: of one that is only looked up another plan speaks. */
export function environmentsOf(model: AwsModel, policy: Policy | undefined): readonly { readonly environment: AwsEnvironment; readonly network: AwsNetwork }[] {
  const networks = policy ? networksOf(model) : [];
  return (policy?.environments ?? []).flatMap(({ aws: environment }) => (environment ? networks.filter(({ cidrs, managed }) => (managed || environment.existingNetwork) && cidrs.includes(environment.cidr)).map((network) => ({ environment, network })) : []));
}

/** Also those that exist, and that the plan looks up. */
function networksOf({ networks, graph, find }: AwsModel): readonly AwsNetwork[] {
  return [...networks, ...graph.ofType('aws_vpc', 'data').flatMap((resource) => find.network(resource) ?? [])];
}

/** What is the plan's business: networks that it makes, and those that exist and that the policy file has as its own. */
export function ownNetworks(model: AwsModel, policy: Policy | undefined, counts: (environment: AwsEnvironment) => boolean = () => true): readonly AwsNetwork[] {
  const existing = environmentsOf(model, policy).filter(({ environment }) => counts(environment)).map(({ network }) => network);
  return [...new Set([...model.networks, ...existing])];
}
