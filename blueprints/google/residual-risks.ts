/** What Google's egress control cannot enforce as written; pure data. */
import type { ResidualRisk } from '../egress-control';
import type { ExistingNetwork } from '../policy/google-model';
import type { AllowRule } from '../policy/model';
import { segmentsWithHosts } from '../policy/rules';

/** Why a rule cannot be enforced by a firewall policy, with the way out; nothing when it can. */
export function cannotEnforce(rule: AllowRule, proxied: ReadonlySet<string> = new Set()): string | undefined {
  const behind = rule.segments.filter((segment) => proxied.has(segment));
  if (rule.protocol === 'tcp') {
    if (behind.length === 0) return undefined;
    return `google: '${rule.host.text}' is a tcp rule, which secureWebProxy cannot carry for ${behind.join(', ')}; `
      + 'a proxy takes hosts over TLS and HTTP only → move the workload to a segment that is not behind the proxy';
  }
  const beside = rule.segments.filter((segment) => !proxied.has(segment));
  if (rule.host.kind === 'exact' || beside.length === 0) return undefined;
  return `google: '${rule.host.text}' needs secureWebProxy for ${beside.join(', ')}, because firewall-policy FQDNs take no wildcard `
    + `→ put the segment into 'secureWebProxy: { segments: [${beside.join(', ')}], … }' of the environment, `
    + `or list the exact hosts with 'clouds: [google]' and keep the wildcard for 'clouds: [aws, azure]'`;
}

/** The risks that remain for these rules and segments, sorted by id. They follow the way that each segment takes. */
export function egressRisks(rules: readonly AllowRule[], segments: readonly string[], proxied: ReadonlySet<string> = new Set()): readonly ResidualRisk[] {
  const all = [...segments].sort();
  const withHosts = segmentsWithHosts(rules);
  const byName = segmentsWithHosts(rules.filter(({ protocol }) => protocol !== 'tcp')).filter((segment) => !proxied.has(segment));
  const behindProxy = withHosts.filter((segment) => proxied.has(segment));
  const risks: readonly ResidualRisk[] = [
    {
      id: 'dns-admin-widens',
      summary: 'FQDN rules follow Cloud DNS, so whoever may write private zones or response policies of this network chooses the addresses behind an allowed name',
      mitigation: 'give roles/dns.admin in the project to the network team alone',
      segments: byName,
    },
    {
      id: 'dns-tunnelling',
      summary: 'every machine may ask the metadata resolver for any name, and firewall rules do not see it, so data can leave inside DNS queries; no DNS allowlist is made, '
        + 'because the provider cannot write bypass rules of response policies and Google does not say that FQDN rules follow peering or forwarding zones',
      mitigation: 'watch the query logs that this network writes, for many or long names under one domain',
      segments: all,
    },
    {
      id: 'fqdn-limits',
      summary: 'a name counts with at most 32 addresses, is ignored while it does not resolve, and misses answers that change faster than 90 seconds: allowed traffic can fail',
      mitigation: 'for such hosts use a tcp rule with the published addresses, or put the segment behind secureWebProxy',
      segments: byName,
    },
    {
      id: 'hierarchical-policy-above',
      summary: 'an allow rule in a firewall policy of the folder or organization ends the evaluation before the denies of this network',
      mitigation: 'let hierarchical policies end in goto_next for this project and review them together with this one',
      segments: all,
    },
    {
      id: 'protocol-not-inspected',
      summary: 'TLS and HTTP are not told apart and no server name or Host header is read: an allowed address and port carries any protocol',
      mitigation: 'put segments that need host matching behind secureWebProxy',
      segments: byName,
    },
    {
      id: 'proxy-by-source-address',
      summary: 'the proxy tells segments apart by their address ranges, not by tag: a machine of one proxied segment that is put into the subnet of another has the other\'s hosts',
      mitigation: 'let only the deployment pipeline choose subnets (roles/compute.networkUser by subnet)',
      segments: behindProxy,
    },
    {
      id: 'proxy-limits',
      summary: 'Secure Web Proxy is IPv4, of one region, on one port, and only for clients that are told to use it (HTTPS_PROXY); it brings a NAT of its own, whose addresses '
        + 'Google chooses, and whether that NAT needs a default route that every machine sees is not documented: allowed traffic can fail',
      mitigation: 'try it in a test project first, and do not promise partners an address',
      segments: behindProxy,
    },
    {
      id: 'proxy-tunnel-not-inspected',
      summary: 'the proxy reads the name that the client asks it for (CONNECT or Host) and nothing in the tunnel: on a shared address the server name inside may be another one, '
        + 'and TLS and HTTP are not told apart',
      mitigation: 'allow no hosts on a CDN that serves a name other than the one of the handshake, or keep such segments on a cloud that reads the server name',
      segments: behindProxy,
    },
    {
      id: 'second-interface',
      summary: 'a machine with a second interface in another network of the project, or with an external address there, has that network\'s way out',
      mitigation: 'delete the default network, keep one network per project and set denyExternalAddresses',
      segments: all,
    },
    {
      id: 'shared-address',
      summary: 'a name is enforced as its current addresses, so every other host on the same addresses is reachable too, such as the neighbours on a CDN',
      mitigation: 'prefer hosts with addresses of their own, read the NAT and firewall logs of CDN names, or put the segment behind secureWebProxy',
      segments: byName,
    },
  ];
  return risks.filter((risk) => risk.segments.length > 0);
}

