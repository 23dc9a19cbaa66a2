/**
 * Other people's code: HCL with modules, count, for_each, dynamic blocks, inline and standalone
 * rules, planned by the real Terraform. What the review says of it is kept in `expected.json`
 * beside the code; `UPDATE_GOLDEN=1` writes it anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithTerraform } from '../../fixtures/terraform';
import { planHcl } from './hcl-plan';
import { review } from './reviewing';

const FOLDER = join(__dirname, '../../fixtures/hcl');

describeWithTerraform('plain HCL', () => {
  test.each(readdirSync(FOLDER).filter((name) => name.startsWith('google-')))('%s', async (name) => {
    const file = join(FOLDER, name, 'expected.json');
    const { verdicts, findings } = review(await planHcl(name));
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
