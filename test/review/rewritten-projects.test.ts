/**
 * How a project is written makes no difference to what it lets out: the same resources in a module, with keys, or with
 * variables for what was written out, get the same verdicts and findings; and two copies of a module are judged as one is.
 */
import { parsePlan } from '../../review/plan/load';
import { review } from '../../review/review';
import { plannedOffline, type Rewrite } from '../fixtures/planned-hcl';
import { asModule, withKey, withVariables } from '../fixtures/rewritten-hcl';
import { testWithTerraform } from '../fixtures/terraform';

/** What is said of each place and resource, by its address without what a rewriting adds to it. */
function said(plan: string, added: readonly string[] = []): ReadonlyMap<string, string> {
  const plain = (text: string) => added.reduce((rest, each) => rest.replaceAll(each, ''), text);
  const { verdicts, findings } = review({ inputs: [{ ...parsePlan(plan, 'plan.json'), name: 'plan' }], today: '2026-11-27' });
  return new Map([
    ...verdicts.map(({ place, family, verdict, hosts }) => [plain(`${place} IPv${family}`), `${verdict} ${hosts.map(({ host, ports }) => `${host}:${ports.join()}`).join(' ')}`] as const),
    ...findings.map(({ rule, address, severity }) => [plain(`${rule} ${address}`), severity] as const),
  ]);
}

const KEY = 'a.b[0]';
const everything: Rewrite = (folder) => {
  withVariables(folder);
  withKey(folder, KEY);
  asModule(folder, `for_each = toset(["${KEY}"])`);
};

const PROJECTS = ['aws-hub-spoke', 'aws-modules', 'azure-hub-spoke', 'azure-defaults', 'google-fabric', 'google-policies'];
const planned = testWithTerraform();

planned.each(PROJECTS)('%s in a module with keys and variables', async (project) => {
  const [plain, rewritten] = await Promise.all([plannedOffline(project), plannedOffline(project, everything)]);
  const before = said(plain, [`["${KEY}"]`]);
  expect(before.size).toBeGreaterThan(10);
  expect(said(rewritten, [`module.m["${KEY}"].`, `["${KEY}"]`])).toEqual(before);
}, 120_000);

planned.each(['aws-single-vpc', 'google-defaults'])('%s twice', async (project) => {
  const [plain, twice] = await Promise.all([plannedOffline(project), plannedOffline(project, (folder) => asModule(folder, 'count = 2'))]);
  const before = said(plain);
  const of = (added: string) => new Map([...said(twice, [added])].filter(([place]) => !place.includes('module.m[')));
  expect(before.size).toBeGreaterThan(10);
  expect(of('module.m[0].')).toEqual(before);
  expect(of('module.m[1].')).toEqual(before);
}, 120_000);
