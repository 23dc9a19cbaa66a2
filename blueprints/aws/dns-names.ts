/** Which names a VPC has to resolve: the policy's hosts, and what AWS and the team keep inside. */
import type { AllowRule, PrivateService } from '../policy/model';
import { zoneProblem } from '../policy/public-suffix';
import { compare } from '../policy/rules';
import { serviceNames } from '../policy/aws-endpoint-catalog';
import { clientNames } from './service-names';

/** What decides on the names of a region's services. */
export interface InternalNames {
  readonly region: string;
  readonly services: readonly PrivateService[];
  /** Zones of the team's own: each with everything below it. */
  readonly privateZones: readonly string[];
}

/** The names of allowed hosts, sorted: `*.x` is every name below `x` here as in the policy, and never `x`. */
export function hostNames(rules: readonly AllowRule[]): readonly string[] {
  return distinct(rules.map(({ host }) => host.text));
}

/** The names that lead nowhere outside, sorted. */
export function internalNames({ region, services, privateZones }: InternalNames): readonly string[] {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const used = serviceNames(services);
  const ofServices = used.flatMap(clientNames);
  const patterns = [
    // An instance's own name, by address and by id.
    '*.R.compute.internal',
    ...(region === 'us-east-1' ? ['*.ec2.internal'] : []),
    // An endpoint's own name, which private DNS stands before.
    ...(used.length > 0 ? ['*.R.vpce.S'] : []),
    ...ofServices,
  ];
  return distinct([
    ...patterns.map((pattern) => pattern.replace(/\bR\b/, region).replace(/\bS$/, suffix)),
    ...privateZones.flatMap((zone) => [zone, `*.${zone}`]),
  ]);
}

/** Why something is no private zone, in words with the way out. */
export function privateZoneProblems(zones: readonly string[]): readonly string[] {
  return zones.flatMap((zone) => {
    if (!/^(?=.{1,250}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)+$/.test(zone)) {
      return [`aws: '${zone}' is no private zone; write its name in lower case with no star and no dot at its ends, such as 'corp.example.com'`];
    }
    const problem = zoneProblem(zone);
    return problem ? [`aws: '${zone}' ${problem.message}; ${problem.fix}`] : [];
  });
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compare);
}
