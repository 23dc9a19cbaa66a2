/** What names, numbers and AWS's own rules tell of expressions that a first plan leaves open: they may open a way, and close none. */
import { change, configured, plan, refs } from '../plan/plans';
import { review } from './reviewed';

const WORLD = '0.0.0.0/0';
const ID = { id: true };
const local = (name: string, ...more: readonly string[]) => ({ references: [`local.${name}`, ...more] });

interface Thing {
  readonly type: string;
  readonly name: string;
  readonly key?: string | number;
  readonly after?: Record<string, unknown>;
  /** What refers to something. */
  readonly by?: Readonly<Record<string, unknown>>;
  readonly forEach?: Record<string, unknown>;
}

/** A plan in which whatever refers to something is not known. */
function reviewed(things: readonly Thing[]) {
  const changes = things.map(({ type, name, key, after = {}, by = {} }) => change(`${type}.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`, type, name,
    { after, after_unknown: { ...ID, ...Object.fromEntries(Object.keys(by).map((attribute) => [attribute, true])) } }, key === undefined ? {} : { index: key }));
  const blocks = new Map(things.map(({ type, name, by = {}, after = {}, key, forEach }) => [`${type}.${name}`, configured(type, name, {
    ...Object.fromEntries(Object.entries(after).map(([attribute, value]) => [attribute, { constant_value: value }])), ...by,
  }, typeof key === 'number' ? { count_expression: { constant_value: 9 } } : key === undefined ? {} : { for_each_expression: forEach ?? local('all') })]));
  return review(plan(changes, { resources: [...blocks.values()] }));
}

const vpc = (name: string): Thing => ({ type: 'aws_vpc', name, after: { cidr_block: '10.0.0.0/16' } });
const subnet = (name: string, network = 'main', key?: string | number): Thing => ({ type: 'aws_subnet', name, ...(key === undefined ? {} : { key }), by: { vpc_id: refs(`aws_vpc.${network}.id`) } });
const table = (name: string, network = 'main'): Thing => ({ type: 'aws_route_table', name, by: { vpc_id: refs(`aws_vpc.${network}.id`) } });
const joined = (name: string, to = name): Thing => ({ type: 'aws_route_table_association', name, by: { subnet_id: refs(`aws_subnet.${name}.id`), route_table_id: refs(`aws_route_table.${to}.id`) } });
const gateway = (network = 'main'): Thing => ({ type: 'aws_internet_gateway', name: 'out', by: { vpc_id: refs(`aws_vpc.${network}.id`) } });
const route = (by: Record<string, unknown>): Thing => ({ type: 'aws_route', name: 'out', after: { destination_cidr_block: WORLD }, by: { route_table_id: by, gateway_id: refs('aws_internet_gateway.out.id') } });
const machine = (name: string, subnet_id: unknown = refs(`aws_subnet.${name}.id`), rest: Partial<Thing> = {}): Thing => ({ type: 'aws_instance', name, after: { associate_public_ip_address: true }, by: { subnet_id }, ...rest });
const base = [vpc('main'), gateway(), subnet('public'), subnet('private'), table('public'), table('private'), joined('public'), joined('private'), machine('public'), machine('private')];

describe('the name of a local', () => {
  const { at } = reviewed([...base, route(local('public_route_table_ids', 'count.index'))]);

  test('points to what is called so', () => expect(at('aws_instance.public')).toMatchObject({ kind: 'open' }));
  test('closes nothing that it may mean as well', () => expect(at('aws_instance.private')).toMatchObject({ kind: 'unknown' }));
});

test('a local whose name says nothing points to none of several', () => {
  const { at } = reviewed([...base, route(local('chosen'))]);
  expect([at('aws_instance.public').kind, at('aws_instance.private').kind]).toEqual(['unknown', 'unknown']);
});

