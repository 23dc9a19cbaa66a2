/**
 * Packets against the stack, by an evaluator of Google's own rule order that knows nothing of the
 * blueprints: a golden table, and every mutation has to change some verdict.
 */
import { googleStack } from '../../blueprints/google/stack';
import { fixture } from '../../fixtures/stacks';
import { subjectOf } from '../expectation';
import { QUESTIONS } from './evaluator/questions';
import { changes, probe, type Table } from './evaluator/table';
import { mutations } from './mutations';
import { optionMutations, WITHOUT_PACKETS } from './option-mutations';

const COLUMNS = [
  '8.8.8.8:443', '1.1.1.1:53', 'IPv6', 'VIP', 'storage by name', 'api.stripe.com', 'status.stripe.com', 'deb.debian.org', 'its neighbour', 'to payments', 'to ledger',
] as const;
const OPTION_COLUMNS = ['PSC for apis', 'PSC billing', 'PSC risk', 'peered services', 'the proxy', 'proxy: registry-1.docker.io:443', 'proxy: docker.io:443', 'proxy: evil.example:443', 'the control plane'] as const;

function golden(table: Table, rows: readonly string[], columns: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(rows.map((row) => [row, columns.map((column) => table[row]?.[column] ?? 'not asked')]));
}

const full = googleStack();
const options = googleStack(fixture('google-options'));
const fullSubject = subjectOf(full.policy, 'prod', 'google');
const optionsSubject = subjectOf(options.policy, 'prod', 'google');
const fullTable = probe(full.stack(), fullSubject, QUESTIONS);
const optionsTable = probe(options.stack(), optionsSubject, QUESTIONS);

// The firewall's word, then the way: both have to say yes.
test('the default: hosts by address, Cloud NAT, the restricted VIP', () => {
  const none = 'out -, in -';
  expect(golden(fullTable, ['edge', 'payments', 'platform', 'reporting', 'ledger', 'ledger, any network tag', 'no tag, in payments, any network tag'], COLUMNS)).toEqual({
    edge: ['deny / none', 'deny / none', 'deny / no ipv6', 'allow / google apis', 'allow / google apis', 'deny / none', 'deny / none', 'deny / none', 'deny / none', 'out tcp/8050 tcp/8443, in tcp/8050 tcp/8443', none],
    payments: ['deny / nat', 'deny / nat', 'deny / no ipv6', 'allow / google apis', 'allow / google apis', 'allow / nat', 'allow / nat', 'deny / nat', 'deny / nat', none, 'out tcp/5432, in tcp/5432'],
    // What FQDN objects cannot do: the neighbour on the same address is as reachable as the host.
    platform: ['deny / nat', 'deny / nat', 'deny / no ipv6', 'allow / google apis', 'allow / google apis', 'deny / nat', 'allow / nat', 'allow / nat', 'allow / nat', none, none],
    reporting: ['deny / none', 'deny / none', 'deny / no ipv6', 'allow / google apis', 'allow / google apis', 'deny / none', 'deny / none', 'deny / none', 'deny / none', none, 'out tcp/5432, in tcp/5432'],
    ledger: ['deny / none', 'deny / none', 'deny / no ipv6', 'allow / google apis', 'allow / google apis', 'deny / none', 'deny / none', 'deny / none', 'deny / none', none, none],
    // A network tag is no control: it shows a route, and the denies and the NAT's list of subnets still hold.
    'ledger, any network tag': ['deny / gateway', 'deny / gateway', 'deny / no ipv6', 'allow / google apis', 'allow / google apis', 'deny / gateway', 'deny / gateway', 'deny / gateway', 'deny / gateway', 'not asked', 'not asked'],
    'no tag, in payments, any network tag': ['deny / nat', 'deny / nat', 'deny / no ipv6', 'deny / google apis', 'deny / google apis', 'deny / nat', 'deny / nat', 'deny / nat', 'deny / nat', none, none],
  });
  expect(fullTable.refused).toEqual({});
});

