/** A new project has a network that everything may leave, unless somebody says otherwise. */
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
