/** Ends a deploy half way, at a moment that is the same in each run. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsGateway } from './aws-gateway';
import type { Running } from './processes';

/** Long enough for Terraform to write what it has heard into its state, and to start what it can. */
const CALM = 1_500;
const PATIENCE = 240_000;

/**
 * Holds back the calls of one operation, and waits until Terraform has done everything that it can
 * do without an answer to them; then ends the deploy.
 *
 * So holds a firewall that takes its minutes up a deploy, while the rest is long made.
 *
 * @param end how: `kill` as a lost machine would, `interrupt` as Ctrl-C does
 * @returns the address of what Terraform was waiting for
 * @throws Error when the deploy ends by itself before that
 */
export async function interruptAt(gateway: AwsGateway, operation: string, deploy: Running, end: 'kill' | 'interrupt'): Promise<readonly string[]> {
  let ended = false;
  void deploy.finished.then(() => { ended = true; });
  const release: ((goOn: boolean) => void)[] = [];
  gateway.hold = (call) => (call.operation === operation ? new Promise((resolve) => { release.push(resolve); }) : undefined);
  try {
    const deadline = Date.now() + PATIENCE;
    let calls = -1;
    while (release.length === 0 || underWay(deploy.output()).length > 1 || calls !== gateway.calls.length) {
      if (ended) throw new Error(`the deploy ended before ${operation}\n${deploy.output().split('\n').slice(-40).join('\n')}`);
      if (Date.now() > deadline) throw new Error(`the deploy came to no ${operation} within ${PATIENCE / 1000} s`);
      calls = gateway.calls.length;
      await sleep(CALM);
    }
    const waiting = underWay(deploy.output());
    await deploy[end]();
    return waiting;
  } finally {
    gateway.hold = () => undefined;
    // What a lost machine had not yet sent never reaches AWS.
    for (const resolve of release) resolve(end === 'interrupt');
  }
}

/** What Terraform has begun to make and not finished, by its own words. */
function underWay(output: string): string[] {
  const begun = new Set<string>();
  for (const [, address, state] of output.matchAll(/(\S+)(?: \(\S+\))?: (Creating\.\.\.|Creation complete)/g)) {
    if (state === 'Creating...') begun.add(address!);
    else begun.delete(address!);
  }
  return [...begun];
}
