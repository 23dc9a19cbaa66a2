/** The review itself: graphs in, one result out. Everything before it reads files, everything after it writes reports. */
import type { Policy } from '../blueprints/policy/model';
import { CLOUD_REVIEWS, type CloudReview, type ReviewedModel } from './clouds';
import { apartNotices } from './apart';
import { baselinesOf, type Baseline } from './diff/baselines';
import { allNew, compareFindings, type Claim, type EarlierFindings } from './diff/compare-findings';
import type { EarlierResult } from './diff/earlier-result';
import { diffOf, type Compared } from './diff/egress-diff';
import { endpointChanges } from './diff/endpoint-changes';
import { connectionChanges } from './diff/connection-changes';
import { anotherThing } from './diff/another-thing';
import { likelyRenames, toldRenames } from './diff/likely-renames';
import { Moves } from './diff/moves';
import type { PrivateReach } from './endpoints/topology';
import { digestOf, findingOf, sortFindings } from './findings';
import { groupBy } from './group-by';
import type { Connection } from './model/kubernetes/connections';
import type { Cloud, Place } from './model/network-model';
import { otherClouds } from './model/other-clouds';
import { unreadPlaces } from './model/unread';
import { verdictsOf } from './paths/alike';
import { nothingReached, unfinished } from './paths/unfinished';
import type { Verdict } from './paths/verdict';
import { worseOf } from './paths/worse';
import { waysThrough } from './paths/ways-through';
import { filePrefix } from './plan/address';
import { buildGraph } from './plan/build-graph';
import { withoutDeferred } from './plan/deferred';
import type { Graph } from './plan/graph';
import { joinedGraph, type NamedGraph } from './plan/joined-graph';
import type { PlanFile } from './plan/load';
import type { Action, ResourceGraph } from './plan/resource-graph';
import { shortNames } from './plan/short-names';
import { RESULT_VERSION, type AbsentFinding, type ConnectionChange, type EndpointChange, type Finding, type InputFile, type LikelyRename, type PlaceVerdict, type ReviewedInput, type ReviewResult } from './result';
import { applySuppressions, type Suppression } from './suppressions';
import { topologyOf } from './topology';
import { placeVerdict, sortVerdicts } from './verdicts';

/** What to review, against what. */
export interface ReviewRequest {
  readonly inputs: readonly PlanFile[];
  /** Whether the inputs are parts of one network, and are judged as one; or which of them are, by what the function gives for them. Default: each is a network of its own. */
  readonly together?: boolean | ((file: PlanFile) => string);
  /** The synthesized stack of an input, which knows where in our source a resource comes from. */
  readonly synthesized?: ReadonlyMap<PlanFile, PlanFile>;
  /** What to compare with: see `matchBases`. Default: each plan's own prior state. */
  readonly base?: readonly PlanFile[];
  /** Earlier results to compare findings with, instead of `base`. Default: as the network. */
  readonly baseResults?: readonly EarlierResult[];
  readonly policy?: Policy;
  readonly suppressions?: readonly Suppression[];
  /** `YYYY-MM-DD`: what expiry dates are held against. */
  readonly today: string;
}

/** What one graph says: of each of its clouds, and altogether. */
interface GraphReview {
  readonly verdicts: readonly Verdict[];
  readonly connections: readonly Connection[];
  readonly clouds: readonly { readonly cloud: CloudReview; readonly model: ReviewedModel; readonly verdicts: readonly Verdict[] }[];
}

interface ReviewedGraph extends GraphReview {
  readonly name: string;
  readonly graph: ResourceGraph;
  readonly findings: readonly Finding[];
}

