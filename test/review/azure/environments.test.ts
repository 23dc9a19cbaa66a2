/** A plan is of one environment: what the policy asks for in another is neither missing here nor agreed. */
import { parse, stringify } from 'yaml';
import { fixture, synthesized, type Synthesized } from '../../fixtures/stacks';
import { review } from './reviewed';

let built: Synthesized;
beforeAll(async () => {
  const policy = parse(fixture('full'));
  const [{ azure }] = policy.environments;
  policy.environments = [
    { name: 'prod', azure: { ...azure, withoutMetadata: ['ledger'], dnsPolicy: { mode: 'deny' } } },
    { name: 'dev', azure: { ...azure, cidr: '10.50.0.0/16', dnsPolicy: { mode: 'alert' } } },
  ];
  built = await synthesized(stringify(policy));
});

test.each(['prod', 'dev'])('%s has no finding', (name) => {
  expect(review(built.stack(`azure-${name}`), built.policy).findings).toEqual([]);
});

test('metadata that only prod closes is missed in prod', () => {
  const stack = built.stack('azure-prod');
  for (const group of Object.values(stack.resource!.azurerm_network_security_group!)) group.security_rule = group.security_rule.filter(({ name }: { name: string }) => name !== 'deny-metadata');
  expect(review(stack, built.policy).rules).toContain('metadata-open');
});

test('a DNS policy that only alerts is agreed in dev, and not in prod', () => {
  const only = (name: string) => {
    const stack = built.stack(`azure-${name}`);
    const text = JSON.stringify(stack).replaceAll('\\\\\\"Block\\\\\\"', '\\\\\\"Alert\\\\\\"').replaceAll('\\"Block\\"', '\\"Alert\\"');
    return review(text, built.policy).rules;
  };
  expect(only('prod')).toContain('dns-policy-open');
  expect(only('dev')).not.toContain('dns-policy-open');
});

describe('what the policy asks for is no finding', () => {
  const stackOf = async (change: object) => {
    const policy = parse(fixture('full'));
    policy.environments = [{ name: 'prod', azure: { ...policy.environments[0].azure, ...change } }];
    const { texts, policy: loaded } = await synthesized(stringify(policy));
    return review(texts['azure-prod']!, loaded);
  };
  const firewall = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/central/providers/Microsoft.Network/azureFirewalls/hub';

  test('DNS servers of a hub that is not in the plan', async () => {
    const { findings } = await stackOf({ hub: { firewall, privateAddress: '10.0.0.4', dnsServers: ['10.0.0.5', '10.0.0.6'] } });
    expect(findings).toEqual([]);
  });

  test('a workspace that people query from outside', async () => {
    expect((await stackOf({ logs: { queryFromInternet: true } })).findings).toEqual([]);
  });
});

describe('hosts of one environment, in networks that exist', () => {
  /** The plan has the ids of subnets alone, and the policy file their blocks. */
  const text = (staged: boolean) => {
    const policy = parse(fixture('full'));
    const [{ azure }] = policy.environments;
    policy.allow.push({ host: 'sandbox.partner.com', from: ['payments'], owner: 'x', reason: 'y', ...(staged ? { environments: ['dev'] } : {}) });
    policy.environments = ['prod', 'dev'].map((name, index) => {
      const id = (path: string) => `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/${name}/providers/Microsoft.Network/virtualNetworks/${name}${path}`;
      const block = (number: number) => `10.${60 + index}.${number}.0/24`;
      const subnets = Object.fromEntries(policy.segments.map((segment: { name: string }, number: number) => [segment.name, { id: id(`/subnets/${segment.name}`), cidr: block(number) }]));
      return { name, azure: { ...azure, cidr: `10.${50 + index}.0.0/16`, spoke: { network: id(''), subnets, privateEndpoints: { id: id('/subnets/endpoints'), cidr: block(99) } } } };
    });
    return stringify(policy);
  };

  test.each(['prod', 'dev'])('in %s what the file says is no finding', async (name) => {
    const { policy, texts } = await synthesized(text(true));
    expect(review(texts[`azure-${name}`]!, policy).findings).toEqual([]);
  });

  test('a host of dev in prod is told', async () => {
    const { policy } = await synthesized(text(true));
    const { texts } = await synthesized(text(false));
    const found = (name: string) => review(texts[`azure-${name}`]!, policy).findings.filter(({ rule, message }) => rule === 'plan-and-policy-disagree' && message.includes('sandbox.partner.com'));
    expect(found('dev')).toEqual([]);
    expect(found('prod').map(({ segment }) => segment)).toContain('payments');
  });
});

describe('a cluster of one environment', () => {
  const text = (...environments: readonly string[]) => {
    const policy = parse(fixture('full'));
    const [{ azure }] = policy.environments;
    policy.environments = ['prod', 'dev'].map((name, index) => ({
      name, azure: { ...azure, cidr: `10.${50 + index}.0.0/16`, ...(environments.includes(name) ? { kubernetes: { segment: 'platform', adminGroups: ['22222222-2222-2222-2222-222222222222'] } } : {}) },
    }));
    return stringify(policy);
  };

  test('may be let through to what it needs there, and not in another', async () => {
    const [{ policy }, { texts }] = [await synthesized(text('dev')), await synthesized(text('prod', 'dev'))];
    const found = (name: string) => review(texts[`azure-${name}`]!, policy).findings.filter(({ rule, message }) => rule === 'plan-and-policy-disagree' && message.includes('tag:AzureKubernetesService'));
    expect(found('dev')).toEqual([]);
    expect(found('prod')).toEqual([expect.objectContaining({ segment: 'platform', message: expect.stringContaining('which the policy does not name') })]);
  });

  test('is possible where the plan does not tell which environment it is of', async () => {
    const [{ policy }, { texts }] = [await synthesized(text('dev')), await synthesized(text('dev'))];
    const elsewhere = texts['azure-dev']!.replaceAll('10.51.', '10.99.');
    expect(review(elsewhere, policy).findings.filter(({ message }) => message.includes('tag:AzureKubernetesService'))).toEqual([expect.objectContaining({ rule: 'plan-and-policy-disagree', severity: 'medium', confidence: 'possible' })]);
  });
});
