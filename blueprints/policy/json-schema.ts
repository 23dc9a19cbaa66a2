/** The schema as editors read it (VS Code's YAML extension, IntelliJ). */
import * as z from 'zod';
import { policySchema } from './schema';

/** JSON Schema, draft 7: the newest that every YAML language server reads. It is `docs/egress.schema.json`. */
export function policyJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(policySchema, { target: 'draft-7', io: 'input', unrepresentable: 'any', reused: 'inline' });
  return { $schema, ...schema };
}
