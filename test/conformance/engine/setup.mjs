/** Before all conformance tests: finds Suricata 7, or makes a system root with it once. */
import { createRequire } from 'node:module';
import { register } from 'tsx/cjs/api';

/** @throws Error on CI when there is no Suricata to be had; elsewhere the tests are skipped, and a line says why. */
export default function setup() {
  const unregister = register();
  const { findSuricata } = createRequire(import.meta.url)('./installation.ts');
  unregister();
  delete process.env.SURICATA_MISSING;
  const found = findSuricata(true);
  if (found.ok) return;
  if (process.env.CI === 'true') throw new Error(`conformance cannot run: ${found.reason}`);
  process.stderr.write(`conformance is skipped: ${found.reason}\n`);
  process.env.SURICATA_MISSING = found.reason;
}
