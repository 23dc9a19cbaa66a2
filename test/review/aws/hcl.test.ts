/**
 * Hand-written HCL, planned by the real Terraform, against verdicts kept beside it; with the real
 * provider and with a stand-in, which must not make a difference.
 * `UPDATE_GOLDEN=1` writes them anew: read the difference before it is committed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HCL, plannedBy, plannedOffline, projectsOf } from '../../fixtures/planned-hcl';
import { testWith, testWithTerraform } from '../../fixtures/terraform';
import { hasRealProvider, startRealProvider, type RunningProvider } from './real-provider';
import { review } from './reviewed';

const projects = projectsOf('aws');

function golden(project: string, plan: string): void {
  const { verdicts, findings } = review(plan);
  const actual = {
    verdicts: Object.fromEntries(verdicts.map(({ place, family, kind, hosts, witness, blocker, reasons }) => [`${place.id} IPv${family}`, {
      verdict: kind,
      ...(hosts.length > 0 ? { hosts: hosts.map(({ host, protocol, ports }) => `${protocol} ${host}:${ports.join()}`) } : {}),
      path: (witness ?? blocker?.path ?? []).map((step) => `${step.kind} ${step.address}${step.label === undefined ? '' : ` (${step.label})`}`),
      ...(blocker && kind === 'none' ? { blocked: blocker.reason } : {}),
      ...(kind === 'unknown' ? { reasons } : {}),
    }])),
    findings: [...new Set(findings.map(({ rule, address }) => `${rule} ${address}`))].sort(),
  };
  const file = join(HCL, project, 'expected.json');
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
  expect(actual).toEqual(JSON.parse(readFileSync(file, 'utf8')));
}

testWithTerraform().each(projects)('%s, with a stand-in', async (project) => golden(project, await plannedOffline(project)), 60_000);

describe('with the real provider', () => {
  const testWithProvider = testWith(hasRealProvider(), 'mirror with the AWS provider (docs/e2e.md)');
  let provider: RunningProvider | undefined;
  beforeAll(async () => {
    if (hasRealProvider()) provider = await startRealProvider();
  }, 120_000);
  afterAll(() => provider?.close());

  // It takes seconds, and of these groups it knows nothing that a stand-in does not.
  const real = projects.filter((project) => project !== 'aws-missed-by-others');
  testWithProvider.each(real)('%s', async (project) => golden(project, await plannedBy(provider!.reattach, project)), 120_000);
});
