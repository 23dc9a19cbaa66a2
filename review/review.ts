/** The review itself: graphs in, one result out. Everything before it reads files, everything after it writes reports. */
import type { Policy } from '../blueprints/policy/model';
import { CLOUD_REVIEWS, type CloudReview, type ReviewedModel } from './clouds';
import { matchBases } from './diff/bases';
import { diffOf } from './diff/egress-diff';
import { endpointChanges } from './diff/endpoint-changes';
import { connectionChanges } from './diff/connection-changes';
import { Moves } from './diff/moves';
import type { PrivateReach } from './endpoints/topology';
import { findingOf, sortFindings } from './findings';
import type { Connection } from './model/kubernetes/connections';
import { unreadPlaces } from './model/unread';
import { verdictsOf } from './paths/alike';
import type { Verdict } from './paths/verdict';
import { waysThrough } from './paths/ways-through';
import { buildGraph } from './plan/build-graph';
import type { PlanFile } from './plan/load';
import type { ResourceGraph } from './plan/resource-graph';
import { RESULT_VERSION, type Finding, type PlaceVerdict, type ReviewResult } from './result';
import { applySuppressions, type Suppression } from './suppressions';
import { topologyOf } from './topology';
import { placeVerdict, sortVerdicts } from './verdicts';

/** What to review, against what. */
export interface ReviewRequest {
  readonly inputs: readonly PlanFile[];
  /** The synthesized stack of an input, which knows where in our source a resource comes from. */
  readonly synthesized?: ReadonlyMap<PlanFile, PlanFile>;
  /** What to compare with: see `matchBases`. Default: each plan's own prior state. */
  readonly base?: readonly PlanFile[];
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

/** Reviews plans, states and synthesized stacks. Never throws on what a plan says. */
export function review(request: ReviewRequest): ReviewResult {
  const { inputs, base, policy, today } = request;
  const takenPlaces = new Set<string>();
  const graphs = inputs.map((file) => {
    const synthesized = request.synthesized?.get(file);
    return { name: file.stack ?? file.name, graph: buildGraph(file, synthesized ? { synthesized } : {}) };
  });
  const reviewed = graphs.map(({ name, graph }) => {
    const judged = judgeGraph(graph);
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
  const findings = sortFindings(reviewed.flatMap((each) => each.findings));
  const applied = applySuppressions(findings, request.suppressions ?? [], today);
  const matched = base && matchBases(graphs.map(({ name }) => name), base);
  const compared = reviewed.flatMap(({ name, graph, verdicts: after, connections }, index) => {
    const beforeGraph = matched ? matched.graphs[index] : priorOf(graph);
    if (!beforeGraph) return [];
    const reached = perInput[index]?.reaches ?? [];
    if (beforeGraph === graph) return [{ name, after, afterGraph: graph, before: after, beforeGraph, connections: [], endpoints: [], hasEndpoints: reached.some(hasEndpoint) }];
    const before = judgeGraph(beforeGraph);
    const reachedBefore = reachesOf(name, before.clouds);
    return [{
      name, after, afterGraph: graph, before: before.verdicts, beforeGraph,
      connections: connectionChanges(name, before.connections, connections),
      endpoints: endpointChanges(name, reachedBefore, reached, new Moves(beforeGraph, graph)),
      hasEndpoints: [...reachedBefore, ...reached].some(hasEndpoint),
    }];
  });
  const connections = reviewed.flatMap((each) => each.connections.map((connection) => ({ input: each.name, ...connection })));
  const pods = reviewed.flatMap((each) => each.clouds.flatMap(({ model }) => (model.podEgress ?? []).map((own) => ({ input: each.name, ...own }))));
  const changes = compared.flatMap((each) => each.connections);
  const hasEndpoints = compared.some((each) => each.hasEndpoints);
  const endpoints = compared.flatMap((each) => each.endpoints);
  return {
    version: RESULT_VERSION,
    inputs: graphs.map(({ name, graph }) => ({
      name,
      kind: graph.kind,
      resources: graph.resources.length,
      ...(graph.terraformVersion ? { terraformVersion: graph.terraformVersion } : {}),
      warnings: graph.warnings,
    })),
    verdicts,
    ...(connections.length > 0 ? { connections } : {}),
    ...(pods.length > 0 ? { pods } : {}),
    findings: applied.findings,
    suppressed: applied.suppressed,
    ...(compared.length > 0 ? { diff: { ...diffOf(compared, policy), ...(hasEndpoints ? { endpoints } : {}), ...(connections.length + changes.length > 0 ? { connections: changes } : {}) } } : {}),
    notices: [...applied.notices, ...(matched?.notices ?? [])],
    topology: topologyOf(verdicts, perInput.flatMap(({ reaches }) => reaches)),
  };
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
  const clouds = CLOUD_REVIEWS.filter((cloud) => concerns(cloud, graph)).flatMap((cloud) => cloud.build(graph).map((model) => ({ cloud, model, verdicts: verdictsOf(model.places) })));
  return {
    clouds,
    connections: clouds.flatMap(({ model }) => model.connections ?? []),
    verdicts: [...clouds.flatMap((each) => each.verdicts), ...verdictsOf(unreadPlaces(graph))],
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

function concerns(cloud: CloudReview, graph: ResourceGraph): boolean {
  return [...graph.typeNames].some((type) => cloud.prefixes.some((prefix) => type.startsWith(prefix)));
}

/** Two ways to the same finding are one finding. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const byFingerprint = new Map<string, Finding>();
  for (const finding of findings) byFingerprint.set(finding.fingerprint, finding);
  return byFingerprint.size === findings.length ? findings : [...byFingerprint.values()];
}

/** What exists before a plan is applied. */
function priorOf(graph: ResourceGraph): ResourceGraph | undefined {
  if (graph.kind !== 'plan') return undefined;
  const before = graph.before();
  // A first plan has read data sources and nothing else: that is no network to compare with.
  return before.resources.some(({ mode }) => mode === 'managed') ? before : undefined;
}
