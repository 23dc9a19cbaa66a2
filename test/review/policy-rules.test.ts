/** Where a place is, by its addresses or those of its network, and what holds there. */
import { parse, stringify } from 'yaml';
import { policyRules, type Located } from '../../review/model/policy-rules';
import { fixture, policyOf } from '../fixtures/stacks';

interface Blocks { readonly cidr: string; readonly [option: string]: unknown }

/** Two environments on a cloud, with a host that is only prod's. */
function policy(cloud: 'aws' | 'google', prod: Blocks, staging: Blocks, environments: readonly string[] = ['prod']) {
  const written = parse(fixture('full'));
  const [given] = written.environments;
  written.allow = [...written.allow, { host: 'live.partner.com', from: ['payments'], owner: 'x', reason: 'y', environments }];
  written.environments = [{ name: 'prod', [cloud]: { ...given[cloud], ...prod } }, { name: 'staging', [cloud]: { ...given[cloud], ...staging, ...(cloud === 'google' ? { project: 'acme-staging' } : {}) } }];
  return policyOf(stringify(written)).policy;
}

const place = (network: string | undefined, ...cidrs: string[]): Located => ({ cidrs, segment: 'payments', ...(network === undefined ? {} : { network }) });

describe('blocks of the shared space, which several networks may add', () => {
  const pods = { secondaryCidrs: { payments: '100.64.0.0/16' } };
  const both = policy('aws', { cidr: '10.20.0.0/16', ...pods }, { cidr: '10.21.0.0/16', ...pods });
  const one = policy('aws', { cidr: '10.20.0.0/16', ...pods }, { cidr: '10.21.0.0/16' });
  const inProd = [place('a', '10.20.0.0/20'), place('a', '100.64.0.0/20')];
  const inStaging = [place('b', '10.21.0.0/20'), place('b', '100.64.0.0/20')];

  test.each([['both name it', both], ['one names it', one]])('are of the environment that the rest of the network is of: %s', (_, written) => {
    const held = policyRules(written, 'aws', [...inProd, ...inStaging]);
    expect([...inProd, ...inStaging].map((each) => held.at(each).environments)).toEqual([['prod'], ['prod'], ['staging'], ['staging']]);
    expect(held.at(inProd[1]!).naming('live.partner.com')).toHaveLength(1);
    expect(held.at(inStaging[1]!).naming('live.partner.com')).toEqual([]);
  });

  test.each([['both name it', both], ['one names it', one]])('may be of any where nothing else tells: %s', (_, written) => {
    const alone = place('c', '100.64.0.0/20');
    const held = policyRules(written, 'aws', [...inProd, alone]).at(alone);
    expect(held.environments).toEqual(['prod', 'staging']);
    expect(held.certain.map(({ host }) => host.text)).not.toContain('live.partner.com');
  });

  test('in a block of one environment that is in an added one of another, are of neither for certain', () => {
    const inside = policy('aws', { cidr: '100.64.0.0/16' }, { cidr: '10.21.0.0/16', ...pods });
    const [unsure] = [place('c', '100.64.0.0/20')];
    expect(policyRules(inside, 'aws', [unsure]).at(unsure).environments).toEqual(['prod', 'staging']);
  });

  test('an added block of a private range is of its environment alone', () => {
    const added = policy('aws', { cidr: '10.20.0.0/16', secondaryCidrs: { payments: '10.99.0.0/16' } }, { cidr: '10.21.0.0/16' });
    expect(policyRules(added, 'aws', []).at(place('c', '10.99.0.0/20')).environments).toEqual(['prod']);
  });
});

describe('a network', () => {
  const written = policy('aws', { cidr: '10.20.0.0/16' }, { cidr: '10.21.0.0/16' });
  const environmentsOf = (asked: Located, ...others: readonly Located[]) => policyRules(written, 'aws', [...others, asked]).at(asked).environments;

  test('that nothing tells may be in any environment, whichever others the plan has', () => {
    expect(environmentsOf(place('b'), place('a', '10.20.0.0/20'))).toEqual(['prod', 'staging']);
    expect(environmentsOf(place('b', '10.99.0.0/20'), place('a', '10.20.0.0/20'))).toEqual(['prod', 'staging']);
  });

  test('tells of those of its places whose addresses are not known, or in no environment', () => {
    expect(environmentsOf(place('a'), place('a', '10.20.0.0/20'))).toEqual(['prod']);
    expect(environmentsOf(place('a', '10.99.0.0/20'), place('a', '10.20.0.0/20'))).toEqual(['prod']);
  });

  test('with places of two environments tells of each what its addresses do, and of the rest that it is in one of them', () => {
    const others = [place('a', '10.20.0.0/20'), place('a', '10.21.0.0/20'), place('a', '10.20.16.0/20')];
    for (const order of [others, [...others].reverse()]) {
      expect(environmentsOf(place('a'), ...order)).toEqual(['prod', 'staging']);
      expect(environmentsOf(place('a', '10.21.16.0/20'), ...order)).toEqual(['staging']);
    }
  });

  test('which nobody knows is of an environment that the plan has', () => {
    expect(environmentsOf(place(undefined), place('a', '10.20.0.0/20'))).toEqual(['prod']);
    expect(environmentsOf(place(undefined))).toEqual(['prod', 'staging']);
    expect(policyRules(written, 'aws', [], { known: ['staging'] }).at(place(undefined)).environments).toEqual(['staging']);
    // What it tells of others is nothing of a network of its own.
    expect(policyRules(written, 'aws', [], { known: ['staging'] }).at(place('b')).environments).toEqual(['prod', 'staging']);
  });

  test('with addresses of two environments in one subnet is in neither for certain', () => {
    expect(environmentsOf(place('a', '10.20.0.0/15'))).toEqual(['prod', 'staging']);
  });

  test('with addresses of IPv6 alone is told by the rest', () => {
    expect(environmentsOf(place('a', '2001:db8::/64'))).toEqual(['prod', 'staging']);
    expect(environmentsOf(place('a', '2001:db8::/64'), place('a', '10.21.0.0/20', '2001:db8:1::/64'))).toEqual(['staging']);
  });
});

