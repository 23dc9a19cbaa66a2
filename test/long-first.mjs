/**
 * The order of test files. Jest begins with those that took longest, and where it has never run them, as in a fresh
 * clone, with the largest ones: a short file of long tests then comes last, and one core waits for it.
 */
import { fileURLToPath } from 'node:url';
import Sequencer from '@jest/test-sequencer';

const LONG = [
  'project/deleting-a-cloud', 'review/aws/hcl', 'stacks/life-cycle', 'blueprints/azure/order-of-changes', 'review/review',
  'blueprints/google/removal', 'cli/command-line', 'blueprints/azure/life-cycle', 'providers/offline/lifecycle', 'review/report/html',
].map((name) => fileURLToPath(new URL(`${name}.test.ts`, import.meta.url)));

const place = ({ path }) => (LONG.includes(path) ? LONG.indexOf(path) : LONG.length);

export default class LongFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => place(a) - place(b));
  }
}
