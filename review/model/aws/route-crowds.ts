/**
 * Routes of one block for tables of which the plan does not say which is whose. A table takes one route to a destination:
 * where there are as many as tables that are likely meant, each of these has one of them.
 */
import type { Resource } from '../../plan/resource-graph';
import type { AwsRoute } from './route-tables';

interface Crowd {
  readonly tables: readonly Resource[];
  readonly routes: AwsRoute[];
  readonly reason: string;
}

/** More tables than that are asked for none. */
const MOST = 64;

export class RouteCrowds {
  private readonly crowds = new Map<string, Crowd>();

  add({ name, moduleAddress }: Resource, tables: readonly Resource[], routes: readonly AwsRoute[], reason: string): void {
    const [route, ...more] = routes;
    if (!route || more.length > 0 || tables.length > MOST) return;
    const key = [moduleAddress, name, route.destination, route.target.kind, ...tables.map(({ address }) => address).sort()].join(' ');
    const crowd = this.crowds.get(key) ?? { tables, routes: [], reason };
    crowd.routes.push(route);
    this.crowds.set(key, crowd);
  }

  /** One route for each table, which leads where any of them may. */
  *shared(): Iterable<readonly [table: Resource, route: AwsRoute]> {
    for (const { tables, routes, reason } of this.crowds.values()) {
      const [first] = routes;
      const isTold = ({ unknown, possible, target }: AwsRoute) => unknown === undefined && possible === undefined && target.unknown === undefined && target.resources.unknown === undefined;
      if (!first || routes.length !== tables.length || !routes.every(isTold)) continue;
      const likely = new Set(routes.flatMap(({ target }) => target.resources.likely));
      const others = new Set(routes.flatMap(({ target }) => target.resources.others).filter((each) => !likely.has(each)));
      const { kind, text } = first.target;
      const route: AwsRoute = { ...first, target: { kind, text, resources: { likely: [...likely], others: [...others], widened: reason } }, guessed: reason };
      for (const table of tables) yield [table, route];
    }
  }
}
