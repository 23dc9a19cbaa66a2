/** What Azure cannot enforce as the policy is written. */
import type { ResidualRisk } from '../egress-control';
import type { AzureFirewallOptions, AzureHubOptions } from '../policy/azure-options';
import type { AllowRule } from '../policy/model';
import { compare, segmentsWithHosts } from '../policy/rules';
import type { ClusterHosts } from './rule-groups';

/** What the risks depend on. */
export interface RiskContext {
  readonly rules: readonly AllowRule[];
  /** Every segment of the network, with or without a way out. */
  readonly segments: readonly string[];
  readonly protectedSegments: readonly string[];
  readonly options: AzureFirewallOptions;
  readonly hub?: AzureHubOptions;
  readonly cluster?: ClusterHosts;
  readonly namesAreFiltered: boolean;
}

/** The risks that remain with a set of rules and options. */
export function residualRisks(context: RiskContext): readonly ResidualRisk[] {
  const { rules, options, hub, cluster } = context;
  const all = [...context.segments].sort(compare);
  const out = context.protectedSegments;
  const using = (...protocols: readonly AllowRule['protocol'][]) =>
    segmentsWithHosts(rules.filter(({ protocol }) => protocols.includes(protocol)));
  const when = (holds: boolean, segments: readonly string[]) => (holds ? segments : []);
  const own = hub === undefined;
  const opensTls = own && options.tlsInspection !== undefined;
  const risks: readonly ResidualRisk[] = [
    {
      id: 'address-not-name',
      summary: 'Rules over tcp hold for addresses: whoever else answers on a listed address is reachable too.',
      mitigation: 'Use tls where the protocol allows it, and list addresses that one partner alone owns.',
      segments: using('tcp'),
    },
    {
      id: 'basic-firewall',
      summary: 'A Basic firewall only alerts on known threats and records no DNS question: it answers none.',
      mitigation: 'Choose the tier Standard, which costs more.',
      segments: when(own && options.tier === 'Basic', out),
    },
    context.namesAreFiltered ? {
      id: 'dns-below-allowed-names',
      summary: 'Names below an allowed name are resolved, too, and a name that is an alias of an allowed one may be; whoever runs them sees the questions.',
      mitigation: 'Allow exact names that one partner alone runs, and watch DNSQueryLogs.',
      segments: all,
    } : {
      id: 'dns-tunnelling',
      summary: out.length === 0 || (own && options.tier === 'Basic')
        ? "Azure's resolver answers for every name, so data can leave inside DNS questions."
        : "The firewall's DNS proxy answers for every name, so data can leave inside DNS questions.",
      mitigation: own ? 'Watch AZFWDnsQuery, and set dnsPolicy: a DNS security policy that lists the allowed names.'
        : "Ask the hub's team for a DNS security policy that lists the allowed names.",
      segments: all,
    },
    {
      id: 'forced-tunnel',
      summary: `Allowed traffic goes on to ${options.forcedTunnel ?? ''}; what happens to it there is decided elsewhere, and the public address is not known here.`,
      mitigation: 'Hold what stands there to the same hosts, and ask its team for the public address.',
      segments: when(own && options.forcedTunnel !== undefined, out),
    },
    {
      id: 'hub-rules-elsewhere',
      summary: "The rules of the hub's firewall are not made here: what it lets through, its team decides.",
      mitigation: "Name the hub's policy, so that the rules are written into it, or compare its rules with this policy.",
      segments: when(hub !== undefined && hub.policy === undefined, out),
    },
    {
      id: 'kubernetes-platform-names',
      summary: "The cluster's segment reaches what Microsoft lists for AKS, with Azure's own management and sign-in: data can leave to another tenant by them.",
      mitigation: 'Restrict who may sign in from there (tenant restrictions, Conditional Access), and keep pods from those names with network policies.',
      segments: cluster ? [cluster.segment] : [],
    },
    {
      id: 'parent-policy',
      summary: "The rules of the parent policy come before these, and its settings hold: what it allows, these rules cannot take back.",
      mitigation: 'Review the parent policy like this one; it should hold denies only.',
      segments: when(own && options.parentPolicy !== undefined, out),
    },
    {
      id: 'platform-addresses',
      summary: 'Azure answers on 168.63.129.16 and 169.254.169.254 past routes and security groups: with tokens that work from anywhere, and on port 32526 of the first with an agent service that fetches and stores blobs of whatever storage account a caller names.',
      mitigation: 'Give machines only the managed identities that they need, list segments that need none under withoutMetadata, and let root alone reach 168.63.129.16 inside of machines (Metadata Security Protocol, or a rule of the guest).',
      segments: all,
    },
    {
      id: 'shared-policy',
      summary: "Other groups of the hub's policy may come before these and allow more.",
      mitigation: 'Choose a firstPriority before every broad rule, and review the whole policy.',
      segments: when(hub?.policy !== undefined, out),
    },
    {
      id: 'sni-spoofing',
      summary: opensTls
        ? 'TLS is opened and inspected, but rules hold for the server name: whether a request inside names another host of the same front (a CDN), Azure does not promise to compare.'
        : 'TLS is not opened: another customer of the same front (a CDN) may be reached under an allowed name.',
      mitigation: opensTls ? 'Allow exact names that one partner alone serves.' : 'Allow exact names that one partner alone serves, or inspect TLS with the Premium tier.',
      segments: using('tls'),
    },
  ];
  return risks.filter((risk) => risk.segments.length > 0);
}

