/** The pages of docs/ that are generated from code. */
import { policyJsonSchema } from '../blueprints/policy/json-schema';
import { CLOUD_REVIEWS } from '../review/clouds';
import { checksPage } from '../review/report/checks-page';
import { resultJsonSchemaText } from '../review/report/result-schema';

/** Their texts, by file name. */
export function generatedDocs(): Readonly<Record<string, string>> {
  return {
    'egress.schema.json': `${JSON.stringify(policyJsonSchema(), null, 2)}\n`,
    'review.schema.json': resultJsonSchemaText(),
    'checks.md': checksPage(CLOUD_REVIEWS),
  };
}
