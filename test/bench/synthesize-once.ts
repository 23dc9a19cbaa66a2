/** One synthesis in a process of its own; prints `{milliseconds, megabytes}`. Argument: `floor`, or a policy file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [what] = process.argv.slice(2);
const outdir = mkdtempSync(join(tmpdir(), 'bench-'));

/* eslint-disable @typescript-eslint/no-require-imports -- what is loaded is what is measured */

/** What no blueprint can be faster than: the same bindings, three stacks with nothing in them. */
function floor(): void {
  const { App, TerraformStack, LocalBackend } = require('cdktf') as typeof import('cdktf');
  const app = new App({ outdir, stackTraces: false });
  for (const cloud of ['aws', 'google', 'azure']) {
    require(`../../stacks/${cloud}`);
    new LocalBackend(new TerraformStack(app, cloud), { path: 'x.tfstate' });
  }
  app.synth();
}

function build(config: string): void {
  const { buildFromFile } = require('../../stacks/build') as typeof import('../../stacks/build');
  const result = buildFromFile({ config, outdir, today: '2026-11-22' });
  if (!result.ok) throw new Error(result.messages.join('\n'));
}

if (what === 'floor') floor();
else build(what as string);
rmSync(outdir, { recursive: true, force: true });
// From process start, so that loading modules counts.
console.log(JSON.stringify({ milliseconds: Math.round(performance.now()), megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
