import { TerraformStack, Testing } from 'cdktf';
import { BlueprintError } from '../../../blueprints/blueprint-error';
import { GoogleEgressControl } from '../../../blueprints/google/egress-control';
import { webProxyRules } from '../../../blueprints/google/web-proxy-rules';
import type { AllowRule } from '../../../blueprints/policy/model';
import { byRole, googleStack } from './stack';

const RULE = 'google_compute_network_firewall_policy_rule';

const CLOSED = `
organization: sealed
segments:
  - { name: jobs, tier: private }
  - { name: vault, tier: data, accepts: [{ from: jobs, ports: [5432] }] }
privateServices: [object-storage]
environments:
  - { name: lab, google: { region: europe-west1, cidr: 10.99.0.0/20, project: sealed-lab } }
`;

function rule(host: string, changes: Partial<AllowRule> = {}): AllowRule {
  return {
    host: { text: host, kind: host.startsWith('*.') ? 'subdomains' : 'exact', domain: host.replace(/^\*\./, '') },
    segments: ['app'], ports: [443], protocol: 'tls', addresses: [], clouds: ['aws', 'google', 'azure'], environments: ['lab'], owner: 'x', reason: 'x',
    position: { file: 'egress.yaml', line: 7, column: 5 },
    ...changes,
  };
}

/** A control for somebody else's network, given by ids alone. */
function control(rules: readonly AllowRule[], changes: object = {}) {
  const stack = new TerraformStack(Testing.app(), 'hub');
  const egress = new GoogleEgressControl(stack, 'egress', {
    name: 'acme-prod', project: 'acme-prod', region: 'europe-west1', rules,
    networkId: 'projects/acme-net/global/networks/spoke', firewallPolicy: 'spoke-policy',
    segments: [
      { name: 'app', slot: 7, tagValueId: 'tagValues/1', cidrs: ['10.0.4.0/24'], subnetIds: ['projects/acme-net/regions/europe-west1/subnetworks/app'] },
      { name: 'db', slot: 8, tagValueId: 'tagValues/2', cidrs: ['10.0.5.0/24'], subnetIds: ['projects/acme-net/regions/europe-west1/subnetworks/db'] },
    ],
    ...changes,
  });
  return { egress, json: JSON.parse(Testing.synth(stack)) };
}

const hosts = (count: number, changes: Partial<AllowRule> = {}) => Array.from({ length: count }, (_, index) => rule(`host-${index}.example.com`, changes));

