/** Segments, blocks and places that somebody wrote by hand are none that the policy file may not hold. */
import { blockProblems, prefixProblems, regionProblems, segmentProblems, zoneProblems } from '../../blueprints/policy/sound-network';
import { policyOf, withHost } from './policies';

const POLICY = policyOf(withHost('api.acme.com'));
const [APP, EDGE, JOBS, STORE] = POLICY.segments.map((segment) => segment) as [typeof POLICY.segments[0], typeof POLICY.segments[0], typeof POLICY.segments[0], typeof POLICY.segments[0]];
const changed = (change: object) => segmentProblems([{ ...APP, ...change }, EDGE, JOBS, STORE], POLICY.allow);

test('what the reader makes is sound', () => {
  expect(segmentProblems(POLICY.segments, POLICY.allow)).toEqual([]);
});

test.each<readonly [string, object, string]>([
  ['a name with a space', { name: 'my app', accepts: [] }, "'my app' is no name of a segment"],
  ['a name that is too long', { name: 'a'.repeat(21), accepts: [] }, '1-20 characters'],
  ['a name of the network itself', { name: 'internet', accepts: [] }, 'reserved for the network itself'],
  ['a name of a subnet that the cloud takes for its own', { name: 'default', accepts: [] }, 'reserved for the network itself'],
  ['a name twice', { name: 'jobs' }, "'jobs' is the name of two segments"],
  ['a slot of the infrastructure', { slot: 3 }, 'slots are 4 to 63'],
  ['no slot', { slot: undefined }, 'slots are 4 to 63'],
  ['a slot twice', { slot: JOBS.slot }, `'jobs' has the slot ${JOBS.slot} of 'app'`],
  ['the internet in a private segment', { accepts: [{ from: 'internet', ports: [{ from: 443, to: 443 }], protocol: 'tcp' }] }, 'is private and accepts the internet'],
  ['a caller that is not there', { accepts: [{ from: 'nobody', ports: [{ from: 443, to: 443 }], protocol: 'tcp' }] }, "accepts 'nobody', which this network does not have"],
  ['a host for a data segment', { tier: 'data' }, 'is data and is granted a host'],
])('%s is refused', (_, change, part) => {
  expect(changed(change).join('\n')).toContain(part);
});

const WITHIN = { within: ['10.20.0.0/16'], narrowest: 28 };
const A = { owner: "'a'", cidr: '10.20.16.0/22' };

test.each<readonly [string, string, string]>([
  ['text', 'ten', "the block of 'b', 'ten', is not an IPv4 block; write an address and a prefix"],
  ['an address in a block', '10.20.32.1/22', "is an address inside a block; write '10.20.32.0/22'"],
  ['an address alone', '10.20.32.1', 'has no prefix length'],
  ['IPv6', 'fd00::/8', 'is IPv6, which this network does not carry'],
  ['a leading zero, which is octal to some', '010.20.32.0/22', 'is not an IPv4 block'],
  ['a public range', '8.8.8.0/24', 'is not a private range'],
  ['everything', '0.0.0.0/0', 'is not a private range'],
  ['another network', '10.21.0.0/22', "10.21.0.0/22, is not in 10.20.0.0/16, the network's own"],
  ['the network and more', '10.0.0.0/8', 'overlaps 10.0.0.0/8'],
  ['the same block', '10.20.16.0/22', "the block of 'b', 10.20.16.0/22, overlaps 10.20.16.0/22 of 'a'"],
  ['a part of another', '10.20.17.0/24', "overlaps 10.20.16.0/22 of 'a'"],
  ['fewer addresses than the cloud keeps', '10.20.32.0/29', 'is too small: a subnet has at most a /28'],
])('%s is refused as a block', (_, cidr, part) => {
  expect(blockProblems([A, { owner: "'b'", cidr }], WITHIN).join('\n')).toContain(part);
});

test('blocks beside each other are sound, and so is what only a deployment knows', () => {
  expect(blockProblems([A, { owner: "'b'", cidr: '10.20.20.0/22' }, { owner: "'c'", cidr: '${aws_subnet.c.cidr_block}' }], WITHIN)).toEqual([]);
  expect(blockProblems([A], { within: ['${aws_vpc.main.cidr_block}'] })).toEqual([]);
});

test('an overlap is found across the blocks between, and each is told', () => {
  const problems = blockProblems([{ owner: 'wide', cidr: '10.20.0.0/17' }, { owner: 'one', cidr: '10.20.0.0/24' }, { owner: 'two', cidr: '10.20.64.0/24' }, { owner: 'beside', cidr: '10.20.128.0/24' }]);
  expect(problems).toHaveLength(2);
  expect(problems.map((problem) => /of (\w+), /.exec(problem)![1])).toEqual(['one', 'two']);
});

test('a region has the shape of its cloud, so that a new one needs no release', () => {
  expect(regionProblems('aws', 'eu-central-9')).toEqual([]);
  expect(regionProblems('google', 'westeurope')).toEqual(["'westeurope' is no region of google; write one such as 'europe-west1'"]);
  expect(regionProblems('azure', 'us-east-1')[0]).toContain("'westeurope'");
  expect(regionProblems('aws', '${var.region}')).toEqual([]);
  expect(regionProblems('aws', 'cn-north-1').join()).toContain('GovCloud');
});

test.each<readonly [string, readonly string[], string]>([
  ['none', [], 'there is no zone'],
  ['one of another region', ['us-west-2a'], "'us-west-2a' is no zone of us-east-1; write one such as 'us-east-1a'"],
  ['a region', ['us-east-1'], "'us-east-1' is no zone"],
  ['one twice', ['us-east-1a', 'us-east-1a'], 'is there twice'],
])('zones: %s', (_, zones, part) => {
  expect(zoneProblems('us-east-1', zones).join('\n')).toContain(part);
});

test('zones of the region, and its local zones, are sound', () => {
  expect(zoneProblems('us-east-1', ['us-east-1a', 'us-east-1-bos-1a'])).toEqual([]);
});

test('a prefix of names leaves room for what is appended to it', () => {
  expect(prefixProblems('aws', 'acme-prod')).toEqual([]);
  expect(prefixProblems('aws', '${var.name}')).toEqual([]);
  expect(prefixProblems('aws', 'acme_prod').join()).toContain('letters, digits and single hyphens');
  expect(prefixProblems('azure', 'a'.repeat(41)).join()).toContain('41 characters; use at most 40');
});
