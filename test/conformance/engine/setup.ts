/** Before all conformance tests: finds Suricata 7, or makes a system root with it once. */
import { findSuricata } from './installation';

/** @throws Error on CI when there is no Suricata to be had; elsewhere the tests are skipped, and a line says why. */
export default function setup(): void {
  delete process.env.SURICATA_MISSING;
  const found = findSuricata(true);
  if (found.ok) return;
  if (process.env.CI === 'true') throw new Error(`conformance cannot run: ${found.reason}`);
  process.stderr.write(`conformance is skipped: ${found.reason}\n`);
  process.env.SURICATA_MISSING = found.reason;
}
