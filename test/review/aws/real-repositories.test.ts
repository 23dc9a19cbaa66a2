/** What public repositories write, and earlier reviews took for something else. */
import { change, configured, plan } from '../plan/plans';
import { changed, review } from './reviewed';
import { line, ref, soundStack, WORLD } from '../sound-stack';

type Body = Record<string, any>;

describe('subnets that a firewall takes from a variable', () => {
  const subnets = ['private', 'public', 'intra'] as const;
  /** A firewall whose one subnet a dynamic block hides, in a network with others, all named after the project. */
  const places = (prefix: string, own: string, isOther = false) => {
    const names = ['main', ...(isOther ? ['other'] : [])];
    const blocks = names.flatMap((network) => subnets.map((name) => [network, name] as const));
    return review(plan([
      ...names.map((network, at) => change(`aws_vpc.${network}`, 'aws_vpc', network, { after: { cidr_block: `10.${at}.0.0/16` }, after_unknown: { id: true } })),
      ...blocks.map(([network, name], at) => change(`aws_subnet.${network}_${name}`, 'aws_subnet', `${network}_${name}`, { after: { cidr_block: `10.${network === 'main' ? 0 : 1}.${at}.0/24`, tags: { Name: `${prefix}-${name === 'intra' ? own : name}` } }, after_unknown: { id: true, vpc_id: true } })),
      change('aws_networkfirewall_firewall.f', 'aws_networkfirewall_firewall', 'f', { after: { name: 'f', subnet_mapping: [{ ip_address_type: null }] }, after_unknown: { id: true, vpc_id: true, subnet_mapping: [{ subnet_id: true }] } }),
    ], { resources: [
      ...names.map((network) => configured('aws_vpc', network, {})),
      ...blocks.map(([network, name]) => configured('aws_subnet', `${network}_${name}`, { vpc_id: { references: [`aws_vpc.${network}.id`, `aws_vpc.${network}`] } })),
      configured('aws_networkfirewall_firewall', 'f', { vpc_id: { references: ['aws_vpc.main.id', 'aws_vpc.main'] } }),
    ] })).model.places.flatMap(({ addresses }) => addresses.filter((address) => address.startsWith('aws_subnet')));
  };

  test('what all subnets are called alike hides none of them', () => {
    expect(places('lab-fw', 'c')).toEqual(['aws_subnet.main_private', 'aws_subnet.main_public', 'aws_subnet.main_intra']);
    expect(places('inspection-vpc', 'c')).toHaveLength(3);
  });

  test('what one is called beyond that says which it is', () => {
    expect(places('lab-fw', 'firewall')).toEqual(['aws_subnet.main_private', 'aws_subnet.main_public']);
    expect(places('lab', 'firewall')).toEqual(['aws_subnet.main_private', 'aws_subnet.main_public']);
  });

  test('those of another network are no subnets of it, whatever they are called', () => {
    expect(places('lab', 'firewall', true).filter((address) => address.includes('other'))).toEqual(['aws_subnet.other_private', 'aws_subnet.other_public', 'aws_subnet.other_intra']);
  });
});

