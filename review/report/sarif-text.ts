/** Names out of a plan in SARIF's plain text messages. */
import { printable } from '../../blueprints/policy/problems';

/** SARIF reads `[text](target)` in a message as a link, and `{0}` as a placeholder. A space keeps both from it. */
export function plainText(text: string): string {
  return printable(text).replaceAll('](', '] (').replace(/\{(?=\d)/g, '{ ');
}
