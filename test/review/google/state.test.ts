/** What a state says, which has no references: ids and numbers alone. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

const resource = (address: string, values: object) => {
  const [type, name] = address.split('.');
  return { address, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/google', values };
};

test('a binding names a machine by its number: what its tag lets out is open', () => {
  const network = 'projects/p/global/networks/main';
  const policy = (over: object) => ({ firewall_policy: 'main', direction: 'EGRESS', match: [{ dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: [{ ip_protocol: 'all', ports: [] }] }], ...over });
  const machine = (name: string, instance_id: string) => resource(`google_compute_instance.${name}`, {
    id: `projects/p/zones/europe-west1-b/instances/${name}`, name, instance_id, zone: 'europe-west1-b', network_interface: [{ network, subnetwork: 'projects/p/regions/europe-west1/subnetworks/main', access_config: [{ nat_ip: '203.0.113.5' }] }],
  });
  const state = { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: [
    resource('google_compute_network.main', { id: network, name: 'main', self_link: `https://www.googleapis.com/compute/v1/${network}` }),
    resource('google_compute_subnetwork.main', { id: 'projects/p/regions/europe-west1/subnetworks/main', name: 'main', network, ip_cidr_range: '10.0.0.0/24', region: 'europe-west1' }),
    resource('google_tags_tag_value.free', { id: 'tagValues/7', name: '7', short_name: 'free' }),
    resource('google_compute_network_firewall_policy.main', { id: 'projects/p/global/firewallPolicies/main', name: 'main' }),
    resource('google_compute_network_firewall_policy_association.main', { id: 'a', firewall_policy: 'main', attachment_target: network }),
    resource('google_compute_network_firewall_policy_rule.free', policy({ priority: 100, action: 'allow', target_secure_tags: [{ name: 'tagValues/7' }] })),
    resource('google_compute_network_firewall_policy_rule.rest', policy({ priority: 200, action: 'deny', target_secure_tags: [] })),
    machine('bound', '123456789'), machine('other', '987654321'),
    resource('google_tags_location_tag_binding.bound', { id: 'b', parent: '//compute.googleapis.com/projects/1/zones/europe-west1-b/instances/123456789', tag_value: 'tagValues/7', location: 'europe-west1-b' }),
  ] } } };
  const { verdicts } = review({ inputs: [parsePlan(JSON.stringify(state), 'state.json')], today: TODAY });
  expect(Object.fromEntries(verdicts.map(({ place, verdict }) => [place, verdict]))).toEqual({ 'google_compute_instance.bound': 'open', 'google_compute_instance.other': 'none' });
});

test('a group names its template by the link that says which of its name it is', () => {
  const network = 'projects/p/global/networks/main';
  const link = 'https://www.googleapis.com/compute/v1/projects/p/global/instanceTemplates/web';
  const state = { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: [
    resource('google_compute_network.main', { id: network, name: 'main' }),
    resource('google_compute_instance_template.web', { id: 'projects/p/global/instanceTemplates/web', name: 'web', self_link: link, self_link_unique: `${link}?uniqueId=4711`, network_interface: [{ network, access_config: [{ nat_ip: '' }] }] }),
    resource('google_compute_region_instance_group_manager.web', { id: 'm', name: 'web', region: 'europe-west1', version: [{ instance_template: `${link}?uniqueId=4711` }] }),
  ] } } };
  const { verdicts } = review({ inputs: [parsePlan(JSON.stringify(state), 'state.json')], today: TODAY });
  expect(verdicts.map(({ place, verdict }) => [place, verdict])).toEqual([['google_compute_instance_template.web', 'open']]);
});
