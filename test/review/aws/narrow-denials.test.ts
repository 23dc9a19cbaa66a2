/** What is refused in part is not refused: rules that look like they stop everything, and in front of what lets it out. */
import { review } from './reviewed';
import { entry, line, ref, soundStack, WORLD, type Stack } from '../sound-stack';

type Resources = Stack['resource'];

const ALL = { protocol: '-1', from_port: 0, to_port: 0 };

/** The application of the sound network, whose groups and ACLs stop nothing. */
function app(edit: (resource: Resources, stack: Stack) => void): string {
  const stack = soundStack();
  const { resource } = stack;
  resource.aws_security_group!.app!.egress = [line({ ...ALL, cidr_blocks: [WORLD] })];
  for (const name of ['app', 'firewall', 'nat']) resource.aws_network_acl![name]!.egress = [entry(ALL)];
  edit(resource, stack);
  return review(stack).at('aws_instance.app').kind;
}

const policy = (resource: Resources) => resource.aws_networkfirewall_firewall_policy!.main!.firewall_policy;
const signatures = (...lines: readonly string[]) => (resource: Resources) => {
  resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source = { rules_string: lines.join('\n') };
  policy(resource).stateful_default_actions = ['aws:drop_strict'];
};
const PASS = 'pass ip any any -> any any (sid:2;)';

describe('signatures that drop', () => {
  test.each([
    ['from one port', 'drop ip any 22 -> any any (sid:1;)', PASS],
    ['of the other family', 'drop ip6 any any -> any any (sid:1;)', PASS],
    ['of three conditions on the protocol', 'drop ip any any -> any any (ip_proto:!6; ip_proto:!17; ip_proto:!1; sid:1;)', 'pass udp any any -> any any (sid:2;)'],
    ['below a number', 'drop ip any any -> any any (ip_proto:<6; sid:1;)', 'pass ip any any -> any any (ip_proto:50; sid:2;)'],
    ['of one protocol among many', 'drop ip any any -> any any (ip_proto:47; sid:1;)', 'pass ip any any -> any any (ip_proto:50; sid:2;)'],
    ['fragments alone', 'drop ip any any -> any any (flow:only_frag; sid:1;)', PASS],
  ])('%s', (_, ...lines) => {
    expect(app(signatures(...lines))).toBe('open');
  });

  test.each([
    ['everything', 'drop ip any any -> any any (sid:1;)', PASS],
    ['from every port', 'drop ip any 0:65535 -> any any (sid:1;)', PASS],
    ['the only family', 'drop ip4 any any -> any any (sid:1;)', PASS],
    ['each protocol', 'drop tcp any any -> any any (sid:1;)\ndrop udp any any -> any any (sid:3;)\ndrop ip any any -> any any (ip_proto:!6; ip_proto:!17; sid:4;)', PASS],
  ])('%s: that stops it', (_, ...lines) => {
    expect(app(signatures(...lines))).toBe('none');
  });

  test('before the stateful engine, from others', () => {
    const from = (address_definition: string) => app((resource) => {
      resource.aws_networkfirewall_rule_group!.first = { type: 'STATELESS', capacity: 10, rule_group: { rules_source: { stateless_rules_and_custom_actions: { stateless_rule: [{ priority: 1, rule_definition: { actions: ['aws:drop'], match_attributes: { source: [{ address_definition }] } } }] } } } };
      policy(resource).stateless_rule_group_reference = [{ priority: 1, resource_arn: ref('aws_networkfirewall_rule_group', 'first', 'arn') }];
    });
    expect(from('10.0.0.0/16')).toBe('none');
    expect(from('10.0.2.0/24')).toBe('allowlisted');
    expect(from('10.0.1.0/25')).toBe('allowlisted');
  });

  test('in a group that is told to drop nothing', () => {
    const lines = signatures('drop ip any any -> any any (sid:1;)', PASS);
    expect(app(lines)).toBe('none');
    expect(app((resource) => {
      lines(resource);
      policy(resource).stateful_rule_group_reference[0].override = { action: 'DROP_TO_ALERT' };
    })).toBe('open');
  });

  const NAMED = 'pass tls any any -> any any (flow:to_server; tls.sni; content:"api.example.com"; startswith; endswith; sid:2;)';
  const continued = (...lines: readonly string[]) => (resource: Resources) => {
    signatures(...lines)(resource);
    policy(resource).stateful_default_actions = ['aws:drop_established_app_layer'];
    policy(resource).stateful_engine_options.stream_exception_policy = 'CONTINUE';
  };

  test('by what came before, of connections that go on after the firewall has forgotten them', () => {
    expect(app(signatures(NAMED))).toBe('allowlisted');
    expect(app(continued(NAMED))).toBe('unknown');
    expect(app(continued('drop tcp any any -> any any (flow:established; sid:1;)', NAMED))).toBe('unknown');
    expect(app(continued('drop tcp any any -> any !443 (flow:to_server; sid:1;)', NAMED))).toBe('unknown');
    expect(app(continued('drop tls any any -> any any (sid:1;)', 'drop tcp any any -> any any (flow:to_server; sid:3;)', NAMED))).toBe('none');
    expect(app((resource) => {
      continued(NAMED)(resource);
      policy(resource).stateful_default_actions = ['aws:drop_strict'];
    })).toBe('allowlisted');
  });

  test('after a line that lets the connection go', () => {
    const line = 'alert tcp any any -> any 443 (bypass; sid:1;)';
    expect(app(signatures(line, NAMED))).toBe('unknown');
    expect(app(signatures('drop tcp any any -> any any (sid:3;)', line))).toBe('none');
    expect(app(signatures(line.replace('any any ->', '192.0.2.0/24 any ->'), NAMED))).toBe('allowlisted');
  });

  test('nobody knows what is outside of a HOME_NET that is the world', () => {
    expect(app((resource) => {
      signatures('pass ip $HOME_NET any -> $EXTERNAL_NET any (sid:2;)')(resource);
      resource.aws_networkfirewall_rule_group!.main!.rule_group.rule_variables = { ip_sets: [{ key: 'HOME_NET', ip_set: { definition: [WORLD] } }] };
    })).toBe('unknown');
  });
});