describe('a firewall endpoint that is found by a search', () => {
  const search = (over: Body = {}): Body => ({ vpc_id: ref('aws_vpc', 'main'), tags: { AWSNetworkFirewallManaged: 'true', Firewall: ref('aws_networkfirewall_firewall', 'main', 'arn') }, ...over });
  const by = (attribute: string, found: Body) => changed((resource, stack) => {
    stack.data = { aws_vpc_endpoint: { fw: found } };
    resource.aws_route_table!.app!.route = [{ cidr_block: WORLD, [attribute]: '${data.aws_vpc_endpoint.fw.id}' }];
  }).at('aws_instance.app');

  test.each(['vpc_endpoint_id', 'gateway_id'])('is that firewall’s, by %s', (attribute) => {
    expect(by(attribute, search())).toMatchObject({ kind: 'allowlisted', witness: expect.arrayContaining([expect.objectContaining({ address: 'aws_networkfirewall_firewall.main', kind: 'firewall' })]) });
  });

  test('by other tags may be anything', () => {
    expect(by('vpc_endpoint_id', search({ tags: { Name: ref('aws_networkfirewall_firewall', 'main', 'name') } }))).toMatchObject({ kind: 'unknown' });
  });

  test('is what the routes of a table name, and not a gateway that they do not', () => {
    const stack = (references: readonly string[]) => review(plan([
      change('aws_vpc.main', 'aws_vpc', 'main', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true } }),
      change('aws_internet_gateway.main', 'aws_internet_gateway', 'main', { after: {}, after_unknown: { id: true, vpc_id: true } }),
      { ...(change('data.aws_vpc_endpoint.fw', 'aws_vpc_endpoint', 'fw', { actions: ['read'], after: { tags: {} }, after_unknown: { id: true } }) as object), mode: 'data' },
      change('aws_route_table.app', 'aws_route_table', 'app', { after: { route: [{ cidr_block: WORLD }, { cidr_block: '10.0.9.0/24' }] }, after_unknown: { id: true, vpc_id: true, route: [{ gateway_id: true }, { gateway_id: true }] } }),
    ], { resources: [
      configured('aws_vpc', 'main', {}), configured('aws_internet_gateway', 'main', { vpc_id: { references: ['aws_vpc.main.id', 'aws_vpc.main'] } }),
      { ...(configured('aws_vpc_endpoint', 'fw', { vpc_id: { references: ['aws_vpc.main.id', 'aws_vpc.main'] } }) as object), mode: 'data', address: 'data.aws_vpc_endpoint.fw' },
      configured('aws_route_table', 'app', { vpc_id: { references: ['aws_vpc.main.id', 'aws_vpc.main'] }, route: { references } }),
    ] })).model.tables[0]!.routes.filter(({ destination }) => destination === WORLD).map(({ target, possible }) => [target.text, possible !== undefined]);
    const endpoint = ['data.aws_vpc_endpoint.fw.id', 'data.aws_vpc_endpoint.fw', 'var.other_subnet'];
    expect(stack(endpoint)).toEqual([['data.aws_vpc_endpoint.fw', false], ['aws_internet_gateway.main', true]]);
    expect(stack(['aws_internet_gateway.main.id', 'aws_internet_gateway.main', ...endpoint])).toContainEqual(['aws_internet_gateway.main', false]);
  });
});

describe('a NAT gateway before the firewall', () => {
  const bypasses = (toGateway: boolean) => changed((resource) => {
    const { app, nat, firewall } = resource.aws_route_table!;
    const toFirewall = app!.route[0].vpc_endpoint_id;
    app!.route = [{ cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') }];
    nat!.route = [{ cidr_block: WORLD, ...(toGateway ? { gateway_id: ref('aws_internet_gateway', 'main') } : { vpc_endpoint_id: toFirewall }) }];
    firewall!.route = [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }];
  }).findings.filter(({ rule }) => rule === 'internet-route-bypasses-firewall').map(({ address }) => address);

  test('leads on to it', () => expect(bypasses(false)).toEqual([]));
  test('unless its own subnet leads past it', () => expect(bypasses(true)).toEqual(['aws_route_table.app']));
});

test('what a data source reads by the id of something of the plan is that, also through a splat', () => {
  const stack = soundStack();
  stack.data = { aws_security_group: { selected: { id: ref('aws_security_group', 'app') }, elsewhere: { id: 'sg-0123456789abcdef0' } } };
  for (const name of ['selected', 'elsewhere']) stack.resource.aws_instance![name] = { ...stack.resource.aws_instance!.app!, vpc_security_group_ids: `\${data.aws_security_group.${name}[*].id}` };
  const groups = (name: string) => review(stack).model.workloads.find(({ address }) => address === `aws_instance.${name}`)!.groups;
  expect(groups('selected')).toEqual({ likely: [expect.objectContaining({ address: 'aws_security_group.app' })], others: [] });
  expect(groups('elsewhere').likely.map(({ address }) => address)).not.toContain('aws_security_group.app');
});

test('a rule that is of one group, and by the letter perhaps of another, is told of the one', () => {
  const group = (at: number) => change(`aws_security_group.g[${at}]`, 'aws_security_group', 'g', { after: { name: `g${at}` }, after_unknown: { id: true } });
  const rule = (at: number) => change(`aws_security_group_rule.r[${at}]`, 'aws_security_group_rule', 'r', { after: { type: 'ingress', protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD] }, after_unknown: { security_group_id: true } });
  const indexed = (resource: unknown, at: number) => ({ ...(resource as object), index: at });
  const { findings } = review(plan([0, 1].flatMap((at) => [indexed(group(at), at), indexed(rule(at), at)]), { resources: [
    { ...(configured('aws_security_group', 'g', {}) as object), count_expression: { constant_value: 2 } },
    { ...(configured('aws_security_group_rule', 'r', { security_group_id: { references: ['aws_security_group.g', 'count.index'] } }) as object), count_expression: { constant_value: 2 } },
  ] }));
  expect(findings.filter(({ rule: id }) => id === 'wide-group-ingress').map(({ address, message }) => [address, message.split(' ')[0]])).toEqual([
    ['aws_security_group_rule.r[0]', 'aws_security_group.g[0]'], ['aws_security_group_rule.r[1]', 'aws_security_group.g[1]']]);
});

