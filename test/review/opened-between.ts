/** What a change of a stack opens and closes, in short. */
import { parsePlan } from '../../review/plan/load';
import { review } from '../../review/review';
import { TODAY } from '../fixtures/stacks';

/** Of two stacks as they are synthesized: `opened tls api.stripe.com:443`. */
export function openedBetween(before: unknown, after: unknown): readonly string[] {
  const [base, input] = [before, after].map((document) => parsePlan(JSON.stringify(document), 'stack.json'));
  return review({ inputs: [input!], base: [base!], today: TODAY }).diff!.reach.map(({ change, what, places }) => `${change} ${what}${places ? ` of ${places.join()}` : ''}`);
}
