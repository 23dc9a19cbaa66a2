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

const WORLD = '0.0.0.0/0';
const named = (stack: SynthesizedStack, type: string, part: RegExp) => find(stack, type, (_, body) => part.test(body.tags?.Name ?? ''));
/** The entry of a data segment's ACL for one range of S3's. */
const ofRange = (stack: SynthesizedStack, direction: 'ingress' | 'egress', block = '16.182.0.0/16') => named(stack, 'aws_network_acl', /-ledger$/)[direction].find((entry: any) => entry.cidr_block === block);
const without = (stack: SynthesizedStack, direction: 'ingress' | 'egress') => {
  const acl = named(stack, 'aws_network_acl', /-ledger$/);
  acl[direction] = acl[direction].filter((entry: any) => entry.cidr_block !== '16.182.0.0/16');
};
const s3List = (stack: SynthesizedStack): any => Object.values(stack.data!.aws_ec2_managed_prefix_list!).find(({ name }) => name.endsWith('.s3'));
const s3Gateway = (stack: SynthesizedStack) => named(stack, 'aws_vpc_endpoint', /-s3-gateway$/);
const ledgerTable = (stack: SynthesizedStack) => named(stack, 'aws_route_table', /-ledger-us-east-1a$/);

const gateways: readonly Mutation[] = [
  mutation('gateway endpoint missing from the table of a data segment', 'gateway-route-missing', (stack) => {
    const gateway = s3Gateway(stack);
    gateway.route_table_ids = gateway.route_table_ids.filter((id: string) => !/ledger/.test(id));
  }),
  mutation('gateway endpoint that lets everything through', 'endpoint-policy-full-access', (stack) => {
    s3Gateway(stack).policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] });
  }),
  mutation('range of a service widened to the world', 'acl-open-to-internet', (stack) => void (ofRange(stack, 'egress').cidr_block = WORLD)),
  mutation('range of a service widened by its neighbour', 'acl-open-to-internet', (stack) => void (ofRange(stack, 'egress').cidr_block = '16.182.0.0/15')),
  mutation('range that no list has', 'acl-open-to-internet', (stack) => void named(stack, 'aws_network_acl', /-ledger$/).egress.push({ action: 'allow', protocol: 'tcp', rule_no: 90, from_port: 443, to_port: 443, cidr_block: '51.20.0.0/16' })),
  mutation('range of a service that the segment does not use', 'acl-open-to-internet', (stack) => {
    named(stack, 'aws_network_acl', /-reporting$/).egress.push({ ...ofRange(stack, 'egress', '52.94.0.0/22') });
  }),
  mutation('range of a service on every port', 'acl-open-to-internet', (stack) => void Object.assign(ofRange(stack, 'egress'), { from_port: 0, to_port: 65535 })),
  mutation('replies of a service from the world', 'acl-open-to-internet', (stack) => void (ofRange(stack, 'ingress').cidr_block = WORLD)),
  mutation('calls from a service, not replies alone', 'acl-open-to-internet', (stack) => void (ofRange(stack, 'ingress').from_port = 22)),
  mutation('replies of a service refused', 'acl-replies-missing', (stack) => without(stack, 'ingress')),
  mutation('range of a service left out', 'acl-blocks-gateway', (stack) => without(stack, 'egress')),
  mutation('prefix list turned into the world', 'wide-group-egress', (stack) => {
    const line = named(stack, 'aws_security_group', /-ledger-rules$/).egress.find(({ prefix_list_ids }: any) => prefix_list_ids.length > 0);
    Object.assign(line, { prefix_list_ids: [], cidr_blocks: [WORLD] });
  }),
  mutation('NAT route beside the gateway of a data segment', 'data-internet-route', (stack) => {
    ledgerTable(stack).route.push({ cidr_block: WORLD, nat_gateway_id: `\${aws_nat_gateway.${Object.keys(stack.resource!.aws_nat_gateway!)[0]}.id}` });
  }),
  mutation('route to the ranges by a NAT gateway in place of the gateway endpoint', 'data-internet-route', (stack) => {
    const gateway = s3Gateway(stack);
    gateway.route_table_ids = gateway.route_table_ids.filter((id: string) => !/ledger/.test(id));
    ledgerTable(stack).route.push({ cidr_block: '16.182.0.0/16', nat_gateway_id: `\${aws_nat_gateway.${Object.keys(stack.resource!.aws_nat_gateway!)[0]}.id}` });
  }),
  mutation("written ranges that nothing holds against AWS's list", 'gateway-ranges-unchecked', (stack) => void delete s3List(stack).lifecycle),
  mutation('addresses that AWS does not have, unnoticed', 'gateway-ranges-unchecked', (stack) => void s3List(stack).lifecycle.postcondition.pop()),
];

/** The statement of an endpoint's policy with this Sid. */
const statement = (stack: SynthesizedStack, service: string, sid: string, edit: (statement: any) => void) => {
  const endpoint = find(stack, 'aws_vpc_endpoint', (_, body) => body.service_name.endsWith(`.${service}`) && body.vpc_endpoint_type === 'Interface');
  const policy = JSON.parse(endpoint.policy);
  edit(policy.Statement.find(({ Sid }: any) => Sid === sid));
  endpoint.policy = JSON.stringify(policy);
};

export const OPTION_MUTATIONS: Readonly<Record<string, readonly Mutation[]>> = {
  'endpoints and names': [
    mutation('redirections trusted that the policy wants inspected', 'dns-redirection-trusted', (stack) => void (find(stack, 'aws_route53_resolver_firewall_rule', (address) => /hosts-1/.test(address)).firewall_domain_redirection_action = 'TRUST_REDIRECTION_DOMAIN')),
    mutation("anybody's bucket readable", 'endpoint-policy-full-access', (stack) => statement(stack, 's3', 'ReadNamedBucketsOfOthers', (each) => void (each.Resource = '*'))),
    mutation("others' buckets writable", 'endpoint-policy-full-access', (stack) => statement(stack, 's3', 'ReadNamedBucketsOfOthers', (each) => void (each.Action = 's3:*'))),
    mutation("web identities into anybody's roles", 'endpoint-policy-full-access', (stack) => statement(stack, 'sts', 'WebIdentitiesIntoOwnRoles', (each) => void (each.Resource = '*'))),
    mutation('resources of every organization', 'endpoint-policy-full-access', (stack) => statement(stack, 'lambda', 'OwnIdentitiesOnOwnResources', (each) => void delete each.Condition.StringEquals['aws:ResourceOrgID'])),
  ],
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
  'gateway endpoints for closed segments': gateways,
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
