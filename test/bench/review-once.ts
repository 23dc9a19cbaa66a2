/**
 * One measurement in a process of its own; prints `{milliseconds, wall, megabytes}`.
 *
 *     review-once.ts parse  <plan>... : JSON.parse of the files
 *     review-once.ts review <plan> [<base>] : from the bytes of the files to the result
 *
 * The time is that of the processor, all threads together, so that other work on the machine does
 * not count; `wall` is what somebody waits, which is less where a second core helps to collect garbage.
 * Of each the best of all runs, because the first one also compiles the code. The peak is that of the
 * first run, before anything else was in memory.
 */
import { readFileSync } from 'node:fs';
import { parsePlan } from '../../review/plan/load';
import { review } from '../../review/review';

const TODAY = '2026-11-22';
const LARGE = 50e6;

const [mode, ...files] = process.argv.slice(2) as [string, ...string[]];
const all = files.map((file) => ({ file, bytes: readFileSync(file) }));
const [plan, base] = all.map(({ file, bytes }) => () => ({ ...parsePlan(bytes, file), name: 'plan' }));

const work = mode === 'parse' ? () => all.map(({ bytes }) => JSON.parse(bytes.toString('utf8')) as unknown)
  : () => review({ inputs: [(plan as () => ReturnType<typeof parsePlan>)()], ...(base ? { base: [base()] } : {}), today: TODAY });

const runs = all.some(({ bytes }) => bytes.length > LARGE) ? 2 : 4;
let milliseconds = Infinity;
let wall = Infinity;
let megabytes = 0;
for (let run = 0; run < runs; run++) {
  const started = process.cpuUsage();
  const began = performance.now();
  work();
  wall = Math.min(wall, performance.now() - began);
  const { user, system } = process.cpuUsage(started);
  milliseconds = Math.min(milliseconds, (user + system) / 1000);
  if (run === 0) megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
}
console.log(JSON.stringify({ milliseconds: Math.round(milliseconds), wall: Math.round(wall), megabytes }));
