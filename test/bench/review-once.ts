/** One review in a process of its own; prints `{parse, review, megabytes}` in milliseconds. Argument: a plan. */
import { readFileSync } from 'node:fs';
import { parsePlan } from '../../review/plan/load';
import { review } from '../../review/review';

const [file] = process.argv.slice(2) as [string];
const bytes = readFileSync(file);

/** The second time counts: the first one also loads and compiles code. */
function timed(work: () => unknown): number {
  work();
  const started = performance.now();
  work();
  return performance.now() - started;
}

const parse = timed(() => JSON.parse(bytes.toString('utf8')));
const reviewed = timed(() => review({ inputs: [parsePlan(bytes, file)], today: '2026-11-22' }));
console.log(JSON.stringify({ parse: Math.round(parse), review: Math.round(reviewed), megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
