/** What `egress review` says of the real provider's plans and states. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '../../blueprints/policy/model';
import { planStacks } from '../../providers/offline/plan';
import { parsePlan } from '../../review/plan/load';
import type { ReviewResult } from '../../review/result';
import { review } from '../../review/review';
import { diffLines, findingLines, priorStateOf, segmentVerdicts } from '../fixtures/segment-verdicts';
import type { Progress } from './progress';
import type { Workspace } from './workspace';

const ROOT = join(__dirname, '..', '..');

/** What changes by hand have to be called, once each. */
const OPENED = [
  'data-internet-route', 'default-acl-not-empty', 'default-group-not-empty', 'dns-unfiltered', 'endpoint-policy-full-access', 'firewall-default-pass',
  'flow-logs-missing', 'internet-route-bypasses-firewall', 'open-egress', 'wide-firewall-rule', 'wide-group-egress',
];

/** Reviews what one workspace plans and applies. */
export class Reviewing {
  constructor(private readonly progress: Progress, private readonly workspace: Workspace, private readonly policy: Policy) {}

  /** The plan that the workspace wrote last, before anything exists: as the offline plan and the policy have it. */
  async ofPlan(): Promise<void> {
    const { progress, workspace } = this;
    const result = this.review(await workspace.show('plan'));
    const notes = result.findings.filter(({ severity }) => severity === 'info');
    const hasLists = this.policy.environments.some(({ aws }) => aws?.firewall?.rules === 'domain-lists');
    progress.check("the review finds nothing in the real provider's plan", findingLines({ ...result, findings: result.findings.filter((finding) => !notes.includes(finding)) }));
    progress.check(`and notes ${hasLists ? 'what domain lists let through beside the policy, and no more' : 'nothing'}`, differences([...new Set(notes.map(({ rule }) => rule))], hasLists ? ['domain-list-loose'] : []));
    progress.check('and gives each segment the verdict that the offline plan gives it', differences(segmentVerdicts(result), segmentVerdicts(this.review(await this.offlinePlan()))));
  }

  /** After a deploy. @param known the checks that have something to say of this policy: protection that is off. Default: none. */
  async ofState(known: readonly string[] = []): Promise<void> {
    const { findings } = this.review(await this.workspace.show());
    this.progress.check(`the review finds ${known.length === 0 ? 'nothing' : `${known.join(', ')} and nothing else`} in the applied state`, differences([...new Set(findings.map(({ rule }) => rule))], known));
  }

  /** After a deploy, with a plan that changes nothing. */
  async ofApplied(): Promise<void> {
    const { progress, workspace } = this;
    await progress.step('egress review of what was deployed', async () => {
      const expected = segmentVerdicts(this.review(await this.offlinePlan()));
      const state = this.review(await workspace.show());
      const plan = this.review(await workspace.show('plan'));
      progress.check('the review finds nothing in the applied state', findingLines(state));
      progress.check('the state gives each segment the verdict of the offline plan', differences(segmentVerdicts(state), expected));
      progress.check('the review finds nothing in the plan that changes nothing', findingLines(plan));
      progress.check('that plan gives each segment the same verdict', differences(segmentVerdicts(plan), expected));
      progress.check('its egress diff is empty', diffLines(plan) ?? ['there is no diff']);
    });
  }

  /** After changes by hand, with the plan that takes them back. */
  async ofTampered(): Promise<void> {
    const { progress, workspace } = this;
    await progress.step('egress review of the changes by hand', async () => {
      const planned = await workspace.show('plan');
      const tampered = this.review(priorStateOf(planned));
      const named = new Set(tampered.findings.map(({ rule }) => rule));
      progress.check('the review of the tampered state names every kind of change', OPENED.filter((rule) => !named.has(rule)));
      const open = tampered.verdicts.filter(({ verdict, segment }) => verdict === 'open' && segment !== undefined);
      progress.check('it shows the way that was opened, down to the gateway', open.some(({ witness }) => witness?.at(-1)?.kind === 'gateway') ? [] : segmentVerdicts(tampered));
      const plan = this.review(planned);
      progress.check('the review finds nothing in what the plan repairs', findingLines(plan));
      const diff = diffLines(plan) ?? [];
      progress.check('the egress diff of the repair only closes', diff.filter((line) => /^(opened|became-open|became-unknown|added)/.test(line)));
      progress.check('and says which segment had been open', diff.some((line) => /^(closed|became-guarded) \w+ anything/.test(line)) ? [] : diff);
    });
  }

  private review(text: string): ReviewResult {
    const { stack } = this.workspace;
    return review({ inputs: [{ ...parsePlan(text, `${stack}.json`), stack }], policy: this.policy, today: new Date().toISOString().slice(0, 10) });
  }

  private async offlinePlan(): Promise<string> {
    const [result] = await planStacks({ stackFolders: [this.workspace.stackFolder], planFolder: join(this.workspace.folder, 'offline'), root: ROOT });
    if (!result?.ok) throw new Error(`the offline plan failed: ${JSON.stringify(result?.diagnostics)}`);
    return readFileSync(result.planFile, 'utf8');
  }
}

function differences(actual: readonly string[], expected: readonly string[]): readonly string[] {
  return [...actual.filter((line) => !expected.includes(line)).map((line) => `unexpected: ${line}`), ...expected.filter((line) => !actual.includes(line)).map((line) => `missing: ${line}`)];
}
