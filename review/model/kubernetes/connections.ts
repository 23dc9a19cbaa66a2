/** Who may talk to whom in a cluster, from the policies of both sides. */
import type { KubernetesModel } from './kubernetes-model';
import { cidrsOf, type Family } from '../addresses';
import { includes, intersect, isEmpty, type Ranges } from '../ranges';
import { ANNOUNCED, FAMILIES, rangesIn } from './blocks';
import { blocksOf, passed, WORLD, type OtherSide, type RulesOfPod } from './decision';
import type { Direction, PolicyRule, RulePeer } from './policies';
import { ANY_PORT, commonSpans, spanTexts, withoutSpans, type PortSpan } from './ports';
import { onlyWith } from './reach-of-rule';
import { isEmpty as isEmptySelector, matchLabels } from './selectors';
import type { PodIdentity } from './workloads';

/** Somebody may open connections to somebody. */
export interface Connection {
  /** `api-gateway/app=gateway`, a block, `monitoring/*` for pods that the input does not hold, `world`, `cluster`, or `anything`. */
  readonly from: string;
  readonly to: string;
  /** `tcp/8443`, sorted; `any`. */
  readonly ports: readonly string[];
  /** Whether it leads, or may lead, out of the cluster and of private networks. */
  readonly internet: boolean;
  /** Of one that does: whether the other side is told by addresses, by a host's name, or by something that the input does not hold. */
  readonly by?: 'address' | 'name' | 'unknown';
}

type Policies = Pick<KubernetesModel, 'pods' | 'rulesOf' | 'podsOf' | 'standInsOf' | 'isMember'>;

/** One end outside of the pods of the input, and on which ports. */
interface Outside {
  readonly text: string;
  readonly spans: readonly PortSpan[];
  readonly internet: boolean;
  /** Default: by addresses. */
  readonly by?: Connection['by'];
}

const ANYTHING = 'anything';

/** What one rule, or the lack of one, opens. */
interface Opening extends Omit<Outside, 'text'> {
  readonly from: string;
  readonly to: string;
}

/** Sorted by caller, then callee. */
export function connectionsOf(model: Policies): readonly Connection[] {
  const found = new Map<string, Opening & { readonly key: string }>();
  for (const pods of model.pods) {
    for (const opening of [...openingsTo(pods, model), ...openingsFrom(pods, model)]) {
      if (opening.spans.length === 0 || opening.from === opening.to) continue;
      const key = `${opening.from}\n${opening.to}`;
      found.set(key, { key, ...joined(found.get(key), opening) });
    }
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ from, to, spans, internet, by = 'address' }) => ({ from, to, ports: spanTexts(spans), internet, ...(internet ? { by } : {}) }));
}

function joined(known: Opening | undefined, more: Opening): Opening {
  if (!known) return more;
  const spans = [...known.spans, ...more.spans];
  if (!more.internet) return { ...known, spans };
  // What is reached by address needs no name.
  return { ...more, spans, by: known.internet && (known.by ?? 'address') === 'address' ? 'address' : more.by };
}

function openingsTo(pods: PodIdentity, model: Policies): readonly Opening[] {
  const open = [...defaultsOf(pods, 'ingress', model)];
  const openings: Opening[] = [];
  for (const rule of allowing(pods, 'ingress', model)) {
    for (const peer of rule.peers) {
      const callers = model.standInsOf(peer, rule);
      for (const caller of callers) openings.push({ from: caller.id, to: pods.id, internet: false, spans: commonSpans(commonSpans(rule.ports, ingressFrom(caller, pods, model)), egressTo(caller, pods, model)) });
      if (callers.length === 0) open.push(...outsidesOf(peer, rule, pods, model));
    }
  }
  // Whoever calls from the internet is no way out.
  return [...openings, ...open.map(({ text, spans }) => ({ from: text, to: pods.id, spans, internet: false }))];
}

function openingsFrom(pods: PodIdentity, model: Policies): readonly Opening[] {
  const open = [...defaultsOf(pods, 'egress', model)];
  const openings: Opening[] = [];
  for (const rule of allowing(pods, 'egress', model)) {
    for (const peer of rule.peers) {
      const callees = model.standInsOf(peer, rule);
      for (const callee of callees) {
        // Those that nobody closes have no rule for their callers.
        if (!model.rulesOf(callee, 'ingress').isClosed) openings.push({ from: pods.id, to: callee.id, internet: false, spans: commonSpans(commonSpans(rule.ports, egressTo(pods, callee, model)), ingressFrom(pods, callee, model)) });
      }
      if (callees.length === 0) open.push(...outsidesOf(peer, rule, pods, model));
    }
  }
  return [...openings, ...open.map(({ text, ...outside }) => ({ from: pods.id, to: text, ...outside }))];
}

/** The ports on which a caller's own policies let it reach pods. */
export function egressTo(caller: PodIdentity, callee: PodIdentity, model: Policies): readonly PortSpan[] {
  return passed(model.rulesOf(caller, 'egress'), { kind: 'pods', pods: callee }, model.isMember).spans;
}

/** The ports on which a callee's own policies let a caller in. */
export function ingressFrom(caller: PodIdentity, callee: PodIdentity, model: Policies): readonly PortSpan[] {
  return passed(model.rulesOf(callee, 'ingress'), { kind: 'pods', pods: caller }, model.isMember).spans;
}

