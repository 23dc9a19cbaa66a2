/** What has to hold in a cluster, by name, so that each control that goes missing is missed. */
import { allowRulesFor, type Policy } from '../../../blueprints/policy/model';
import { Evaluator, inBlock, type KubernetesObject, type Pod, type PortOf } from './evaluator';
import { unnamedPodFaults } from './unnamed-pods';

/** What the probes are held against: the policy, and the facts of the cluster that it is for. */
export interface Scene {
  readonly policy: Policy;
  readonly cloud: 'aws' | 'google' | 'azure';
  readonly environment: string;
  /** What the CNI knows of names: `cilium` filters DNS, too. */
  readonly names: 'cilium' | 'gke' | 'none';
  /** Whether the cluster takes from its objects what it records. */
  readonly recorded: boolean;
  /** Whether the CNI enforces nothing for pods that no controller owns. */
  readonly ownedOnly: boolean;
  /** An address of a segment in this network. */
  readonly segmentAddress: (segment: string) => string;
  /** The segment whose addresses the API server has, if it is in one. */
  readonly apiServerIn?: string;
}

type Group = NonNullable<Policy['segments'][number]['pods']>[number] & { readonly segment: string };

const METADATA = ['169.254.169.254', '169.254.170.2', '169.254.170.23', '168.63.129.16'];
const STRANGER: Pod = { namespace: 'elsewhere', labels: { app: 'stranger' } };
const OUTSIDE = '8.8.8.8';

