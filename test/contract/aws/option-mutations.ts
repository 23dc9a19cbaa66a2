/** Ways to break what an option adds, by the option's title in `test/fixtures/aws-options.ts`. */
import type { Mutation, SynthesizedStack } from '../observation';
import { find, mutation } from './mutating';

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

export const OPTION_MUTATIONS: Readonly<Record<string, readonly Mutation[]>> = {
  'a way out in one zone': sharedZone,
  'a way out in two of three zones': [
    ...sharedZone.slice(0, 2),
    mutation('a zone with a way out of its own sent to another', 'asymmetric-zone-route', (stack) => {
      const table = find(stack, 'aws_route_table', (address, body) => /us-east-1a/.test(address) && body.tags.segment && body.route?.some((route: any) => route.vpc_endpoint_id));
      elsewhere(table.route[0], 'us-east-1c');
    }),
  ],
};
