/** Whether an endpoint's policy serves anybody's resources. */
import { isList, isObject, own, type Json } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { append } from '../../append';
import { choose, isSet } from './read';
import { FormerParts, isReadBack } from './read-back';
import { documentAt, MORE } from './written-documents';

/** `bounded` says what it names, sorted, and of these what something may be put into; `open` says what is open; `unknown` is a policy that the plan does not show. */
export type PolicyJudgement = { readonly kind: 'bounded'; readonly names: readonly string[]; readonly writes: readonly string[] } | { readonly kind: 'unknown' } | { readonly kind: 'open'; readonly what: string };

/**
 * Judges the `policy` attribute of a VPC endpoint, or of an `aws_vpc_endpoint_policy`.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
export function judgePolicy(resource: Resource): PolicyJudgement {
  let found = judged.get(resource);
  if (!found) judged.set(resource, (found = judge(resource)));
  return found;
}

const judged = new WeakMap<Resource, PolicyJudgement>();
const NO_POLICY: PolicyJudgement = { kind: 'open', what: 'it has no policy, so AWS allows everything' };

function judge(resource: Resource): PolicyJudgement {
  if (!isSet(resource, 'policy')) return NO_POLICY;
  const document = documentAt(resource, 'policy');
  if (!document) return { kind: 'unknown' };
  const statements = listed(own(document, 'Statement'));
  const allowing = statements.filter((statement) => own(statement, 'Effect') === 'Allow');
  const refused = statements.map(onlyOf).find((names) => names.length > 0);
  if (refused) return { kind: 'bounded', names: [...refused].sort(), writes: refused };
  const open = allowing.find((statement) => !isBounded(statement));
  return open ? { kind: 'open', what: `it allows ${listed(own(open, 'Action')).join(', ') || 'every action'} on ${listed(own(open, 'Resource')).join(', ') || 'every resource'} of anybody` } : { kind: 'bounded', names: [...new Set(allowing.flatMap(namesOf))].sort(), writes: allowing.filter(mayWrite).flatMap(boundsOf) };
}

const POLICY = 'aws_vpc_endpoint_policy';
const WORST = ['open', 'unknown', 'bounded'] as const;

/** What has the policy of an endpoint, and whether that is not certain. */
export interface PolicyHolder {
  readonly policyHolder: Resource;
  readonly policyGuessed?: true;
}

/** The holder for each endpoint that a resource of its own may give a policy. Where the plan does not say which is whose, it is the widest. */
export function policyHolders(graph: ResourceGraph): ReadonlyMap<Resource, PolicyHolder> {
  const own = new Map<Resource, Resource[]>();
  const perhaps = new Map<Resource, Resource[]>();
  let doubtful = 0;
  for (const policy of graph.ofType(POLICY)) {
    const { likely, others } = choose(policy, 'vpc_endpoint_id', (target) => target, { types: ['aws_vpc_endpoint'] });
    if (likely.length === 1) append(own, likely[0] as Resource, policy);
    else {
      doubtful += 1;
      for (const endpoint of [...likely, ...others]) append(perhaps, endpoint, policy);
    }
  }
  // Without it AWS allows everything again, and the endpoint shows the last one until the next refresh.
  const former = new FormerParts(graph, [POLICY], 'vpc_endpoint_id');
  for (const endpoint of graph.ofType('aws_vpc_endpoint')) if (former.of(endpoint).length > 0 && isReadBack(endpoint, 'policy')) judged.set(endpoint, NO_POLICY);
  const open = [...perhaps].filter(([endpoint]) => !own.has(endpoint));
  return new Map<Resource, PolicyHolder>([
    ...[...own].map(([endpoint, policies]) => [endpoint, { policyHolder: widest(policies) }] as const),
    // Of fewer policies than endpoints some endpoint gets none.
    ...open.map(([endpoint, policies]) => [endpoint, { policyHolder: widest(doubtful < open.length ? [...policies, endpoint] : policies), policyGuessed: true }] as const),
  ]);
}

function widest(holders: readonly Resource[]): Resource {
  const [only, ...others] = holders;
  if (others.length === 0) return only as Resource;
  const judged = holders.map((holder) => ({ holder, rank: WORST.indexOf(judgePolicy(holder).kind) }));
  return judged.reduce((worst, each) => (each.rank < worst.rank ? each : worst)).holder;
}

function listed(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

/** On named resources, or on those of an account or organization that it names. */
function isBounded(statement: Json): boolean {
  const resources = listed(own(statement, 'Resource'));
  const named = resources.length > 0 && resources.every((resource) => typeof resource === 'string' && isNamed(resource));
  return named || owners(statement).length > 0;
}

const COMPARES = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike)$/i;
const OWNER = /^(aws:resource(account|orgid|orgpaths)|s3:resourceaccount)$/i;
const CALLER = /^aws:principal(account|orgid|orgpaths)$/i;

