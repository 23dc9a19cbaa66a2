/**
 * Hand-written HCL, planned by the real Terraform, against verdicts kept beside it.
 * `UPDATE_GOLDEN=1` writes them anew: read the difference before it is committed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HCL, plannedOffline, projectsOf } from '../../fixtures/planned-hcl';
import { testWithTerraform } from '../../fixtures/terraform';
import { review } from './reviewed';

const planned = testWithTerraform();

planned.each(projectsOf('azurerm'))('%s', async (project) => {
  const { verdicts, findings } = review(await plannedOffline(project));
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
  const golden = join(HCL, project, 'expected.json');
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, `${JSON.stringify(actual, null, 2)}\n`);
  expect(actual).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
}, 60_000);