/** The names of everything that does not hold, sorted; empty when all does. */
export function violations(objects: readonly KubernetesObject[], scene: Scene): readonly string[] {
  const evaluator = new Evaluator(objects);
  // What closes a namespace must not be a side effect of what opens it, which comes and goes with the policy.
  const closed = new Evaluator(objects.filter(({ spec }) => !spec?.ingress && !spec?.egress && !spec?.egressDeny));
  const groups = groupsOf(scene.policy);
  const found = new Set<string>();
  const say = (holds: boolean, name: string) => { if (!holds) found.add(name); };
  for (const namespace of new Set(groups.map((group) => group.namespace))) {
    const unlabelled: Pod = { namespace, labels: {} };
    say(!closed.enters(STRANGER, unlabelled, tcp(80)) && !closed.enters(OUTSIDE, unlabelled, tcp(80)), `default-deny-ingress ${namespace}`);
    say(!closed.leaves(unlabelled, STRANGER, tcp(80)) && !closed.leaves(unlabelled, OUTSIDE, tcp(443)), `default-deny-egress ${namespace}`);
    const object = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
    say(object?.metadata.labels['pod-security.kubernetes.io/enforce'] === 'restricted', `pod-security ${namespace}`);
    const segment = groups.find((group) => group.namespace === namespace)!.segment;
    if (scene.recorded && groups.some((group) => group.namespace === namespace && group.hosts.length > 0)) say(recorded(objects, object, namespace), `audit ${namespace}`);
    if (scene.names === 'cilium') {
      // A deny holds whatever somebody else's policy opens.
      const opened = new Evaluator([...objects, { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'by-hand', namespace }, spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] } }]);
      say(!METADATA.some((address) => opened.leaves(unlabelled, address, tcp(80))), `metadata-deny ${namespace}`);
    }
    const admitted = admissionOf(objects, object?.metadata.labels ?? {});
    // One segment's nodes: a pod that had to be on those of two would be nowhere.
    const placed = admitted.filter((expression) => expression.includes('nodeSelector'));
    say(placed.length === 1 && placed[0]!.endsWith(`== '${segment}'`), `node-placement ${namespace}`);
    // A pod that names its node skips the scheduler, which is what heeds the selector.
    say(admitted.some((expression) => expression === "!has(object.spec.nodeName) || object.spec.nodeName == ''"), `node-name ${namespace}`);
    say(!scene.ownedOnly || admitted.some((expression) => /ownerReferences[.]size[(][)] > 0$/.test(expression)), `pods-without-owner ${namespace}`);
  }
  // The API server refuses a policy with an exception that its block does not hold.
  for (const { ipBlock } of objects.flatMap(({ kind, spec }) => (kind === 'NetworkPolicy' ? [...spec.ingress ?? [], ...spec.egress ?? []] : [])).flatMap((rule) => [...rule.from ?? [], ...rule.to ?? []])) {
    for (const except of ipBlock?.except ?? []) say(inBlock(except.split('/')[0], ipBlock.cidr) && Number(except.split('/')[1]) > Number(ipBlock.cidr.split('/')[1]), `exception-outside ${ipBlock.cidr} ${except}`);
  }
  for (const group of groups) {
    const pod = podOf(group);
    const id = `${group.namespace}/${group.name}`;
    for (const protocol of ['UDP', 'TCP'] as const) {
      const dns: PortOf = { protocol, port: 53 };
      say(evaluator.leaves(pod, { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }, dns), `dns-${protocol.toLowerCase()} ${id}`);
      const cached = evaluator.leaves(pod, '169.254.20.10', dns) || evaluator.leaves(pod, { namespace: 'kube-system', labels: { 'k8s-app': 'node-local-dns' } }, dns);
      say(cached, `node-local-dns ${id}`);
    }
    say(!METADATA.some((address) => [80, 443].some((port) => evaluator.leaves(pod, address, tcp(port)))), `metadata ${id}`);
    for (const port of portsOf(scene.policy)) {
      for (const other of groups) {
        const wanted = other.accepts.some((accept) => says(accept, port) && callerIs(accept.from, group));
        say(evaluator.reaches(pod, podOf(other), port) === wanted, `${wanted ? 'missing' : 'unexpected'} ${id} -> ${other.namespace}/${other.name}`);
        // Both sides have to open: with one of them, nothing passes, or the other is all that holds.
        if (wanted) {
          say(evaluator.leaves(pod, podOf(other), port), `missing-egress ${id} -> ${other.namespace}/${other.name}`);
          say(evaluator.enters(pod, podOf(other), port), `missing-ingress ${id} -> ${other.namespace}/${other.name}`);
        }
      }
      for (const { name } of scene.policy.segments.filter(({ pods }) => !pods)) {
        const address = scene.segmentAddress(name);
        const wanted = group.calls.some((call) => ((call.to.kind === 'segment' && call.to.segment === name) || (call.to.kind === 'api-server' && scene.apiServerIn === name)) && says(call, port));
        say(evaluator.leaves(pod, address, port) === wanted, `${wanted ? 'missing' : 'unexpected'} ${id} -> ${name}`);
        const accepted = group.accepts.some((accept) => says(accept, port) && ((accept.from.kind === 'segment' && accept.from.segment === name) || accept.from.kind === 'internet'));
        say(evaluator.enters(address, pod, port) === accepted, `${accepted ? 'missing' : 'unexpected'} ${name} -> ${id}`);
      }
      for (const call of group.calls) {
        if (call.to.kind === 'cidr' && says(call, port)) say(evaluator.leaves(pod, call.to.cidr.split('/')[0]!, port), `missing ${id} -> ${call.to.cidr}`);
        if (call.to.kind === 'namespace' && says(call, port)) say(evaluator.leaves(pod, call.to, port), `missing ${id} -> ${call.to.namespace}`);
      }
      for (const { from } of group.accepts.filter((accept) => says(accept, port))) if (from.kind === 'cidr') say(evaluator.enters(from.cidr.split('/')[0]!, pod, port), `missing ${from.cidr} -> ${id}`);
      const internet = group.accepts.some((accept) => accept.from.kind === 'internet' && says(accept, port));
      say(evaluator.enters(OUTSIDE, pod, port) === internet, `${internet ? 'missing' : 'unexpected'} internet -> ${id}`);
      const foreign = group.accepts.filter((accept) => says(accept, port)).flatMap(({ from }) => (from.kind === 'namespace' && !groups.some(({ namespace }) => namespace === from.namespace) ? [from] : []));
      for (const { namespace, labels } of foreign) say(evaluator.enters({ namespace, labels }, pod, port), `missing ${namespace} -> ${id}`);
      say(!evaluator.enters(STRANGER, pod, port), `unexpected stranger -> ${id}`);
      say(!evaluator.leaves(pod, STRANGER, port), `unexpected ${id} -> stranger`);
    }
    hostsOf(group, scene, evaluator, say, id);
  }
  return [...found, ...unnamedPodFaults(groups, evaluator)].sort();
}

function hostsOf(group: Group, { policy, cloud, environment, names }: Scene, evaluator: Evaluator, say: (holds: boolean, name: string) => void, id: string): void {
  const pod = podOf(group);
  const rules = allowRulesFor(policy, cloud, environment).filter((rule) => rule.segments.includes(group.segment) && group.hosts.includes(rule.host.text));
  for (const rule of rules) {
    for (const port of rule.ports) {
      if (rule.protocol === 'tcp') {
        say(rule.addresses.every((block) => evaluator.leaves(pod, block.split('/')[0]!, tcp(port))), `host-missing ${rule.host.text} ${id}`);
        continue;
      }
      const name = rule.host.kind === 'exact' ? rule.host.text : `deep.one.${rule.host.domain}`;
      const shallow = rule.host.kind === 'exact' ? rule.host.text : `one.${rule.host.domain}`;
      say(evaluator.reachesHost(pod, shallow, tcp(port)), `host-missing ${rule.host.text} ${id}`);
      if (rule.host.kind === 'exact' && !rules.some((other) => other.ports.includes(port + 1))) say(!evaluator.reachesHost(pod, name, tcp(port + 1)), `host-port ${rule.host.text} ${id}`);
    }
  }
  // Another name, the apex of a wildcard, and an address that no name led to.
  const near = rules.filter(({ protocol }) => protocol !== 'tcp').flatMap(({ host }) => (host.kind === 'subdomains' ? [host.domain, `x${host.domain}`] : [`x${host.text}`, `x.${host.text}`]));
  const others = ['exfiltration.example.net', ...near]
    .filter((name) => !rules.some(({ host }) => host.text === name || (host.kind === 'subdomains' && name.endsWith(`.${host.domain}`))));
  const named = rules.filter(({ protocol }) => protocol !== 'tcp');
  const byAddress = names === 'none' && named.length > 0;
  for (const port of [22, 80, 443, 8443]) {
    const wanted = byAddress && named.some(({ ports }) => ports.includes(port));
    say(evaluator.leaves(pod, '198.51.100.7', tcp(port)) === wanted, `internet-by-address ${id}`);
  }
  say(!evaluator.leaves(pod, '10.255.255.1', tcp(443)), `private-by-address ${id}`);
  for (const name of byAddress ? [] : others) {
    say(!evaluator.reachesHost(pod, name, tcp(443)), `names-unfiltered ${id}`);
    if (names === 'cilium' && named.length > 0) say(!evaluator.resolves(pod, name), `dns-unfiltered ${id}`);
  }
  if (names === 'cilium') {
    for (const { host } of named) say(evaluator.resolves(pod, `${host.kind === 'exact' ? host.text : `one.${host.domain}`}.${group.namespace}.svc.cluster.local`), `search-domain ${id}`);
  }
}

