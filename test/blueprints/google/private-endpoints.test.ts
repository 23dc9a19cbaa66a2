import { TerraformStack, Testing } from 'cdktf';
import { GooglePrivateEndpoints } from '../../../blueprints/google/private-endpoints';
import { NEUTRAL_SERVICES, type PrivateService } from '../../../blueprints/policy/model';
import { byRole } from './stack';

const RULE = 'google_compute_network_firewall_policy_rule';

function endpoints(services: readonly PrivateService[], changes: object = {}) {
  const stack = new TerraformStack(Testing.app(), 'endpoints');
  const construct = new GooglePrivateEndpoints(stack, 'endpoints', {
    name: 'acme-prod', networkId: 'projects/acme/global/networks/n', firewallPolicy: 'policy', services,
    segments: [{ name: 'app', slot: 7, tagValueId: 'tagValues/1' }, { name: 'db', slot: 8, tagValueId: 'tagValues/2' }],
    ...changes,
  });
  return { construct, json: JSON.parse(Testing.synth(stack)) };
}

describe('private endpoints on google', () => {
  test('GIVEN one service THEN route, records and firewall rules name the same address', () => {
    const { json } = endpoints([{ name: 'object-storage' }]);
    expect(byRole(json, 'google_compute_route').route).toMatchObject({ dest_range: '199.36.153.4/30', next_hop_gateway: 'default-internet-gateway' });
    expect(byRole(json, RULE)).toMatchObject({
      'apis-app': { direction: 'EGRESS', target_secure_tags: [{ name: 'tagValues/1' }], match: { dest_ip_ranges: ['199.36.153.4/30'], layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }] } },
      'apis-db': { target_secure_tags: [{ name: 'tagValues/2' }] },
    });
    const records = byRole(json, 'google_dns_record_set');
    for (const domain of ['googleapis-com', 'gcr-io', 'pkg-dev']) {
      expect(records[`address-${domain}`].rrdatas).toEqual(['199.36.153.4', '199.36.153.5', '199.36.153.6', '199.36.153.7']);
      expect(records[`alias-${domain}`]).toMatchObject({ type: 'CNAME', rrdatas: [records[`address-${domain}`].name] });
    }
    expect(records['address-googleapis-com'].name).toBe('restricted.googleapis.com.');
    for (const zone of Object.values(byRole(json, 'google_dns_managed_zone'))) {
      expect(zone).toMatchObject({ visibility: 'private', private_visibility_config: { networks: [{ network_url: 'projects/acme/global/networks/n' }] } });
    }
  });

  test('GIVEN no service THEN nothing is made', () => {
    const { construct, json } = endpoints([]);
    expect(json.resource).toBeUndefined();
    expect(construct.endpoints).toEqual([]);
    expect(construct.residualRisks).toEqual([]);
  });

  test('another address replaces the default in route, records and rules alike', () => {
    const { json } = endpoints([{ name: 'logs' }], { apiAddress: { host: 'private.googleapis.com', range: '199.36.153.8/30', addresses: ['199.36.153.8', '199.36.153.9', '199.36.153.10', '199.36.153.11'] } });
    expect(JSON.stringify(json.resource)).not.toContain('199.36.153.4');
    expect(byRole(json, 'google_dns_record_set')['address-googleapis-com'].name).toBe('private.googleapis.com.');
  });

  test('every neutral service and the cloud\'s own names lead somewhere', () => {
    const { construct } = endpoints([...NEUTRAL_SERVICES.map((name) => ({ name })), { name: 'bigquery', cloud: 'google' as const }]);
    expect(new Set(construct.endpoints.map(({ service }) => service.name))).toEqual(new Set([...NEUTRAL_SERVICES, 'bigquery']));
    expect(construct.endpoints.map(({ target }) => target)).toContain('bigquery.googleapis.com');
    expect(new Set(construct.endpoints.map(({ target }) => target)).size).toBe(construct.endpoints.length);
    expect(construct.residualRisks).toMatchObject([{ id: 'all-apis-on-one-address', segments: ['app', 'db'] }]);
  });

  test('session access is a way in from Identity-Aware Proxy and opens nothing outwards', () => {
    const { json } = endpoints([{ name: 'session-access' }]);
    expect(byRole(json, RULE)).toMatchObject({
      'sessions-app': { direction: 'INGRESS', match: { src_ip_ranges: ['35.235.240.0/20'], layer4_configs: [{ ip_protocol: 'tcp', ports: ['22'] }] } },
    });
    expect(json.resource).not.toHaveProperty('google_compute_route');
  });

  test('a service that Google has no API for is refused with the way out', () => {
    expect(() => endpoints([{ name: 'mainframe' }])).toThrow(/no api is known for the private service 'mainframe'; write 'google:<api>'/);
  });
});
