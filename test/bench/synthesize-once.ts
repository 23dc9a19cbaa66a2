/** One synthesis in a process of its own; prints `{milliseconds, megabytes}`. Argument: `floor`, or a policy file. */
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const started = performance.now();
const [what] = process.argv.slice(2);
const outdir = mkdtempSync(join(tmpdir(), 'bench-'));

/** What no blueprint can be faster than: the same bindings, three stacks with nothing in them. */
async function floor(): Promise<void> {
  const { App, TerraformStack, LocalBackend } = await import('cdktf');
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, stackTraces: false });
  for (const cloud of ['aws', 'google', 'azure']) {
    await import(`../../stacks/${cloud}`);
    new LocalBackend(new TerraformStack(app, cloud), { path: 'x.tfstate' });
  }
  app.synth();
}

async function build(config: string): Promise<void> {
  const { buildFromFile } = await import('../../stacks/build');
  const result = await buildFromFile({ config, outdir, today: '2026-11-22' });
  if (!result.ok) throw new Error(result.messages.join('\n'));
}

void (what === 'floor' ? floor() : build(what as string)).then(() => {
  rmSync(outdir, { recursive: true, force: true });
  // From process start, so that loading modules counts.
  const milliseconds = Math.round(performance.now());
  console.log(JSON.stringify({ milliseconds, inScript: Math.round(performance.now() - started), megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
});
