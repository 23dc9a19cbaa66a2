/** Which names a VPC has to resolve: the policy's hosts, and what AWS and the team keep inside. */
import type { AllowRule, PrivateService } from '../policy/model';
import { suffixProblem } from '../policy/public-suffix';
import { compare } from '../policy/rules';
import { endpointNeeds } from './endpoint-catalog';

/** What decides on the names of a region's services. */
export interface InternalNames {
  readonly region: string;
  readonly services: readonly PrivateService[];
  /** Whether gateway endpoints are in use. */
  readonly gateways: boolean;
  /** Zones of the team's own: each with everything below it. */
  readonly privateZones: readonly string[];
}

/**
 * Services whose clients use other names than `<service>.<region>`; `R` is the region and `S` the
 * suffix of the partition. Their name servers are AWS's own, and no customer reads their queries.
 * https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
 */
const SERVICE_NAMES: Readonly<Record<string, readonly string[]>> = {
  // Newer SDKs put the account's number in front.
  dynamodb: ['dynamodb.R.S', '*.ddb.R.S'],
  'ecr.api': ['api.ecr.R.S'],
  'ecr.dkr': ['dkr.ecr.R.S', '*.dkr.ecr.R.S'],
  // The second is the API of a private cluster, in a zone that EKS keeps in the VPC.
  eks: ['eks.R.S', '*.R.eks.S'],
  'eks-auth': ['eks-auth.R.api.aws'],
  'execute-api': ['execute-api.R.S', '*.execute-api.R.S'],
  // Instances have public names with private addresses.
  rds: ['rds.R.S', '*.R.rds.S'],
  s3: ['s3.S', '*.s3.S', 's3.R.S', '*.s3.R.S', 's3.dualstack.R.S', '*.s3.dualstack.R.S', 's3-control.R.S', '*.s3-control.R.S', '*.s3-accesspoint.R.S'],
};

/** The names of allowed hosts, sorted: `*.x` is every name below `x` here as in the policy, and never `x`. */
export function hostNames(rules: readonly AllowRule[]): readonly string[] {
  return distinct(rules.map(({ host }) => host.text));
}

/** The names that lead nowhere outside, sorted. */
export function internalNames({ region, services, gateways, privateZones }: InternalNames): readonly string[] {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const needs = endpointNeeds(services, gateways);
  const ofServices = needs.flatMap(({ name }) => SERVICE_NAMES[name] ?? usualNames(name));
  const patterns = [
    // An instance's own name, by address and by id.
    '*.R.compute.internal',
    ...(region === 'us-east-1' ? ['*.ec2.internal'] : []),
    // An endpoint's own name, which private DNS stands before.
    ...(needs.length > 0 ? ['*.R.vpce.S'] : []),
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
    return suffixProblem(zone)
      ? [`aws: '${zone}' is a public suffix, and every domain below it would be resolved; name the zone itself, such as 'corp.example.${zone}'`]
      : [];
  });
}

/** `a.b` is `b.a.<region>`, as its endpoint answers to. A full name is one of somebody's own, with names nobody can guess. */
function usualNames(service: string): readonly string[] {
  if (service.startsWith('com.amazonaws.')) return [];
  return [`${service.split('.').reverse().join('.')}.R.S`];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compare);
}