describe('the key of an instance', () => {
  const keyed = (key: string): Thing => ({ type: 'aws_route_table_association', name: 'all', key, by: { subnet_id: { references: ['aws_subnet.s', 'each.key'] }, route_table_id: { references: ['each.value'] } } });
  const keys = ['public', 'private'];
  const { at } = reviewed([vpc('main'), gateway(), ...keys.flatMap((key) => [subnet('s', 'main', key), table(key), keyed(key), machine(key, refs(`aws_subnet.s["${key}"].id`))]), route(refs('aws_route_table.public.id'))]);

  test('points to what is called so', () => expect(at('aws_instance.public')).toMatchObject({ kind: 'open' }));
  test('closes nothing that it may mean as well', () => expect(at('aws_instance.private')).toMatchObject({ kind: 'unknown' }));
});

describe('the key together with the name of a local, and the tag of what is meant', () => {
  const zones = ['a', 'b'];
  const each = (name: string): Thing => ({ ...machine(name, { references: [`local.${name}`, 'each.key'] }), key: 'a' });

  test('pick one of several that have the key', () => {
    const { model } = reviewed([vpc('main'), ...zones.flatMap((zone) => [subnet('public', 'main', zone), subnet('inner', 'main', `private/${zone}`)]), { ...each('private'), by: { subnet_id: { references: ['local.inner_private', 'each.key'] } } }]);
    expect(model.places.map(({ subnet: found }) => found?.address)).toEqual(['aws_subnet.inner["private/a"]']);
  });

  test('read the tag where the address is a range', () => {
    const tagged = (key: string, Name: string): Thing => ({ ...subnet('this', 'main', key), after: { tags: { Name } } });
    const { model } = reviewed([vpc('main'), tagged('10.0.0.0/24', 'app-a'), tagged('10.0.1.0/24', 'app-b'), tagged('10.0.2.0/24', 'web-a'), { ...machine('m', { references: ['local.by_set["app"]', 'local.by_set', 'each.key'] }), key: 'a' }]);
    expect(model.places.map(({ subnet: found }) => found?.address)).toEqual(['aws_subnet.this["10.0.0.0/24"]']);
  });
});

describe('a number', () => {
  const estate = (index: unknown, rest: Partial<Thing> = {}) => reviewed([vpc('main'), subnet('s', 'main', 0), subnet('s', 'main', 1), machine('m', index, rest)]).model.places.map(({ id }) => id);

  test('written behind an output or a local is one place', () => expect(estate({ references: ['local.ids[1]', 'local.ids'] })).toEqual(['aws_instance.m']));
  test('that is not written is any of them', () => expect(estate(local('ids'))).toEqual(['aws_instance.m in aws_subnet.s[0]', 'aws_instance.m in aws_subnet.s[1]']));
  test('beyond the last begins anew, as element() does', () => expect(reviewed([vpc('main'), subnet('s', 'main', 0), subnet('s', 'main', 1), machine('m', local('ids', 'count.index'), { key: 3 })]).model.places[0]?.subnet?.address).toBe('aws_subnet.s[1]'));

  test('says nothing of a subnet with another way out', () => {
    const both: Thing[] = [subnet('s', 'main', 0), subnet('s', 'main', 1), table('none'), table('out')];
    const association = (key: number, to: string): Thing => ({ type: 'aws_route_table_association', name: to, by: { subnet_id: refs(`aws_subnet.s[${key}].id`), route_table_id: refs(`aws_route_table.${to}.id`) } });
    const { at } = reviewed([vpc('main'), gateway(), ...both, association(0, 'none'), association(1, 'out'), route(refs('aws_route_table.out.id')), machine('m', { references: ['local.ids[0]', 'local.ids'] })]);
    expect(at('aws_instance.m')).toMatchObject({ kind: 'unknown' });
  });
});