/** What to say when the policy asks for a service that Azure offers without a private endpoint. */
export function sessionAccessElsewhere(segments: readonly string[]): ResidualRisk {
  return {
    id: 'session-access-not-built',
    summary: 'Azure has no private endpoint for session access, so none is made and machines cannot be reached that way.',
    mitigation: 'Use Azure Bastion in a subnet of its own, or the serial console.',
    segments: [...segments].sort(compare),
  };
}

/** Whom data reaches by private and service endpoints for resources of another subscription. Nothing when there are none. */
export function endpointsElsewhere(resourceIds: readonly string[], subscription: string, segments: readonly string[]): readonly ResidualRisk[] {
  const elsewhere = [...new Set(resourceIds.map((id) => id.split('/')[2] ?? '').filter((other) => other.toLowerCase() !== subscription.toLowerCase()))].sort(compare);
  return elsewhere.length === 0 ? [] : [{
    id: 'endpoints-elsewhere',
    summary: `Private or service endpoints lead to resources of ${elsewhere.length === 1 ? 'another subscription' : 'other subscriptions'}, ${elsewhere.join(', ')}: whoever owns them gets what is sent there, and no firewall sees it.`,
    mitigation: 'Make sure that these subscriptions are your own, and that nobody else reads those resources.',
    segments: [...segments].sort(compare),
  }];
}

/** What a network that exists keeps to itself. */
export function spokeNotMadeHere(segments: readonly string[]): ResidualRisk {
  return {
    id: 'spoke-made-elsewhere',
    summary: 'The subnets exist already: service endpoints, NAT gateways, default outbound access, more peerings and more address ranges on them are not controlled here, nor whether their blocks are as the policy says: a wrong block gives a segment the hosts of another.',
    mitigation: 'Compare the blocks (az network vnet subnet list), and hold the network to the same rules where it is made: default outbound access off, endpoint network policies on, no service endpoint, no NAT gateway.',
    segments: [...segments].sort(compare),
  };
}

/** What a service endpoint leaves open, with a policy. */
export function storageByServiceEndpoint(segments: readonly string[]): ResidualRisk {
  return {
    id: 'service-endpoint',
    summary: 'Storage is reached on its public addresses, past the firewall: the policy names the accounts, and the firewall logs nothing of it.',
    mitigation: 'Prefer a private endpoint (privateServices: object-storage).',
    segments: [...segments].sort(compare),
  };
}