/** Reviews plans, states and synthesized stacks. Never throws on what a plan says. */
export function review(request: ReviewRequest): ReviewResult {
  const { base, policy, today } = request;
  const takenPlaces = new Set<string>();
  const graphs = graphsOf(request);
  const reviewed = graphs.map(({ name, graph, until }): ReviewedGraph => {
    const judged = until ? untilThen(judgeGraph(graph), judgeGraph(until)) : judgeGraph(graph);
    return { name, graph, ...judged, findings: findingsIn(graph, judged, name, policy, today) };
  });

  const perInput = reviewed.map(({ name, verdicts, clouds }, index) => {
    // Two plans of one design have the same addresses; a place is unique in a result.
    const suffix = verdicts.some(({ place }) => takenPlaces.has(place.id)) ? ` in ${name}` : '';
    const own = verdicts.map((verdict) => placeVerdict(verdict, name, suffix));
    // The last one has nobody behind it who could take the same.
    if (index < reviewed.length - 1) for (const { place } of own) takenPlaces.add(place);
    return { verdicts: own, reaches: reachesOf(name, clouds, suffix) };
  });
  const verdicts: readonly PlaceVerdict[] = sortVerdicts(perInput.flatMap((each) => each.verdicts));
  const baselines = baselinesOf(graphs, base, request.baseResults);
  const compared = reviewed.flatMap((own, index) => compare(own, baselines.of[index] as Baseline, perInput[index]?.reaches ?? [], request));
  const networks = compared.flatMap(({ network }) => (network ? [network] : []));
  // Only now, as what is suppressed is a copy, which is new or not as well.
  const applied = applySuppressions(sortFindings(reviewed.flatMap((each) => each.findings)), request.suppressions ?? [], today);
  const connections = reviewed.flatMap((each) => each.connections.map((connection) => ({ input: each.name, ...connection })));
  const pods = reviewed.flatMap((each) => each.clouds.flatMap(({ model }) => (model.podEgress ?? []).map((own) => ({ input: each.name, ...own }))));
  const changes = networks.flatMap((each) => each.connections);
  const hasEndpoints = networks.some((each) => each.hasEndpoints);
  const endpoints = networks.flatMap((each) => each.endpoints);
  const diff = diffOf(networks, policy);
  const renames = toldRenames(compared.flatMap((each) => each.renames ?? []), diff.reach, applied);
  return {
    version: RESULT_VERSION,
    inputs: graphs.map(({ name, graph, parts, files = [] }, index) => ({
      ...toldOf(name, graph),
      ...(parts ? { together: parts.map((part, at) => ({ ...toldOf(files[at] as string, part.graph), prefix: filePrefix(part.name) })) } : {}),
      ...comparedWith(baselines.of[index]),
      warnings: [...graph.warnings, ...otherClouds(graph)],
    })),
    verdicts,
    ...(connections.length > 0 ? { connections } : {}),
    ...(pods.length > 0 ? { pods } : {}),
    findings: applied.findings,
    suppressed: applied.suppressed,
    ...(compared.length > 0 ? { absent: sortFindings(compared.flatMap(({ absent }) => absent)) } : {}),
    ...(networks.length > 0 ? { diff: { ...diff, ...(renames.length > 0 ? { renames } : {}), ...(hasEndpoints ? { endpoints } : {}), ...(connections.length + changes.length > 0 ? { connections: changes } : {}) } } : {}),
    notices: [...applied.notices, ...baselines.notices, ...apartNotices(graphs)],
    topology: topologyOf(verdicts, perInput.flatMap(({ reaches }) => reaches)),
  };
}

/** What is reviewed as one network. */
interface NamedInput {
  readonly name: string;
  readonly graph: Graph;
  /** The same until what Terraform defers is made by a later apply. */
  readonly until?: Graph;
  /** Of several files: what each is called in addresses, and what it is called. */
  readonly parts?: readonly NamedGraph[];
  readonly files?: readonly string[];
}

function graphsOf({ inputs, synthesized, together }: ReviewRequest): readonly NamedInput[] {
  const graphs = inputs.map((file) => {
    const stack = synthesized?.get(file);
    const built = (own: PlanFile) => buildGraph(own, stack ? { synthesized: stack } : {});
    const undeferred = withoutDeferred(file);
    return { file, name: file.stack ?? file.name, graph: built(file), ...(undeferred ? { until: built(undeferred) } : {}) };
  });
  if (together === undefined || together === false) return graphs;
  const short = shortNames(graphs.map(({ name }) => name));
  const named = graphs.map((each, index) => ({ ...each, short: short[index] as string }));
  return [...groupBy(named, ({ file }) => (together === true ? '' : together(file))).values()].map((group): NamedInput => {
    const [only, ...others] = group as readonly [typeof group[number], ...typeof group];
    if (others.length === 0) return only;
    const name = group.map((each) => each.short).join(' + ');
    const parts = group.map((each) => ({ name: each.short, graph: each.graph }));
    const until = group.some((each) => each.until) ? { until: joinedGraph(name, group.map((each) => ({ name: each.short, graph: each.until ?? each.graph }))) } : {};
    return { name, graph: joinedGraph(name, parts), parts, files: group.map((each) => each.name), ...until };
  });
}

