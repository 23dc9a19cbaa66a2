/** Our own stack, from synthesized JSON and from an offline plan, and every way to break it that the contract knows. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planStacks } from '../../../providers/offline/plan';
import { mutations } from '../../contract/aws.observer';
import { fixture, synthesized, type Synthesized } from '../../fixtures/stacks';
import { describeWithTerraform } from '../../fixtures/terraform';
import { review, type Reviewed } from './reviewed';

/** What a plan does not hold, so that no review of it can tell: lifecycle settings and dependencies. */
const NOT_IN_A_PLAN = ['rule group that is replaced in place', 'destruction not refused in the plan', 'DNS filter whose destruction is not refused in the plan', 'DNS filter on the network before its rules'];

/** By segment: the verdict, and what may be reached. */
function bySegment({ verdicts }: Reviewed): Record<string, readonly string[]> {
  const found: Record<string, Set<string>> = {};
  for (const { place, kind, hosts } of verdicts) {
    const own = (found[place.segment ?? '-'] ??= new Set());
    own.add(kind);
    for (const { protocol, host, ports } of hosts) own.add(`${protocol} ${host}:${ports.join()}`);
  }
  return Object.fromEntries(Object.entries(found).map(([segment, own]) => [segment, [...own].sort()]));
}

const FULL = {
  edge: ['none'],
  ledger: ['none'],
  payments: ['allowlisted', 'any 151.101.1.69/32:22', 'any 151.101.64.0/24:22', 'tls api.stripe.com:443', 'tls status.stripe.com:443,8443'],
  platform: ['allowlisted', 'http deb.debian.org:80', 'tls *.docker.io:443', 'tls status.stripe.com:443,8443'],
  reporting: ['none'],
};

let full: Synthesized;
beforeAll(async () => {
  full = await synthesized(fixture('full'));
});

test('synthesized: no finding, without the policy no more than a wildcard, and the right verdict per segment', () => {
  const reviewed = review(full.stack('aws-prod'), full.policy);
  expect(reviewed.findings).toEqual([]);
  // Only the policy can say that a wildcard is meant.
  expect(review(full.stack('aws-prod')).findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(['wildcard-host low']);
  expect(bySegment(reviewed)).toEqual(FULL);
});

test.each([['closed.yaml', () => fixture('closed')], ['the example', () => fixture('example')]])('%s: no finding', async (_, text) => {
  const { policy, summaries, stack } = await synthesized(text());
  for (const summary of summaries.filter(({ cloud }) => cloud === 'aws')) expect(review(stack(summary.stack), policy).findings).toEqual([]);
});

test('callers on a port above 1023 get their answers: no finding', async () => {
  const { policy, stack } = await synthesized(fixture('full').replace(/from: internet, ports: \[[^\]]*\]/, 'from: internet, ports: [8443]'));
  expect(policy.segments.flatMap(({ accepts }) => accepts.filter(({ from }) => from === 'internet').flatMap(({ ports }) => ports))).toEqual([{ from: 8443, to: 8443 }]);
  expect(review(stack('aws-prod'), policy).findings).toEqual([]);
});

test.each(mutations.filter(({ name, unreviewed }) => unreviewed === undefined && !NOT_IN_A_PLAN.includes(name)).map((mutation) => [mutation.name, mutation] as const))('caught: %s', (_, mutation) => {
  const stack = full.stack('aws-prod');
  mutation.mutate(stack);
  expect(review(stack).rules).toContain(mutation.fault);
});

test('a mutation that opens a way changes the verdict, and the witness shows it', () => {
  const open = ['security group with protocol -1 to the world', 'NAT route around the firewall on a workload table', 'stateless aws:pass', 'stateful default gone', 'action order', 'pass tcp any any', 'name that is not anchored at its end'];
  for (const mutation of mutations.filter(({ name }) => open.includes(name) && name !== open[0])) {
    const stack = full.stack('aws-prod');
    mutation.mutate(stack);
    const verdict = review(stack).verdicts.find(({ kind }) => kind === 'open');
    expect({ name: mutation.name, end: verdict?.witness?.at(-1)?.kind }).toEqual({ name: mutation.name, end: 'gateway' });
  }
});

describeWithTerraform('planned offline', () => {
  test('no finding, and the same verdicts as from the synthesized stack', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'own-'));
    try {
      const stackFolder = join(folder, 'stacks', 'aws-prod');
      mkdirSync(stackFolder, { recursive: true });
      writeFileSync(join(stackFolder, 'cdk.tf.json'), full.texts['aws-prod']!);
      const [planned] = await planStacks({ stackFolders: [stackFolder], planFolder: join(folder, 'plans') });
      if (!planned?.ok) throw new Error(JSON.stringify(planned));
      const reviewed = review(readFileSync(planned.planFile, 'utf8'), full.policy);
      expect(reviewed.findings).toEqual([]);
      expect(bySegment(reviewed)).toEqual(FULL);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
