import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Memory } from '../../../providers/offline/memory';
import { installedBindings } from '../../../providers/offline/schema/bindings';
import { SchemaCache } from '../../../providers/offline/schema/cache';
import { type Block, EMPTY_BLOCK, impliedType } from '../../../providers/offline/schema/model';
import { StandIn } from '../../../providers/offline/stand-in';
import { decodeValue, encodeValue, type ObjectValue, UNKNOWN } from '../../../providers/offline/wire/cty';

const cacheFolder = mkdtempSync(join(tmpdir(), 'offline-cache-'));
const cache = new SchemaCache(cacheFolder);
const bindings = installedBindings(resolve(__dirname, '../../..'));
afterAll(() => rmSync(cacheFolder, { recursive: true }));

function block(kind: 'resource' | 'data', type: string): Block {
  const prefix = type.slice(0, type.indexOf('_'));
  const found = bindings.filter((binding) => binding.prefix === prefix).map((binding) => cache.block(binding, kind, type))[0];
  if (found === undefined) throw new Error(`no schema for ${type}`);
  return found;
}

/** A stand-in that is asked in plain values. */
class Asked {
  private readonly standIn: StandIn;

  constructor(name: string, resources: readonly string[], dataSources: readonly string[] = [], salt = 'stack') {
    const of = (kind: 'resource' | 'data', types: readonly string[]): { [type: string]: Block } => Object.fromEntries(types.map((type) => [type, block(kind, type)]));
    this.standIn = new StandIn(name, { provider: EMPTY_BLOCK, resources: of('resource', resources), dataSources: of('data', dataSources) }, new Memory(), salt);
  }

  create(type: string, config: ObjectValue): ObjectValue {
    const wire = impliedType(block('resource', type));
    const nothing = encodeValue(null, wire);
    const { planned } = this.standIn.plan(type, nothing, encodeValue(config, wire), new Uint8Array());
    return decodeValue(this.standIn.apply(type, nothing, planned), wire) as ObjectValue;
  }

  /** Hands over a resource from a state file, as Terraform does before it plans. */
  show(type: string, attributes: object): void {
    this.standIn.upgrade(type, Buffer.from(JSON.stringify(attributes)));
  }

  replacedBy(type: string, prior: ObjectValue, change: ObjectValue): string[] {
    const wire = impliedType(block('resource', type));
    const { requiresReplace } = this.standIn.plan(type, encodeValue(prior, wire), encodeValue({ ...prior, ...change }, wire), new Uint8Array());
    return requiresReplace.map(({ steps }) => JSON.stringify(steps));
  }

  planned(type: string, prior: ObjectValue, change: ObjectValue): ObjectValue {
    const wire = impliedType(block('resource', type));
    return decodeValue(this.standIn.plan(type, encodeValue(prior, wire), encodeValue({ ...prior, ...change }, wire), new Uint8Array()).planned, wire) as ObjectValue;
  }

  read(type: string, config: ObjectValue): ObjectValue {
    const wire = impliedType(block('data', type));
    return decodeValue(this.standIn.readData(type, encodeValue(config, wire)), wire) as ObjectValue;
  }
}

const FIREWALL = 'aws_networkfirewall_firewall';
const firewall = (subnets: readonly string[]): ObjectValue => ({ name: 'f', firewall_policy_arn: 'arn', vpc_id: 'vpc-1', subnet_mapping: subnets.map((subnet_id) => ({ subnet_id })) });

function zones(made: ObjectValue): unknown[] {
  const [status] = made['firewall_status'] as { sync_states: { availability_zone: string; attachment: { endpoint_id: string; subnet_id: string }[] }[] }[];
  return (status?.sync_states ?? []).map((state) => [state.attachment[0]?.subnet_id, state.availability_zone]);
}

describe('a firewall\'s endpoints', () => {
  test('stand in the zones of subnets that an earlier run has made', () => {
    const asked = new Asked('aws', [FIREWALL, 'aws_subnet']);
    asked.show('aws_subnet', { id: 'subnet-1', availability_zone: 'us-east-1c', gone_since: true });
    // subnet-2 is nobody's: it gets a zone that is still free.
    expect(zones(asked.create(FIREWALL, firewall(['subnet-1', 'subnet-2'])))).toEqual([['subnet-1', 'us-east-1c'], ['subnet-2', 'us-east-1a']]);
  });

  test('are known after apply again when the subnets change, and only then', () => {
    const asked = new Asked('aws', [FIREWALL]);
    const made = asked.create(FIREWALL, firewall(['subnet-1']));
    expect(asked.planned(FIREWALL, made, { description: 'x' })['firewall_status']).toEqual(made['firewall_status']);
    expect(asked.planned(FIREWALL, made, { subnet_mapping: firewall(['subnet-1', 'subnet-2'])['subnet_mapping'] ?? null })['firewall_status']).toEqual(UNKNOWN);
  });
});

