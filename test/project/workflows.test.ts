/** The workflows that a fork runs: pinned, with the least permissions, and free of credentials on pull requests. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const FOLDER = join(__dirname, '../../.github/workflows');
const scripts: Record<string, string> = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')).scripts;
const workflows = readdirSync(FOLDER).map((name) => [name, parse(readFileSync(join(FOLDER, name), 'utf8'))] as const);
const stepsOf = (workflow: any): any[] => Object.values<any>(workflow.jobs).flatMap((job) => job.steps);

describe.each(workflows)('%s', (name, workflow) => {
  test('pins every action to a commit', () => {
    const actions = stepsOf(workflow).flatMap(({ uses }) => (uses ? [uses] : []));
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/@[0-9a-f]{40}$/);
  });

  test('may read the repository and nothing else, unless a job says that it needs a token of a cloud', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values<any>(workflow.jobs)) {
      if (job.permissions) expect(job.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    }
  });

  test('runs only scripts that exist', () => {
    const called = stepsOf(workflow).flatMap(({ run }) => [...(run ?? '').matchAll(/npm run (?:--silent )?([a-z0-9]+)/g)].map(([, script]) => script));
    for (const script of called) expect(Object.keys(scripts)).toContain(script);
  });

  test('puts no expression into a shell', () => {
    for (const { run } of stepsOf(workflow)) expect(run ?? '').not.toContain('${{');
  });

  if (name === 'pull-request.yml') {
    // GitHub sets CI=true, where a test that lacks its program fails.
    test('brings what the tests need before they run', () => {
      const steps = stepsOf(workflow).map(({ uses, run }) => `${uses ?? ''}${run ?? ''}`);
      const check = steps.indexOf('npm run check');
      expect(check).toBeGreaterThan(0);
      for (const need of ['hashicorp/setup-terraform@', '.ci/aws-provider ']) expect(steps.slice(0, check).some((step) => step.includes(need))).toBe(true);
      expect(steps.find((step) => step.includes('.ci/aws-provider'))).toContain('EGRESS_PROVIDER_MIRROR=');
      const range = join(__dirname, '../../providers/aws.ts');
      const oldest = existsSync(range) ? />= ([\d.]+),/.exec(readFileSync(range, 'utf8'))?.[1] : undefined;
      if (oldest !== undefined) expect(readFileSync(join(__dirname, '../../.ci/aws-provider'), 'utf8')).toContain(`version = "${oldest}"`);
    });

    test('touches no credential: a fork may open it', () => {
      expect(JSON.stringify(workflow)).not.toMatch(/secrets\.|vars\.|id-token|pull_request_target/);
    });
  }
});
