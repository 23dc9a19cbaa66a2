import type { Check, Hit } from '../check';
import type { Family } from '../../model/addresses';
import { isAnyName } from '../../model/kubernetes/any-name';
import { areWorldly, blockHolds, FAMILIES, rangesIn } from '../../model/kubernetes/blocks';
import { WORLD, type OtherSide } from '../../model/kubernetes/decision';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import { policyName, type ClusterPolicy, type PolicyRule, type RulePeer } from '../../model/kubernetes/policies';
import { spanTexts, type PortSpan } from '../../model/kubernetes/ports';
import { reachOf } from '../../model/kubernetes/reach-of-rule';
import { unionOf } from '../../model/ranges';

/** What our own policies say where the cloud's firewall filters the names. */
const NAMES_ELSEWHERE = 'zero-egress/names-filtered-by';

export const check: Check<KubernetesModel> = {
  id: 'pod-egress-open',
  title: 'pods that may call any address',
  severity: 'high',
  why: 'A policy that opens 0.0.0.0/0, or much of it in pieces, limits nothing on the internet: whatever the pod holds can be sent anywhere that the network lets through.',
  fix: 'Name the pods, blocks or hosts that are called; for hosts use toFQDNs, FQDNNetworkPolicy, or the firewall of the network.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#allow-all-egress-traffic'],
  comparable: ['trivy KUBE-0002'],
  *run({ model }) {
    const told = new Set<ClusterPolicy>();
    for (const policy of model.policies) {
      for (const { open, reached } of openings(policy, model)) {
        told.add(policy);
        const ports = spanTexts(reached);
        yield {
          address: policy.object.address,
          message: `${policyName(policy)} lets pods call ${peerTexts(open).join(' and ')} on ${ports.join(', ')}${policy.isPerhapsForNodes ? ', if it is not for nodes alone' : ''}`,
          ...(ports.every((port) => port.endsWith('/53')) ? { severity: 'medium' as const } : {}),
          ...(policy.isPerhapsForNodes || isFilteredElsewhere(policy, open, ports) ? { severity: 'low' as const, confidence: 'possible' as const } : {}),
        };
      }
    }
    yield* together(model, told);
  },
};

/** Policies that are narrow each, and open much of the internet together to some pods. */
function* together(model: KubernetesModel, told: ReadonlySet<ClusterPolicy>): Iterable<Hit> {
  const seen = new Set<string>();
  for (const pods of model.pods) {
    const { tiers, isClosed } = model.rulesOf(pods, 'egress');
    const rules = tiers.flatMap((tier) => tier.rules.filter(({ action }) => action === 'allow'));
    const blocks = rules.flatMap(({ peers }) => peers.filter(isBlock));
    const [first] = rules;
    if (!isClosed || !first || rules.some(({ policy }) => told.has(policy)) || !areWorldly(blocks)) continue;
    const names = [...new Set(rules.filter(({ peers }) => peers.some(isBlock)).map(({ policy }) => policyName(policy)))];
    if (seen.has(names.join())) continue;
    seen.add(names.join());
    yield { address: (rules.find(({ peers }) => peers.some(isBlock)) ?? first).policy.object.address, message: `${names.join(' and ')} together let ${pods.id} call ${peerTexts(blocks).join(' and ')}`, severity: 'medium' };
  }
}

interface Opening {
  readonly open: readonly RulePeer[];
  readonly reached: readonly PortSpan[];
}

/** Rule by rule, and the blocks of several rules where each alone is narrow. */
function openings(policy: ClusterPolicy, model: KubernetesModel): readonly Opening[] {
  const rules = policy.rules.filter(({ direction, action }) => direction === 'egress' && action === 'allow');
  const found = rules.flatMap((rule): readonly Opening[] => {
    const peers = rule.peers.filter(isOpen);
    const open = peers.length > 0 ? peers : wideBlocks(rule.peers);
    return open.length > 0 ? [{ open, reached: reachedBy(rule, open, model) }] : [];
  });
  const inPieces = found.length > 0 ? [] : wideBlocks(rules.flatMap(({ peers }) => peers));
  const all = inPieces.length > 0 ? [{ open: inPieces, reached: rules.flatMap((rule) => reachedBy(rule, rule.peers.filter(isBlock), model)) }] : found;
  return all.filter(({ reached }) => reached.length > 0);
}

function isOpen(peer: RulePeer): boolean {
  if (peer.kind === 'anything') return true;
  if (peer.kind === 'names') return peer.names.some(isAnyName);
  if (peer.kind === 'entity') return peer.entity === 'world' || peer.entity === 'all' || peer.entity.startsWith('world-');
  return isBlock(peer) && (peer.cidr === '0.0.0.0/0' || peer.cidr === '::/0');
}

function isBlock(peer: RulePeer): peer is Extract<RulePeer, { kind: 'block' }> {
  return peer.kind === 'block';
}

function wideBlocks(peers: readonly RulePeer[]): readonly RulePeer[] {
  const blocks = peers.filter(isBlock);
  return areWorldly(blocks) ? blocks : [];
}

/** The ports on which something of the open peers is still reached after what refuses it. */
function reachedBy(rule: PolicyRule, open: readonly RulePeer[], model: KubernetesModel): readonly PortSpan[] {
  const blocks = open.filter(isBlock);
  const others = open.filter((peer) => !isBlock(peer)).map((peer): RulePeer => (peer.kind === 'names' ? { kind: 'anything' } : peer));
  const inBlocks = FAMILIES.map((family): OtherSide => ({ kind: 'addresses', family, ranges: addressesIn(blocks, family) })).filter((side) => side.kind === 'addresses' && side.ranges.length > 0);
  return [
    ...(others.length > 0 ? WORLD.flatMap((side) => reachOf({ ...rule, peers: others }, side, model)) : []),
    ...(blocks.length > 0 ? inBlocks.flatMap((side) => reachOf({ ...rule, peers: blocks }, side, model)) : []),
  ];
}

function addressesIn(blocks: readonly Extract<RulePeer, { kind: 'block' }>[], family: Family) {
  return unionOf(blocks.map((block) => rangesIn(block, family)));
}

function peerTexts(peers: readonly RulePeer[]): readonly string[] {
  const texts = peers.flatMap((peer) => {
    switch (peer.kind) {
      case 'block': return [peer.cidr];
      case 'entity': return [peer.entity];
      case 'names': return peer.names.filter(isAnyName);
      default: return ['anything'];
    }
  });
  return texts.length > 4 ? [...texts.slice(0, 3), `${texts.length - 3} more blocks`] : texts;
}

/** The policy says who filters the names, and opens public addresses on single ports only. */
function isFilteredElsewhere({ object }: ClusterPolicy, open: readonly RulePeer[], ports: readonly string[]): boolean {
  return object.annotations[NAMES_ELSEWHERE] !== undefined
    && ports.every((port) => /^tcp\/\d+$/.test(port))
    && open.every((peer) => isBlock(peer) && !['10.1.2.3', '172.16.1.1', '192.168.1.1', '169.254.169.254'].some((address) => blockHolds(peer, address)));
}