/**
 * What denies in front of every allow leave open behind a proxy: egress rules hold for network interfaces of machines.
 * https://cloud.google.com/firewall/docs/firewall-policies-rule-details#egress_rules
 */
export function proxiedDeniesRisk(segments: readonly string[]): ResidualRisk {
  return {
    id: 'proxy-past-denies',
    summary: "threat lists and countries of 'deny' hold for what machines send, and not for what the proxy sends: a host that is allowed behind it is reached wherever its name leads",
    mitigation: "keep segments whose hosts must not lead there beside the proxy",
    segments: [...segments].sort(),
  };
}

/** What is not known of a network that somebody else made. */
export function existingNetworkRisk({ name, dnsPolicy }: ExistingNetwork, segments: readonly string[]): ResidualRisk {
  return {
    id: 'existing-network',
    summary: `network '${name}' was there before: whether its classic rules are evaluated first, whether it has a default route for every machine, `
      + `which peers it has${dnsPolicy ? '' : ', whether its DNS queries are recorded'} and which other subnets, no plan of this stack shows`,
    mitigation: `run 'gcloud compute networks update ${name} --network-firewall-policy-enforcement-order=BEFORE_CLASSIC_FIREWALL', delete its default routes, and review it with its own plan`,
    segments: [...segments].sort(),
  };
}

/** What service accounts cannot do that secure tags can. */
export function sharedIdentityRisk(segments: readonly string[]): ResidualRisk {
  return {
    id: 'account-is-identity',
    summary: 'segments are told apart by service account: whoever may run a machine as an account puts it into the segment, and callees know callers by address, '
      + 'because policy rules take no account as source',
    mitigation: 'give roles/iam.serviceAccountUser on these accounts to the deployment pipeline alone, or use secure tags',
    segments: [...segments].sort(),
  };
}

/** What a health check's range lets in besides. */
export function healthCheckRisk(segments: readonly string[]): ResidualRisk {
  return {
    id: 'health-check-is-front-end',
    summary: 'health checks come from the ranges of Google\'s proxies: whoever may make an external load balancer in the project can put these segments on the internet, on the checked ports',
    mitigation: 'keep roles/compute.loadBalancerAdmin with the network team, or refuse external load balancers by constraints/compute.restrictLoadBalancerCreationForTypes',
    segments: [...segments].sort(),
  };
}