test('all options: the proxy for platform, endpoints for APIs and services, denies in front', () => {
  expect(golden(optionsTable, ['payments', 'platform', 'reporting', 'ledger', 'no tag, in 10.30.0.0/24, any network tag'], [...COLUMNS.slice(0, 9), ...OPTION_COLUMNS])).toEqual({
    // status.stripe.com is at a tor exit in this world: the threat list wins over the allow.
    payments: [
      'deny / nat', 'deny / nat', 'deny / no ipv6', 'deny / google apis', 'allow / google apis (vpc-sc)', 'allow / nat', 'deny / nat', 'deny / nat', 'deny / nat',
      'allow / google apis (vpc-sc)', 'allow / published billing', 'allow / published risk', 'deny / google services', 'deny / proxy', 'deny', 'deny', 'deny', 'deny / nat',
    ],
    platform: [
      'deny / none', 'deny / none', 'deny / no ipv6', 'deny / none', 'allow / google apis (vpc-sc)', 'deny / none', 'deny / none', 'deny / none', 'deny / none',
      'allow / google apis (vpc-sc)', 'deny / published billing', 'deny / published risk', 'deny / google services', 'allow / proxy', 'allow platform-tls-443-0', 'deny', 'deny', 'allow / none',
    ],
    reporting: [
      'deny / none', 'deny / none', 'deny / no ipv6', 'deny / none', 'allow / google apis (vpc-sc)', 'deny / none', 'deny / none', 'deny / none', 'deny / none',
      'allow / google apis (vpc-sc)', 'deny / published billing', 'allow / published risk', 'deny / google services', 'deny / proxy', 'deny', 'deny', 'deny', 'deny / none',
    ],
    ledger: [
      'deny / none', 'deny / none', 'deny / no ipv6', 'deny / none', 'allow / google apis (vpc-sc)', 'deny / none', 'deny / none', 'deny / none', 'deny / none',
      'allow / google apis (vpc-sc)', 'deny / published billing', 'deny / published risk', 'allow / google services', 'deny / proxy', 'deny', 'deny', 'deny', 'deny / none',
    ],
    'no tag, in 10.30.0.0/24, any network tag': [
      'deny / gateway', 'deny / gateway', 'deny / no ipv6', 'deny / google apis', 'deny / google apis (vpc-sc)', 'deny / gateway', 'deny / gateway', 'deny / gateway', 'deny / gateway',
      'deny / google apis (vpc-sc)', 'deny / published billing', 'deny / published risk', 'deny / google services', 'deny / proxy', 'deny', 'deny', 'deny', 'deny / gateway',
    ],
  });
});

test('nothing that has a way has it before the denies', () => {
  const early = Object.entries(fullTable).filter(([row]) => row.includes('just after'));
  expect(early.length).toBeGreaterThan(10);
  for (const [, cells] of early) expect([cells['8.8.8.8:443']!.split(' ')[0], cells.IPv6!.split(' ')[0]]).toEqual(['deny', 'deny']);
});

test('a classic rule that allows everything opens nothing', () => {
  for (const segment of ['edge', 'payments', 'platform', 'reporting', 'ledger']) {
    expect(fullTable[`${segment}, and a classic rule allows everything`]).toEqual(Object.fromEntries(
      QUESTIONS.destinations.map(({ label }) => [label, fullTable[segment]![label]]),
    ));
  }
});

describe('each mutation changes a verdict', () => {
  test.each(mutations.map((mutation) => [mutation.name, mutation] as const))('%s', (_, mutation) => {
    const stack = full.stack();
    mutation.mutate(stack);
    expect(changes(fullTable, probe(stack, fullSubject, QUESTIONS)).length).toBeGreaterThan(0);
  });

  test.each(optionMutations.filter(({ name }) => !WITHOUT_PACKETS.has(name)).map((mutation) => [mutation.name, mutation] as const))('%s', (_, mutation) => {
    const stack = options.stack();
    mutation.mutate(stack);
    expect(changes(optionsTable, probe(stack, optionsSubject, QUESTIONS)).length).toBeGreaterThan(0);
  });
});