describe('what AWS joins stands in one network', () => {
  const two = [vpc('main'), vpc('other'), subnet('public'), subnet('private', 'other'), table('public'), table('private', 'other'), joined('public'), joined('private'), machine('public'), machine('private')];

  test('a route to a gateway of one network is in no table of another', () => {
    const { at } = reviewed([...two, gateway(), route(local('chosen'))]);
    expect([at('aws_instance.public').kind, at('aws_instance.private').kind]).toEqual(['open', 'none']);
  });

  test('where the gateway\'s network is not known, it may be in any', () => {
    const { at } = reviewed([...two, { ...gateway(), by: { vpc_id: local('network') } }, route(local('chosen'))]);
    expect(at('aws_instance.private')).toMatchObject({ kind: 'unknown' });
  });

  test('a subnet takes a table of its own network, and a machine with a group of one stands there', () => {
    const loose: Thing = { type: 'aws_route_table_association', name: 'loose', by: { subnet_id: refs('aws_subnet.late.id'), route_table_id: local('chosen') } };
    const group: Thing = { type: 'aws_security_group', name: 'g', after: { egress: [] }, by: { vpc_id: refs('aws_vpc.other.id') } };
    const { model, at } = reviewed([...two, gateway(), route(refs('aws_route_table.public.id')), subnet('late', 'other'), loose, machine('late'), group,
      { ...machine('m', local('chosen')), by: { subnet_id: local('chosen'), vpc_security_group_ids: refs('aws_security_group.g.id') } }]);
    expect(at('aws_instance.late')).toMatchObject({ kind: 'none' });
    expect(model.places.filter(({ addresses }) => addresses[0] === 'aws_instance.m').map(({ subnet: each }) => each?.address)).toEqual(['aws_subnet.private', 'aws_subnet.late']);
  });
});

describe('a subnet takes one table', () => {
  const keyed = (key: string): Thing => ({ type: 'aws_route_table_association', name: 'all', key, by: { subnet_id: { references: ['each.value'] }, route_table_id: refs('aws_route_table.private.id') }, forEach: { references: ['aws_subnet.s', 'aws_subnet.t'] } });
  const main: Thing = { type: 'aws_route', name: 'out', after: { destination_cidr_block: WORLD }, by: { route_table_id: { references: ['aws_vpc.main.main_route_table_id', 'aws_vpc.main'] }, gateway_id: refs('aws_internet_gateway.out.id') } };
  const estate = [vpc('main'), gateway(), main, subnet('s'), subnet('t'), table('private'), machine('s'), machine('t')];

  test('as many associations as subnets leave none to the main table', () => expect(reviewed([...estate, keyed('x'), keyed('y')]).at('aws_instance.s')).toMatchObject({ kind: 'none' }));
  test('one less, and any of them may follow it', () => expect(reviewed([...estate, keyed('x')]).at('aws_instance.s').kind).not.toBe('none'));
});

test('a guess which subnet is meant leaves the main table possible', () => {
  const main: Thing = { type: 'aws_route', name: 'out', after: { destination_cidr_block: WORLD }, by: { route_table_id: { references: ['aws_vpc.main.main_route_table_id', 'aws_vpc.main'] }, gateway_id: refs('aws_internet_gateway.out.id') } };
  const { at } = reviewed([vpc('main'), gateway(), main, subnet('private'), subnet('public'), table('private'), machine('private'),
    { type: 'aws_route_table_association', name: 'a', by: { subnet_id: local('private_subnet_ids'), route_table_id: refs('aws_route_table.private.id') } }]);
  expect(at('aws_instance.private')).toMatchObject({ kind: 'unknown' });
});

describe('blocks that a provider fills in where nobody wrote one', () => {
  test.each(['aws_apprunner_service', 'aws_kinesisanalyticsv2_application'])('%s runs in a network of AWS', (type) => {
    const block = type === 'aws_apprunner_service' ? 'network_configuration' : 'application_configuration';
    const { at } = review(plan([change(`${type}.a`, type, 'a', { after: { name: 'a' }, after_unknown: { ...ID, [block]: true } })], { resources: [configured(type, 'a', { name: { constant_value: 'a' } })] }));
    expect(at(`${type}.a`)).toMatchObject({ kind: 'open' });
  });

  test('desktops without a group of their own have the one of the directory, and no public address', () => {
    const { model } = review(plan([change('aws_workspaces_directory.w', 'aws_workspaces_directory', 'w', { after: {}, after_unknown: { ...ID, workspace_creation_properties: true } })], { resources: [configured('aws_workspaces_directory', 'w', {})] }));
    expect(model.workloads.map(({ groups, isPublic }) => [groups.likely.map(({ implicit }) => implicit), isPublic])).toEqual([[[true], false]]);
  });

  test('a search domain without a network opens no connection', () => {
    expect(review(plan([change('aws_opensearch_domain.o', 'aws_opensearch_domain', 'o')], { resources: [configured('aws_opensearch_domain', 'o', {})] })).model.places).toEqual([]);
  });
});

