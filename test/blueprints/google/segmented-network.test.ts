import { TerraformStack, Testing } from 'cdktf';
import { BlueprintError } from '../../../blueprints/blueprint-error';
import { GoogleSegmentedNetwork } from '../../../blueprints/google/segmented-network';
import { planAddresses } from '../../../blueprints/policy/address-plan';
import { fixture, policyOf } from '../../fixtures/stacks';
import { byRole, googleStack } from './stack';

const RULE = 'google_compute_network_firewall_policy_rule';

function networkAlone(name = 'acme-prod', overrides: object = {}) {
  const { policy } = policyOf(fixture('full'));
  const stack = new TerraformStack(Testing.app(), 'alone');
  const google = policy.environments[0]!.google!;
  const network = new GoogleSegmentedNetwork(stack, 'network', {
    name, project: google.project, region: google.region, segments: policy.segments, rules: policy.allow, addresses: planAddresses(policy, google), ...overrides,
  });
  return { network, json: JSON.parse(Testing.synth(stack)) };
}

describe('a segmented network on google', () => {
  test('GIVEN no egress control WHEN made alone THEN it is closed: denies, association, no route and no NAT', () => {
    const { json } = networkAlone();
    const rules = byRole(json, RULE);
    expect(rules['deny-all-ipv4']).toMatchObject({ action: 'deny', direction: 'EGRESS', priority: 2_000_000_000, match: { dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: [{ ip_protocol: 'all' }] } });
    expect(rules['deny-all-ipv6']).toMatchObject({ action: 'deny', direction: 'EGRESS', priority: 2_000_000_001, match: { dest_ip_ranges: ['::/0'] } });
    expect(rules['deny-all-ipv4']).not.toHaveProperty('target_secure_tags');
    expect(Object.keys(json.resource.google_compute_network_firewall_policy_association)).toHaveLength(1);
    expect(json.resource).not.toHaveProperty('google_compute_route');
    expect(json.resource).not.toHaveProperty('google_compute_router_nat');
  });

  test('the VPC keeps no default route, makes no subnet by itself and evaluates the policy before classic rules', () => {
    expect(byRole(networkAlone().json, 'google_compute_network').network).toMatchObject({
      auto_create_subnetworks: false,
      delete_default_routes_on_create: true,
      network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL',
      enable_ula_internal_ipv6: false,
    });
  });

  test('each segment has one subnet, IPv4 only, with every flow logged', () => {
    const subnets = byRole(networkAlone().json, 'google_compute_subnetwork');
    expect(Object.keys(subnets).sort()).toEqual(['subnet-edge', 'subnet-ledger', 'subnet-payments', 'subnet-platform', 'subnet-reporting']);
    for (const subnet of Object.values(subnets)) {
      expect(subnet).toMatchObject({ stack_type: 'IPV4_ONLY', private_ip_google_access: true, log_config: { flow_sampling: 1, metadata: 'INCLUDE_ALL_METADATA' } });
    }
  });

  test('one tag key for the network: a machine can carry one of its values and so be in one segment', () => {
    const { json } = networkAlone();
    expect(byRole(json, 'google_tags_tag_key')['segment-tag']).toMatchObject({
      parent: 'projects/acme-prod', purpose: 'GCE_FIREWALL', purpose_data: { network: expect.stringMatching(/^acme-prod\/\$\{google_compute_network\..*\.name\}$/) },
    });
    const values = Object.values(byRole(json, 'google_tags_tag_value'));
    expect(values.map(({ short_name: name }) => name).sort()).toEqual(['edge', 'ledger', 'payments', 'platform', 'reporting']);
    expect(new Set(values.map(({ parent }) => parent)).size).toBe(1);
  });

  test('a call between segments is allowed on both sides: out to the callee\'s range, in from the caller\'s tag', () => {
    const rules = byRole(networkAlone().json, RULE);
    expect(rules['out-payments-to-ledger']).toMatchObject({
      direction: 'EGRESS', target_secure_tags: [{ name: expect.stringContaining('tag-payments') }],
      match: { layer4_configs: [{ ip_protocol: 'tcp', ports: ['5432'] }], dest_ip_ranges: [expect.stringMatching(/^10\.30\./)] },
    });
    expect(rules['in-payments-to-ledger']).toMatchObject({
      direction: 'INGRESS', target_secure_tags: [{ name: expect.stringContaining('tag-ledger') }],
      match: { layer4_configs: [{ ip_protocol: 'tcp', ports: ['5432'] }], src_secure_tags: [{ name: expect.stringContaining('tag-payments') }] },
    });
    expect(rules['in-payments-to-ledger'].match).not.toHaveProperty('src_ip_ranges');
  });

  test('a segment that accepts itself over tcp and udp gets one rule per side', () => {
    const rules = byRole(networkAlone().json, RULE);
    expect(rules['in-platform-to-platform'].match.layer4_configs).toEqual([{ ip_protocol: 'tcp', ports: ['7946'] }, { ip_protocol: 'udp', ports: ['7946'] }]);
    expect(Object.keys(rules).filter((id) => id.endsWith('-payments-to-payments'))).toEqual([]);
  });

  test('the internet is Google\'s load balancers over tcp, and can be replaced', () => {
    expect(byRole(networkAlone().json, RULE)['in-internet-tcp-to-edge'].match).toMatchObject({
      src_ip_ranges: ['130.211.0.0/22', '35.191.0.0/16'], layer4_configs: [{ ip_protocol: 'tcp', ports: ['80', '443'] }],
    });
    const { json } = networkAlone('acme-prod', { internetSources: { tcp: ['198.51.100.0/24'] } });
    expect(byRole(json, RULE)['in-internet-tcp-to-edge'].match.src_ip_ranges).toEqual(['198.51.100.0/24']);
  });

  test('every rule is logged, every query is logged, and no other name server is asked', () => {
    const { json } = networkAlone();
    expect(Object.values(byRole(json, RULE)).filter(({ enable_logging: logged }) => logged !== true)).toEqual([]);
    const dns = byRole(json, 'google_dns_policy')['dns-policy'];
    expect(dns).toMatchObject({ enable_logging: true, enable_inbound_forwarding: false });
    expect(dns).not.toHaveProperty('alternative_name_server_config');
  });

  test('a name that Google would refuse is refused at construction, every one of them', () => {
    const tooLong = () => networkAlone('a'.repeat(56));
    expect(tooLong).toThrow(BlueprintError);
    expect(tooLong).toThrow(/has 65 characters and may have 63; shorten/);
    expect(() => networkAlone('Acme')).toThrow(/'Acme' is no resource name/);
    try {
      tooLong();
    } catch (error) {
      expect((error as BlueprintError).problems).toHaveLength(3);
    }
  });

  test('no rule moves when a segment comes', () => {
    const before = googleStack();
    const added = fixture('full').replace('segments:\n', 'segments:\n  - { name: aaa, tier: private, accepts: [{ from: edge, ports: [9000] }] }\n');
    const after = googleStack(added, before.lock);
    const priorities = (stack: object) => Object.fromEntries(Object.entries(byRole(stack, RULE)).map(([id, { priority }]) => [id, priority]));
    expect(priorities(after.stack())).toMatchObject(priorities(before.stack()));
    expect(Object.keys(priorities(after.stack())).filter((id) => !(id in priorities(before.stack()))).sort())
      .toEqual(['apis-aaa', 'in-edge-to-aaa', 'out-edge-to-aaa']);
  });
});
