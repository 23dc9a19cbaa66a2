/** Lints texts as if they stood at given paths: `[{file, text}]` in, rule ids and messages out. Jest's sandbox cannot load ESLint's configuration. */
import { readFileSync } from 'node:fs';
import { ESLint } from 'eslint';

const eslint = new ESLint();
const cases = JSON.parse(readFileSync(0, 'utf8'));
const results = [];
for (const { file, text } of cases) {
  const [result] = await eslint.lintText(text, { filePath: file });
  results.push((result?.messages ?? []).filter(({ ruleId }) => ruleId === 'no-restricted-imports').map(({ message }) => message));
}
process.stdout.write(JSON.stringify(results));