describe('stateless rules', () => {
  const rule = (priority: unknown, action: string, match: object) => ({ priority, rule_definition: { actions: [action], match_attributes: match } });
  const stateless = (...rules: object[]) => (resource: Resources) => {
    resource.aws_networkfirewall_rule_group!.quick = { name: 'quick', type: 'STATELESS', capacity: 10, rule_group: { rules_source: { stateless_rules_and_custom_actions: { stateless_rule: rules } } } };
    policy(resource).stateless_rule_group_reference = [{ priority: 1, resource_arn: ref('aws_networkfirewall_rule_group', 'quick', 'arn') }];
  };

  test.each([
    ['drop the ICMP of the other family', rule(1, 'aws:drop', { protocols: [58] }), rule(2, 'aws:pass', { protocols: [1] }), 'open'],
    ['drop one protocol among many', rule(1, 'aws:drop', { protocols: [47] }), rule(2, 'aws:pass', { protocols: [50] }), 'open'],
    ['drop in a place that is not known', rule('${var.place}', 'aws:drop', {}), rule(2, 'aws:pass', {}), 'open'],
    ['pass to one address that is known, and one that is not', rule(1, 'aws:pass', { destination: [{ address_definition: '10.9.0.0/16' }, { address_definition: '${var.address}' }] }), rule(2, 'aws:drop', {}), 'unknown'],
    ['pass from one address that is known, and one that is not', rule(1, 'aws:pass', { source: [{ address_definition: '10.9.0.0/16' }, { address_definition: '${var.address}' }] }), rule(2, 'aws:drop', {}), 'unknown'],
    ['pass to a port that is not known', rule(1, 'aws:pass', { protocols: [6], destination_port: [{ from_port: '${var.port}', to_port: '${var.port}' }] }), rule(2, 'aws:drop', {}), 'unknown'],
    ['pass a protocol that is not known', rule(1, 'aws:pass', { protocols: ['${var.protocol}'] }), rule(2, 'aws:drop', {}), 'unknown'],
    ['drop all', rule(1, 'aws:drop', {}), rule(2, 'aws:pass', {}), 'none'],
    ['drop the ICMP of this family', rule(1, 'aws:drop', { protocols: [1] }), rule(2, 'aws:pass', { protocols: [1] }), 'allowlisted'],
  ])('%s', (_, first, second, kind) => {
    expect(app(stateless(first, second))).toBe(kind);
  });

  test('nobody knows which of two groups comes first', () => {
    const groups = (priority: unknown) => app((resource) => {
      stateless(rule(1, 'aws:pass', {}))(resource);
      resource.aws_networkfirewall_rule_group!.slow = { name: 'slow', type: 'STATELESS', capacity: 10, rule_group: { rules_source: { stateless_rules_and_custom_actions: { stateless_rule: [rule(1, 'aws:drop', {})] } } } };
      policy(resource).stateless_rule_group_reference = [{ priority, resource_arn: ref('aws_networkfirewall_rule_group', 'slow', 'arn') }, { priority: 2, resource_arn: ref('aws_networkfirewall_rule_group', 'quick', 'arn') }];
    });
    expect(groups(1)).toBe('none');
    expect(groups('${var.place}')).toBe('open');
  });
});

