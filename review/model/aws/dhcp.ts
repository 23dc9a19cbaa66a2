/** Which name servers the machines of a network are told to ask. */
import type { AwsModel } from './model';
import type { AwsNetwork } from './networks';
import { textsAt } from './read';

interface DnsServers {
  /** Of the DHCP options. */
  readonly address: string;
  readonly network: AwsNetwork;
  /** `AmazonProvidedDNS` or addresses; one that is not known is `an unknown server`. */
  readonly servers: readonly string[];
}

/** One per network and set of options; networks that nobody gives options ask the resolver. */
export function dnsServersOf(model: AwsModel): readonly DnsServers[] {
  return model.graph.ofType('aws_vpc_dhcp_options_association').flatMap((association) => {
    const options = association.references('dhcp_options_id', { types: ['aws_vpc_dhcp_options'] }).likely;
    const networks = association.references('vpc_id', { types: ['aws_vpc', 'aws_default_vpc'] }).likely.flatMap((target) => model.find.network(target) ?? []);
    return options.flatMap((option) => networks.map((network) => ({
      address: option.address,
      network,
      servers: [...textsAt(option, 'domain_name_servers'), ...(option.hasUnknown('domain_name_servers') && option.isConfigured('domain_name_servers') ? ['an unknown server'] : [])],
    })));
  });
}
