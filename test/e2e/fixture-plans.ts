/** Lets the real provider validate and plan every policy of the project that names AWS. */
import { fixturePolicies } from './fixture-policies';
import { Reviewing } from './reviewing';
import type { Scenario } from './scenarios';
import { Workspace } from './workspace';

/** Each plan must succeed, make something, and change or destroy nothing in the empty account. */
export function fixturePlans(): readonly Scenario[] {
  return fixturePolicies().map(({ name, environment, text }): Scenario => ({
    name: `plan ${name}`,
    async play({ progress, account, mirror }) {
      const workspace = new Workspace(text, `aws-${environment}`, mirror, account.env);
      await progress.step('validate and plan', async () => {
        await workspace.prepare();
        await workspace.validate();
        const { changes } = await workspace.plan();
        const others = changes.filter((change) => !change.startsWith('create '));
        progress.check(`the provider accepts it: ${changes.length} resources`, changes.length > 0 ? others : ['the plan is empty']);
        await new Reviewing(progress, workspace, workspace.policy()).ofPlan();
      });
      workspace.remove();
    },
  }));
}
