/** What a replacement left to be deleted later runs until then, and a state has it beside its successor. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

const resource = (address: string, values: object, more: object = {}) => {
  const [type, name] = address.split('.');
  return { address, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/google', schema_version: 0, values, ...more };
};
const API = 'https://www.googleapis.com/compute/v1/';
const NETWORK = 'projects/acme/global/networks/main';
const SUBNET = 'projects/acme/regions/europe-west1/subnetworks/app';
const machine = (name: string, access_config: readonly object[], more?: object) => resource('google_compute_instance.app', {
  id: `projects/acme/zones/europe-west1-b/instances/${name}`, name, project: 'acme', zone: 'europe-west1-b', network_interface: [{ network: `${API}${NETWORK}`, subnetwork: `${API}${SUBNET}`, access_config }],
}, more);
const STATE = { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: [
  resource('google_compute_network.main', { id: NETWORK, self_link: `${API}${NETWORK}`, name: 'main', project: 'acme', auto_create_subnetworks: false, delete_default_routes_on_create: false }),
  resource('google_compute_subnetwork.app', { id: SUBNET, self_link: `${API}${SUBNET}`, name: 'app', project: 'acme', region: 'europe-west1', network: `${API}${NETWORK}`, ip_cidr_range: '10.0.0.0/24', private_ip_google_access: false }),
  machine('app-new', []),
  machine('app-old', [{ nat_ip: '8.8.4.4' }], { deposed_key: 'ab12cd34' }),
] } } };

test('a deposed machine is a place of its own', () => {
  const { verdicts, findings } = review({ inputs: [{ ...parsePlan(JSON.stringify(STATE), 'state.json'), name: 'state.json' }], today: TODAY });
  expect(verdicts.map(({ place, verdict }) => [place, verdict])).toEqual([['google_compute_instance.app', 'none'], ['google_compute_instance.app (deposed ab12cd34)', 'open']]);
  expect(findings.map(({ rule, address }) => `${rule} ${address}`)).toContain('external-address google_compute_instance.app');
});
