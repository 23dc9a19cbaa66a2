/** A second network with the options on: made in one go, planned again, read back, taken down. */
import { loadPolicyFile } from '../../blueprints/policy/load';
import { beyond, orphans, takeInventory } from './account-inventory';
import type { AwsAccount } from './aws-account';
import { DNS_CHECKS } from './expected-dns';
import { FIREWALL_CHECKS } from './expected-firewall';
import { expectedOf, NETWORK_CHECKS, type NetworkCheck } from './expected-network';
import { OPTION_CHECKS } from './expected-options';
import { readNetwork } from './live-network';
import type { Progress } from './progress';
import { seen } from './scenario';
import type { Workspace } from './workspace';

const CHECKS: readonly NetworkCheck[] = [...NETWORK_CHECKS, ...FIREWALL_CHECKS, ...DNS_CHECKS, ...OPTION_CHECKS];

/** @throws CommandError when a command fails that must not */
export async function optionsEndToEnd(progress: Progress, account: AwsAccount, workspace: Workspace): Promise<void> {
  const loaded = loadPolicyFile(workspace.policyFile);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  const expected = expectedOf(loaded.policy, loaded.policy.environments[0]!.aws!);
  const before = await takeInventory(account);

  await progress.step('options: cdktf deploy', async () => {
    await workspace.deploy();
    progress.check('options: everything that was made is in the state', orphans(await takeInventory(account), before, workspace.state));
  });
  await progress.step('options: cdktf diff', async () => progress.check('options: a second plan finds nothing to change', (await workspace.diff()).changes));
  await progress.step('options: reading the network back', async () => {
    const network = await readNetwork(account);
    for (const check of CHECKS) progress.check(`options: ${check.claim}`, seen(check, network, expected));
  });
  await progress.step('options: cdktf destroy', async () => {
    await workspace.destroy();
    progress.check('options: the account is as empty as before', beyond(await takeInventory(account), before));
  });
}
