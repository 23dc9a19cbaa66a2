/** Machines come from the version of a template that is asked for, and a change makes a new one. */
import { review } from './reviewed';

const PROVIDER = 'registry.terraform.io/hashicorp/aws';
type Body = Record<string, unknown>;

const resource = (type: string, after: Body, before: Body | null = after, unknown: Body = {}) => ({
  address: `${type}.main`, mode: 'managed', type, name: 'main', provider_name: PROVIDER,
  change: { actions: before === null ? ['create'] : JSON.stringify(before) === JSON.stringify(after) ? ['no-op'] : ['update'], before, after, after_unknown: unknown, before_sensitive: {}, after_sensitive: {} },
});

const rule = (cidr: string) => [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [cidr], ipv6_cidr_blocks: [], prefix_list_ids: [], security_groups: [], self: false, description: '' }];

/** Machines in a subnet with a way out, whose template names a group that lets nothing out. */
function verdict(asked: Body, template: { before?: Body; after: Body; unknown?: Body }): string {
  const own = { id: 'lt-1', name: 'main', vpc_security_group_ids: ['sg-shut'] };
  const group = { ...resource('aws_security_group', { id: 'sg-wide', vpc_id: 'vpc-1', egress: rule('0.0.0.0/0'), ingress: [] }), address: 'aws_security_group.wide', name: 'wide' };
  const changes = [
    resource('aws_vpc', { id: 'vpc-1', cidr_block: '10.0.0.0/16' }),
    resource('aws_internet_gateway', { id: 'igw-1', vpc_id: 'vpc-1' }),
    resource('aws_subnet', { id: 'subnet-1', vpc_id: 'vpc-1', cidr_block: '10.0.1.0/24', map_public_ip_on_launch: true }),
    resource('aws_route_table', { id: 'rtb-1', vpc_id: 'vpc-1', route: [{ cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }] }),
    resource('aws_route_table_association', { id: 'rtbassoc-1', subnet_id: 'subnet-1', route_table_id: 'rtb-1' }),
    resource('aws_security_group', { id: 'sg-shut', vpc_id: 'vpc-1', egress: rule('10.0.0.0/16'), ingress: [] }),
    group,
    resource('aws_launch_template', { ...own, ...template.after }, template.before === undefined ? { ...own, ...template.after } : { ...own, ...template.before }, template.unknown),
    resource('aws_autoscaling_group', { id: 'asg-1', vpc_zone_identifier: ['subnet-1'], launch_template: [{ id: 'lt-1', ...asked }] }),
  ];
  return review({ format_version: '1.2', terraform_version: '1.11.4', resource_changes: changes, configuration: { root_module: {} } }).at('aws_autoscaling_group.main').kind;
}

const wide = { vpc_security_group_ids: ['sg-wide'], default_version: 1, latest_version: 1 };
const shut = { vpc_security_group_ids: ['sg-shut'], default_version: 1 };

test.each([
  ['the latest one', { version: '$Latest' }, 'none'],
  ['the default one, which stays', { version: '$Default' }, 'unknown'],
  ['the default one, because nothing is said', {}, 'unknown'],
  ['a number', { version: '1' }, 'unknown'],
])('a template that is shut: %s', (_, asked, kind) => {
  expect(verdict(asked, { before: wide, after: shut, unknown: { latest_version: true } })).toBe(kind);
});

test('the default version that follows', () => {
  expect(verdict({ version: '$Default' }, { before: { ...wide, update_default_version: true }, after: { ...shut, update_default_version: true }, unknown: { latest_version: true } })).toBe('none');
});

test('another change of a template says nothing about its network', () => {
  expect(verdict({ version: '$Default' }, { before: { ...shut, latest_version: 1, image_id: 'ami-1' }, after: { ...shut, image_id: 'ami-2' }, unknown: { latest_version: true } })).toBe('none');
});

test.each([
  ['the only version', { version: '$Default' }, 1, 'none'],
  ['an older version than the one that the plan shows', { version: '$Default' }, 3, 'unknown'],
  ['a number that is not the last one', { version: '2' }, 3, 'unknown'],
  ['the number of the last one', { version: '3' }, 3, 'none'],
])('a template that stays: %s', (_, asked, latest_version, kind) => {
  expect(verdict(asked, { after: { ...shut, latest_version } })).toBe(kind);
});
