/**
 * Whether a machine has an IPv6 address: it asks for one, or its subnet gives one to whatever starts there.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html
 */
import type { Resource } from '../../plan/resource-graph';
import { flagAt, isSet, numberAt } from './read';

/** What stands in one subnet with one interface, and says itself what addresses that has; of others nobody says it. */
const ASKING = new Set(['aws_instance', 'aws_network_interface']);
const LISTS = ['ipv6_addresses', 'ipv6_address_list', 'ipv6_prefixes'];
const COUNTS = ['ipv6_address_count', 'ipv6_prefix_count'];

/** @param parts the machine, and the interfaces that it carries */
export function asksForIpv6(parts: readonly Resource[], hasTemplate: boolean): boolean {
  return hasTemplate || parts.some((each) => !ASKING.has(each.type) || LISTS.some((list) => isSet(each, list)) || COUNTS.some((count) => isSet(each, count) && numberAt(each, count) !== 0));
}

/** False where what starts there has none unless it asks; true also where the plan does not say. */
export function givesIpv6(subnet: Resource): boolean {
  return flagAt(subnet, 'ipv6_native') === true || (isSet(subnet, 'assign_ipv6_address_on_creation') ? flagAt(subnet, 'assign_ipv6_address_on_creation') !== false : subnet.mode === 'data');
}

const DUAL = ['vpc_config', 0, 'ipv6_allowed_for_dual_stack'] as const;

/**
 * True of a function that sends no IPv6, whatever its subnets have: it does with this setting alone, which is off by default. The
 * machines of a capacity provider have interfaces of their own.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-lambda-function-vpcconfig.html
 */
export function isWithoutIpv6(workload: Resource): boolean {
  if (workload.type !== 'aws_lambda_function' || isSet(workload, 'capacity_provider_config') || workload.hasUnknown('capacity_provider_config')) return false;
  return flagAt(workload, DUAL) !== true && !(workload.hasUnknown(DUAL) && isSet(workload, DUAL)) && workload.elements('vpc_config').length > 0;
}
