/** A network with options on, and then with others: each made or changed in one go, planned again, read back. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beyond, orphans, takeInventory } from './account-inventory';
import { DNS_CHECKS } from './expected-dns';
import { FIREWALL_CHECKS } from './expected-firewall';
import { expectedOf, NETWORK_CHECKS, seen, type NetworkCheck } from './expected-network';
import { OPTIONS_AFTER, OPTIONS_BEFORE } from './expected-options';
import { readNetwork } from './live-network';
import { Reviewing } from './reviewing';
import type { Scenario, Stage } from './scenarios';
import { Workspace } from './workspace';

const policyFile = (name: string) => readFileSync(join(__dirname, name), 'utf8');

const COMMON: readonly NetworkCheck[] = [...NETWORK_CHECKS, ...FIREWALL_CHECKS, ...DNS_CHECKS];

export const optionsOnRunningNetwork: Scenario = {
  name: 'options',
  async play({ progress, account, mirror }: Stage) {
    const before = await takeInventory(account);
    const workspace = new Workspace(policyFile('options-before.yaml'), 'aws-more', mirror, account.env);
    /** Makes the network what the policy file says. @param known what the review has to say of it */
    const become = async (title: string, checks: readonly NetworkCheck[], known: readonly string[]) => {
      const policy = workspace.policy();
      const expected = expectedOf(policy, policy.environments[0]!.aws!);
      await progress.step(title, async () => {
        await workspace.prepare();
        await workspace.plan();
        await workspace.applyPlan();
        progress.check('everything that was made is in the state', orphans(await takeInventory(account), before, workspace.state));
      });
      await progress.step('plan again', async () => progress.check('a second plan finds nothing to change', await workspace.changesLeft()));
      await progress.step('reading the network back', async () => {
        const network = await readNetwork(account);
        for (const check of checks) progress.check(check.claim, seen(check, network, expected));
        await new Reviewing(progress, workspace, policy).ofState(known);
      });
    };

    // A list names no segment in a signature of its own.
    await become('plan and apply of options-before.yaml', [...COMMON.filter(({ id }) => id !== 'hosts-pass'), ...OPTIONS_BEFORE], ['domain-list-loose', 'protection-off']);
    workspace.write(policyFile('options-after.yaml'));
    await become('plan and apply of options-after.yaml to what runs', [...COMMON, ...OPTIONS_AFTER], ['log-records-deletable', 'protection-off']);
    await progress.step('terraform destroy', async () => {
      await workspace.takeDown();
      progress.check('the account is as empty as before', beyond(await takeInventory(account), before));
    });
    workspace.remove();
  },
};
