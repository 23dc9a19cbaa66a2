/** Routes and rules that a plan adds to tables and groups which it does not show: no verdict speaks of whoever uses them. */
import { INTERNET } from '../../model/addresses';
import { isWorldly, leaves, leavingRoutes, ruleText } from '../../model/aws/facts';
import { namedTraffic } from '../../model/aws/groups';
import type { AwsModel } from '../../model/aws/model';
import { isSet, textAt } from '../../model/aws/read';
import type { AwsRoute } from '../../model/aws/route-tables';
import { union } from '../../model/ranges';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'way-out-elsewhere',
  title: 'way out for a network that is not in the plan',
  severity: 'high',
  why: 'Whatever stands in that network gets the way, and no plan shows what that is: its verdicts stay as they were.',
  fix: 'Make the change where the table, the group or the subnet is made, or read them as data sources and review the state of that network, too.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html', 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  comparable: [],
  *run({ model }) {
    for (const route of model.foreign.routes) {
      if (leaves(route, NO_TABLE)) yield hitOf(route.address, `${route.address} leads ${route.destination} to ${route.target.text}, in a table that is not in the plan`, route);
    }
    for (const association of model.graph.ofType('aws_route_table_association')) {
      if (!isSet(association, 'subnet_id') || association.references('subnet_id', { types: ['aws_subnet', 'aws_default_subnet'] }).targets.length > 0) continue;
      for (const target of association.references('route_table_id', { types: ['aws_route_table', 'aws_default_route_table'] }).targets) {
        const [route] = leavingRoutes(model.find.table(target));
        if (route) yield hitOf(association.address, `${association.address} gives ${textAt(association, 'subnet_id') ?? 'a subnet'}, which is not in the plan, a table that leads ${route.destination} to ${route.target.text}`, route);
      }
    }
    for (const rule of model.foreign.rules) {
      if (rule.direction !== 'egress') continue;
      const isWide = ([4, 6] as const).some((family) => isWorldly(union(...namedTraffic(rule, family, INTERNET[family]).boxes.map((box) => box.destinations)), family));
      if (isWide || rule.unknown !== undefined) yield { address: rule.address, message: `${rule.address} allows ${ruleText(rule)}, in a group that is not in the plan`, severity: 'medium' };
    }
  },
};

const NO_TABLE = { address: '', kind: 'own', routes: [], gatewayServices: new Set<string>(), possibleServices: new Set<string>() } as const;

/** A firewall or an appliance is a way that somebody watches, as far as anybody knows. */
function hitOf(address: string, message: string, { target }: AwsRoute): Hit {
  return { address, message, ...(target.kind === 'firewall' || target.kind === 'endpoint' ? { severity: 'low' as const } : {}) };
}
