/** What a cluster's policies cannot enforce as written. */
import type { ResidualRisk } from '../egress-control';
import { recordsDecisions } from './audit';
import { compare, uniqueSorted } from '../policy/rules';
import { hostRulesOf, type ClusterNetwork, type SegmentPods } from './cluster-network';
import { callingPods, foreignCallers } from './flows';
import { isCilium, namesBy, resolvesByName } from './host-policies';

const BY_POLICIES = 'let nobody but the pipeline write webhooks, resource definitions and APIServices (RBAC), and refuse clientConfig.url and Services of type ExternalName by ValidatingAdmissionPolicies';

/** What keeps the API server from calling out. */
const CONTROL_PLANES: Readonly<Record<ClusterNetwork['cloud'], string>> = {
  aws: `have the API server leave by the subnets of the cluster, where routes and the firewall hold (controlPlaneEgressMode: CUSTOMER_ROUTED, which is for good), ${BY_POLICIES}`,
  google: 'restrict the egress of the API server (controlPlaneEgress: NONE), and let nobody but the pipeline write webhooks, resource definitions, APIServices and ExternalName services',
  azure: BY_POLICIES,
};

/** Sorted by id. */
export function kubernetesRisks(network: ClusterNetwork): readonly ResidualRisk[] {
  const { groups, cluster } = network;
  const all = uniqueSorted(groups.map(({ segment }) => segment));
  const withHosts = groups.filter((pods) => hostRulesOf(pods, network).some(({ protocol }) => protocol !== 'tcp'));
  const hostSegments = uniqueSorted(withHosts.map(({ segment }) => segment));
  const wild = withHosts.filter((pods) => hostRulesOf(pods, network).some(({ host }) => host.kind === 'subdomains'));
  const foreign = foreignCallers(network);
  const calling = groups.filter(({ calls }) => calls.some(({ to }) => to.kind === 'service'));
  const names = namesBy(cluster.cni);
  const forwarders = forwardersIn(network);
  const byName = groups.filter((pods) => resolvesByName(pods, network));
  const unfiltered = groups.filter((pods) => !resolvesByName(pods, network));
  return [
    {
      id: 'pod-labels-are-claims',
      summary: 'whoever may create pods in a namespace gives them any labels, and with them the rights of any pods of that namespace',
      mitigation: 'let pipelines, not people, create pods there (RBAC), and give what must be kept apart namespaces of its own',
      segments: all,
    },
    {
      // What can be closed: https://cloud.google.com/kubernetes-engine/networking/docs/restrict-egress-control-plane, https://docs.aws.amazon.com/eks/latest/userguide/control-plane-egress.html
      id: 'control-plane-calls-out',
      summary: "the API server stands in the cloud's own network and calls what a webhook (admission, conversion) or an APIService names, by URL or by a Service of type ExternalName, with the objects of the cluster in the request: no route, firewall or policy of this network is in the way",
      mitigation: CONTROL_PLANES[network.cloud],
      segments: all,
    },
    {
      id: 'control-plane-tunnels',
      summary: 'whoever may exec into pods, forward their ports, copy from them or read their logs takes data out by the API server, which no policy of pods filters',
      mitigation: 'give pods/exec, pods/attach, pods/portforward and pods/log to few (RBAC), keep the API server private, and read its audit log',
      segments: all,
    },
    {
      id: 'host-network-pods',
      summary: 'pods with hostNetwork are nodes to every CNI, and no policy holds for them',
      mitigation: 'Pod Security Admission refuses them in these namespaces (restricted); keep them out of namespaces that call these, too',
      segments: all,
    },
    {
      // A toleration is the pod's own word: https://kubernetes.io/docs/concepts/security/multi-tenancy/#node-isolation
      id: 'other-namespaces-on-nodes',
      summary: "pods of namespaces that this policy does not have meet none of its rules, and whoever may create one there (default, tools, kube-system) tolerates the taint of a segment's nodes and is that segment to the network, with its hosts",
      mitigation: "let people create pods in no other namespace, close the others as well, and refuse there, by a ValidatingAdmissionPolicy, tolerations and selectors of 'zero-egress/segment' to all but the cluster's own DaemonSets",
      segments: all,
    },
    {
      // Kubernetes' own cluster roles admin and edit have it: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
      id: 'policies-are-writable',
      summary: `whoever may write NetworkPolicies in a namespace (the cluster roles admin and edit may) opens for its pods what their nodes may reach${isCilium(cluster.cni) ? ', but for metadata, which is denied' : ', as this CNI has no deny that wins'}`,
      mitigation: 'give people view there, let the pipeline alone write policies and bring them back; the network still holds the whole segment to its hosts',
      segments: all,
    },
    ...(forwarders.length > 0 ? [{
      id: 'pods-forward',
      summary: `pods with hosts can forward for those that call them: ${forwarders.map(({ caller, callee }) => `${podName(caller)} by ${podName(callee)}`).slice(0, 3).join(', ')}${forwarders.length > 3 ? ', …' : ''}`,
      mitigation: 'grant hosts to pods that nobody without them calls, and let what is called forward nothing that it does not know',
      segments: uniqueSorted(forwarders.map(({ caller }) => caller.segment)),
    }] : []),
    ...(cluster.cni === 'vpc-cni' ? [{
      // https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
      id: 'pods-start-open',
      summary: 'in the standard mode of vpc-cni a new pod reaches whatever its node may until the agent has its policies, which takes seconds; nodes of Fargate and Windows enforce none',
      mitigation: 'set NETWORK_POLICY_ENFORCING_MODE to strict, once kube-system has policies of its own, and run these namespaces on Linux nodes of EC2',
      segments: all,
    }] : []),
    ...(hostSegments.length > 0 && !names ? [{
      id: 'pod-names-by-cloud-firewall',
      summary: `${cluster.cni} filters no names, so a pod with hosts reaches any public address on its ports as far as its node does`,
      mitigation: "the cloud's firewall filters the names for the whole segment; choose a CNI that knows names to filter per pod",
      segments: hostSegments,
    }] : []),
    ...(hostSegments.length > 0 && names ? [{
      id: 'pod-shared-addresses',
      summary: 'policies by name open the addresses that a name resolved to, so a pod also reaches what else is served there',
      mitigation: "the cloud's firewall compares the name itself where the cloud page says so; keep both",
      segments: hostSegments,
    }] : []),
    ...(hostSegments.length > 0 && !recordsDecisions(network) ? [{
      id: 'pod-decisions-unrecorded',
      summary: `what ${cluster.cni} lets through and refuses is recorded only if the cluster's own settings say so`,
      mitigation: cluster.cni === 'cilium' ? 'export Hubble flows of namespaces with the label zero-egress/hosts' : 'switch the flow logs of the network policy agent on; the flow logs of the network show the rest',
      segments: hostSegments,
    }] : []),
    // On AWS the DNS Firewall of the network answers kube-dns, too.
    ...(unfiltered.length > 0 && network.cloud !== 'aws' ? [{
      id: 'pod-dns-unfiltered',
      summary: `${names === 'cilium' ? 'questions of pods without hosts are not filtered' : 'the policies filter connections and not questions'}, so these pods can ask DNS for any name, and tell it anything`,
      mitigation: network.cloud === 'azure' ? 'set dnsPolicy on the network, and alert on long or many names' : 'log DNS, and alert on long or many names',
      segments: uniqueSorted(unfiltered.map(({ segment }) => segment)),
    }] : []),
    ...(byName.length > 0 ? [{
      // CoreDNS looks the target up itself, whatever name it has: https://coredns.io/plugins/kubernetes/
      id: 'pod-dns-by-external-name',
      summary: `pods whose questions are filtered may ask for names of the cluster, and kube-dns looks up what a Service of type ExternalName leads to: whoever may write Services in any namespace (the cluster roles admin and edit may) has any name asked for${network.cloud === 'aws' ? ", as far as the network's DNS Firewall answers it" : ''}`,
      mitigation: 'refuse Services of type ExternalName that lead outside by a ValidatingAdmissionPolicy, and let the pipeline alone write Services',
      segments: uniqueSorted(byName.map(({ segment }) => segment)),
    }] : []),
    ...(wild.length > 0 && names ? [{
      id: 'pod-wildcard-depth',
      summary: cluster.cni === 'cilium'
        ? 'before Cilium 1.19 a wildcard allows one label only: names further below are refused'
        : 'a wildcard allows one label only: names further below are refused',
      mitigation: 'list the deeper names in the policy, or run Cilium 1.19 or later; nothing more than the policy says is ever allowed',
      segments: uniqueSorted(wild.map(({ segment }) => segment)),
    }] : []),
    ...(foreign.length > 0 ? [{
      id: 'foreign-namespace-callers',
      summary: `callers from ${uniqueSorted(foreign.map(({ namespace }) => namespace)).join(', ')} are let in, but that namespace is not of this policy and may be open to others`,
      mitigation: 'declare its pods in the policy, so that it is closed and its side of the conversation is made, too',
      segments: uniqueSorted(foreign.map(({ callee }) => callee.segment)),
    }] : []),
    ...(calling.length > 0 ? [{
      id: 'service-endpoints-shared',
      summary: 'private endpoints share a block of addresses, so pods that may call one service reach the endpoints of all',
      mitigation: "endpoint policies and the pods' own cloud identities decide who may do what",
      segments: uniqueSorted(calling.map(({ segment }) => segment)),
    }] : []),
  ].sort((a, b) => compare(a.id, b.id));
}

/** Callers of pods that have hosts which the callers have not. */
function forwardersIn(network: ClusterNetwork): readonly { readonly caller: SegmentPods; readonly callee: SegmentPods }[] {
  return network.groups.flatMap((callee) => {
    const hosts = hostRulesOf(callee, network).map(({ host }) => host.text);
    if (hosts.length === 0) return [];
    const callers = new Set(callee.accepts.flatMap(({ from }) => callingPods(from, network)));
    return [...callers].filter((caller) => caller !== callee && hosts.some((host) => !hostRulesOf(caller, network).some((rule) => rule.host.text === host))).map((caller) => ({ caller, callee }));
  });
}

function podName({ namespace, name }: SegmentPods): string {
  return `${namespace}/${name}`;
}