describe('a wide group', () => {
  const told = (edit: Parameters<typeof changed>[0]) => changed(edit).findings.filter(({ rule, address }) => rule === 'wide-group-egress' && address === 'aws_security_group.wide').map(({ severity, message }) => [severity, message.slice(message.indexOf(', ') + 2)]);
  const wide = (resource: ReturnType<typeof soundStack>['resource']) => {
    resource.aws_security_group!.wide = { vpc_id: ref('aws_vpc', 'main'), ingress: [], egress: [line({ cidr_blocks: [WORLD] })] };
    resource.aws_instance!.app!.vpc_security_group_ids = [ref('aws_security_group', 'app'), ref('aws_security_group', 'wide')];
    delete resource.aws_network_acl;
    delete resource.aws_default_network_acl;
  };

  test('of something without a public address needs one, and no route', () => {
    expect(told((resource) => {
      wide(resource);
      resource.aws_route_table!.app!.route = [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }];
    })).toEqual([['low', 'though no way leads there: one route or public address more, and it is open']]);
  });

  test('is as bad as another of the same place that is shown', () => {
    expect(told((resource) => {
      wide(resource);
      resource.aws_route_table!.app!.route = [{ cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') }];
    })).toEqual([['high', 'and nothing on the way looks at host names']]);
  });
});

describe('HOME_NET of a hub', () => {
  const missed = (route: Body) => changed((resource) => {
    resource.aws_vpc!.spoke = { cidr_block: '192.168.0.0/16' };
    resource.aws_internet_gateway!.spoke = { vpc_id: ref('aws_vpc', 'spoke') };
    resource.aws_subnet!.spoke = { vpc_id: ref('aws_vpc', 'spoke'), cidr_block: '192.168.1.0/24' };
    resource.aws_route_table!.spoke = { vpc_id: ref('aws_vpc', 'spoke'), route: [{ cidr_block: WORLD, ...route }] };
    resource.aws_route_table_association!.spoke = { subnet_id: ref('aws_subnet', 'spoke'), route_table_id: ref('aws_route_table', 'spoke') };
    resource.aws_ec2_transit_gateway = { hub: {} };
    resource.aws_ec2_transit_gateway_vpc_attachment = Object.fromEntries([['main', 'vault'], ['spoke', 'spoke']].map(([network, subnet]) => [network!, { transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub'), vpc_id: ref('aws_vpc', network!), subnet_ids: [ref('aws_subnet', subnet!)] }]));
  }).findings.filter(({ rule }) => rule === 'home-net-missing').map(({ message }) => /and (aws_subnet\.\w+)/.exec(message)?.[1]);

  test('need not hold what is led elsewhere alone', () => expect(missed({ gateway_id: ref('aws_internet_gateway', 'spoke') })).toEqual([]));
  test('has to hold what is led to the transit gateway', () => expect(missed({ transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub') })).toEqual(['aws_subnet.spoke']));
});

test('a subnet of attachments that is called so is none for workloads, in any network, unless it leads to the internet', () => {
  const places = (name: string, more: Body = {}) => review({ resource: {
    aws_vpc: { egress: { cidr_block: '10.0.0.0/16' } },
    aws_subnet: { a: { vpc_id: ref('aws_vpc', 'egress'), cidr_block: '10.0.1.0/24' }, [name]: { vpc_id: ref('aws_vpc', 'egress'), cidr_block: '10.0.2.0/28' } },
    aws_ec2_transit_gateway: { t: {} },
    aws_ec2_transit_gateway_vpc_attachment: { a: { transit_gateway_id: ref('aws_ec2_transit_gateway', 't'), vpc_id: ref('aws_vpc', 'egress'), subnet_ids: [ref('aws_subnet', name)] } },
    ...more,
  } }).model.places.map(({ addresses }) => addresses[0]);
  expect(places('tgw')).toEqual(['aws_subnet.a']);
  expect(places('private')).toEqual(['aws_subnet.a', 'aws_subnet.private']);
  expect(places('tgw', {
    aws_internet_gateway: { g: { vpc_id: ref('aws_vpc', 'egress') } },
    aws_route_table: { own: { vpc_id: ref('aws_vpc', 'egress'), route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'g') }] } },
    aws_route_table_association: { own: { subnet_id: ref('aws_subnet', 'tgw'), route_table_id: ref('aws_route_table', 'own') } },
  })).toEqual(['aws_subnet.a', 'aws_subnet.tgw']);
});

describe('a network in which nothing runs but its way out', () => {
  const estate = (resource: Body) => review({ resource: {
    aws_vpc: { v: { cidr_block: '10.0.0.0/16' } },
    aws_internet_gateway: { g: { vpc_id: ref('aws_vpc', 'v') } },
    aws_subnet: { public: { vpc_id: ref('aws_vpc', 'v'), cidr_block: '10.0.0.0/24' }, private: { vpc_id: ref('aws_vpc', 'v'), cidr_block: '10.0.1.0/24' } },
    aws_route_table: {
      public: { vpc_id: ref('aws_vpc', 'v'), route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'g') }] },
      private: { vpc_id: ref('aws_vpc', 'v'), route: [{ cidr_block: WORLD, network_interface_id: ref('aws_network_interface', 'nat') }] },
    },
    aws_route_table_association: Object.fromEntries(['public', 'private'].map((name) => [name, { subnet_id: ref('aws_subnet', name), route_table_id: ref('aws_route_table', name) }])),
    aws_network_interface: { nat: { subnet_id: ref('aws_subnet', 'public'), source_dest_check: false } },
    aws_instance: { nat: { network_interface: [{ device_index: 0, network_interface_id: ref('aws_network_interface', 'nat') }] } },
    aws_eip: { nat: { network_interface: ref('aws_network_interface', 'nat') } },
    ...resource,
  } });

  test('has places where something will run, and they are as open as that', () => {
    const { at, verdicts } = estate({});
    expect(at('aws_subnet.private')).toMatchObject({ kind: 'open', witness: expect.arrayContaining([expect.objectContaining({ address: 'aws_instance.nat' })]) });
    expect(verdicts.map(({ place }) => place.id).filter((id) => id.startsWith('aws_subnet.public'))).toEqual([]);
  });

  test('and none but its workloads once there are some', () => {
    const { verdicts } = estate({ aws_lambda_function: { f: { vpc_config: [{ subnet_ids: [ref('aws_subnet', 'private')], security_group_ids: [] }] } } });
    expect(verdicts.map(({ place }) => place.id).filter((id) => id.startsWith('aws_subnet'))).toEqual([]);
  });
});

test('of a list of groups the one with the instance’s own index is meant, and the others perhaps', () => {
  const indexed = (type: string, name: string, after: Body, after_unknown: Body) => [0, 1].map((at) => ({ ...(change(`${type}.${name}[${at}]`, type, name, { after: { name: `${name}${at}`, ...after }, after_unknown: { id: true, ...after_unknown } }) as object), index: at }));
  const twice = (type: string, name: string, expressions: Body) => ({ ...(configured(type, name, expressions) as object), count_expression: { constant_value: 2 } });
  const { model } = review(plan([...indexed('aws_security_group', 'g', {}, {}), ...indexed('aws_instance', 'i', {}, { vpc_security_group_ids: true })], { resources: [
    twice('aws_security_group', 'g', {}), twice('aws_instance', 'i', { vpc_security_group_ids: { references: ['aws_security_group.g', 'count.index'] } }),
  ] }));
  expect(model.workloads.map(({ address, groups }) => [address, groups.likely.map((group) => group.address), groups.others.map((group) => group.address)])).toEqual([
    ['aws_instance.i[0]', ['aws_security_group.g[0]'], ['aws_security_group.g[1]']], ['aws_instance.i[1]', ['aws_security_group.g[1]'], ['aws_security_group.g[0]']]]);
});

describe('a DNS filter with a list of AWS', () => {
  const told = (domains: readonly string[]) => review({ resource: {
    aws_vpc: { v: { cidr_block: '10.0.0.0/16' } },
    aws_route53_resolver_firewall_domain_list: { own: { domains } },
    aws_route53_resolver_firewall_rule_group: { g: { name: 'g' } },
    aws_route53_resolver_firewall_rule: Object.fromEntries([['own', ref('aws_route53_resolver_firewall_domain_list', 'own')], ['threats', 'rslvr-fdl-bbc798062d594728']].map(([name, firewall_domain_list_id], at) => [name!, { name, action: 'BLOCK', block_response: 'NODATA', priority: 100 + at, firewall_domain_list_id, firewall_rule_group_id: ref('aws_route53_resolver_firewall_rule_group', 'g') }])),
    aws_route53_resolver_firewall_rule_group_association: { a: { firewall_rule_group_id: ref('aws_route53_resolver_firewall_rule_group', 'g'), vpc_id: ref('aws_vpc', 'v'), priority: 200 } },
  } }).findings.filter(({ rule }) => rule === 'dns-unfiltered').map(({ address, severity, confidence }) => [address, severity, confidence]);

  test('that names no more than what is bad may answer every other name', () => expect(told(['bad.example.'])).toEqual([['aws_route53_resolver_firewall_rule.threats', 'low', 'possible']]));
  test('answers none where another list has every name', () => expect(told(['*'])).toEqual([]));
});

test('an attachment of a network that inspects is a core network’s way to the firewall, and its subnets hold nothing else', () => {
  const { findings, model } = changed((resource) => {
    resource.aws_networkmanager_core_network = { core: {} };
    resource.aws_networkmanager_vpc_attachment = { a: { core_network_id: ref('aws_networkmanager_core_network', 'core'), vpc_arn: ref('aws_vpc', 'main', 'arn'), subnet_arns: [ref('aws_subnet', 'core', 'arn')] } };
    resource.aws_subnet!.core = { vpc_id: ref('aws_vpc', 'main'), cidr_block: '10.0.14.0/28' };
    resource.aws_route_table!.core = { vpc_id: ref('aws_vpc', 'main'), route: resource.aws_route_table!.app!.route };
    resource.aws_route_table_association!.core = { subnet_id: ref('aws_subnet', 'core'), route_table_id: ref('aws_route_table', 'core') };
  });
  expect(findings.filter(({ rule }) => rule === 'uninspected-path')).toEqual([]);
  expect(model.places.filter(({ addresses }) => addresses.includes('aws_subnet.core'))).toEqual([]);
});

test('a group that a variable adds to those of the plan may let anything out, though a first plan shows only theirs', () => {
  const estate = (value: Body | readonly string[], references: readonly string[], call?: Body) => {
    const group = change('aws_security_group.g', 'aws_security_group', 'g', { after: { name: 'g', egress: [] }, after_unknown: { id: true } });
    const prefix = call ? 'module.m.' : '';
    const machine = { ...(change(`${prefix}aws_instance.i`, 'aws_instance', 'i', { after: {}, after_unknown: { id: true, vpc_security_group_ids: true } }) as object), ...(call ? { module_address: 'module.m' } : {}) };
    const instance = configured('aws_instance', 'i', { vpc_security_group_ids: { references } });
    const own = { resources: [configured('aws_security_group', 'g', { egress: { constant_value: [] } }), ...(call ? [] : [instance])], ...(call ? { module_calls: { m: { expressions: call, module: { resources: [instance] } } } } : {}) };
    return review({ ...(plan([group, machine], own) as object), variables: { extra: { value } } }).model.workloads[0]!.groups.unknown;
  };
  const ofPlan = ['aws_security_group.g.id', 'aws_security_group.g'];
  expect(estate(['sg-0123456789abcdef0'], [...ofPlan, 'var.extra'])).toBe('aws_instance.i: sg-0123456789abcdef0, which a variable adds to its groups, is not in the plan');
  expect(estate([], [...ofPlan, 'var.extra'])).toBeUndefined();
  expect(estate([], ['var.own', 'var.more'], { own: { references: ofPlan }, more: { constant_value: ['sg-0fedcba9876543210'] } })).toContain('sg-0fedcba9876543210');
  expect(estate(['sg-0fedcba9876543210'], ['var.own', 'var.more'], { own: { references: ofPlan }, more: { references: ['var.extra'] } })).toContain('sg-0fedcba9876543210');
  expect(estate([], ['var.own', 'var.more'], { own: { references: ofPlan }, more: { references: ['var.extra'] } })).toBeUndefined();
});

test('a subnet that an appliance’s endpoint has for itself is none for workloads', () => {
  const places = (name: string) => review({ resource: {
    aws_vpc: { v: { cidr_block: '10.0.0.0/16' } },
    aws_internet_gateway: { g: { vpc_id: ref('aws_vpc', 'v') } },
    aws_subnet: Object.fromEntries(['app', 'gwlbe'].map((each, at) => [each, { vpc_id: ref('aws_vpc', 'v'), cidr_block: `10.0.${at}.0/24` }])),
    aws_route_table: {
      app: { vpc_id: ref('aws_vpc', 'v'), route: [{ cidr_block: WORLD, vpc_endpoint_id: ref('aws_vpc_endpoint', 'e') }] },
      gwlbe: { vpc_id: ref('aws_vpc', 'v'), route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'g') }] },
    },
    aws_route_table_association: Object.fromEntries(['app', 'gwlbe'].map((each) => [each, { subnet_id: ref('aws_subnet', each), route_table_id: ref('aws_route_table', each) }])),
    aws_vpc_endpoint: { e: { vpc_id: ref('aws_vpc', 'v'), service_name: 'com.amazonaws.vpce.eu-west-1.vpce-svc-1', vpc_endpoint_type: 'GatewayLoadBalancer', subnet_ids: [ref('aws_subnet', name)] } },
  } }).model.places.map(({ addresses }) => addresses[0]);
  expect(places('gwlbe')).toEqual(['aws_subnet.app']);
  expect(places('app')).toEqual(['aws_subnet.app', 'aws_subnet.gwlbe']);
});

