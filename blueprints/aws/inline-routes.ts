import { RouteTable, type RouteTableConfig, type RouteTableRoute } from '@cdktf/provider-aws/lib/route-table';
import type { Construct } from 'constructs';

/**
 * Attributes of an inline route that came after the bindings. In JSON an inline route is an object, of which
 * Terraform wants every attribute that the provider knows, and leaves out what it does not know: so what any
 * version of the range has must be there (https://developer.hashicorp.com/terraform/language/attr-as-blocks).
 *
 * - `odb_network_arn`: 6.47 (https://github.com/hashicorp/terraform-provider-aws/pull/48027)
 */
const LATER_ATTRIBUTES: readonly string[] = ['odb_network_arn'];

/** A route table with all of its routes inline, for every provider of the range; an empty list takes out what others add. */
export function inlineRouteTable(scope: Construct, id: string, config: RouteTableConfig & { readonly route: readonly RouteTableRoute[] }): RouteTable {
  const table = new RouteTable(scope, id, { ...config, route: [...config.route] });
  config.route.forEach((_, index) => LATER_ATTRIBUTES.forEach((name) => table.addOverride(`route.${index}.${name}`, null)));
  return table;
}
