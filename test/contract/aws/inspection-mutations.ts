/** Ways to open too little, too much, or nothing. */
import type { Mutation, SynthesizedStack } from '../observation';
import { find, mutation } from './mutating';

const only = (stack: SynthesizedStack): any => find(stack, 'aws_networkfirewall_tls_inspection_configuration').tls_inspection_configuration[0].server_certificate_configuration[0];
const floor = (edit: (line: string) => string | undefined) => (stack: SynthesizedStack): void => {
  const { rules_source: source } = find(stack, 'aws_networkfirewall_rule_group', (address) => /floor/.test(address)).rule_group;
  source.rules_string = source.rules_string.split('\n').flatMap((line: string) => edit(line) ?? []).join('\n');
};

export const inspectionMutations: readonly Mutation[] = [
  mutation('policy without its TLS inspection', 'tls-inspection-unused', (stack) => void delete find(stack, 'aws_networkfirewall_firewall_policy').firewall_policy.tls_inspection_configuration_arn),
  mutation('no authority', 'tls-inspection-authority-missing', (stack) => void delete only(stack).certificate_authority_arn),
  mutation('scope of every port', 'tls-inspection-scope-wide', (stack) => void (only(stack).scope[0].destination_ports = [{ from_port: 0, to_port: 65_535 }])),
  mutation('scope of the whole network', 'tls-inspection-scope-wide', (stack) => void only(stack).scope[0].source.push({ address_definition: '10.0.0.0/8' })),
  mutation('scope of one destination', 'tls-inspection-scope-narrow', (stack) => void (only(stack).scope[0].destination = [{ address_definition: '203.0.113.0/24' }])),
  mutation('a segment that is not opened', 'tls-inspection-scope-narrow', (stack) => void only(stack).scope.pop()),
  mutation('a port of TLS that is not opened', 'tls-inspection-scope-narrow', (stack) => void only(stack).scope[0].destination_ports.pop()),
  mutation('no inspection at all', 'tls-inspection-scope-narrow', (stack) => {
    delete stack.resource!.aws_networkfirewall_tls_inspection_configuration;
    delete find(stack, 'aws_networkfirewall_firewall_policy').firewall_policy.tls_inspection_configuration_arn;
  }),
  mutation('no log of TLS', 'firewall-logs-missing', (stack) => {
    const { logging_configuration: logging } = find(stack, 'aws_networkfirewall_logging_configuration');
    logging.log_destination_config = logging.log_destination_config.filter(({ log_type: type }: any) => type !== 'TLS');
  }),
  mutation('requests in TLS not dropped', 'firewall-floor-missing', floor((line) => (/http in tls/.test(line) ? undefined : line))),
  mutation('HTTP/2 in TLS not dropped', 'firewall-floor-missing', floor((line) => (/http\/2 in tls/.test(line) ? undefined : line))),
  mutation('opened TLS taken for another protocol', 'tls-inspected-traffic-dropped', floor((line) => line.replace(/ app-layer-protocol:!http; app-layer-protocol:!http2;/, ''))),
];
