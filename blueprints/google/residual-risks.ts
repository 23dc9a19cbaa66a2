/** What Google's egress control cannot enforce as written; pure data. */
import type { ResidualRisk } from '../egress-control';
import type { AllowRule } from '../policy/model';
import { segmentsWithHosts } from '../policy/rules';

/** Why a rule cannot be enforced by a firewall policy, with the way out; nothing when it can. */
export function cannotEnforce(rule: AllowRule): string | undefined {
  // A tcp rule holds for its addresses, whatever its host says.
  if (rule.host.kind === 'exact' || rule.protocol === 'tcp') return undefined;
  return `google: '${rule.host.text}' needs secureWebProxy, which is not built yet; firewall-policy fqdns take no wildcard. `
    + `list the exact hosts with 'clouds: [google]' and keep the wildcard for 'clouds: [aws, azure]'`;
}

/** The risks that remain for these rules and segments, sorted by id. */
export function egressRisks(rules: readonly AllowRule[], segments: readonly string[]): readonly ResidualRisk[] {
  const all = [...segments].sort();
  const byName = segmentsWithHosts(rules.filter(({ protocol }) => protocol !== 'tcp'));
  const withHosts = segmentsWithHosts(rules);
  const risks: readonly ResidualRisk[] = [
    {
      id: 'dns-admin-widens',
      summary: 'fqdn rules follow Cloud DNS, so whoever may write private zones or response policies of this network chooses the addresses behind an allowed name',
      mitigation: 'give roles/dns.admin in the project to the network team alone',
      segments: byName,
    },
    {
      id: 'dns-tunnelling',
      summary: 'every machine may ask the metadata resolver for any name, and firewall rules do not see it, so data can leave inside dns queries',
      mitigation: 'watch the query logs that this network writes; a dns allowlist is not built yet',
      segments: all,
    },
    {
      id: 'fqdn-limits',
      summary: 'a name counts with at most 32 addresses, is ignored while it does not resolve, and misses answers that change faster than 90 seconds: allowed traffic can fail',
      mitigation: 'for such hosts use a tcp rule with the published addresses, or a vendor name that is stable',
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
      summary: 'tls and http are not told apart and no server name or Host header is read: an allowed address and port carries any protocol',
      mitigation: 'put segments that need host matching behind secureWebProxy once it is built, or keep them on a cloud that reads the name',
      segments: byName,
    },
    {
      id: 'second-interface',
      summary: 'a machine with a second interface in another network of the project, or with an external address there, has that network\'s way out',
      mitigation: 'delete the default network, keep one network per project and set constraints/compute.vmExternalIpAccess',
      segments: all,
    },
    {
      id: 'shared-address',
      summary: 'a name is enforced as its current addresses, so every other host on the same addresses is reachable too, such as the neighbours on a cdn',
      mitigation: 'prefer hosts with addresses of their own and read the nat and firewall logs of cdn names',
      segments: byName,
    },
  ];
  return risks.filter((risk) => risk.segments.length > 0 && (withHosts.length > 0 || risk.segments === all));
}
