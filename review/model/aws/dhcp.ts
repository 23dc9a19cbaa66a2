/** Which name servers the machines of a network are told to ask. */
import type { AwsModel } from './model';
import type { AwsNetwork } from './networks';
import { textAt, textsAt } from './read';

interface DnsServers {
  /** Of the DHCP options. */
  readonly address: string;
  readonly network: AwsNetwork;
  /** `AmazonProvidedDNS` or addresses; one that is not known is `an unknown server`. */
  readonly servers: readonly string[];
  /** True for options that another plan makes: which servers they name, nobody here knows. */
  readonly isElsewhere?: true;
}

/** One per network and set of options; networks that nobody gives options ask the resolver. */
export function dnsServersOf(model: AwsModel): readonly DnsServers[] {
  return model.graph.ofType('aws_vpc_dhcp_options_association').flatMap((association) => {
    const options = association.references('dhcp_options_id', { types: ['aws_vpc_dhcp_options'] }).likely;
    const networks = association.references('vpc_id', { types: ['aws_vpc', 'aws_default_vpc'] }).likely.flatMap((target) => model.find.network(target) ?? []);
    const id = textAt(association, 'dhcp_options_id');
    // `default` is what a network has without any.
    if (options.length === 0 && id !== 'default') return networks.map((network) => ({ address: association.address, network, servers: [`the servers of ${id ?? 'DHCP options'}, which are not in the plan`], isElsewhere: true as const }));
    return options.flatMap((option) => networks.map((network) => ({
      address: option.address,
      network,
      servers: [...textsAt(option, 'domain_name_servers'), ...(option.hasUnknown('domain_name_servers') && option.isConfigured('domain_name_servers') ? ['an unknown server'] : [])],
    })));
  });
}