/**
 * Accounts and organizations that a condition names; `Null`, `ForAllValues` and a value of wildcards alone bound nothing.
 * Nor does a variable for those of the caller, whose credentials may be anybody's, unless these are named as well.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function owners(statement: Json): readonly string[] {
  const condition = own(statement, 'Condition');
  if (!isObject(condition)) return [];
  const tests = Object.entries(condition).flatMap(([operator, test]) => (COMPARES.test(operator) && isObject(test) ? Object.entries(test) : []));
  const named = (keys: RegExp) => tests.filter(([key]) => keys.test(key)).map(([, value]) => listed(value).map(String)).filter((values) => values.length > 0 && values.every(isOne));
  const isOfCaller = (values: readonly string[]) => values.some((value) => OF_CALLER.test(value));
  const [callers] = named(CALLER).filter((values) => !isOfCaller(values));
  const all = named(OWNER);
  return all.find((values) => !isOfCaller(values)) ?? (all.length > 0 ? callers : undefined) ?? [];
}

/** An account, or an organization with any of its paths: `o-1/r-1/*`, and not `o-*`. */
function isOne(value: string): boolean {
  const [owner = ''] = value.split('/');
  return owner !== '' && !/[*?]/.test(owner);
}

const DIFFERS = /^(StringNotEquals|StringNotEqualsIgnoreCase|StringNotLike)(IfExists)?$/i;
/** Beside it, what leaves out nothing but what services of AWS do themselves: `"BoolIfExists": { "aws:PrincipalIsAWSService": "false" }`. */
const OF_SERVICES = /^aws:(principalisawsservice|viaawsservice)$/i;
const isBesideServices = ({ operator, key, values }: { readonly operator: string; readonly key: string; readonly values: readonly string[] }): boolean => /^Bool(IfExists)?$/i.test(operator) && OF_SERVICES.test(key) && values.length > 0 && values.every((value) => value.toLowerCase() === 'false');

/** Of a statement that refuses everything on what is not of an account or organization: these. */
function onlyOf(statement: Json): readonly string[] {
  const condition = own(statement, 'Condition');
  const isWhole = own(statement, 'Effect') === 'Deny' && isAnybody(own(statement, 'Principal')) && [own(statement, 'Action'), own(statement, 'Resource')].every((value) => listed(value).includes('*'));
  if (!isWhole || !isObject(condition)) return [];
  const tests = Object.entries(condition).flatMap(([operator, test]) => (isObject(test) ? Object.entries(test).map(([key, value]) => ({ operator, key, values: listed(value).map(String) })) : []));
  const [mine, ...more] = tests.filter((test) => !isBesideServices(test));
  const isNamed = mine !== undefined && more.length === 0 && DIFFERS.test(mine.operator) && OWNER.test(mine.key) && mine.values.every((value) => isOne(value) && !OF_CALLER.test(value));
  return isNamed ? mine.values : [];
}

function isAnybody(principal: Json | undefined): boolean {
  return principal === '*' || listed(own(principal, 'AWS')).includes('*');
}

const OF_CALLER = /\$\{aws:/i;

/** What only looks, or fetches. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html */
const READS = /^[a-z0-9-]+:(Get|List|Describe|Head|BatchGet|BatchCheck|Select|Query|Scan|Download|Lookup|Search)[a-z0-9*?]*$/i;

function mayWrite(statement: Json): boolean {
  const actions = listed(own(statement, 'Action'));
  return actions.length === 0 || actions.some((action) => typeof action !== 'string' || !READS.test(action));
}

/** Of what an allowing statement names that which bounds it: an owner, or else the resources. */
function boundsOf(statement: Json): readonly string[] {
  const named = owners(statement);
  return named.length > 0 ? named : namesOf(statement);
}

/** What an allowing statement may be used for. */
function namesOf(statement: Json): readonly string[] {
  return [...owners(statement), ...listed(own(statement, 'Resource')).filter((resource): resource is string => typeof resource === 'string' && resource !== '*')];
}

/**
 * Whether nobody else has what an ARN names: its account is written out, or it has none and a name of its own. Of buckets, whose
 * names are anybody's to take, that is the whole name: `arn:aws:s3:::bucket/*`, not `arn:aws:s3:::acme-*`.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
function isNamed(resource: string): boolean {
  // What the plan makes, by its ARN: nobody else has that.
  if (/^\$\{[^}]*\.(arn|id)\}($|[/:])/.test(resource) || resource.endsWith(MORE)) return true;
  const [arn, , service, , account = '', ...rest] = resource.replace(/\$\{aws:[^}]*\}/gi, '*').replace(/\$\{[^}]*\}/g, 'xx').split(':');
  const name = rest.join(':');
  if (arn !== 'arn' || rest.length === 0) return false;
  if (account !== '') return !/[*?]/.test(account);
  return service === 's3' ? /^[^*?/]+(\/|$)/.test(name) : /[a-z0-9]{2}/i.test(name.split('*')[0] ?? '');
}