describe('entries of ACLs that deny', () => {
  const outward = (resource: Resources) => {
    resource.aws_route_table!.app!.route = [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }];
    resource.aws_instance!.app!.associate_public_ip_address = true;
  };
  const entries = (...all: object[]) => (resource: Resources) => {
    outward(resource);
    resource.aws_network_acl!.app!.egress = all;
  };
  const deny = (over: object) => entry({ rule_no: 1, action: 'deny', from_port: 0, to_port: 0, ...over });

  test.each([
    ['one protocol among many', deny({ protocol: '47' }), entry({ ...ALL, protocol: '50' })],
    ['one type of ICMP', deny({ protocol: 'icmp', icmp_type: 8, icmp_code: -1 }), entry({ ...ALL, protocol: 'icmp', icmp_type: -1, icmp_code: -1 })],
    ['one code of every type of ICMP', deny({ protocol: 'icmp', icmp_type: -1 }), entry({ ...ALL, protocol: 'icmp', icmp_type: -1, icmp_code: -1 })],
    ['no type of ICMP, which is type 0', deny({ protocol: '1' }), entry({ ...ALL, protocol: '1', icmp_type: -1 })],
    ['the ICMP of the other family', deny({ protocol: '58', icmp_type: -1 }), entry({ ...ALL, protocol: '1', icmp_type: -1 })],
  ])('%s', (_, ...all) => {
    expect(app(entries(...all))).toBe('open');
  });

  test('every type of ICMP', () => {
    expect(app(entries(deny({ protocol: 'icmp', icmp_type: -1, icmp_code: -1 }), entry({ ...ALL, protocol: 'icmp', icmp_type: -1 })))).toBe('none');
  });

  const rule = (over: object) => ({ network_acl_id: ref('aws_network_acl', 'app'), egress: true, cidr_block: WORLD, ...over });

  test('without ports: that is port 0', () => {
    const standalone = (over: object) => app((resource) => {
      outward(resource);
      delete resource.aws_network_acl!.app!.egress;
      resource.aws_network_acl_rule = { deny: rule({ rule_number: 1, rule_action: 'deny', protocol: 'tcp', ...over }), allow: rule({ rule_number: 2, rule_action: 'allow', protocol: 'tcp', from_port: 0, to_port: 65535 }) };
    });
    expect(standalone({})).toBe('open');
    expect(standalone({ from_port: 0, to_port: 65535 })).toBe('none');
  });

  test('beside entries of the ACL itself, which take it away at the next apply', () => {
    expect(app((resource) => {
      outward(resource);
      resource.aws_network_acl_rule = { deny: rule({ rule_number: 1, rule_action: 'deny', protocol: '-1' }) };
    })).toBe('open');
  });

  test('an entry of the default ACL that names its network', () => {
    const added = (network_acl_id: string) => app((resource) => {
      outward(resource);
      delete resource.aws_network_acl!.app;
      resource.aws_network_acl_rule = { any: rule({ network_acl_id, rule_number: 1, rule_action: 'allow', protocol: '-1' }) };
    });
    expect(added(ref('aws_vpc', 'main', 'default_network_acl_id'))).toBe('open');
    expect(added(ref('aws_network_acl', 'nat'))).toBe('none');
  });
});

