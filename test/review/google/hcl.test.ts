/**
 * Other people's code: HCL with modules, count, for_each, dynamic blocks, inline and standalone
 * rules, planned by the real Terraform. What the review says of it is kept in `expected.json`
 * beside the code; `UPDATE_GOLDEN=1` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HCL, plannedOffline, projectsOf } from '../../fixtures/planned-hcl';
import { describeWithTerraform } from '../../fixtures/terraform';
import { review } from './reviewing';

describeWithTerraform('plain HCL', () => {
  test.each(projectsOf('google'))('%s', async (name) => {
    const file = join(HCL, name, 'expected.json');
    const { verdicts, findings } = review(await plannedOffline(name));
    const actual = {
      verdicts: verdicts
        .filter(({ place, family }) => place.families.includes(family))
        .map(({ place, family, kind, hosts, witness, blocker }) => ({
          place: place.id,
          family,
          kind,
          ...(hosts.length > 0 ? { hosts: hosts.map(({ host, ports }) => (ports.length > 0 ? `${host}:${ports.join()}` : host)) } : {}),
          way: (witness ?? blocker?.path ?? []).map((step) => `${step.kind} ${step.address}`),
        })),
      findings: [...findings].sort(),
    };
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, `${JSON.stringify(actual, null, 1)}\n`);
    expect(actual).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  }, 60_000);
});
