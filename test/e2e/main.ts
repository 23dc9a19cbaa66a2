/**
 * AWS end to end: the CDKTF CLI, Terraform and its AWS provider as they are, on an account on the
 * loopback interface. See docs/e2e.md.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAccount, type AwsAccount } from './aws-account';
import { existingEndToEnd } from './existing-scenario';
import { planFixtures } from './fixture-plans';
import { optionsEndToEnd } from './options-scenario';
import { killAll, onPath } from './processes';
import { Progress } from './progress';
import { findProviderMirror, MIRROR_VARIABLE, type ProviderMirror } from './provider-mirror';
import { endToEnd } from './scenario';
import { Workspace } from './workspace';

/** The stack of `policy.yaml` and where it says that it is. */
const STACK = 'aws-lab';
const REGION = 'us-east-1';
const POLICY = join(__dirname, 'policy.yaml');
/** Likewise, with the options on. */
const OPTIONS = { stack: 'aws-more', policy: join(__dirname, 'options-policy.yaml') };

/** What the run needs of this machine. */
interface Tools {
  readonly motoServer: string;
  readonly mirror: ProviderMirror;
}

/** Finds the tools, or says in one line what is missing. */
function findTools(): Tools | string {
  const motoServer = onPath('moto_server');
  const mirror = findProviderMirror();
  if (!onPath('terraform')) return 'terraform is not on the PATH';
  if (!motoServer) return "moto_server is not on the PATH; pip install 'moto[server]'";
  if (!mirror) return `no mirror with the AWS provider, 5.100.0 or newer, was found; name one in ${MIRROR_VARIABLE} (docs/e2e.md)`;
  return { motoServer, mirror };
}

async function main(): Promise<number> {
  const tools = findTools();
  if (typeof tools === 'string') {
    const required = Boolean(process.env.CI);
    console.log(`e2e ${required ? 'FAILED' : 'SKIPPED, nothing was tested'}: ${tools}`);
    return required ? 1 : 0;
  }
  const progress = new Progress((line) => console.log(line));
  progress.say(`AWS provider ${tools.mirror.version} from ${tools.mirror.folder}; moto and stand-ins for Network Firewall and the Route 53 Resolver as AWS`);
  const account = await openAccount(tools.motoServer, REGION);
  const workspace = new Workspace(readFileSync(POLICY, 'utf8'), STACK, tools.mirror, account.env);
  const options = new Workspace(readFileSync(OPTIONS.policy, 'utf8'), OPTIONS.stack, tools.mirror, account.env);
  process.once('exit', () => [workspace, options].forEach((each) => each.remove()));
  try {
    // `npm run e2e options` is for whoever works on an option.
    if (!process.argv.includes('options')) await endToEnd(progress, account, workspace);
    await optionsEndToEnd(progress, account, options);
    await existingEndToEnd(progress, account, tools.mirror);
    if (process.argv.includes('options')) return summary(progress, account);
    await planFixtures(progress, account, tools.mirror);
  } catch (error) {
    progress.check('the run came to its end', (error instanceof Error ? error.message : String(error)).split('\n'));
  } finally {
    await account.close();
  }
  return summary(progress, account);
}

function summary(progress: Progress, account: AwsAccount): number {
  const { failed, findings, seconds } = progress;
  console.log(`e2e ${failed.length > 0 ? 'FAILED' : 'PASSED'}: ${findings.length - failed.length} of ${findings.length} claims hold, ${account.gateway.calls.length} API calls, ${seconds.toFixed(0)} s`);
  for (const { claim } of failed) console.log(`  ${claim}`);
  return failed.length > 0 ? 1 : 0;
}

// The SDK's advice on Node versions would stand between the lines of the run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
process.once('exit', killAll);
void main().then((code) => process.exit(code), (error: unknown) => {
  console.error(error);
  process.exit(1);
});