describe('routes', () => {
  test('of a main table that is replaced by another', () => {
    const replaced = (route_table_id: string) => app((resource) => {
      resource.aws_instance!.app!.associate_public_ip_address = true;
      delete resource.aws_route_table_association!.app;
      delete resource.aws_default_route_table;
      resource.aws_route_table!.app!.route = [];
      resource.aws_main_route_table_association = { main: { vpc_id: ref('aws_vpc', 'main'), route_table_id: ref('aws_route_table', 'app') } };
      resource.aws_route = { out: { route_table_id, destination_cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') } };
    });
    expect(replaced(ref('aws_vpc', 'main', 'main_route_table_id'))).toBe('unknown');
    expect(replaced(ref('aws_route_table', 'vault'))).toBe('none');
  });

  test('that stand beside those of the table itself, which take them away at the next apply', () => {
    const half = (destination_cidr_block: string) => ({ route_table_id: ref('aws_route_table', 'app'), destination_cidr_block, vpc_endpoint_id: '${one([for s in aws_networkfirewall_firewall.main.firewall_status[0].sync_states : s.attachment[0].endpoint_id if s.availability_zone == "us-east-1a"])}' });
    const beside = (...route: object[]) => app((resource) => {
      resource.aws_instance!.app!.associate_public_ip_address = true;
      resource.aws_route_table!.app!.route = route;
      resource.aws_route = { low: half('0.0.0.0/1'), high: half('128.0.0.0/1') };
    });
    expect(beside({ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') })).toBe('unknown');
    expect(beside({ cidr_block: '10.8.0.0/16', vpc_peering_connection_id: 'pcx-1' })).toBe('allowlisted');
  });

  test('to an endpoint that the plan looks up, or whose kind it does not know', () => {
    const to = (id: string) => (resource: Resources) => void (resource.aws_route_table!.app!.route = [{ cidr_block: WORLD, vpc_endpoint_id: id }]);
    expect(app((resource, stack) => {
      stack.data = { aws_vpc_endpoint: { found: { vpc_id: ref('aws_vpc', 'main') } } };
      to('${data.aws_vpc_endpoint.found.id}')(resource);
    })).toBe('unknown');
    expect(app((resource) => {
      resource.aws_vpc_endpoint!.hidden = { vpc_id: ref('aws_vpc', 'main'), service_name: 'com.amazonaws.vpce.us-east-1.vpce-svc-1', vpc_endpoint_type: '${var.kind}', subnet_ids: [ref('aws_subnet', 'vault')] };
      to(ref('aws_vpc_endpoint', 'hidden'))(resource);
    })).toBe('unknown');
  });

  test('to an appliance, which may have a way out of its own', () => {
    expect(app((resource) => {
      resource.aws_vpc_endpoint!.appliance = { vpc_id: ref('aws_vpc', 'main'), service_name: 'com.amazonaws.vpce.us-east-1.vpce-svc-1', vpc_endpoint_type: 'GatewayLoadBalancer', subnet_ids: [ref('aws_subnet', 'vault')] };
      resource.aws_route_table!.app!.route = [{ cidr_block: WORLD, vpc_endpoint_id: ref('aws_vpc_endpoint', 'appliance') }];
    })).toBe('unknown');
  });
});
