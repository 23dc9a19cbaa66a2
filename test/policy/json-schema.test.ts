import { readFileSync } from 'node:fs';
import { policyJsonSchema } from '../../blueprints/policy/json-schema';

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean;
  items?: Schema;
}

describe('the JSON Schema', () => {
  const text = `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;

  it('is the one in docs/egress.schema.json: run npm run docs', () => {
    expect(readFileSync('docs/egress.schema.json', 'utf8')).toBe(text);
  });

  it('describes every field, and allows no other', () => {
    const lacking: string[] = [];
    const walk = (schema: Schema, path: string): void => {
      if (!schema.description) lacking.push(`${path}: description`);
      if (schema.properties && schema.additionalProperties !== false) lacking.push(`${path}: additionalProperties`);
      for (const [key, value] of Object.entries(schema.properties ?? {})) walk(value, `${path}.${key}`);
      if (schema.items?.properties) walk(schema.items, `${path}[]`);
    };
    walk(JSON.parse(text) as Schema, '');
    expect(lacking).toEqual([]);
  });
});
