/** VPC Block Public Access: on where the policy says so, and left out no more than the network needs. */
import { referent, resources, type ObservedSubnet } from './resources';
import type { Fault, ObservationSubject, SynthesizedStack } from '../observation';

export function publicAccessFaults(stack: SynthesizedStack, subject: ObservationSubject, subnets: readonly ObservedSubnet[]): readonly Fault[] {
  const exclusions = resources(stack, 'aws_vpc_block_public_access_exclusion');
  const options = resources(stack, 'aws_vpc_block_public_access_options');
  const wide = (where: string, detail: string): Fault => ({ id: 'public-access-exclusion-wide', where, detail });
  const leads = (subnet: ObservedSubnet) => subnet.routes.some(({ hop }) => hop.kind === 'internet-gateway');
  const missing = subject.blocksPublicAccess && options.length === 0 ? [{ id: 'public-access-not-blocked', where: 'account', detail: 'nothing switches it on' }] : [];
  return [
    ...missing,
    ...options.filter(({ body }) => body.internet_gateway_block_mode !== 'block-bidirectional').map(({ address, body }) => wide(address, `mode ${body.internet_gateway_block_mode}`)),
    ...options.filter(({ body }) => subject.blocksPublicAccess && body.lifecycle?.prevent_destroy !== true).map(({ address }) => ({ id: 'protection-off', where: address, detail: 'a destroy opens the other networks of the account' })),
    ...options.filter(({ body }) => exclusions.some(({ address }) => !(body.depends_on ?? []).includes(address))).map(({ address }) => ({ id: 'public-access-cut', where: address, detail: 'on before what has to be excluded is' })),
    ...exclusions.flatMap(({ address, body }) => {
      const subnet = subnets.find((each) => each.address === referent(body.subnet_id));
      if (subnet) return leads(subnet) && subnet.body.tags?.tier === 'public' ? [] : [wide(address, `${subnet.address} does not answer the internet`)];
      if (resources(stack, 'aws_networkfirewall_firewall').length === 0) return [wide(address, 'the whole network, with no firewall in it')];
      const called = subnets.some((each) => each.body.tags?.tier === 'public' && leads(each));
      return body.internet_gateway_exclusion_mode === 'allow-egress' || called ? [] : [wide(address, 'lets the internet in, and nobody answers it')];
    }),
  ];
}
