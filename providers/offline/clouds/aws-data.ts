/** Answers of AWS data sources. */
import { type ObjectValue, type Value } from '../wire/cty';
import { CERTIFICATE, type CloudRules, draw, hex, objects, strings, type Surroundings, text } from './cloud';

/** The documentation's account number. */
const ACCOUNT = '123456789012';

/** The provider's region; us-east-1 when it is left to the environment, which a stand-in does not read. */
export function awsRegion({ config }: Surroundings): string {
  return text(config['region']) ?? 'us-east-1';
}

/** The account of the role to assume when the provider names one, so that two accounts stay apart. */
export function awsAccount({ config }: Surroundings): string {
  const role = objects(config['assume_role']).map((block) => text(block['role_arn']))[0];
  return /^arn:aws[\w-]*:iam::(\d{12}):/.exec(role ?? '')?.[1] ?? strings(config['allowed_account_ids'])[0] ?? ACCOUNT;
}

/** `us-east-1` -> `use1`, as zone ids abbreviate it. */
function shortRegion(region: string): string {
  const [area = '', direction = '', number = ''] = region.split('-');
  return `${area}${direction.replace(/(north|south)?(east|west)?/, (_, a: string | undefined, b: string | undefined) => (a?.[0] ?? '') + (b?.[0] ?? ''))}${number}`;
}

/** Data sources of `hashicorp/aws`, by type. */
export const AWS_DATA_SOURCES: NonNullable<CloudRules['dataSources']> = {
  aws_availability_zones: ({ surroundings }) => {
    const region = awsRegion(surroundings);
    return {
      id: region,
      names: ['a', 'b', 'c'].map((letter) => region + letter),
      zone_ids: [1, 2, 3].map((number) => `${shortRegion(region)}-az${number}`),
      group_names: [region],
    };
  },
  aws_eks_cluster: ({ self, surroundings }) => {
    const name = text(self['name']) ?? 'offline';
    return { id: name, name, endpoint: `https://${hex(32, name).toUpperCase()}.gr7.${awsRegion(surroundings)}.eks.amazonaws.com`, certificate_authority: [{ data: CERTIFICATE }] };
  },
  aws_availability_zone: ({ self, surroundings }) => {
    const name = text(self['name']) ?? `${awsRegion(surroundings)}a`;
    return { id: name, name, region: awsRegion(surroundings), name_suffix: name.slice(-1), zone_type: 'availability-zone', state: 'available', opt_in_status: 'opt-in-not-required' };
  },
  aws_region: ({ self, surroundings }) => {
    const region = text(self['region']) ?? text(self['name']) ?? awsRegion(surroundings);
    return { id: region, name: region, region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
  },
  aws_caller_identity: ({ surroundings }) => {
    const account = awsAccount(surroundings);
    return { id: account, account_id: account, arn: `arn:aws:iam::${account}:user/offline`, user_id: 'AIDAOFFLINE' };
  },
  aws_partition: () => ({ id: 'aws', partition: 'aws', dns_suffix: 'amazonaws.com', reverse_dns_prefix: 'com.amazonaws' }),
  aws_iam_policy_document: ({ self }) => {
    const json = policyDocument(self);
    return { id: String(draw(2 ** 32, json)), json, minified_json: JSON.stringify(JSON.parse(json)) };
  },
  // As AWS makes them unless asked otherwise: names resolved, no IPv6, no public addresses on launch.
  aws_vpc: () => ({ enable_dns_support: true, enable_dns_hostnames: true, ipv6_cidr_block: '', ipv6_association_id: '', default: false }),
  aws_subnet: () => ({ map_public_ip_on_launch: false, ipv6_cidr_block: '', ipv6_cidr_block_association_id: '', assign_ipv6_address_on_creation: false, default_for_az: false }),
  aws_network_acls: ({ self }) => ({ ids: [`acl-${hex(17, text(self['vpc_id']) ?? 'offline')}`] }),
  aws_prefix_list: ({ self }) => prefixList(self),
  aws_ec2_managed_prefix_list: ({ self }) => prefixList(self),
  aws_vpc_endpoint_service: ({ self, surroundings }) => {
    const name = text(self['service_name']) ?? `com.amazonaws.${awsRegion(surroundings)}.${text(self['service']) ?? 'offline'}`;
    return { id: name, service_name: name, service_type: text(self['service_type']) ?? 'Interface', owner: 'amazon', availability_zones: ['a', 'b', 'c'].map((letter) => awsRegion(surroundings) + letter) };
  },
};

/** Which addresses a list has, only AWS or its owner knows: made-up ones would pass for known in a review. */
function prefixList(self: ObjectValue): ObjectValue {
  const filters = objects(self['filter']).flatMap((filter) => strings(filter['values']));
  const name = text(self['name']) ?? filters[0] ?? 'com.amazonaws.offline';
  const id = text(self['id']) ?? text(self['prefix_list_id']) ?? `pl-${hex(8, name)}`;
  return { id, prefix_list_id: id, name, cidr_blocks: [], entries: [], max_entries: 10, address_family: 'IPv4', owner_id: 'AWS' };
}

/** The JSON that IAM gets, in the provider's key order and with single values unwrapped as the provider does. */
function policyDocument(self: ObjectValue): string {
  const statements = objects(self['statement']).map((statement) => ({
    ...optional('Sid', statement['sid']),
    Effect: text(statement['effect']) ?? 'Allow',
    ...optional('Action', oneOrMany(statement['actions'])),
    ...optional('NotAction', oneOrMany(statement['not_actions'])),
    ...optional('Resource', oneOrMany(statement['resources'])),
    ...optional('NotResource', oneOrMany(statement['not_resources'])),
    ...optional('Principal', principals(statement['principals'])),
    ...optional('NotPrincipal', principals(statement['not_principals'])),
    ...optional('Condition', conditions(statement['condition'])),
  }));
  return JSON.stringify({ Version: text(self['version']) ?? '2012-10-17', ...optional('Id', self['policy_id']), Statement: statements }, null, 2);
}

function optional(key: string, value: Value | undefined): ObjectValue {
  return value === null || value === undefined ? {} : { [key]: value };
}

function oneOrMany(value: Value | undefined): Value {
  const members = strings(value).sort();
  return members.length === 0 ? null : members.length === 1 ? (members[0] ?? null) : members;
}

function principals(value: Value | undefined): Value {
  const blocks = objects(value);
  if (blocks.length === 0) return null;
  if (blocks.some((block) => block['type'] === '*')) return '*';
  return Object.fromEntries(blocks.map((block) => [text(block['type']) ?? '', oneOrMany(block['identifiers'])]));
}

function conditions(value: Value | undefined): Value {
  const result: { [test: string]: ObjectValue } = {};
  for (const block of objects(value)) {
    const test = text(block['test']) ?? '';
    result[test] = { ...result[test], [text(block['variable']) ?? '']: oneOrMany(block['values']) };
  }
  return Object.keys(result).length === 0 ? null : result;
}