test('the default ACL of a network of the plan is its own, also once it has an id', () => {
  const told = (default_network_acl_id: string) => review({ format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: [
    { address: 'aws_vpc.v', mode: 'managed', type: 'aws_vpc', name: 'v', provider_name: 'registry.terraform.io/hashicorp/aws', values: { id: 'vpc-1', cidr_block: '10.0.0.0/16', default_network_acl_id: 'acl-1' } },
    { address: 'aws_default_network_acl.a', mode: 'managed', type: 'aws_default_network_acl', name: 'a', provider_name: 'registry.terraform.io/hashicorp/aws', values: { id: default_network_acl_id, default_network_acl_id, egress: [{ rule_no: 100, action: 'allow', protocol: '-1', cidr_block: WORLD, from_port: 0, to_port: 0 }] } },
  ] } } }).findings.filter(({ rule }) => rule === 'way-out-elsewhere').map(({ address }) => address);
  expect(told('acl-1')).toEqual([]);
  expect(told('acl-2')).toEqual(['aws_default_network_acl.a']);
});

test('a stateful rule of both directions is shown as one: it passes whatever comes from its port, to any other', () => {
  const told = (direction: string) => changed((resource) => {
    const header = { protocol: 'TCP', source: 'ANY', source_port: 'ANY', direction, destination: 'ANY', destination_port: '5432' };
    resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source = { stateful_rule: [{ action: 'PASS', header, rule_option: [{ keyword: 'sid:1' }] }] };
  }).findings.filter(({ rule }) => rule === 'wide-firewall-rule').map(({ message }) => message.slice(message.indexOf('PASS')));
  expect(told('ANY')).toContain('PASS TCP ANY <> ANY 5432');
  expect(told('FORWARD')).toContain('PASS TCP ANY -> ANY 5432');
});
