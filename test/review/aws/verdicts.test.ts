/** What single facts of AWS do to a verdict; each case changes a sound network. */
import { cidrsOf } from '../../../review/model/addresses';
import { trafficWords } from '../../../review/paths/traffic-words';
import { changed } from './reviewed';
import { entry, line, ref, WORLD, type Stack } from '../sound-stack';

const vpc_id = ref('aws_vpc', 'main');
const NAT = { cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') };

const app = (edit: (resource: Stack['resource'], stack: Stack) => void, family: 4 | 6 = 4) => changed(edit).at('aws_instance.app', family);
const group = (resource: Stack['resource'], ...egress: object[]) => void (resource.aws_security_group!.app!.egress = egress);
const route = (resource: Stack['resource'], ...routes: object[]) => void (resource.aws_route_table!.app!.route = routes);
const policy = (resource: Stack['resource']) => resource.aws_networkfirewall_firewall_policy!.main!.firewall_policy;
const rules = (resource: Stack['resource'], text: string) => void (resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source = { rules_string: text });
const NAMED = 'pass tls any any -> any 443 (flow:to_server; tls.sni; content:"a.example.com"; startswith; endswith; sid:1;)\n';

describe('security groups', () => {
  test('two halves of the internet are the internet', () => {
    const verdict = app((resource) => {
      group(resource, line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/1', '128.0.0.0/1'] }));
      route(resource, NAT);
      delete resource.aws_network_acl;
      delete resource.aws_default_network_acl;
    });
    expect(verdict).toMatchObject({ kind: 'open' });
    expect(verdict.openTraffic!.flatMap(({ boxes }) => boxes.map((box) => box.protocol)).sort()).toEqual(['icmp', 'other', 'tcp', 'udp']);
  });

  test('a group that names a few addresses is open to those and no others', () => {
    const verdict = app((resource) => {
      group(resource, line({ cidr_blocks: ['151.101.1.69/32'] }));
      route(resource, NAT);
    });
    expect(verdict.kind).toBe('open');
    expect(verdict.openTraffic!.flatMap(({ boxes }) => boxes.map((box) => [box.protocol, cidrsOf(box.destinations, 4)]))).toEqual([['tcp', ['151.101.1.69/32']]]);
  });

  test('a group by id that is not in the plan may let everything out', () => {
    expect(app((resource) => {
      resource.aws_instance!.app!.vpc_security_group_ids = ['sg-0123'];
      route(resource, NAT);
    })).toMatchObject({ kind: 'unknown', reasons: [expect.stringContaining('vpc_security_group_ids')] });
  });

  test('and behind the firewall it makes no difference', () => {
    expect(app((resource) => void (resource.aws_instance!.app!.vpc_security_group_ids = ['sg-0123']))).toMatchObject({ kind: 'allowlisted' });
  });

  test('no group is the default group, which AWS opens', () => {
    const edit = (resource: Stack['resource']) => {
      delete resource.aws_instance!.app!.vpc_security_group_ids;
      route(resource, NAT);
    };
    expect(app(edit)).toMatchObject({ kind: 'none' });
    expect(app((resource) => {
      edit(resource);
      delete resource.aws_default_security_group;
    }).witness).toContainEqual({ address: 'aws_vpc.main', kind: 'provider-default', label: 'default security group: everything may leave' });
  });

  test('a prefix list of AWS is public addresses, unless a gateway endpoint takes them', () => {
    const edit = (resource: Stack['resource'], stack: Stack) => {
      stack.data = { aws_ec2_managed_prefix_list: { s3: { name: 'com.amazonaws.us-east-1.s3' } } };
      group(resource, line({ prefix_list_ids: ['${data.aws_ec2_managed_prefix_list.s3.id}'] }));
      route(resource, NAT);
    };
    expect(app(edit)).toMatchObject({ kind: 'open' });
    expect(app((resource, stack) => {
      edit(resource, stack);
      resource.aws_vpc_endpoint!.s3 = { vpc_id, service_name: 'com.amazonaws.us-east-1.s3', vpc_endpoint_type: 'Gateway', route_table_ids: [ref('aws_route_table', 'app')] };
    })).toMatchObject({ kind: 'none' });
  });

  test('a prefix list of the account is its entries, standalone ones too', () => {
    const verdict = app((resource) => {
      resource.aws_ec2_managed_prefix_list = { own: { name: 'own', entry: [{ cidr: '52.1.0.0/16' }] } };
      resource.aws_ec2_managed_prefix_list_entry = { more: { prefix_list_id: ref('aws_ec2_managed_prefix_list', 'own'), cidr: '54.1.0.0/16' } };
      group(resource, line({ prefix_list_ids: [ref('aws_ec2_managed_prefix_list', 'own')] }));
      route(resource, NAT);
    });
    expect(verdict.openTraffic!.flatMap(({ boxes }) => boxes.flatMap((box) => cidrsOf(box.destinations, 4)))).toEqual(['52.1.0.0/16', '54.1.0.0/16']);
  });
});

describe('protocols without ports', () => {
  const open = (own: object) => app((resource) => {
    group(resource, line({ cidr_blocks: [WORLD], ...own }));
    route(resource, NAT);
    delete resource.aws_network_acl;
    delete resource.aws_default_network_acl;
  });

  // A tunnel needs no more than echoes, and of these types and codes are no ports.
  test.each([
    ['every type', { protocol: 'icmp', from_port: -1, to_port: -1 }, 'icmp'],
    ['one type', { protocol: 'icmp', from_port: 8, to_port: 0 }, 'icmp type 8 code 0'],
    ['by number', { protocol: '1', from_port: 8, to_port: -1 }, 'icmp type 8'],
    ['of another protocol', { protocol: '47', from_port: 0, to_port: 0 }, 'gre'],
  ])('are a way out: %s', (_, own, protocol) => {
    const { kind, openTraffic } = open(own);
    expect([kind, openTraffic!.flatMap(trafficWords)]).toEqual(['open', [`${protocol} to the internet`]]);
  });

  test('and a firewall that lets them through is none', () => {
    const through = (text: string) => app((resource) => {
      rules(resource, text);
      group(resource, line({ protocol: 'icmp', from_port: -1, to_port: -1, cidr_blocks: [WORLD] }));
      delete resource.aws_network_acl;
      delete resource.aws_default_network_acl;
    });
    expect(through('pass icmp any any -> any any (sid:1;)')).toMatchObject({ kind: 'open' });
    expect(through(NAMED)).toMatchObject({ kind: 'none' });
  });

  test.each([['6', 'tcp'], ['50', 'esp'], ['GRE', 'gre'], ['!6', 'icmp, other protocols, udp'], ['<7', 'icmp, protocols 0-6, tcp'], ['>50', 'protocols 51-255'], ['EGP', 'other protocols']])('a firewall that passes protocols %s lets no other through', (number, words) => {
    const { openTraffic } = app((resource) => {
      rules(resource, `pass ip any any -> any any (ip_proto:${number}; sid:1;)`);
      group(resource, line({ protocol: '-1', cidr_blocks: [WORLD] }));
      delete resource.aws_network_acl;
      delete resource.aws_default_network_acl;
    });
    expect(openTraffic!.flatMap(trafficWords)).toEqual([`${words} to the internet`]);
  });
});

describe('network ACLs', () => {
  test('the lowest number decides, inline or standalone', () => {
    const open = (resource: Stack['resource']) => route(resource, NAT);
    expect(app((resource) => {
      open(resource);
      resource.aws_network_acl!.app!.egress = [entry({ rule_no: 200 }), entry({ rule_no: 100, action: 'deny' })];
    })).toMatchObject({ kind: 'none', blocker: { reason: 'no entry of aws_network_acl.app lets it out' } });
    expect(app((resource) => {
      open(resource);
      delete resource.aws_network_acl!.app!.egress;
      resource.aws_network_acl_rule = { allow: { network_acl_id: ref('aws_network_acl', 'app'), egress: true, rule_number: 2, rule_action: 'allow', protocol: '-1', cidr_block: WORLD }, deny: { network_acl_id: ref('aws_network_acl', 'app'), egress: true, rule_number: 1, rule_action: 'deny', protocol: '-1', cidr_block: WORLD } };
    })).toMatchObject({ kind: 'none' });
  });
});

describe('routes', () => {
  test('the longer prefix wins', () => {
    const verdict = app((resource) => resource.aws_route_table!.app!.route.push({ ...NAT, cidr_block: '52.0.0.0/8' }));
    expect(verdict).toMatchObject({ kind: 'open', hosts: [{ host: 'api.example.com' }] });
    expect(verdict.openTraffic!.flatMap(({ boxes }) => boxes.flatMap((box) => cidrsOf(box.destinations, 4)))).toEqual(['52.0.0.0/8']);
  });

  test('without an association the main table applies', () => {
    const main = (resource: Stack['resource']) => {
      delete resource.aws_route_table_association!.app;
      resource.aws_default_route_table!.main!.route = [NAT];
    };
    expect(app(main)).toMatchObject({ kind: 'open' });
    expect(app((resource) => {
      main(resource);
      resource.aws_main_route_table_association = { other: { vpc_id, route_table_id: ref('aws_route_table', 'vault') } };
    })).toMatchObject({ kind: 'none' });
  });

  test('a route by aws_route to the main table of the network', () => {
    expect(app((resource) => {
      delete resource.aws_route_table_association!.app;
      delete resource.aws_default_route_table;
      resource.aws_route = { way: { route_table_id: ref('aws_vpc', 'main', 'main_route_table_id'), destination_cidr_block: WORLD, nat_gateway_id: NAT.nat_gateway_id } };
    })).toMatchObject({ kind: 'open' });
  });

  test.each([
    ['a gateway of somewhere else', { gateway_id: 'vgw-1' }, 'unknown', 'vgw-1'],
    ['a NAT gateway that is not in the plan', { nat_gateway_id: 'nat-1' }, 'unknown', 'nat-1'],
    ['a transit gateway that is not in the plan', { transit_gateway_id: 'tgw-1' }, 'unknown', 'tgw-1'],
    ['Cloud WAN', { core_network_arn: 'arn:aws:networkmanager::1:core-network/1' }, 'unknown', 'core-network'],
    ['a network of Oracle', { odb_network_arn: 'arn:aws:odb:us-east-1:1:odb-network/odbnet_1' }, 'unknown', 'odbnet_1'],
    ['a peering', { vpc_peering_connection_id: 'pcx-1' }, 'none', 'peering'],
  ])('%s', (_, target, kind, reason) => {
    const verdict = app((resource) => route(resource, { cidr_block: WORLD, ...target }));
    expect({ kind: verdict.kind, text: JSON.stringify([verdict.reasons, verdict.blocker]) }).toEqual({ kind, text: expect.stringContaining(reason) });
  });

  test.each([
    ['a virtual gateway, by a resource', (resource: Stack['resource']) => void (resource.aws_vpn_gateway_route_propagation = { app: { route_table_id: ref('aws_route_table', 'app'), vpn_gateway_id: 'vgw-1' } })],
    ['a virtual gateway, in the table', (resource: Stack['resource']) => void (resource.aws_route_table!.app!.propagating_vgws = ['vgw-1'])],
    ['a route server', (resource: Stack['resource']) => void (resource.aws_vpc_route_server_propagation = { app: { route_table_id: ref('aws_route_table', 'app'), route_server_id: 'rs-1' } })],
  ])('routes that are announced by %s may be longer than any of the table', (_, announce) => {
    expect(app((resource) => void (resource.aws_route_table!.app!.route = []))).toMatchObject({ kind: 'none' });
    expect(app((resource) => {
      resource.aws_route_table!.app!.route = [];
      announce(resource);
    })).toMatchObject({ kind: 'unknown', reasons: [expect.stringContaining('which routes are announced to aws_route_table.app')] });
    expect(app(announce)).toMatchObject({ kind: 'unknown', reasons: [expect.stringContaining('which routes are announced to aws_route_table.app')] });
  });

  test('behind the firewall what is announced opens nothing', () => {
    expect(app((resource) => void (resource.aws_route_table!.firewall!.propagating_vgws = ['vgw-1']))).toMatchObject({ kind: 'allowlisted' });
  });

  test('a machine that inspects hands on the public address of whoever sends by it', () => {
    const inspecting = (isPublic: boolean) => app((resource) => {
      resource.aws_instance!.inspecting = { ami: 'ami-1', instance_type: 't3.micro', subnet_id: ref('aws_subnet', 'nat'), source_dest_check: false, vpc_security_group_ids: [ref('aws_security_group', 'app')] };
      delete resource.aws_network_acl;
      delete resource.aws_default_network_acl;
      resource.aws_instance!.app!.associate_public_ip_address = isPublic;
      route(resource, { cidr_block: WORLD, network_interface_id: ref('aws_instance', 'inspecting', 'primary_network_interface_id') });
    });
    expect([true, false].map(inspecting)).toMatchObject([{ kind: 'open' }, { kind: 'none' }]);
  });

  test('an internet gateway carries IPv4 from public addresses only', () => {
    const edit = (resource: Stack['resource']) => route(resource, { cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') });
    expect(app(edit)).toMatchObject({ kind: 'none', blocker: { reason: expect.stringContaining('not public') } });
    expect(app((resource) => {
      edit(resource);
      resource.aws_eip!.app = { instance: ref('aws_instance', 'app') };
    })).toMatchObject({ kind: 'open' });
    expect(app((resource) => {
      edit(resource);
      resource.aws_subnet!.app!.map_public_ip_on_launch = true;
    })).toMatchObject({ kind: 'open' });
  });

  test('a private NAT gateway gives no public address', () => {
    expect(app((resource) => {
      route(resource, NAT);
      resource.aws_nat_gateway!.main!.connectivity_type = 'private';
    })).toMatchObject({ kind: 'none' });
  });

  test('a NAT instance forwards as far as its own group and route let it', () => {
    const edit = (resource: Stack['resource']) => {
      resource.aws_instance!.nat = { subnet_id: ref('aws_subnet', 'nat'), vpc_security_group_ids: [ref('aws_security_group', 'app')], associate_public_ip_address: true, source_dest_check: false };
      route(resource, { cidr_block: WORLD, network_interface_id: ref('aws_instance', 'nat', 'primary_network_interface_id') });
    };
    expect(app(edit)).toMatchObject({ kind: 'open', witness: expect.arrayContaining([expect.objectContaining({ address: 'aws_instance.nat' })]) });
    expect(app((resource) => {
      edit(resource);
      resource.aws_instance!.nat!.vpc_security_group_ids = [ref('aws_security_group', 'vault')];
    })).toMatchObject({ kind: 'none' });
  });

  test('an appliance behind a Gateway Load Balancer is not in the plan', () => {
    expect(app((resource) => {
      resource.aws_vpc_endpoint!.appliance = { vpc_id, service_name: 'com.amazonaws.vpce.us-east-1.vpce-svc-1', vpc_endpoint_type: 'GatewayLoadBalancer', subnet_ids: [ref('aws_subnet', 'firewall')] };
      route(resource, { cidr_block: WORLD, vpc_endpoint_id: ref('aws_vpc_endpoint', 'appliance') });
    })).toMatchObject({ kind: 'unknown', reasons: [expect.stringContaining('appliance')] });
  });

  test('routes in a circle reach nothing', () => {
    expect(app((resource) => void (resource.aws_route_table!.firewall!.route = resource.aws_route_table!.app!.route))).toMatchObject({ kind: 'none' });
  });
});

describe('IPv6', () => {
  const dual = (resource: Stack['resource']) => {
    Object.assign(resource.aws_subnet!.app!, { ipv6_cidr_block: '2600:1f18::/64', assign_ipv6_address_on_creation: true });
    group(resource, line({ ipv6_cidr_blocks: ['::/0'] }));
    delete resource.aws_network_acl;
    delete resource.aws_default_network_acl;
  };

  test('an egress-only gateway is open, whatever guards IPv4', () => {
    expect(app((resource) => {
      dual(resource);
      resource.aws_egress_only_internet_gateway = { way: { vpc_id } };
      resource.aws_route_table!.app!.route.push({ ipv6_cidr_block: '::/0', egress_only_gateway_id: ref('aws_egress_only_internet_gateway', 'way') });
    }, 6)).toMatchObject({ kind: 'open' });
  });

  test('an internet gateway needs no public address for it', () => {
    expect(app((resource) => {
      dual(resource);
      resource.aws_route_table!.app!.route.push({ ipv6_cidr_block: '::/0', gateway_id: ref('aws_internet_gateway', 'main') });
    }, 6)).toMatchObject({ kind: 'open' });
  });

  test.each<[string, Stack['resource'][string][string], string]>([
    ['asks for one', { ipv6_address_count: 1 }, 'open'], ['names one', { ipv6_addresses: ['2600:1f18::9'] }, 'open'], ['asks for none', { ipv6_address_count: 0 }, 'none'], ['says nothing', {}, 'none'],
    ['is made of a template', { launch_template: [{ id: 'lt-1' }] }, 'open'],
  ])('a machine whose subnet gives no address has one if it %s', (_, own, kind) => {
    expect(app((resource) => {
      dual(resource);
      delete resource.aws_subnet!.app!.assign_ipv6_address_on_creation;
      Object.assign(resource.aws_instance!.app!, own);
      resource.aws_route_table!.app!.route.push({ ipv6_cidr_block: '::/0', gateway_id: ref('aws_internet_gateway', 'main') });
    }, 6)).toMatchObject({ kind });
  });

  test('a NAT gateway translates 64:ff9b::/96 and nothing else', () => {
    const verdict = app((resource) => {
      dual(resource);
      resource.aws_route_table!.app!.route.push({ ipv6_cidr_block: '::/0', nat_gateway_id: NAT.nat_gateway_id });
    }, 6);
    expect(verdict).toMatchObject({ kind: 'open' });
    expect(verdict.openTraffic!.every(({ family }) => family === 4)).toBe(true);
  });

  test('also for what stands beside the NAT gateway, and follows the same table', () => {
    expect(app((resource) => {
      dual(resource);
      resource.aws_nat_gateway!.main!.subnet_id = ref('aws_subnet', 'app');
      resource.aws_instance!.app!.associate_public_ip_address = true;
      route(resource, { ipv6_cidr_block: '::/0', nat_gateway_id: NAT.nat_gateway_id }, { cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') });
    }, 6)).toMatchObject({ kind: 'open' });
  });
});

describe('Network Firewall', () => {
  test.each([
    ['a rule that looks at no name', (resource: Stack['resource']) => rules(resource, 'pass tcp any any -> any 443 (flow:to_server; sid:1;)'), 'open'],
    ['the same below a drop for it', (resource: Stack['resource']) => rules(resource, 'drop tcp any any -> any any (flow:to_server; sid:1;)\npass tcp any any -> any 443 (flow:to_server; sid:2;)'), 'none'],
    ['only handshakes and names', (resource: Stack['resource']) => rules(resource, `pass tcp any any -> any any (flow:not_established, to_server; sid:9;)\n${NAMED}`), 'allowlisted'],
    ['only replies', (resource: Stack['resource']) => rules(resource, 'pass tcp any any -> any any (flow:to_client; sid:1;)'), 'none'],
    ['any name', (resource: Stack['resource']) => rules(resource, 'pass tls any any -> any 443 (flow:to_server; sid:1;)'), 'open'],
    ['another segment as its source', (resource: Stack['resource']) => rules(resource, NAMED.replace('tls any', 'tls 10.0.2.0/24')), 'none'],
    ['a variable of no value', (resource: Stack['resource']) => rules(resource, 'pass tcp any any -> $PARTNERS 443 (flow:to_server; sid:1;)'), 'unknown'],
    ['a source outside of HOME_NET', (resource: Stack['resource']) => {
      rules(resource, NAMED.replace('tls any', 'tls $HOME_NET'));
      policy(resource).policy_variables.rule_variables[0].ip_set.definition = ['192.168.0.0/16'];
    }, 'none'],
    ['a rule group that is not in the plan', (resource: Stack['resource']) => policy(resource).stateful_rule_group_reference.push({ priority: 2, resource_arn: 'arn:aws:network-firewall:us-east-1:1:stateful-rulegroup/x' }), 'unknown'],
    ['a rule group that AWS keeps', (resource: Stack['resource']) => policy(resource).stateful_rule_group_reference.push({ priority: 2, resource_arn: 'arn:aws:network-firewall:us-east-1:aws-managed:stateful-rulegroup/ThreatSignaturesBotnetStrictOrder' }), 'allowlisted'],
    ['rules that a file gives', (resource: Stack['resource']) => rules(resource, '${file("rules.txt")}'), 'unknown'],
    ['a stateless pass for one port', (resource: Stack['resource']) => {
      resource.aws_networkfirewall_rule_group!.fast = { type: 'STATELESS', rule_group: { rules_source: { stateless_rules_and_custom_actions: { stateless_rule: [{ priority: 1, rule_definition: { actions: ['aws:pass'], match_attributes: { protocols: [6], destination_port: [{ from_port: 443, to_port: 443 }], destination: [{ address_definition: WORLD }] } } }] } } } };
      policy(resource).stateless_rule_group_reference = [{ priority: 1, resource_arn: ref('aws_networkfirewall_rule_group', 'fast', 'arn') }];
    }, 'open'],
    ['a stateless drop of everything', (resource: Stack['resource']) => void (policy(resource).stateless_default_actions = ['aws:drop']), 'none'],
    ['a rule of both directions, from outside to inside', (resource: Stack['resource']) => rules(resource, 'pass tcp 52.0.0.0/7 any <> 10.0.0.0/16 443 (sid:1;)\npass tcp 10.0.0.0/16 any <> 52.0.0.0/7 any (sid:2;)'), 'open'],
    ['the same, of which only what comes in has the port', (resource: Stack['resource']) => rules(resource, 'pass tcp 52.0.0.0/7 443 <> 10.0.0.0/16 any (sid:1;)'), 'open'],
    ['a line that is no rule and may be one', (resource: Stack['resource']) => rules(resource, `${NAMED}pass tcp any any -> any any (sid:2;) # for now`), 'unknown'],
    ['a line that is no rule and drops', (resource: Stack['resource']) => rules(resource, `${NAMED}drop tcp any any -> any any sid:2`), 'allowlisted'],
    ['handshakes of every protocol, with a group that lets everything out', (resource: Stack['resource']) => {
      rules(resource, 'pass ip any any -> any any (flow:not_established; sid:1;)');
      group(resource, line({ protocol: '-1', cidr_blocks: [WORLD] }));
      resource.aws_network_acl!.app!.egress = [entry({ protocol: '-1', from_port: 0, to_port: 0 })];
      resource.aws_network_acl!.firewall!.egress = [entry({ protocol: '-1', from_port: 0, to_port: 0 })];
      resource.aws_network_acl!.nat!.egress = [entry({ protocol: '-1', from_port: 0, to_port: 0 })];
    }, 'open'],
    ['fragments that pass', (resource: Stack['resource']) => {
      policy(resource).stateless_fragment_default_actions = ['aws:pass'];
      group(resource, line({ protocol: 'udp', cidr_blocks: [WORLD] }));
      for (const name of ['app', 'firewall', 'nat']) resource.aws_network_acl![name]!.egress = [entry({ protocol: 'udp' })];
    }, 'open'],
    ['a domain list of which the plan does not say whether it allows', (resource: Stack['resource']) => void (resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source = { rules_source_list: { generated_rules_type: '${var.kind}', target_types: ['TLS_SNI'], targets: ['.example.com'] } }), 'unknown'],
    ['a rule of five values of which the action is not known', (resource: Stack['resource']) => void (resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source = { stateful_rule: [{ action: '${var.action}', header: { protocol: 'TCP', source: 'ANY', source_port: 'ANY', destination: 'ANY', destination_port: 'ANY', direction: 'FORWARD' }, rule_option: [{ keyword: 'sid', settings: ['1'] }] }] }), 'unknown'],
    ['a source of which one part is not known', (resource: Stack['resource']) => {
      rules(resource, 'pass tcp $CALLERS any -> any any (sid:1;)');
      resource.aws_networkfirewall_rule_group!.main!.rule_group.rule_variables = { ip_sets: [{ key: 'CALLERS', ip_set: { definition: ['192.168.0.0/16', '${var.callers}'] } }] };
    }, 'open'],
    ['no default drop', (resource: Stack['resource']) => void (policy(resource).stateful_default_actions = ['aws:alert_established']), 'open'],
  ])('%s', (_, edit, kind) => expect(app((resource) => edit(resource))).toMatchObject({ kind }));

  test('a domain list: the apex with a leading dot, HTTP and TLS, every port that the group lets out', () => {
    const list = (resource: Stack['resource']) => void (resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source = { rules_source_list: { generated_rules_type: 'ALLOWLIST', target_types: ['TLS_SNI', 'HTTP_HOST'], targets: ['.example.com', 'api.partner.net'] } });
    expect(app(list)).toMatchObject({
      kind: 'allowlisted',
      hosts: [
        { host: '.example.com', protocol: 'http', ports: [443] }, { host: 'api.partner.net', protocol: 'http', ports: [443] },
        { host: '.example.com', protocol: 'tls', ports: [443] }, { host: 'api.partner.net', protocol: 'tls', ports: [443] },
      ].sort((a, b) => (`${a.host} ${a.protocol}` < `${b.host} ${b.protocol}` ? -1 : 1)),
    });
    // In action order it drops other names, and lets everything pass that is neither HTTP nor TLS.
    expect(app((resource) => {
      list(resource);
      policy(resource).stateful_engine_options.rule_order = 'DEFAULT_ACTION_ORDER';
    })).toMatchObject({ kind: 'open' });
  });

  test('an allowlist of addresses is listed by address', () => {
    expect(app((resource) => rules(resource, 'pass tcp any any -> [151.101.1.69/32,151.101.64.0/24] 443 (flow:to_server; sid:1;)'))).toMatchObject({
      kind: 'allowlisted', hosts: [{ host: '151.101.1.69/32', protocol: 'any', ports: [443] }, { host: '151.101.64.0/24', protocol: 'any', ports: [443] }],
    });
  });
});