test('a main table that a route may be in is told as no more than that', () => {
  const adopted: Thing = { type: 'aws_default_route_table', name: 'd', by: { default_route_table_id: { references: ['aws_vpc.main.default_route_table_id', 'aws_vpc.main'] } } };
  const { findings } = reviewed([...base, adopted, route(local('public_route_table_ids'))]);
  expect(findings.filter(({ rule }) => rule === 'default-route-table-not-empty')).toEqual([expect.objectContaining({ address: 'aws_default_route_table.d', severity: 'low', confidence: 'possible' })]);
});

describe('a route to an interface', () => {
  const nat: Thing = { type: 'aws_network_interface', name: 'nat', after: { source_dest_check: false }, by: { subnet_id: refs('aws_subnet.public.id') } };
  const forwarding: Thing = { type: 'aws_route', name: 'nat', after: { destination_cidr_block: WORLD }, by: { route_table_id: refs('aws_route_table.private.id'), network_interface_id: refs('aws_network_interface.nat.id') } };
  const hidden = machine('private', refs('aws_subnet.private.id'), { after: { associate_public_ip_address: false } });
  const estate = [...base.filter(({ type, name }) => type !== 'aws_instance' || name !== 'private'), hidden, route(refs('aws_route_table.public.id')), nat, forwarding];

  test('that a machine outside of the plan takes, as NAT instances of a scaling group do, is not closed', () => {
    const { at } = reviewed(estate);
    expect(at('aws_network_interface.nat')).toMatchObject({ kind: 'none' });
    expect(at('aws_instance.private')).toMatchObject({ kind: 'unknown', reasons: ['which machine takes aws_network_interface.nat, and what it sends by its other interfaces, is not in the plan'] });
  });

  test('leaves by every interface of the machine to which it is attached', () => {
    const attached: Thing = { type: 'aws_network_interface_attachment', name: 'a', by: { network_interface_id: refs('aws_network_interface.nat.id'), instance_id: refs('aws_instance.public.id') } };
    expect(reviewed([...estate, attached]).at('aws_instance.private')).toMatchObject({ kind: 'open' });
  });
});

test('what stands in several subnets and gets out of each alike is one finding', () => {
  const { findings } = reviewed([...base, route({ references: ['aws_route_table.public.id', 'aws_route_table.public', 'aws_route_table.private.id', 'aws_route_table.private'] }),
    subnet('third'), table('third'), joined('third'), { ...route(refs('aws_route_table.third.id')), name: 'third' }, joined('public', 'third'), joined('private', 'third'),
    { type: 'aws_network_interface', name: 'many', after: {}, by: { subnet_id: { references: ['aws_subnet.public.id', 'aws_subnet.public', 'aws_subnet.third.id', 'aws_subnet.third'] } } },
    { type: 'aws_eip', name: 'e', by: { network_interface: refs('aws_network_interface.many.id') } }]);
  expect(findings.filter(({ rule, address }) => rule === 'open-egress' && address === 'aws_network_interface.many').map(({ message }) => message)).toEqual([
    'aws_network_interface.many in aws_subnet.public, aws_subnet.third reaches from each of them the internet over IPv4 by aws_internet_gateway.out, unguarded: tcp/*, udp/*, icmp, other',
  ]);
});

