/** How long a review takes, against reading the same file as JSON. */
import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { largePlan } from './large-plan';

const SIZES = [1_000, 10_000, 100_000];

interface Figures {
  readonly parse: number;
  readonly review: number;
  readonly megabytes: number;
}

export function benchReviews(folder: string): void {
  const table = new Table({ head: ['review', 'plan MB', 'JSON.parse ms', 'review ms', 'x JSON.parse', 'peak MB'], style: { head: [], border: [] }, colAligns: ['left', 'right', 'right', 'right', 'right', 'right'] });
  for (const size of SIZES) {
    const file = join(folder, `plan-${size}.json`);
    writeFileSync(file, largePlan(size));
    const output = execFileSync(process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'review-once.ts'), file], { encoding: 'utf8', maxBuffer: 2 ** 24 });
    const { parse, review, megabytes } = JSON.parse(output) as Figures;
    table.push([`${size.toLocaleString('en')} resources`, (statSync(file).size / 1e6).toFixed(1), parse, review, (review / parse).toFixed(1), megabytes]);
  }
  console.log(table.toString());
}
