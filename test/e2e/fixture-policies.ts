/** The policies of the project, as far as they name AWS. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';

const FIXTURES = join(__dirname, '..', 'fixtures', 'policies');

/** A policy file as far as it is rewritten here. */
interface Document {
  environments?: { name: string; aws?: object }[];
}

/** A policy of the project, cut down to one environment on AWS. */
export interface FixturePolicy {
  /** `aws-options.yaml bucket` */
  readonly name: string;
  readonly environment: string;
  readonly text: string;
}

/** Every policy in `test/fixtures/policies`, the example among them, one for each environment on AWS. */
export function fixturePolicies(): readonly FixturePolicy[] {
  const files = readdirSync(FIXTURES).filter((name) => name.endsWith('.yaml')).sort().map((name) => join(FIXTURES, name));
  return files.flatMap((file) => {
    const document = parse(readFileSync(file, 'utf8')) as Document;
    return (document.environments ?? []).flatMap(({ name, aws }) => (aws === undefined ? [] : [{
      name: `${basename(file)} ${name}`,
      environment: name,
      // The other clouds have providers of their own, and plans of their own elsewhere.
      text: stringify({ ...document, environments: [{ name, aws }] }),
    }]));
  });
}
