/** Validators: SARIF's own schema, and the one that we publish. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

const ROOT = join(__dirname, '../../..');

/** What is wrong with a value; empty when nothing is. */
type Validate = (value: unknown) => readonly string[];

/**
 * The schema of SARIF 2.1.0, as Microsoft's `@microsoft/jest-sarif` 1.0.0-beta.0 ships it (MIT): `rtm.5`,
 * the last before the OASIS standard. It says draft 4, and uses nothing that draft 7 reads otherwise.
 */
export function sarifValidator(): Validate {
  const { id: _, ...schema } = JSON.parse(readFileSync(join(ROOT, 'test/fixtures/reviews/sarif-2.1.0-rtm.5.schema.json'), 'utf8'));
  // One pattern in it is no valid Unicode expression.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  return errorsOf(ajv.compile({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' }));
}

/** @param strict refuses fields that the schema does not name, which readers of the report must not do */
export function resultValidator({ strict = false } = {}): Validate {
  const schema = JSON.parse(readFileSync(join(ROOT, 'docs/review.schema.json'), 'utf8'), (_, value) =>
    (strict && value?.type === 'object' && value.properties ? { ...value, additionalProperties: false } : value));
  return errorsOf(new Ajv2020({ allErrors: true }).compile(schema));
}

function errorsOf(validate: ((value: unknown) => unknown) & { errors?: readonly { instancePath: string; message?: string }[] | null }): Validate {
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`));
}
