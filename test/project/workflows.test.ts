/** The workflows that a fork runs: pinned, with the least permissions, and free of credentials on pull requests. */
import { readdirSync, readFileSync } from 'node:fs';
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
    test('touches no credential: a fork may open it', () => {
      expect(JSON.stringify(workflow)).not.toMatch(/secrets\.|vars\.|id-token|pull_request_target/);
    });
  }
});