describe('HOME_NET that the groups of a policy say themselves', () => {
  const FIREWALL = 'aws_networkfirewall_firewall';
  const estate = (home: readonly string[] | undefined) => {
    const group = { capacity: 10, type: 'STATEFUL', rule_group: [{ ...(home ? { rule_variables: [{ ip_sets: [{ key: 'HOME_NET', ip_set: [{ definition: home }] }] }] } : {}), rules_source: [{ rules_source_list: [{ generated_rules_type: 'ALLOWLIST', target_types: ['TLS_SNI'], targets: ['example.com'] }] }] }] };
    const policy = { stateless_default_actions: ['aws:forward_to_sfe'], stateless_fragment_default_actions: ['aws:forward_to_sfe'], stateful_default_actions: ['aws:drop_strict'], stateful_engine_options: [{ rule_order: 'STRICT_ORDER' }], stateful_rule_group_reference: [{ priority: 1, resource_arn: '${aws_networkfirewall_rule_group.g.arn}' }] };
    const at = (network: string) => ({ vpc_id: `\${aws_vpc.${network}.id}` });
    return review({ resource: {
      aws_vpc: { hub: { cidr_block: '10.0.0.0/16' }, spoke: { cidr_block: '10.1.0.0/16' } },
      aws_subnet: { fw: { ...at('hub'), cidr_block: '10.0.0.0/24' }, app: { ...at('spoke'), cidr_block: '10.1.0.0/24' } },
      aws_ec2_transit_gateway: { t: {} },
      aws_ec2_transit_gateway_vpc_attachment: Object.fromEntries([['hub', 'fw'], ['spoke', 'app']].map(([network, name]) => [network, { ...at(network!), transit_gateway_id: '${aws_ec2_transit_gateway.t.id}', subnet_ids: [`\${aws_subnet.${name}.id}`] }])),
      aws_networkfirewall_rule_group: { g: { name: 'g', ...group } },
      aws_networkfirewall_firewall_policy: { p: { name: 'p', firewall_policy: [policy] } },
      [FIREWALL]: { f: { name: 'f', ...at('hub'), firewall_policy_arn: '${aws_networkfirewall_firewall_policy.p.arn}', subnet_mapping: [{ subnet_id: '${aws_subnet.fw.id}' }] } },
    } }).findings.filter(({ rule }) => rule === 'home-net-missing').map(({ severity }) => severity ?? 'high');
  };

  test('holds for them', () => expect(estate(['10.0.0.0/8'])).toEqual(['low']));
  test('and not where it misses a network, or a group says none', () => expect([estate(['10.0.0.0/16']), estate(undefined)]).toEqual([['high'], ['high']]));
});

test('a subnet that AWS makes with the default network follows its table, and gets out', () => {
  const data = (type: string, after: unknown) => ({ ...(change(`data.${type}.d`, type, 'd', { actions: ['read'], after, after_unknown: {} }) as object), mode: 'data' });
  const estate = (default_for_az: boolean) => review(plan([data('aws_vpc', { id: 'vpc-1', default: true, cidr_block: '172.31.0.0/16' }), data('aws_subnet', { id: 'subnet-1', vpc_id: 'vpc-1', default_for_az, cidr_block: '172.31.0.0/20', map_public_ip_on_launch: true }),
    change('aws_instance.m', 'aws_instance', 'm', { after: { subnet_id: 'subnet-1', associate_public_ip_address: true } })])).at('aws_instance.m').kind;
  expect([estate(true), estate(false)]).toEqual(['open', 'unknown']);
});

describe('an Elastic IP', () => {
  const estate = (instance: unknown) => reviewed([...base.map((thing) => (thing.type === 'aws_instance' ? { ...thing, after: { associate_public_ip_address: false } } : thing)),
    route({ references: ['aws_route_table.public.id', 'aws_route_table.public', 'aws_route_table.private.id', 'aws_route_table.private'] }), { ...route(refs('aws_route_table.public.id')), name: 'a' }, { ...route(refs('aws_route_table.private.id')), name: 'b' },
    { type: 'aws_eip', name: 'e', by: { instance } }]);

  test('for what a local is called after is public there, and perhaps elsewhere', () => {
    const { at, model } = estate(local('public_instance_id'));
    expect([at('aws_instance.public').kind, at('aws_instance.private').kind]).toEqual(['open', 'unknown']);
    expect(model.workloads.map(({ address, isPublic }) => [address, isPublic])).toEqual([['aws_instance.public', true], ['aws_instance.private', false]]);
  });

  test('for one that is named is public there alone', () => expect(estate(refs('aws_instance.public.id')).at('aws_instance.private')).toMatchObject({ kind: 'none' }));
});

