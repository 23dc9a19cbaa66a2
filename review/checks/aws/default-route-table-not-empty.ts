/** The table of subnets that name none must lead nowhere. */
import type { AwsModel } from '../../model/aws/model';
import { inFull, type Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'default-route-table-not-empty',
  title: 'main route table with a route',
  severity: 'medium',
  why: 'A subnet that nobody associates with a table follows this one; a route in it is a way for whatever is forgotten.',
  fix: 'Adopt it with aws_default_route_table, with no routes, and associate every subnet with a table of its own.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html'],
  comparable: [],
  *run({ model }) {
    for (const table of model.tables) {
      if (table.kind !== 'default') continue;
      const route = table.routes.find(({ possible }) => possible === undefined);
      const perhaps = table.routes[0];
      if (route) yield { ...inFull(table.routes.map(({ destination, target }) => `${destination} ${target.text}`), 1), address: route.address, message: `${table.address} leads ${route.destination} to ${route.target.text}` };
      else if (perhaps) yield { address: table.address, message: `${table.address} may lead ${perhaps.destination} to ${perhaps.target.text}: ${perhaps.possible ?? ''}`, severity: 'low', confidence: 'possible' };
    }
  },
};
