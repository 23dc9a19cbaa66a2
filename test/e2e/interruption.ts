/**
 * Ends a deploy half way, at a moment that is the same in each run.
 *
 * The moment is read from what Terraform writes (the stack and the state file) and from the calls
 * that arrive, never from what the CDKTF CLI prints: that comes in pieces of any size.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiCall, AwsGateway } from './aws-gateway';
import { addressesOfType, independentOf } from './stack-order';
import type { Workspace } from './workspace';

const PAUSE = 200;
/**
 * How long the state has to be left alone. Terraform gets the signal twice, from its group and from the CDKTF CLI, and
 * ends at once at the second: what it is writing then is lost.
 */
const QUIET = 3_000;
/** Far more than a deploy takes on a machine that has much else to do: a deploy that hangs still ends the run. */
const PATIENCE = 600_000;

/** Where a deploy is ended. */
export interface Moment {
  /** The calls of this operation get no answer. */
  readonly operation: string;
  /** The type of the one resource that Terraform then waits for. */
  readonly type: string;
  /** `kill` as a lost machine would, `interrupt` as Ctrl-C does. */
  readonly end: 'kill' | 'interrupt';
}

/** What was ended. */
export interface Interrupted {
  /** The resource that Terraform waited for. */
  readonly address: string;
  /** The calls that the deploy made until then. */
  readonly calls: readonly ApiCall[];
}

/**
 * Holds back the calls of one operation, and waits until the state has everything that Terraform
 * can make without an answer to them; then ends the deploy.
 *
 * So holds a firewall that takes its minutes up a deploy, while the rest is long made.
 *
 * @throws Error when the deploy ends by itself before that
 */
export async function interruptDeploy(gateway: AwsGateway, workspace: Workspace, { operation, type, end }: Moment): Promise<Interrupted> {
  const first = gateway.calls.length;
  const release: ((goOn: boolean) => void)[] = [];
  gateway.hold = (call) => (call.operation === operation ? new Promise((resolve) => { release.push(resolve); }) : undefined);
  const deploy = workspace.startDeploy();
  let ended = false;
  void deploy.finished.then(() => { ended = true; });
  try {
    const deadline = Date.now() + PATIENCE;
    let missing: readonly string[] = [];
    let address: string;
    for (;;) {
      if (ended) throw new Error(`the deploy ended before ${operation}\n${deploy.output().split('\n').slice(-40).join('\n')}`);
      if (Date.now() > deadline) throw new Error(`after ${PATIENCE / 1000} s the deploy has ${release.length === 0 ? `not come to ${operation}` : `not made ${missing.join(', ')}`}`);
      await sleep(PAUSE);
      if (release.length === 0) continue;
      const stack = workspace.stackJson();
      [address = ''] = addressesOfType(stack, type);
      const made = workspace.inState();
      missing = independentOf(stack, address).filter((each) => !made.includes(each));
      if (missing.length === 0 && Date.now() - workspace.stateWrittenAt >= QUIET) break;
    }
    const calls = gateway.calls.slice(first);
    await deploy[end]();
    return { address, calls };
  } finally {
    gateway.hold = () => undefined;
    // What a lost machine had not yet sent never reaches AWS.
    for (const resolve of release) resolve(end === 'interrupt');
  }
}