test('subnets of a network that exists tell the environment on Azure, wherever its own block is', () => {
  const written = parse(fixture('full'));
  const [{ azure }] = written.environments;
  const id = (name: string, path: string) => `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/${name}/providers/Microsoft.Network/virtualNetworks/${name}${path}`;
  written.environments = ['prod', 'staging'].map((name, index) => {
    const subnets = Object.fromEntries(written.segments.map((segment: { name: string }, number: number) => [segment.name, { id: id(name, `/subnets/${segment.name}`), cidr: `10.${60 + index}.${number}.0/24` }]));
    return { name, azure: { ...azure, cidr: `10.${40 + index}.0.0/16`, spoke: { network: id(name, ''), subnets, privateEndpoints: { id: id(name, '/subnets/endpoints'), cidr: `10.${60 + index}.99.0/24` } } } };
  });
  written.allow.push({ host: 'live.partner.com', from: ['payments'], environments: ['prod'], owner: 'x', reason: 'y' });
  const held = policyRules(policyOf(stringify(written)).policy, 'azure', []);
  expect(['10.60.1.0/24', '10.61.1.0/24', '10.61.99.0/24', '10.41.0.0/24', '10.62.0.0/24'].map((cidr) => held.at(place('a', cidr)).environments)).toEqual([['prod'], ['staging'], ['staging'], ['staging'], ['prod', 'staging']]);
});

test("ranges of a cluster's pods and services tell the environment on Google Cloud", () => {
  const gke = (pods: string, services: string) => ({ gke: [{ segment: 'payments', pods, services }] });
  const written = policy('google', { cidr: '10.30.0.0/16', ...gke('10.72.0.0/16', '10.73.0.0/20') }, { cidr: '10.31.0.0/16', ...gke('10.74.0.0/16', '10.75.0.0/20') });
  expect(policyRules(written, 'google', []).at(place('a', '10.31.0.0/20', '10.74.0.0/16', '10.75.0.0/20')).environments).toEqual(['staging']);
  expect(policyRules(written, 'google', []).at(place('a', '10.31.0.0/20', '10.72.0.0/16')).environments).toEqual(['prod', 'staging']);
});

describe('what holds', () => {
  const written = policy('aws', { cidr: '10.20.0.0/16' }, { cidr: '10.21.0.0/16' });
  const texts = (rules: readonly { readonly host: { readonly text: string } }[]) => rules.map(({ host }) => host.text);
  const [inProd, inStaging, anywhere] = [place('a', '10.20.0.0/20'), place('b', '10.21.0.0/20'), place('c')];
  const held = policyRules(written, 'aws', [inProd, inStaging]);

  test('is of the segment, in some of its environments; for certain in each of them', () => {
    expect(texts(held.at(inProd).rules)).toEqual(['api.stripe.com', 'live.partner.com', 'sftp.partner.com', 'status.stripe.com']);
    expect(texts(held.at(inProd).certain)).toEqual(texts(held.at(inProd).rules));
    expect(texts(held.at(inStaging).rules)).toEqual(['api.stripe.com', 'sftp.partner.com', 'status.stripe.com']);
    expect(texts(held.at(anywhere).rules)).toContain('live.partner.com');
    expect(texts(held.at(anywhere).certain)).not.toContain('live.partner.com');
    expect(texts(held.at({ ...inProd, segment: 'platform' }).rules)).not.toContain('live.partner.com');
  });

  test('is of all segments where none is meant', () => {
    expect(texts(held.ofAllAt({ ...inProd, segment: 'platform' }).rules)).toEqual(expect.arrayContaining(['live.partner.com', 'deb.debian.org']));
    expect(texts(held.ofAllAt(inStaging).rules)).not.toContain('live.partner.com');
  });

  test('of a rule over bare tcp is found by its addresses, with or without the length', () => {
    expect(['151.101.1.69', '151.101.1.69/32', '151.101.64.0/24'].map((text) => held.at(inProd).naming(text).length)).toEqual([1, 1, 1]);
    expect(['sftp.partner.com', '151.101.64.0', 'constructor'].map((text) => held.at(inProd).naming(text).length)).toEqual([0, 0, 0]);
  });

  test('on a cloud that no environment is on is what holds in any', () => {
    expect(texts(policyRules(written, 'azure', []).at(place('a', '10.20.0.0/20')).rules)).toContain('live.partner.com');
    expect(texts(policyRules(written, 'google', []).all)).not.toContain('*.docker.io');
  });
});

test('where all rules hold everywhere nothing is told apart, unless environments differ in more', () => {
  const written = policy('aws', { cidr: '10.20.0.0/16' }, { cidr: '10.21.0.0/16' }, ['prod', 'staging']);
  expect(policyRules(written, 'aws', []).at(place('a', '10.20.0.0/20')).environments).toEqual(['prod', 'staging']);
  expect(policyRules(written, 'aws', [], { isApart: true }).at(place('a', '10.20.0.0/20')).environments).toEqual(['prod']);
});
