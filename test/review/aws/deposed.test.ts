/** What a replacement left to be deleted later runs until then, and a state has it beside its successor. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

const resource = (address: string, values: object, more: object = {}) => {
  const [type, name] = address.split('.');
  return { address, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/aws', schema_version: 0, values, ...more };
};
const machine = (id: string, subnet_id: string, associate_public_ip_address: boolean, more?: object) => resource('aws_instance.app', { id, subnet_id, associate_public_ip_address, vpc_security_group_ids: ['sg-1'] }, more);
const STATE = { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: [
  resource('aws_vpc.main', { id: 'vpc-1', cidr_block: '10.0.0.0/16' }),
  resource('aws_internet_gateway.main', { id: 'igw-1', vpc_id: 'vpc-1' }),
  ...[['public', '0', [{ cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }]], ['private', '1', []]].flatMap(([name, octet, route]) => [
    resource(`aws_subnet.${name as string}`, { id: `subnet-${octet as string}`, vpc_id: 'vpc-1', cidr_block: `10.0.${octet as string}.0/24` }),
    resource(`aws_route_table.${name as string}`, { id: `rtb-${octet as string}`, vpc_id: 'vpc-1', route }),
    resource(`aws_route_table_association.${name as string}`, { id: `rtbassoc-${octet as string}`, subnet_id: `subnet-${octet as string}`, route_table_id: `rtb-${octet as string}` }),
  ]),
  resource('aws_security_group.app', { id: 'sg-1', vpc_id: 'vpc-1', ingress: [], egress: [{ protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['0.0.0.0/0'] }] }),
  machine('i-new', 'subnet-1', false),
  machine('i-old', 'subnet-0', true, { deposed_key: 'ab12cd34' }),
] } } };

test('a deposed machine is a place of its own', () => {
  const { verdicts, findings } = review({ inputs: [{ ...parsePlan(JSON.stringify(STATE), 'state.json'), name: 'state.json' }], today: TODAY });
  expect(verdicts.map(({ place, verdict }) => [place, verdict])).toEqual([['aws_instance.app', 'none'], ['aws_instance.app (deposed ab12cd34)', 'open']]);
  expect(findings.map(({ rule, address }) => `${rule} ${address}`)).toContain('public-address-on-workload aws_instance.app');
});

describe('a replacement that forgets the old object, and destroys it not', () => {
  type Entry = { readonly address: string; readonly values: object };
  const entries: readonly Entry[] = STATE.values.root_module.resources.filter((each) => !('deposed_key' in each));
  const others = entries.filter(({ address }) => address !== 'aws_instance.app');
  const old = machine('i-old', 'subnet-0', true);
  const replacing = (changed: Entry, was: object, actions: readonly string[], is: object, all: readonly Entry[]) => ({
    format_version: '1.2', terraform_version: '1.14.0', configuration: { root_module: {} },
    resource_changes: [...all.map(({ values, ...rest }) => ({ ...rest, change: { actions: ['no-op'], before: values, after: values, after_unknown: {} } })),
      { ...changed, values: undefined, change: { actions, before: was, after: is, after_unknown: { id: true }, replace_paths: [['subnet_id']] } }],
    prior_state: { format_version: '1.0', values: { root_module: { resources: [...all, { ...changed, values: was }] } } },
  });
  const told = (plan: object) => {
    const { verdicts, diff } = review({ inputs: [{ ...parsePlan(JSON.stringify(plan), 'plan.json'), name: 'plan.json' }], today: TODAY });
    return { verdicts: verdicts.map(({ place, verdict }) => [place, verdict]), opened: diff?.reach.filter(({ change }) => change !== 'closed').map(({ who, change }) => `${change} ${who}`) };
  };
  const moved = { subnet_id: 'subnet-1', associate_public_ip_address: false, vpc_security_group_ids: ['sg-1'] };

  test.each([[['create', 'forget']], [['forget', 'create']]])('leaves a machine where it stands: %j', (actions) => {
    expect(told(replacing(old, old.values, actions, moved, others))).toEqual({ verdicts: [['aws_instance.app', 'none'], ['aws_instance.app (left in place)', 'open']], opened: [] });
  });

  test('and one that is destroyed is gone', () => {
    expect(told(replacing(old, old.values, ['delete', 'create'], moved, others)).verdicts).toEqual([['aws_instance.app', 'none']]);
  });

  const rule = (cidr_ipv4: string) => resource('aws_vpc_security_group_egress_rule.out', { id: 'sgr-1', security_group_id: 'sg-1', ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ipv4 });
  const closed = others.map((each) => (each.address === 'aws_security_group.app' ? { ...each, values: { id: 'sg-1', vpc_id: 'vpc-1', ingress: [], egress: [] } } : each));

  test.each<[string, readonly string[]]>([['open', ['create', 'forget']], ['none', ['create', 'delete']]])('a rule of a group: %s', (verdict, actions) => {
    expect(told(replacing(rule(''), rule('0.0.0.0/0').values, actions, rule('10.0.0.0/8').values, [...closed, old])).verdicts).toEqual([['aws_instance.app', verdict]]);
  });
});
