/** The JSON report: the result itself. `docs/review.schema.json` says what stands where. */
import type { ReviewResult } from '../result';

export interface JsonOptions {
  /** Spaces per level; 0 writes one line. Default: 2. */
  readonly indent?: number;
}

/** The result as JSON, with a newline at the end. */
export function jsonReport(result: ReviewResult, { indent = 2 }: JsonOptions = {}): string {
  return `${JSON.stringify(result, null, indent)}\n`;
}
