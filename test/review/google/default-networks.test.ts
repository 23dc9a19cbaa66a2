/** A new project has a network that everything may leave, unless somebody says otherwise. */
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import { review as judge } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { asPlan } from '../as-plan';
import { review, stack } from './reviewing';

type Resources = Record<string, Record<string, any>>;

describe('a project that begins with the default network', () => {
  const project = (more: object): Resources => ({ google_project: { p: { project_id: 'p', ...more } } });
  const of = (owner: string): Resources => ({ google_org_policy_policy: { o: { name: `${owner}/policies/compute.skipDefaultNetworkCreation`, spec: [{ rules: [{ enforce: 'TRUE' }] }] } } });
  test.each<[string, Resources, number]>([
    ['unless told otherwise', project({}), 1],
    ['as somebody says', project({ auto_create_network: true }), 1],
    ['is none where nobody wants it', project({ auto_create_network: false }), 0],
    ['is none where an organization policy makes none', { ...project({}), ...of('organizations/1') }, 0],
    ['whatever holds for another project', { ...project({}), ...of('projects/other') }, 1],
  ])('%s', (_, parts, found) => {
    expect(review(stack(parts)).findings.filter((each) => each === 'default-network-used google_project.p')).toHaveLength(found);
  });
});

test('every project has one: what denies in that of one project closes nothing in that of another, nor in another file', () => {
  const deny = (own: object) => ({ google_compute_firewall: { deny: { name: 'deny', ...own, network: 'default', direction: 'EGRESS', priority: 1, deny: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/0'] } } });
  const machine = (own: object) => ({ google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ network: 'default', access_config: [{}] }], ...own } } });
  const fileOf = (resource: Record<string, Record<string, unknown>>, name: string) => parsePlan(JSON.stringify(asPlan(resource)), name);
  const verdict = (...inputs: readonly PlanFile[]) => judge({ inputs, today: TODAY, together: true }).verdicts.find(({ place, family }) => place.endsWith('google_compute_instance.m') && family === 4)?.verdict;
  const [p, q] = [{ project: 'p' }, { project: 'q' }];
  expect([[p, p], [{}, {}], [p, {}], [p, q]].map(([one, other]) => verdict(fileOf({ ...deny(one!), ...machine(other!) }, 'a.json')))).toEqual(['none', 'none', 'none', 'open']);
  expect([[p, p], [{}, {}], [p, {}], [p, q]].map(([one, other]) => verdict(fileOf(deny(one!), 'a.json'), fileOf(machine(other!), 'b.json')))).toEqual(['none', 'open', 'open', 'open']);
});

test('and whose it is, a provider block tells as well', () => {
  const stackOf = (...providers: readonly object[]): PlanFile => parsePlan(JSON.stringify({
    provider: { google: providers },
    resource: {
      google_compute_firewall: { deny: { name: 'deny', network: 'default', direction: 'EGRESS', priority: 1, deny: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/0'] } },
      google_compute_instance: { m: { ...(providers.length > 1 ? { provider: 'google.other' } : {}), name: 'm', zone: 'r-a', network_interface: [{ network: 'default', access_config: [{}] }] } },
    },
    data: { google_compute_image: { debian: { project: 'debian-cloud', family: 'debian-12' } } },
  }), 'cdk.tf.json');
  const verdict = (input: PlanFile) => judge({ inputs: [input], today: TODAY }).verdicts.find(({ place, family }) => place === 'google_compute_instance.m' && family === 4)?.verdict;
  expect(verdict(stackOf({ project: 'p' }))).toBe('none');
  expect(verdict(stackOf({ project: 'p' }, { alias: 'other', project: 'p', region: 'r' }))).toBe('none');
  expect(verdict(stackOf({ project: 'p' }, { alias: 'other', project: 'q' }))).toBe('open');
});