function toldOf(name: string, { kind, resources, terraformVersion }: ResourceGraph): InputFile {
  return { name, kind, resources: resources.length, ...(terraformVersion === undefined ? {} : { terraformVersion }) };
}

/** One input, before and after. */
interface Comparison {
  /** Absent where nobody knows what network was before. */
  readonly network?: Compared & { readonly connections: readonly ConnectionChange[]; readonly endpoints: readonly EndpointChange[]; readonly hasEndpoints: boolean };
  readonly absent: readonly AbsentFinding[];
  readonly renames?: readonly LikelyRename[];
}

const ASKING_CONFIGURATION: ReadonlySet<string> = new Set(CLOUD_REVIEWS.flatMap(({ checks }) => checks.filter(({ asksConfiguration }) => asksConfiguration === true).map(({ id }) => id)));
const MADE: ReadonlySet<Action> = new Set(['create', 'replace']);

/** Of what exists a state does not tell how it was written. */
function untoldBy(kind: ResourceGraph['kind'], graph: ResourceGraph): (finding: Finding) => boolean {
  return ({ rule, address }) => kind === 'state' && ASKING_CONFIGURATION.has(rule) && !MADE.has(graph.byAddress(address)?.action ?? 'create');
}

/** Empty where there is nothing to compare with. Tells the findings' state in the findings. */
function compare(own: ReviewedGraph, { graph: beforeGraph, result }: Baseline, reached: readonly PrivateReach[], { base, policy, today }: ReviewRequest): readonly Comparison[] {
  const { name, graph, verdicts: after, connections, findings } = own;
  const absentOf = (earlier: EarlierFindings) => compareFindings(name, findings, earlier);
  const told = result && absentOf(result === 'nothing' ? allNew(graph) : fromResult(result, graph));
  if (!beforeGraph) return told ? [{ absent: told }] : [];
  if (beforeGraph === graph) {
    const network = { name, after, afterGraph: graph, before: after, beforeGraph, connections: [], endpoints: [], hasEndpoints: reached.some(hasEndpoint) };
    return [{ network, absent: told ?? unchanged(findings) }];
  }
  const before = judgeGraph(beforeGraph);
  const reachedBefore = reachesOf(name, before.clouds);
  const moves = new Moves(beforeGraph, graph);
  const network = {
    name, after, afterGraph: graph, before: before.verdicts, beforeGraph,
    connections: connectionChanges(name, before.connections, connections),
    endpoints: endpointChanges(name, reachedBefore, reached, moves),
    hasEndpoints: [...reachedBefore, ...reached].some(hasEndpoint),
  };
  // Ids of a prior state are those of what the plan starts from.
  const others = base ? beforeGraph : undefined;
  return [{ network, absent: told ?? absentOf({ claims: claimsIn(before, beforeGraph, policy, today), isUntold: untoldBy(beforeGraph.kind, graph), moves, anotherThing: (address) => anotherThing(address, graph, others, moves) }), renames: likelyRenames(name, beforeGraph, graph, moves) }];
}

function hasEndpoint({ services }: PrivateReach): boolean {
  return services.endpoints.length > 0;
}

function reachesOf(input: string, clouds: GraphReview['clouds'], suffix = ''): readonly PrivateReach[] {
  return clouds.map(({ cloud, model }) => {
    const services = cloud.privately(model);
    return { input, cloud: cloud.cloud, services, places: services.endpoints.length === 0 ? [] : model.places.map((place) => ({ id: `${place.id}${suffix}`, place })) };
  });
}