/** Rules that open something: what is open by default needs none. What a tier passes on is open where no later one refuses it. */
function allowing(pods: PodIdentity, direction: Direction, model: Policies): readonly PolicyRule[] {
  const { tiers, isClosed } = model.rulesOf(pods, direction);
  return tiers.filter(({ name }) => isClosed || name !== 'namespaced').flatMap(({ rules }) => rules.filter(({ action }) => action !== 'deny'));
}

/** What is open to pods that no namespaced policy closes: everything, but for what an admin or the baseline refuses. */
function defaultsOf(pods: PodIdentity, direction: Direction, model: Policies): readonly Outside[] {
  return model.rulesOf(pods, direction).isClosed ? [] : anybody(pods, direction, ANY_PORT, model);
}

/** The internet and the pods of the cluster: `anything` where they are open alike. */
function anybody(pods: PodIdentity, direction: Direction, ports: readonly PortSpan[], model: Policies, part: 'spans' | 'undecided' = 'spans'): readonly Outside[] {
  const rules = model.rulesOf(pods, direction);
  const through = (side: OtherSide) => commonSpans(ports, passed(rules, side, model.isMember)[part]);
  const world = WORLD.flatMap(through);
  const cluster = through({ kind: 'cluster' });
  const isSame = withoutSpans(world, cluster).length === 0 && withoutSpans(cluster, world).length === 0;
  if (isSame) return [{ text: ANYTHING, spans: world, internet: true }];
  return [{ text: 'world', spans: world, internet: true }, { text: 'cluster', spans: cluster, internet: false }];
}

/** A block; and of one that is passed on, what it shares with those of later rules, which decide about that part alone. */
function partsOf(written: Ranges, rule: PolicyRule, family: Family, { tiers }: RulesOfPod): readonly Ranges[] {
  const parts = [written];
  if (rule.action !== 'pass') return parts;
  for (const later of tiers.filter(({ order }) => order > rule.policy.tierOrder).flatMap(({ rules }) => rules)) {
    const blocks = blocksOf(later.peers, family);
    parts.push(...parts.map((part) => intersect(part, blocks)).filter((common) => !isEmpty(common) && !parts.some((part) => includes(common, part))));
  }
  return parts;
}

/** What a peer stands for that is not among the pods of the input, as far as other rules leave it. */
function outsidesOf(peer: RulePeer, rule: PolicyRule, pods: PodIdentity, model: Policies): readonly Outside[] {
  const rules = model.rulesOf(pods, rule.direction);
  const part = rule.action === 'pass' ? 'undecided' : 'spans';
  const through = (side: OtherSide) => {
    const { spans, ranges } = passed(rules, side, model.isMember);
    return { spans: commonSpans(rule.ports, spans), ranges };
  };
  switch (peer.kind) {
    case 'anything': return anybody(pods, rule.direction, rule.ports, model, part);
    case 'block': return FAMILIES.flatMap((family) => {
      const written = rangesIn(peer, family);
      if (isEmpty(written)) return [];
      return partsOf(written, rule, family, rules).map((part): Outside => {
        const { spans, ranges = part } = through({ kind: 'addresses', family, ranges: part });
        const text = ranges !== written ? cidrsOf(ranges, family).join(', ') : peer.except.length > 0 ? `${peer.cidr} but ${peer.except.join(', ')}` : peer.cidr;
        return { text, spans, internet: !isEmpty(intersect(ranges, ANNOUNCED[family])) };
      });
    });
    // Which addresses names have is known when they are asked for: what leaves nothing of the internet leaves none of them.
    case 'names': {
      const anywhere = { ...rule, peers: [{ kind: 'anything' as const }] };
      const spans = WORLD.flatMap((side) => commonSpans(rule.ports, passed(onlyWith(anywhere, rules), { ...side, anyOf: true }, model.isMember).spans));
      return peer.names.map((text) => ({ text, spans, internet: true, by: 'name' as const }));
    }
    case 'hidden': return [{ text: peer.text, spans: rule.ports, internet: true, by: 'unknown' }];
    case 'entity': {
      if (peer.entity === 'all') return anybody(pods, rule.direction, rule.ports, model, part);
      const isWorld = peer.entity.startsWith('world');
      const sides: readonly OtherSide[] = isWorld ? WORLD.filter((side) => peer.entity === 'world' || (side.kind === 'addresses' && peer.entity === `world-ipv${side.family}`)) : [{ kind: 'entity', entity: peer.entity }];
      return [{ text: peer.entity, spans: sides.flatMap((side) => through(side).spans), internet: isWorld }];
    }
    case 'pods': {
      const labels = Object.entries(matchLabels(peer.pods)).map(([key, value]) => `${key}=${value}`);
      const { 'kubernetes.io/metadata.name': namespace, ...others } = matchLabels(peer.namespaces);
      const where = namespace ?? (Object.keys(others).length > 0 ? `namespaces with ${Object.entries(others).map(([key, value]) => `${key}=${value}`).sort().join(',')}` : undefined);
      return where === undefined && !isEmptySelector(peer.namespaces) ? [] : [{ text: `${where ?? 'any namespace'}/${labels.length > 0 ? labels.sort().join(',') : '*'}`, spans: rule.ports, internet: false }];
    }
  }
}