function groupsOf(policy: Policy): readonly Group[] {
  return policy.segments.flatMap(({ name, pods = [] }) => pods.map((group) => ({ ...group, segment: name })));
}

const podOf = ({ namespace, labels }: Group): Pod => ({ namespace, labels });
const tcp = (port: number): PortOf => ({ protocol: 'TCP', port });

type Accept = Group['accepts'][number];

function says({ ports, protocol }: Pick<Accept, 'ports' | 'protocol'>, port: PortOf): boolean {
  return protocol.toUpperCase() === port.protocol && ports.some(({ from, to }) => from <= port.port && port.port <= to);
}

function callerIs(from: Accept['from'], caller: Group): boolean {
  switch (from.kind) {
    case 'segment': return caller.segment === from.segment;
    case 'pods': return caller.namespace === from.namespace && caller.name === from.pods;
    case 'namespace': return caller.namespace === from.namespace;
    default: return false;
  }
}

/** Every port that the policy mentions, both ends of ranges and their neighbours, by both protocols. */
function portsOf(policy: Policy): readonly PortOf[] {
  const ranges = groupsOf(policy).flatMap(({ accepts, calls }) => [...accepts, ...calls].flatMap(({ ports }) => ports));
  const ports = new Set(ranges.flatMap(({ from, to }) => [from - 1, from, to, to + 1]).filter((port) => port > 0 && port !== 53 && port < 65536));
  return [...ports].flatMap((port) => [{ protocol: 'TCP', port }, { protocol: 'UDP', port }] as const);
}

/** Refused and allowed connections of a namespace are recorded: by annotations on GKE, by an object on AKS. */
function recorded(objects: readonly KubernetesObject[], namespace: KubernetesObject, name: string): boolean {
  const stored = objects.some(({ kind, spec }) => kind === 'ContainerNetworkLog' && spec.includefilters.some((filter: any) => (
    filter.from.labelSelector.matchLabels['k8s.io/namespace'] === name && ['forwarded', 'dropped'].every((verdict) => filter.verdict.includes(verdict))
      && ['tcp', 'udp', 'dns'].every((protocol) => filter.protocol?.includes(protocol))
  )));
  const policies = objects.filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.namespace === name);
  return stored || (namespace.metadata.annotations?.['policy.network.gke.io/enable-deny-logging'] === 'true'
    && policies.every(({ metadata }) => metadata.annotations?.['policy.network.gke.io/enable-logging'] === 'true'));
}

/** What has to hold for a pod of a namespace with these labels to be let in. */
function admissionOf(objects: readonly KubernetesObject[], labels: Record<string, string>): readonly string[] {
  const bindings = objects.filter(({ kind, spec }) => kind === 'ValidatingAdmissionPolicyBinding' && spec.validationActions.includes('Deny')
    && Object.entries(spec.matchResources.namespaceSelector.matchLabels).every(([key, value]) => labels[key] === value));
  const policies = objects.filter(({ kind, metadata }) => kind === 'ValidatingAdmissionPolicy' && bindings.some(({ spec }) => spec.policyName === metadata.name));
  const creates = (rule: any) => ['', '*'].some((each) => rule.apiGroups?.includes(each)) && ['v1', '*'].some((each) => rule.apiVersions?.includes(each))
    && ['CREATE', '*'].some((each) => rule.operations?.includes(each)) && ['pods', '*'].some((each) => rule.resources?.includes(each));
  return policies.filter(({ spec }) => spec.failurePolicy === 'Fail' && spec.matchConstraints?.resourceRules?.some(creates)).flatMap(({ spec }) => spec.validations.map(({ expression }: any) => expression as string));
}