function judgeGraph(graph: ResourceGraph): GraphReview {
  const judged = (places: readonly Place[]) => (graph.errored ? verdictsOf(places).map(unfinished) : verdictsOf(places));
  const clouds = CLOUD_REVIEWS.filter((cloud) => concerns(cloud, graph)).flatMap((cloud) => cloud.build(graph).map((model) => ({ cloud, model, verdicts: judged(model.places) })));
  const verdicts = [...clouds.flatMap((each) => each.verdicts), ...judged(unreadPlaces(graph))];
  return {
    clouds,
    connections: clouds.flatMap(({ model }) => model.connections ?? []),
    verdicts: graph.errored && verdicts.length === 0 ? verdictsOf([nothingReached(cloudOf(graph))]) : verdicts,
  };
}

/** What Terraform defers is not there after this apply: what it would close is open until then, and what it opens counts. */
function untilThen(then: GraphReview, until: GraphReview): GraphReview {
  return {
    ...then,
    clouds: then.clouds.map((each) => ({ ...each, verdicts: worseOf(each.verdicts, until.verdicts) })),
    verdicts: worseOf(then.verdicts, until.verdicts),
  };
}

function findingsIn(graph: ResourceGraph, { clouds }: GraphReview, input: string, policy: Policy | undefined, today: string): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { cloud, model, verdicts } of clouds) {
    const context = { model, verdicts, today, ...(policy ? { policy } : {}) };
    const wayThrough = waysThrough(verdicts, () => cloud.partOf(model));
    for (const check of cloud.checks) for (const hit of check.run(context)) findings.push(findingOf(check, hit, input, graph, wayThrough));
  }
  return distinct(findings);
}

/** What checks hit, without what only a report needs. */
function claimsIn({ clouds }: GraphReview, { kind }: ResourceGraph, policy: Policy | undefined, today: string): readonly Claim[] {
  const claims: Claim[] = [];
  for (const { cloud, model, verdicts } of clouds) {
    const context = { model, verdicts, today, ...(policy ? { policy } : {}) };
    for (const check of cloud.checks) {
      if (kind === 'state' && check.asksConfiguration === true) continue;
      for (const { address, message, segment, severity = check.severity, confidence = 'certain', whole } of check.run(context)) {
        const digest = digestOf({ ...(whole === undefined ? {} : { whole }) });
        claims.push({ rule: check.id, severity, confidence, address, ...(segment === undefined ? {} : { segment }), message, ...(digest === undefined ? {} : { digest }) });
      }
    }
  }
  return claims;
}

/** A result does not tell what there was without a finding, so whatever moves has its old name there. */
function fromResult({ claims, kind }: EarlierResult, graph: ResourceGraph): EarlierFindings {
  const moves = new Moves(undefined, graph);
  return { claims, moves, isUntold: untoldBy(kind, graph), anotherThing: (address) => anotherThing(address, graph, undefined, moves) };
}

/** What a plan that changes nothing has, it had. */
function unchanged(findings: readonly Finding[]): readonly AbsentFinding[] {
  for (const finding of findings) (finding as { -readonly [Key in keyof Finding]: Finding[Key] }).baselineState = 'unchanged';
  return [];
}

function comparedWith(baseline: Baseline | undefined): Pick<ReviewedInput, 'comparedWith'> {
  return baseline?.name === undefined ? {} : { comparedWith: baseline.name };
}

/** That of the plan's resources, or of its provider blocks. */
function cloudOf(graph: ResourceGraph): Cloud {
  const blocks = [...(graph.providerSettings?.keys() ?? [])].map((key) => `${key.split('.', 1)[0] as string}_`);
  const found = CLOUD_REVIEWS.find((cloud) => concerns(cloud, graph)) ?? CLOUD_REVIEWS.find(({ prefixes }) => blocks.some((block) => prefixes.includes(block)));
  return found?.cloud ?? 'aws';
}

function concerns(cloud: CloudReview, graph: ResourceGraph): boolean {
  return [...graph.typeNames].some((type) => cloud.prefixes.some((prefix) => type.startsWith(prefix)));
}

/** Two ways to the same finding are one finding. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const byFingerprint = new Map<string, Finding>();
  for (const finding of findings) byFingerprint.set(finding.fingerprint, finding);
  return byFingerprint.size === findings.length ? findings : [...byFingerprint.values()];
}
