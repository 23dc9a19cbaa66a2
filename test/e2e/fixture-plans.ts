/** Lets the real provider validate and plan every policy of the project that names AWS. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { loadPolicyFile } from '../../blueprints/policy/load';
import type { AwsAccount } from './aws-account';
import type { Progress } from './progress';
import type { ProviderMirror } from './provider-mirror';
import { Reviewing } from './reviewing';
import { Workspace } from './workspace';

const ROOT = join(__dirname, '..', '..');
const FIXTURES = join(ROOT, 'test', 'fixtures', 'policies');

/** A policy file as far as it is rewritten here. */
interface Document {
  environments?: { name: string; aws?: object }[];
}

/** Each plan must succeed, make something, and change or destroy nothing in the empty account. */
export async function planFixtures(progress: Progress, account: AwsAccount, mirror: ProviderMirror): Promise<void> {
  const files = [join(ROOT, 'egress.yaml'), ...readdirSync(FIXTURES).filter((name) => name.endsWith('.yaml')).sort().map((name) => join(FIXTURES, name))];
  for (const file of files) {
    const document = parse(readFileSync(file, 'utf8')) as Document;
    const environments = (document.environments ?? []).filter(({ aws }) => aws);
    for (const { name, aws } of environments) {
      await progress.step(`plan of ${basename(file)}, aws-${name}`, async () => {
        // The other clouds have providers of their own, and plans of their own elsewhere.
        const only = stringify({ ...document, environments: [{ name, aws }] });
        const workspace = new Workspace(only, `aws-${name}`, mirror, account.env);
        try {
          const { changes } = await workspace.plan();
          const others = changes.filter((change) => !change.startsWith('create '));
          progress.check(`the provider accepts ${basename(file)}: ${changes.length} resources`, changes.length > 0 ? others : ['the plan is empty']);
          const loaded = loadPolicyFile(workspace.policyFile);
          if (loaded.ok) await new Reviewing(progress, workspace, loaded.policy).ofPlan();
        } catch (error) {
          progress.check(`the provider accepts ${basename(file)}`, String(error instanceof Error ? error.message : error).split('\n'));
        } finally {
          workspace.remove();
        }
      });
    }
  }
}
