/**
 * AWS end to end: the CDKTF CLI, Terraform and its AWS provider as they are, on an account on the
 * loopback interface. See docs/e2e.md.
 */
import { openAccount } from './aws-account';
import { killAll, onPath } from './processes';
import { Progress } from './progress';
import { findProviderMirror, MIRROR_VARIABLE, type ProviderMirror } from './provider-mirror';
import { playAll, scenarios, type Scenario } from './scenarios';
import { removeWorkspaces } from './workspace';

/** Where all policies of the run say that they are. */
const REGION = 'us-east-1';
/** Scenarios at a time: one more than cores, as each of them often waits, for a firewall that is being changed or a bucket. */
const LANES = 3;

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
  const asked = process.argv.slice(2);
  const chosen = scenarios().filter(({ name }) => asked.length === 0 || asked.some((each) => name === each || name.startsWith(`${each} `)));
  if (chosen.length === 0) {
    console.log(`e2e: no scenario is called ${asked.join(' or ')}; there are ${[...new Set(scenarios().map(({ name }) => name.split(' ')[0]))].join(', ')}`);
    return 1;
  }
  const progress = Progress.begin((line) => console.log(line));
  progress.say(`AWS provider ${tools.mirror.version} from ${tools.mirror.folder}; moto and stand-ins for Network Firewall and the Route 53 Resolver as AWS`);
  let calls = 0;
  await playAll(chosen, LANES, async (scenario) => { calls += await play(scenario, progress.of(scenario.name), tools); });

  const { failed, findings, seconds } = progress;
  console.log(`e2e ${failed.length > 0 ? 'FAILED' : 'PASSED'}: ${findings.length - failed.length} of ${findings.length} claims hold, ${calls} API calls, ${seconds.toFixed(0)} s`);
  for (const { scenario, claim } of failed) console.log(`  ${scenario}: ${claim}`);
  return failed.length > 0 ? 1 : 0;
}

/** Gives a scenario an account, and says how many calls it made of it. */
async function play(scenario: Scenario, progress: Progress, { motoServer, mirror }: Tools): Promise<number> {
  try {
    const account = await openAccount(motoServer, REGION);
    try {
      await scenario.play({ progress, account, mirror });
      progress.check('every call found somebody to answer it', [...account.gateway.unanswered]);
      return account.gateway.calls.length;
    } finally {
      await account.close();
    }
  } catch (error) {
    progress.check('the scenario came to its end', (error instanceof Error ? error.message : String(error)).split('\n'));
    return 0;
  }
}

// The SDK's advice on Node versions would stand between the lines of the run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
process.once('exit', () => {
  killAll();
  removeWorkspaces();
});
void main().then((code) => process.exit(code), (error: unknown) => {
  console.error(error);
  process.exit(1);
});
