/** Subnets that are called after what stands in them, where a plan does not tell which ones it uses. */
import { tagAt } from './read';
import type { AwsSubnet } from './subnets';

/**
 * Those of the candidates whose block, module, `Name` or else key matches. What all subnets of a network share tells nothing, as a project
 * is called `lab-fw` and a module `inspection`: the module is left out of it then, and what their names begin with alike.
 */
export function calledAfter(pattern: RegExp, candidates: readonly AwsSubnet[], all: readonly AwsSubnet[]): readonly AwsSubnet[] {
  const readings = new Map(candidates.map(({ network }) => network).map((network) => [network, reading(pattern, all.filter((subnet) => subnet.network === network))]));
  return candidates.filter((subnet) => readings.get(subnet.network)?.(subnet) === true);
}

function reading(pattern: RegExp, subnets: readonly AwsSubnet[]): (subnet: AwsSubnet) => boolean {
  const names = subnets.map(nameOf).filter((name) => name !== '');
  const shared = names.length > 1 && names.every((name) => pattern.test(name)) ? sharedBeginning(names) : 0;
  const isModuleTelling = subnets.length < 2 || !subnets.every((subnet) => pattern.test(moduleOf(subnet)));
  return (subnet) => pattern.test(subnet.resource.name) || pattern.test(nameOf(subnet).slice(shared)) || (isModuleTelling && pattern.test(moduleOf(subnet)));
}

function sharedBeginning(names: readonly string[]): number {
  const [first = ''] = names;
  let length = 0;
  while (length < first.length && names.every((name) => name[length] === first[length])) length += 1;
  return length;
}

function nameOf({ resource }: AwsSubnet): string {
  return tagAt(resource, 'Name') ?? (typeof resource.key === 'string' ? resource.key : '');
}

/** What the module is called that holds the subnet, without those around it. */
function moduleOf({ resource: { moduleAddress } }: AwsSubnet): string {
  const at = moduleAddress.lastIndexOf('module.');
  return at < 0 ? '' : moduleAddress.slice(at + 'module.'.length);
}
