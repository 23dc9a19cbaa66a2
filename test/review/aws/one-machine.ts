import type { Resources } from '../as-plan';
import { ref, WORLD } from '../sound-stack';

/** A machine with a public address and a way out, and a group with these lines outwards. */
export function oneMachine(egress: readonly object[], more: Resources = {}): Resources {
  const vpc_id = ref('aws_vpc', 'main');
  return {
    aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
    aws_internet_gateway: { main: { vpc_id } },
    aws_subnet: { app: { vpc_id, cidr_block: '10.0.1.0/24' } },
    aws_route_table: { app: { vpc_id, route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }] } },
    aws_route_table_association: { app: { subnet_id: ref('aws_subnet', 'app'), route_table_id: ref('aws_route_table', 'app') } },
    aws_security_group: { app: { vpc_id, ingress: [], egress } },
    aws_instance: { app: { subnet_id: ref('aws_subnet', 'app'), vpc_security_group_ids: [ref('aws_security_group', 'app')], associate_public_ip_address: true } },
    ...more,
  } as Resources;
}