describe('ids', () => {
  test('differ for equal resources, also when one of them is in the state already', () => {
    const earlier = new Asked('aws', ['aws_eip']).create('aws_eip', { domain: 'vpc' });
    const asked = new Asked('aws', ['aws_eip']);
    asked.show('aws_eip', earlier);
    const ids = [earlier, asked.create('aws_eip', { domain: 'vpc' }), asked.create('aws_eip', { domain: 'vpc' })].map((made) => made['id']);
    expect(new Set(ids).size).toBe(3);
  });

  test('are the same in every run of a stack, and others in another stack', () => {
    const id = (salt: string): unknown => new Asked('aws', ['aws_vpc'], [], salt).create('aws_vpc', { cidr_block: '10.0.0.0/16' })['id'];
    expect(id('prod')).toMatch(/^vpc-[0-9a-f]{17}$/);
    expect(id('prod')).toBe(id('prod'));
    expect(id('prod')).not.toBe(id('test'));
  });

  test.each<[string, string, ObjectValue, string | RegExp]>([
    ['aws', 'aws_security_group', { name: 'a' }, /^sg-[0-9a-f]{17}$/],
    ['aws', 'aws_networkfirewall_rule_group', { name: 'hosts', capacity: 1, type: 'STATEFUL' }, 'arn:aws:network-firewall:us-east-1:123456789012:stateful-rulegroup/hosts'],
    ['google', 'google_compute_firewall', { name: 'deny', network: 'n' }, 'projects/offline-project/global/firewalls/deny'],
    ['google', 'google_compute_router', { name: 'r', network: 'n', region: 'europe-west1' }, 'projects/offline-project/regions/europe-west1/routers/r'],
    ['google', 'google_compute_network_firewall_policy_rule', { firewall_policy: 'projects/p/global/firewallPolicies/e', priority: 7 }, 'projects/offline-project/global/firewallPolicies/e/7'],
    ['google', 'google_dns_record_set', { managed_zone: 'z', name: 'a.b.', type: 'A' }, 'projects/offline-project/managedZones/z/rrsets/a.b./A'],
    ['azurerm', 'azurerm_route_table', { name: 'r', resource_group_name: 'g' }, '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/routeTables/r'],
    ['azurerm', 'azurerm_firewall_policy_rule_collection_group', { name: 'r', firewall_policy_id: '/p' }, '/p/ruleCollectionGroups/r'],
  ])('%s: %s', (name, type, config, expected) => {
    expect(new Asked(name, [type]).create(type, config)['id']).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });
});

test('what cannot change in place is replaced, the rest is not', () => {
  const asked = new Asked('aws', ['aws_subnet']);
  const made = asked.create('aws_subnet', { vpc_id: 'vpc-1', cidr_block: '10.0.0.0/24' });
  expect(asked.replacedBy('aws_subnet', made, { availability_zone: 'us-east-1f', map_public_ip_on_launch: true })).toEqual(['[{"attribute_name":"availability_zone"}]']);
});

test('a policy document is the JSON that IAM would get', () => {
  const made = new Asked('aws', [], ['aws_iam_policy_document']).read('aws_iam_policy_document', {
    statement: [{
      sid: 'own', effect: 'Deny', actions: ['s3:PutObject', 's3:GetObject'], resources: ['*'], principals: [{ type: 'AWS', identifiers: ['arn:aws:iam::1:root'] }],
      condition: [{ test: 'StringNotEquals', variable: 'aws:PrincipalOrgID', values: ['o-1'] }],
    }],
  });
  expect(JSON.parse(String(made['json']))).toEqual({
    Version: '2012-10-17',
    Statement: [{
      Sid: 'own', Effect: 'Deny', Action: ['s3:GetObject', 's3:PutObject'], Resource: '*', Principal: { AWS: 'arn:aws:iam::1:root' },
      Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } },
    }],
  });
});

test('a type that the stack did not name is an error that says so', () => {
  expect(() => new Asked('aws', []).create('aws_vpc', { cidr_block: '10.0.0.0/16' })).toThrow("the stand-in was not told about resource type 'aws_vpc'");
});