describe('the egress control on google', () => {
  test('GIVEN ids of a foreign network WHEN a host is allowed THEN rule, route and NAT are for its segment alone', () => {
    const { egress, json } = control([rule('api.stripe.com')]);
    expect(byRole(json, RULE)['hosts-app-tls-443-0']).toMatchObject({
      firewall_policy: 'spoke-policy', action: 'allow', direction: 'EGRESS', enable_logging: true,
      target_secure_tags: [{ name: 'tagValues/1' }],
      match: { dest_fqdns: ['api.stripe.com'], layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }] },
    });
    expect(byRole(json, 'google_compute_route')).toEqual({ 'default-route-app': expect.objectContaining({ dest_range: '0.0.0.0/0', tags: ['acme-prod-app-egress'], next_hop_gateway: 'default-internet-gateway' }) });
    expect(byRole(json, 'google_compute_router_nat').nat).toMatchObject({
      source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', nat_ip_allocate_option: 'MANUAL_ONLY', enable_endpoint_independent_mapping: false,
      log_config: { enable: true, filter: 'ALL' },
      subnetwork: [{ name: 'projects/acme-net/regions/europe-west1/subnetworks/app', source_ip_ranges_to_nat: ['PRIMARY_IP_RANGE'] }],
    });
    expect(egress.networkTags).toEqual({ app: 'acme-prod-app-egress' });
    expect(egress.egressAddresses).toHaveLength(2);
    expect(egress.logDestinations.map(({ kind }) => kind)).toEqual(['firewall', 'nat']);
  });

  test('GIVEN no rule THEN nothing is made, and what DNS leaves open is still said', () => {
    const { egress, json } = control([]);
    expect(json.resource).toBeUndefined();
    expect(egress).toMatchObject({ rules: [], protectedSegments: [], egressAddresses: [], logDestinations: [], networkTags: {} });
    expect(egress.nat).toBeUndefined();
    expect(egress.residualRisks.map(({ id }) => id)).toEqual(['dns-tunnelling', 'hierarchical-policy-above', 'second-interface']);
  });

  test('GIVEN the closed policy THEN the stack has denies and no router, NAT, address or default route', () => {
    const resources = googleStack(CLOSED).stack().resource!;
    for (const type of ['google_compute_router', 'google_compute_router_nat', 'google_compute_address']) expect(resources).not.toHaveProperty(type);
    expect(Object.values(resources.google_compute_route ?? {}).filter(({ dest_range: range }) => range === '0.0.0.0/0')).toEqual([]);
    expect(Object.values(resources[RULE]!).filter(({ action }) => action === 'deny')).toHaveLength(2);
  });

  test('a wildcard is refused with both ways out, and every bad rule is named at once', () => {
    const bad = () => control([rule('*.docker.io'), rule('*.example.com'), rule('a.example.com', { segments: ['nobody'] })]);
    expect(bad).toThrow(BlueprintError);
    expect(bad).toThrow(/egress\.yaml:7:5 google: '\*\.docker\.io' needs secureWebProxy.*'clouds: \[google\]'.*'clouds: \[aws, azure\]'/);
    try {
      bad();
    } catch (error) {
      expect((error as BlueprintError).problems).toHaveLength(3);
    }
  });

  test('a tcp rule holds for its addresses, whatever its host', () => {
    const { json } = control([rule('*.partner.com', { protocol: 'tcp', ports: [22], addresses: ['151.101.1.10/32'] })]);
    const [tcp] = Object.values(byRole(json, RULE));
    expect(tcp.match).toEqual({ dest_ip_ranges: ['151.101.1.10/32'], layer4_configs: [{ ip_protocol: 'tcp', ports: ['22'] }] });
  });

  test('protocols and port lists stay apart: a port of one host is not opened for another', () => {
    const { json } = control([rule('a.com'), rule('b.com', { ports: [443, 8443] }), rule('c.com', { protocol: 'http', ports: [80] })]);
    const rendered = Object.values(byRole(json, RULE)).map(({ match }) => [match.dest_fqdns, match.layer4_configs[0].ports]);
    expect(rendered).toEqual(expect.arrayContaining([[['a.com'], ['443']], [['b.com'], ['443', '8443']], [['c.com'], ['80']]]));
    expect(rendered).toHaveLength(3);
  });

  test('a rule holds 100 names at most, each name is in one rule, and priorities are unique in the segment\'s space', () => {
    const rules = Object.values(byRole(control(hosts(2_000)).json, RULE));
    expect(Math.max(...rules.map(({ match }) => match.dest_fqdns.length))).toBeLessThanOrEqual(100);
    expect(new Set(rules.flatMap(({ match }) => match.dest_fqdns)).size).toBe(2_000);
    const priorities = rules.map(({ priority }) => priority);
    expect(new Set(priorities).size).toBe(priorities.length);
    expect(priorities.every((priority) => priority >= 71_000_000 && priority < 80_000_000)).toBe(true);
  });

  test('a host that comes changes one rule and moves no other', () => {
    const before = byRole(control(hosts(2_000)).json, RULE);
    const after = byRole(control([...hosts(2_000), rule('aaa.first.com')]).json, RULE);
    const changed = Object.keys(after).filter((id) => JSON.stringify(after[id]) !== JSON.stringify(before[id]));
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    expect(changed).toHaveLength(1);
  });

  test('a rule that overflows keeps half of its hosts in place and gives the other half to a new rule', () => {
    const before = byRole(control(hosts(100)).json, RULE);
    const after = byRole(control(hosts(101)).json, RULE);
    expect(Object.keys(before)).toEqual(['hosts-app-tls-443-0']);
    expect(Object.keys(after).sort()).toEqual(['hosts-app-tls-443-0', 'hosts-app-tls-443-1']);
    expect(after['hosts-app-tls-443-0'].priority).toBe(before['hosts-app-tls-443-0'].priority);
  });

  test('however far a list grows, a rule that was there keeps its priority', () => {
    let before = byRole(control(hosts(1)).json, RULE);
    for (const count of [150, 600, 2_400, 9_600]) {
      const after = byRole(control(hosts(count)).json, RULE);
      for (const [id, { priority }] of Object.entries(before)) expect(after[id].priority).toBe(priority);
      before = after;
    }
  });

  test('the order of the rules changes nothing', () => {
    const rules = [...hosts(250), rule('z.com', { ports: [8443] }), rule('y.com', { protocol: 'http', ports: [80] })];
    expect(control([...rules].reverse()).json).toEqual(control(rules).json);
  });

  test('more hosts than rules can hold, and more attributes than the quota, are errors that say what to do', () => {
    expect(() => control(hosts(30_000))).toThrow(/'app' may reach 30000 destinations on tcp\/443, more than 256 rules hold; split the segment/);
    expect(() => control(hosts(3), { ruleAttributeQuota: 5 })).toThrow(/needs 6 rule attributes and may use 5; raise the project's quota/);
    expect(control(hosts(3)).egress.ruleAttributes).toBe(6);
  });

  test('more hosts than the lists of a proxy can hold are an error, too', () => {
    const { rules, problems } = webProxyRules(hosts(30_000), () => 7);
    expect(rules).toEqual([]);
    expect(problems).toEqual(["google: 'app' may reach 30000 hosts on tcp/443, more than 256 url lists hold; split the segment"]);
  });

  test('addresses keep their names, and a control without any is refused', () => {
    const { json } = control([rule('a.com')], { natAddresses: ['partners'] });
    expect(Object.keys(byRole(json, 'google_compute_address'))).toEqual(['nat-address-partners']);
    expect(() => control([rule('a.com')], { natAddresses: [] })).toThrow(/natAddresses is empty/);
  });

  test('the way out comes after the denies and the association, and goes before them', () => {
    const { stack } = googleStack();
    const resources = stack().resource!;
    const closing = [
      ...Object.keys(resources.google_compute_network_firewall_policy_association!).map((name) => `google_compute_network_firewall_policy_association.${name}`),
      ...Object.entries(resources[RULE]!).filter(([, { action }]) => action === 'deny').map(([name]) => `${RULE}.${name}`),
    ];
    expect(closing).toHaveLength(3);
    const ways = [...Object.values(resources.google_compute_router_nat!), ...Object.values(resources.google_compute_route!).filter(({ dest_range: range }) => range === '0.0.0.0/0')];
    expect(ways).toHaveLength(3);
    for (const way of ways) expect(way.depends_on).toEqual(expect.arrayContaining(closing));
  });

  test('the risks name the segments that they concern', () => {
    const { egress } = control([rule('a.com'), rule('sftp.com', { protocol: 'tcp', ports: [22], addresses: ['151.101.1.10/32'], segments: ['db'] })]);
    expect(Object.fromEntries(egress.residualRisks.map(({ id, segments }) => [id, segments]))).toEqual({
      'dns-admin-widens': ['app'], 'dns-tunnelling': ['app', 'db'], 'fqdn-limits': ['app'], 'hierarchical-policy-above': ['app', 'db'],
      'protocol-not-inspected': ['app'], 'second-interface': ['app', 'db'], 'shared-address': ['app'],
    });
  });
});
