/** How long a review takes and how much memory, against reading the same file as JSON. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Browser, EXECUTABLE } from '../review/report/chromium';
import { awsEstate } from './estates/aws';
import { azureEstate } from './estates/azure';
import { planText, type Estate, type PlanOptions } from './estates/estate';
import { googleEstate } from './estates/google';
import { MANY_RULES } from './estates/many-rules';

const ROOT = join(__dirname, '../..');
const LARGEST = 100_000;
// eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript, as cli/run.mjs runs it before anything is installed
const { NODE_FLAGS } = require('../../cli/node-flags.cjs') as { readonly NODE_FLAGS: readonly string[] };

/** Both sides run as `cli/run.mjs` runs a review. */
interface Figures {
  /** Of the processor. */
  readonly milliseconds: number;
  /** On the clock. */
  readonly wall: number;
  readonly megabytes: number;
}

/** Plans whose machines share groups or tags, as most do, and plans in which every machine has its own. */
const ESTATES: readonly (readonly [name: string, estate: Estate, sizes: readonly number[]])[] = [
  ['AWS', awsEstate(), [1_000, 10_000, 100_000]],
  ['AWS, every machine differs', awsEstate(true), [1_000, 10_000, 100_000]],
  ['Google Cloud', googleEstate(), [1_000, 10_000, 40_000]],
  ['Google Cloud, every machine differs', googleEstate(true), [10_000]],
  ['Azure', azureEstate(), [1_000, 10_000, 40_000]],
  ['Azure, every machine differs', azureEstate(true), [10_000]],
];

export async function benchReviews(folder: string): Promise<void> {
  const table = new Table({ head: ['review', 'plan MB', 'JSON.parse, CPU ms', 'review, CPU ms', 'x JSON.parse', 'x on the clock', 'peak MB (JSON.parse)'], style: { head: [], border: [] }, colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'] });
  const growth: string[] = [];
  const write = (estate: Estate, options: PlanOptions): string => {
    const file = join(folder, 'plan.json');
    writeFileSync(file, planText(estate, options));
    return file;
  };
  const row = (name: string, ...files: readonly string[]): Figures => {
    const parse = measured('parse', files);
    const review = measured('review', files);
    const megabytes = files.reduce((sum, file) => sum + statSync(file).size / 1e6, 0);
    table.push([name, megabytes.toFixed(1), parse.milliseconds, review.milliseconds, (review.milliseconds / parse.milliseconds).toFixed(1), (review.wall / parse.wall).toFixed(1), `${review.megabytes} (${parse.megabytes})`]);
    return review;
  };
  for (const [name, estate, sizes] of ESTATES) {
    const times = sizes.map((resources) => row(`${name}, ${count(resources)}`, write(estate, { resources })).milliseconds);
    const [before, last] = times.slice(-2) as [number, number?];
    const [from, to] = sizes.slice(-2) as [number, number?];
    if (last !== undefined && to !== undefined) growth.push(`${name} ${count(from)} -> ${count(to)} x${(last / before).toFixed(1)} (${to / from} is linear)`);
  }
  const base = join(folder, 'base.json');
  writeFileSync(base, planText(awsEstate(true), { resources: 10_000 }));
  row('AWS, 10,000 with --base', write(awsEstate(), { resources: 10_000 }), base);
  for (const resources of [10_000, LARGEST]) {
    row(`AWS, ${count(resources)} that exist, nothing changes`, write(awsEstate(), { resources, exists: true }));
    row(`AWS, ${count(resources)} that exist, one in 100 changes`, write(awsEstate(), { resources, exists: true, oneChangedIn: 100 }));
  }
  for (const { name, rules, resources } of MANY_RULES) {
    const [few, all] = [rules / 4, rules].map((each) => {
      const file = join(folder, 'cdk.tf.json');
      writeFileSync(file, JSON.stringify({ resource: resources(each) }));
      return row(`${name}, ${count(each)}`, file).milliseconds;
    }) as [number, number];
    growth.push(`${name} ${count(rules / 4)} -> ${count(rules)} x${(all / few).toFixed(1)} (4 is linear)`);
  }
  console.log(table.toString());
  console.log(`growth: ${growth.join('; ')}`);
  console.log(`the whole command on the AWS plan of ${count(LARGEST)}, for a terminal: ${command(write(awsEstate(), { resources: LARGEST }))} ms`);
  await benchPage(write(awsEstate(), { resources: 10_000 }), join(folder, 'page.html'));
}

/** From the file to the written page, by the command line; and the page in a real browser, where there is one. */
async function benchPage(plan: string, page: string): Promise<void> {
  const written = command(plan, '--html', page);
  let opened = 'no Chromium here to open it';
  if (EXECUTABLE !== undefined && existsSync(EXECUTABLE)) {
    const browser = await Browser.start();
    try {
      opened = `Chromium opens it in ${Math.round((await browser.open(readFileSync(page, 'utf8'))).opened)} ms`;
    } finally {
      await browser.close();
    }
  }
  console.log(`page of the AWS plan of 10,000: written ${written} ms after the command (${(statSync(page).size / 1e6).toFixed(1)} MB); ${opened}`);
}

/** @returns milliseconds on the clock, from the start of Node to the end of the report */
function command(plan: string, ...reports: readonly string[]): number {
  const started = performance.now();
  execFileSync(process.execPath, [...NODE_FLAGS, '--require', 'tsx/cjs', join(ROOT, 'cli/main.ts'), 'review', plan, ...reports, '--fail-on', 'none', '--allow-unknown'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  return Math.round(performance.now() - started);
}

function measured(mode: 'parse' | 'review', files: readonly string[]): Figures {
  const output = execFileSync(process.execPath, [...NODE_FLAGS, '--require', 'tsx/cjs', join(__dirname, 'review-once.ts'), mode, ...files], { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 24 });
  return JSON.parse(output) as Figures;
}

function count(resources: number): string {
  return resources.toLocaleString('en');
}
