/** What names no region stands in that of its provider block, which no first plan has beside it. */
import { verdictsOf } from './reviewing';

type Json = any;

const kinds = (document: Json) => Object.fromEntries(verdictsOf(document).verdicts.filter(({ family }) => family === 4).map(({ place, kind }) => [place.id.split('.').pop(), kind]));

describe('a plan', () => {
  const MORE: Json = { variables: { region: { value: 'eu' } } };
  function plan(eu: Json, written?: string): Json {
    const resource_changes: Json[] = [];
    const resources: Json[] = [];
    const add = (type: string, name: string, provider: string, after: Json, expressions: Json, unknown: Json = { region: true }) => {
      resources.push({ address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: provider, expressions });
      resource_changes.push({ address: `${type}.${name}`, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/google', change: { actions: ['create'], before: null, after: { name, ...after }, after_unknown: { id: true, self_link: true, ...unknown } } });
    };
    const to = (address: string) => ({ references: [`${address}.id`, address] });
    add('google_compute_network', 'n', 'google', { auto_create_subnetworks: false, delete_default_routes_on_create: false }, {}, {});
    for (const [name, provider] of [['here', 'google'], ['there', 'google.us']] as const) {
      add('google_compute_subnetwork', name, provider, { ip_cidr_range: '10.0.0.0/24', private_ip_google_access: false }, { network: to('google_compute_network.n') }, { network: true, region: true });
    }
    add('google_compute_router', 'r', 'google.us', {}, { network: to('google_compute_network.n') }, { network: true, region: true });
    add('google_compute_router_nat', 'nat', 'google.us', { router: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES', ...(written === undefined ? {} : { region: written }) },
      { router: to('google_compute_router.r'), ...(written === undefined ? {} : { region: { constant_value: written } }) }, written === undefined ? { region: true } : {});
    return {
      format_version: '1.2', terraform_version: '1.11.4', ...MORE, resource_changes,
      configuration: { provider_config: { google: { name: 'google', expressions: { region: eu } }, 'google.us': { name: 'google', alias: 'us', expressions: { region: { constant_value: 'us' } } } }, root_module: { resources } },
    };
  }

  test.each<[string, Json, string | undefined, object]>([
    ['another one', { constant_value: 'eu' }, undefined, { here: 'none', there: 'open' }],
    ['that of a variable', { references: ['var.region'] }, undefined, { here: 'none', there: 'open' }],
    ['one that is not known', { references: ['local.region'] }, undefined, { here: 'open', there: 'open' }],
    ['the same one', { constant_value: 'us' }, undefined, { here: 'open', there: 'open' }],
    ['another one, where the NAT writes it', { constant_value: 'eu' }, 'eu', { here: 'open', there: 'none' }],
  ])('%s', (_, eu, written, expected) => expect(kinds(plan(eu, written))).toEqual(expected));
});

test('a synthesized stack', () => {
  const network = '${google_compute_network.n.id}';
  const subnet = (more: object) => ({ name: 's', network, ip_cidr_range: '10.0.0.0/24', ...more });
  expect(kinds({
    terraform: { required_providers: { google: { source: 'hashicorp/google' } } },
    provider: { google: [{ region: 'eu' }, { alias: 'us', region: 'us' }] },
    resource: {
      google_compute_network: { n: { name: 'n', auto_create_subnetworks: false } },
      google_compute_subnetwork: { here: subnet({}), there: subnet({ provider: 'google.us' }) },
      google_compute_router: { r: { name: 'r', network, provider: 'google.us' } },
      google_compute_router_nat: { nat: { name: 'nat', router: '${google_compute_router.r.name}', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES', provider: 'google.us' } },
    },
  })).toEqual({ here: 'none', there: 'open' });
});

test('what may be in one of several subnets is in one of its own region', () => {
  const network = '${google_compute_network.n.id}';
  const subnet = (region: string) => ({ name: region, network, region, ip_cidr_range: '10.0.0.0/24' });
  const cluster = (location: string) => ({ name: 'k', location, network, subnetwork: '${element([google_compute_subnetwork.there.id, google_compute_subnetwork.here.id], 0)}', private_cluster_config: { enable_private_nodes: true } });
  expect(kinds({
    terraform: { required_providers: { google: { source: 'hashicorp/google' } } },
    resource: {
      google_compute_network: { n: { name: 'n', auto_create_subnetworks: false } },
      google_compute_subnetwork: { here: subnet('eu-west1'), there: subnet('us-east1') },
      google_compute_router: { r: { name: 'r', network, region: 'us-east1' } },
      google_compute_router_nat: { nat: { name: 'nat', router: '${google_compute_router.r.name}', region: 'us-east1', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
      google_container_cluster: { regional: cluster('eu-west1'), zonal: cluster('eu-west1-b'), open: cluster('us-east1') },
    },
  })).toEqual({ regional: 'none', zonal: 'none', open: 'open' });
});
