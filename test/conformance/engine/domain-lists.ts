/**
 * AWS's domain lists as the signatures that AWS documents for them.
 *
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-examples.html shows what
 * a list becomes: `dotprefix` for a leading dot, both anchors without one, any port. Under strict
 * order the last line of that listing, a drop, is left out (best-practices guide). How AWS orders
 * and numbers them is not known, and does not matter: they are all passes.
 *
 * In front of the lists stand drops for other ports, and stock Suricata takes passes first. A drop
 * of tls on every port but some, before a pass of tls on any, is a pass on those; so the passes get
 * these ports, and the drops go behind them.
 */
interface DomainListGroup {
  readonly rules_source: { readonly rules_source_list: { readonly target_types: readonly string[]; readonly targets: readonly string[] } };
  readonly rule_variables: { readonly ip_sets: readonly { readonly key: string; readonly ip_set: { readonly definition: readonly string[] } }[] };
}

/** @param before the rules of the groups in front @throws Error when nothing there says on which ports */
export function signaturesOf({ rules_source: { rules_source_list: list }, rule_variables: variables }: DomainListGroup, before: readonly string[], firstSid: number): readonly string[] {
  const home = variables.ip_sets.find(({ key }) => key === 'HOME_NET')!.ip_set.definition;
  const from = home.length === 1 ? home[0]! : `[${home.join(',')}]`;
  return list.target_types.flatMap((type) => {
    const protocol = type === 'TLS_SNI' ? 'tls' : 'http';
    const ports = before.map((rule) => new RegExp(`^drop ${protocol} (\\S+) any -> any !(\\S+) `).exec(rule)).find((match) => match && sameBlocks(match[1]!, home))?.[2];
    if (!ports) throw new Error(`a list of ${protocol} for ${from} stands behind no drop of other ports`);
    return list.targets.map((target, index) => {
      const buffer = protocol === 'tls' ? 'ssl_state:client_hello; tls.sni' : 'http.host';
      const nocase = protocol === 'tls' ? ' nocase;' : '';
      const match = target.startsWith('.') ? `dotprefix; content:"${target}";${nocase} endswith;` : `content:"${target}"; startswith;${nocase} endswith;`;
      return `pass ${protocol} ${from} any -> $EXTERNAL_NET ${ports} (${buffer}; ${match} msg:"matching ${protocol.toUpperCase()} allowlisted FQDNs"; flow:to_server, established; sid:${firstSid + index}; rev:1;)`;
    });
  });
}

function sameBlocks(list: string, blocks: readonly string[]): boolean {
  return list.replace(/[[\]]/g, '').split(',').sort().join() === [...blocks].sort().join();
}
