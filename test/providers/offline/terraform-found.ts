import { findTerraform } from '../../../providers/offline/terraform';

/**
 * `describe` for tests that run the real Terraform. Without one they are skipped with a line that says so,
 * except in CI, where a missing Terraform is a failure.
 */
export function describeWithTerraform(name: string, body: () => void): void {
  if (findTerraform() !== undefined) {
    describe(name, body);
  } else if (process.env['CI'] === 'true') {
    test(name, () => {
      throw new Error('CI=true and neither terraform nor tofu is on PATH: install one in this job');
    });
  } else {
    process.stderr.write(`SKIPPED, no terraform or tofu on PATH: ${name}\n`);
    describe.skip(name, body);
  }
}
