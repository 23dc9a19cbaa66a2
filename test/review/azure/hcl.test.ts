/**
 * Hand-written HCL, planned by the real Terraform, against verdicts kept beside it.
 * `UPDATE_GOLDEN=1` writes them anew: read the difference before it is committed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testWithTerraform } from '../../fixtures/terraform';
import { plannedHcl } from './planned-hcl';
import { review } from './reviewed';

const FOLDER = join(__dirname, '../../fixtures/hcl');
const projects = readdirSync(FOLDER).filter((name) => name.startsWith('azure-'));
const planned = testWithTerraform();

planned.each(projects)('%s', async (project) => {
  const { verdicts, findings } = review(await plannedHcl(project));
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
  const golden = join(FOLDER, project, 'expected.json');
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, `${JSON.stringify(actual, null, 2)}\n`);
  expect(actual).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
}, 60_000);