test('a bucket that is copied into another of the plan leaves nothing', () => {
  const { findings } = review({ resource: { aws_s3_bucket: { a: {}, b: {} }, aws_s3_bucket_replication_configuration: { r: { bucket: '${aws_s3_bucket.a.id}', role: 'r', rule: [{ status: 'Enabled', destination: { bucket: '${aws_s3_bucket.b.arn}' } }] } } } });
  expect(findings.filter(({ rule }) => rule === 'managed-service-egress')).toEqual([]);
});

describe('one of several tables', () => {
  const either = { references: ['aws_route_table.public.id', 'aws_route_table.public', 'aws_route_table.private.id', 'aws_route_table.private'] };
  const estate = (...more: readonly Thing[]) => reviewed([vpc('main'), gateway(), subnet('s'), table('public'), table('private'), { type: 'aws_route_table_association', name: 'a', by: { subnet_id: refs('aws_subnet.s.id'), route_table_id: either } }, machine('s'), route(refs('aws_route_table.public.id')), ...more]).at('aws_instance.s').kind;

  test('that do not all lead out is not known to', () => expect(estate()).toBe('unknown'));
  test('of which one may lead out is not known to', () => expect(estate({ ...route(local('private_route_table_ids')), name: 'too', by: { route_table_id: local('chosen'), gateway_id: refs('aws_internet_gateway.out.id') } })).toBe('unknown'));
  test('that all lead out does', () => expect(estate({ ...route(refs('aws_route_table.private.id')), name: 'too' })).toBe('open'));
});

test('keys that share a word belong together before those that share none', () => {
  const keyed = (key: string, after: Record<string, unknown> = {}): Thing => ({ type: 'aws_subnet', name: 'this', key, after, by: { vpc_id: refs('aws_vpc.main.id') } });
  const { model } = reviewed([vpc('main'), keyed('shared/x'), keyed('dark/y'), { ...machine('m', { references: ['aws_subnet.this', 'each.value.subnet', 'each.value'] }), key: 'dark/app' }]);
  expect(model.places.map(({ subnet: found }) => found?.address)).toEqual(['aws_subnet.this["dark/y"]']);
});

test.each([['false', false], ['true', true]])('machines of Beanstalk that are told %s have a public address: %s', (value, isPublic) => {
  const setting = [{ namespace: 'aws:ec2:vpc', name: 'AssociatePublicIpAddress', value }];
  expect(review({ resource: { aws_elastic_beanstalk_environment: { e: { name: 'e', application: 'a', setting } } } }).model.workloads.map((workload) => workload.isPublic)).toEqual([isPublic]);
});

describe('what a table is handed out with', () => {
  const handed = (name: string): Thing => ({ type: 'aws_route', name, after: { destination_cidr_block: WORLD }, by: { route_table_id: { references: ['aws_vpc.main', 'aws_route_table.public', 'local.key'] }, gateway_id: refs('aws_internet_gateway.out.id') } });
  const { model } = reviewed([...base, handed('out')]);
  const routes = (address: string) => model.tables.find((each) => each.address === address)?.routes.map(({ possible, guessed }) => [possible !== undefined, guessed !== undefined]);

  test('is rather meant than the main table of a network', () => expect(routes('aws_route_table.public')).toEqual([[false, true]]));
  test('and what is called like the one that refers to it rather than another', () => {
    const database: Thing = { type: 'aws_route_table_association', name: 'database', by: { subnet_id: refs('aws_subnet.late.id'), route_table_id: { references: ['aws_route_table.public', 'aws_route_table.database', 'local.key'] } } };
    expect(reviewed([...base, subnet('late'), table('database'), database]).model.subnets.find(({ address }) => address === 'aws_subnet.late')?.tables.likely.map(({ address }) => address)).toEqual(['aws_route_table.database']);
  });
});

test('of several things that a route may lead to, where some are guarded or closed and others are not, none is taken for certain', () => {
  const nat = (name: string, connectivity_type: string): Thing => ({ type: 'aws_nat_gateway', name, after: { connectivity_type }, by: { subnet_id: refs('aws_subnet.public.id') } });
  const to = (...names: readonly string[]): Thing => ({ type: 'aws_route', name: 'nat', after: { destination_cidr_block: WORLD }, by: { route_table_id: refs('aws_route_table.private.id'), nat_gateway_id: { references: names.flatMap((name) => [`aws_nat_gateway.${name}.id`, `aws_nat_gateway.${name}`]) } } });
  const estate = (...names: readonly string[]) => reviewed([...base, route(refs('aws_route_table.public.id')), nat('a', 'public'), nat('b', 'private'), nat('c', 'public'), to(...names)]).at('aws_instance.private').kind;
  expect([estate('a', 'b'), estate('a', 'c'), estate('b')]).toEqual(['unknown', 'open', 'none']);
});

