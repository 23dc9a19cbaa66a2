/**
 * The entry point that `cdktf list | synth | diff | deploy` runs.
 *
 * `EGRESS_CONFIG` names the policy file (default `egress.yaml`), `CDKTF_OUTDIR` the output folder
 * (default `cdktf.out`). Exit code 2: the policy has problems, and nothing was written.
 */
import { buildFromFile } from './build';

const build = buildFromFile();
for (const line of build.messages) console.error(line);
process.exitCode = build.ok ? 0 : 2;
