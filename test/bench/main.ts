/**
 * `npm run bench`: speed and memory as ratios, so that two machines can be compared.
 *
 * Each figure is the best of several runs, each in a process of its own.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { benchPlans } from './plans';
import { policy } from './policies';
import { benchReviews } from './reviews';

const ROOT = join(__dirname, '../..');
const RUNS = 3;

interface Figures {
  readonly milliseconds: number;
  readonly megabytes: number;
}

function once(argument: string): Figures {
  const output = execFileSync(process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'synthesize-once.ts'), argument], {
    cwd: ROOT, encoding: 'utf8', env: { ...process.env, CI: 'true' },
  });
  return JSON.parse(output.trim().split('\n').at(-1) as string) as Figures;
}

function best(argument: string, runs = RUNS): Figures {
  const figures = Array.from({ length: runs }, () => once(argument));
  return {
    milliseconds: Math.min(...figures.map(({ milliseconds }) => milliseconds)),
    megabytes: Math.min(...figures.map(({ megabytes }) => megabytes)),
  };
}


function benchSynthesis(folder: string): void {
  const file = (name: string, text: string) => {
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, text);
    return path;
  };
  const floor = best('floor');
  const rows: [string, Figures][] = [
    ['floor: the same bindings, empty stacks', floor],
    ['the example policy', best(join(ROOT, 'egress.yaml'))],
    ['5 segments, 100 hosts', best(file('s5', policy(5, 100)))],
    ['50 segments, 100 hosts', best(file('s50', policy(50, 100)))],
    ['5 segments, 1,000 hosts', best(file('h1000', policy(5, 1_000)))],
    ['5 segments, 10,000 hosts', best(file('h10000', policy(5, 10_000)), 2)],
  ];
  const table = new Table({ head: ['synthesis', 'ms', 'x floor', 'peak MB'], style: { head: [], border: [] }, colAligns: ['left', 'right', 'right', 'right'] });
  for (const [name, { milliseconds, megabytes }] of rows) {
    table.push([name, milliseconds, (milliseconds / floor.milliseconds).toFixed(2), megabytes]);
  }
  console.log(table.toString());
  const above = (index: number) => Math.max(1, (rows[index] as [string, Figures])[1].milliseconds - floor.milliseconds);
  console.log(`above the floor: 5 -> 50 segments x${(above(3) / above(2)).toFixed(1)}; 1,000 -> 10,000 hosts x${(above(5) / above(4)).toFixed(1)} (10 is linear)`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-policies-'));
  try {
    benchSynthesis(folder);
    await benchPlans(folder);
    await benchReviews(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
