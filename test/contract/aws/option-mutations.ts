/** Ways to break what an option adds, by the option's title in `test/fixtures/aws-options.ts`. */
import type { Mutation, SynthesizedStack } from '../observation';
import { drop, find, mutation } from './mutating';

/** The NAT subnet's table with a way back for several zones. */
function natTable(stack: SynthesizedStack): any {
  return find(stack, 'aws_route_table', (_, body) => body.route?.some((route: any) => route.gateway_id) && body.route.some((route: any) => route.vpc_endpoint_id));
}

const elsewhere = (route: any, zone: string) => void (route.vpc_endpoint_id = route.vpc_endpoint_id.replace(/== "[a-z0-9-]+"/, `== "${zone}"`));

const sharedZone: readonly Mutation[] = [
  mutation('replies to a zone without a way out go around the firewall', 'missing-return-route', (stack) => {
    const broken = natTable(stack);
    const guests = broken.route.filter((route: any) => route.vpc_endpoint_id);
    broken.route = broken.route.filter((route: any) => route !== guests.at(-1));
  }),
  mutation('replies come back by an endpoint of another zone', 'asymmetric-zone-route', (stack) => elsewhere(natTable(stack).route.find((route: any) => route.vpc_endpoint_id), 'us-east-1c')),
  mutation('a zone without a way out sent to an endpoint that is not there', 'firewall-zone-missing', (stack) => {
    const table = find(stack, 'aws_route_table', (address, body) => /us-east-1b/.test(address) && body.route?.some((route: any) => route.vpc_endpoint_id));
    elsewhere(table.route[0], 'us-east-1b');
  }),
];

const POD_RANGE = '100.64.0.0/16';
const inPods = (block: string | undefined) => block?.startsWith('100.64.') === true;

const association = (stack: SynthesizedStack, name: string) => find(stack, 'aws_route_table_association', (address) => address.includes(name));

const pods: readonly Mutation[] = [
  mutation('pods outside of HOME_NET', 'home-net-missing', (stack) => {
    const { ip_set: set } = find(stack, 'aws_networkfirewall_firewall_policy').firewall_policy.policy_variables.rule_variables[0];
    set.definition = set.definition.filter((block: string) => block !== POD_RANGE);
  }),
  mutation('replies to pods around the firewall', 'missing-return-route', (stack) => {
    const broken = natTable(stack);
    broken.route = broken.route.filter((route: any) => !inPods(route.cidr_block));
  }),
  mutation('pods without a network ACL', 'subnet-without-acl', (stack) => {
    const acl = find(stack, 'aws_network_acl', (_, body) => /platform/.test(body.tags.Name));
    acl.subnet_ids = acl.subnet_ids.filter((id: string) => !/secondary/.test(id));
  }),
  mutation('internet ingress that takes in the pods', 'segment-reach-too-wide', (stack) => {
    const open = find(stack, 'aws_security_group', (_, body) => body.ingress?.some((line: any) => line.cidr_blocks?.length > 0));
    open.ingress.find((line: any) => line.cidr_blocks.length > 0).cidr_blocks.push(POD_RANGE);
  }),
  mutation('pods that follow the table of another zone', 'asymmetric-zone-route', (stack) => {
    association(stack, 'platform_association-secondary-us-east-1a').route_table_id = association(stack, 'platform_association-us-east-1b').route_table_id;
  }),
  mutation('pods of a data segment with a way out', 'data-internet-route', (stack) => {
    association(stack, 'ledger_association-secondary-us-east-1a').route_table_id = association(stack, 'platform_association-us-east-1a').route_table_id;
  }),
];

export const OPTION_MUTATIONS: Readonly<Record<string, readonly Mutation[]>> = {
  'public access blocked': [
    mutation('public access blocked by nobody', 'public-access-not-blocked', (stack) => drop(stack, 'aws_vpc_block_public_access_options')),
    mutation('public access blocked before the network is excluded', 'public-access-cut', (stack) => void delete find(stack, 'aws_vpc_block_public_access_options').depends_on),
    mutation('a destroy that lets public access go', 'protection-off', (stack) => void delete find(stack, 'aws_vpc_block_public_access_options').lifecycle),
    mutation('public access blocked inwards only', 'public-access-exclusion-wide', (stack) => void (find(stack, 'aws_vpc_block_public_access_options').internet_gateway_block_mode = 'block-ingress')),
    mutation('a data subnet excluded from the block', 'public-access-exclusion-wide', (stack) => {
      const [name] = Object.entries(stack.resource!.aws_subnet!).find(([, body]) => body.tags?.tier === 'data')!;
      stack.resource!.aws_vpc_block_public_access_exclusion!.sneaky = { subnet_id: `\${aws_subnet.${name}.id}`, internet_gateway_exclusion_mode: 'allow-egress' };
    }),
  ],
  'ranges for pods': pods,
  'a way out in one zone': sharedZone,
  'a way out in two of three zones': [
    ...sharedZone.slice(0, 2),
    mutation('a zone with a way out of its own sent to another', 'asymmetric-zone-route', (stack) => {
      const table = find(stack, 'aws_route_table', (address, body) => /us-east-1a/.test(address) && body.tags.segment && body.route?.some((route: any) => route.vpc_endpoint_id));
      elsewhere(table.route[0], 'us-east-1c');
    }),
  ],
};