describe('a local with the instance\'s own key', () => {
  const tables = ['a', 'b'].map((key): Thing => ({ ...table('t'), key }));
  const subnets = ['a', 'b'].map((key) => subnet('s', 'main', key));
  const associations = ['a', 'b'].map((key): Thing => ({ type: 'aws_route_table_association', name: 'all', key, by: { subnet_id: local('subnets', 'each.key'), route_table_id: local('tables', 'each.key') } }));
  const machines = ['a', 'b'].map((key) => machine(key, refs(`aws_subnet.s["${key}"].id`)));
  const out = route(refs('aws_route_table.t["a"].id'));

  test('is what the one block of that kind makes with this key', () => {
    const { at } = reviewed([vpc('main'), gateway(), ...tables, ...subnets, ...associations, ...machines, out]);
    expect([at('aws_instance.a').kind, at('aws_instance.b').kind]).toEqual(['open', 'none']);
  });

  test('may be any of several blocks', () => {
    const { at } = reviewed([vpc('main'), gateway(), ...tables, ...subnets, ...associations, ...machines, { ...table('other'), key: 'b' }, { ...out, by: { ...out.by, route_table_id: refs('aws_route_table.other["b"].id') } }]);
    expect(at('aws_instance.b')).toMatchObject({ kind: 'unknown' });
  });
});

describe('a route whose target an expression picks', () => {
  const picked = (more: Record<string, unknown>) => ({ ...route(refs('aws_route_table.private.id')), by: { route_table_id: refs('aws_route_table.private.id'), network_interface_id: refs('aws_network_interface.nat.id'), ...more } });
  const nat: Thing = { type: 'aws_network_interface', name: 'nat', by: { subnet_id: refs('aws_subnet.public.id') } };
  const address: Thing = { type: 'aws_eip', name: 'nat', by: { network_interface: refs('aws_network_interface.nat.id') } };
  const transit: Thing = { type: 'aws_ec2_transit_gateway', name: 'hub' };
  const estate = [...base, route(refs('aws_route_table.public.id')), nat, address, { ...transit, after: {} }];

  // The provider fills an interface in where another target is named, so that null is not known either.
  test('leads to what another attribute names, and perhaps to an interface', () => {
    const { at } = reviewed([...estate, { ...picked({ transit_gateway_id: refs('aws_ec2_transit_gateway.hub.id') }), name: 'picked' }]);
    expect(at('aws_instance.private')).toMatchObject({ kind: 'unknown' });
    const { at: alone } = reviewed([...estate, { ...picked({}), name: 'picked' }]);
    expect(alone('aws_instance.private')).toMatchObject({ kind: 'open' });
  });
});

describe('an entry that lets out, for the ACL that a local is called after', () => {
  const acl = (name: string): Thing => ({ type: 'aws_network_acl', name, by: { vpc_id: refs('aws_vpc.main.id'), subnet_ids: refs(`aws_subnet.${name}.id`) } });
  const out = (rule_action: string, network_acl_id: object): Thing => ({ type: 'aws_network_acl_rule', name: 'out', after: { egress: true, rule_number: 100, rule_action, protocol: '-1', cidr_block: WORLD }, by: { network_acl_id } });
  const kinds = (...rules: readonly Thing[]) => {
    const { at } = reviewed([...base, route(refs('aws_route_table.public.id')), acl('public'), acl('private'), ...rules]);
    return [at('aws_instance.public').kind, at('aws_instance.private').kind];
  };

  test('is taken to be there', () => expect(kinds(out('allow', local('public_acl_ids', 'count.index')))).toEqual(['open', 'none']));
  test('and without one nothing leaves', () => expect(kinds()).toEqual(['none', 'none']));
});
