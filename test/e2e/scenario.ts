/** The life of one network on AWS: made in three attempts, read back, tampered with, repaired, taken down. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteFirewallCommand } from '@aws-sdk/client-network-firewall';
import { parse, stringify } from 'yaml';
import { beyond, orphans, takeInventory, type Inventory } from './account-inventory';
import type { AwsAccount } from './aws-account';
import { DNS_CHECKS } from './expected-dns';
import { FIREWALL_CHECKS } from './expected-firewall';
import { expectedOf, NETWORK_CHECKS, seen, type Expected, type NetworkCheck } from './expected-network';
import { interruptDeploy } from './interruption';
import { readNetwork, type LiveNetwork } from './live-network';
import { resolver } from './plain-call';
import { Reviewing } from './reviewing';
import type { Progress } from './progress';
import { TAMPERINGS, UNSEEN } from './tampering';
import type { Scenario, Stage } from './scenarios';
import { Workspace } from './workspace';

/** What every step works with. */
interface Run {
  readonly progress: Progress;
  readonly account: AwsAccount;
  readonly workspace: Workspace;
  readonly expected: Expected;
  readonly reviewing: Reviewing;
  /** The account before anything was made. */
  readonly before: Inventory;
}

const CHECKS: readonly NetworkCheck[] = [...NETWORK_CHECKS, ...FIREWALL_CHECKS, ...DNS_CHECKS];

const POLICY = join(__dirname, 'policy.yaml');
const FIREWALL = 'aws_networkfirewall_firewall';

export const networkLife: Scenario = {
  name: 'life',
  async play({ progress, account, mirror }: Stage) {
    const workspace = new Workspace(readFileSync(POLICY, 'utf8'), 'aws-lab', mirror, account.env);
    const policy = workspace.policy();
    const expected = expectedOf(policy, policy.environments[0]!.aws!);
    const run: Run = { progress, account, workspace, expected, reviewing: new Reviewing(progress, workspace, policy), before: await takeInventory(account) };

    await deployInThreeAttempts(run);
    await nothingToChange(run, 'a second plan finds nothing to change');
    await run.reviewing.ofApplied();
    const network = await readBack(run, 'the live network is what the policy says');
    await protection(run, network);
    await tamper(run, network);
    await readBack(run, 'after the repair');
    await takeDown(run);
    workspace.remove();
  },
};

async function deployInThreeAttempts({ progress, account, workspace, expected, before }: Run): Promise<void> {
  await progress.step('cdktf deploy, killed before the firewall is made', async () => {
    await interruptDeploy(account.gateway, workspace, { operation: 'CreateFirewall', type: FIREWALL, end: 'kill' });
    const inventory = await takeInventory(account);
    progress.say(`  ${beyond(inventory, before).length} things had been made`);
    progress.check('everything that had been made is in the state', orphans(inventory, before, workspace.state));
  });
  await progress.step('cdktf deploy, Ctrl-C while the firewall is being made', async () => {
    const { address: firewall, calls } = await interruptDeploy(account.gateway, workspace, { operation: 'DescribeFirewall', type: FIREWALL, end: 'interrupt' });
    const made = calls.filter(({ operation }) => /^(Create|Allocate)/.test(operation)).map(({ operation }) => operation);
    progress.check('it went on where the first was killed, with no lock in its way', made.join() === 'CreateFirewall' ? [] : [`it made ${made.join(', ') || 'nothing'}`]);
    const inventory = await takeInventory(account);
    const arn = inventory.firewall?.[0] ?? '';
    const addresses = workspace.inState();
    const left = addresses.length > 0 ? workspace.state : undefined;
    const hasFirewall = addresses.includes(firewall);
    if (left === undefined) progress.say('  Terraform was writing its state at the second signal, and left none: only the way back from that is tested');
    else if (hasFirewall) progress.check('everything that had been made is in the state', orphans(inventory, before, left));
    else {
      progress.say('  the second signal came before Terraform had written the firewall down');
      progress.check('everything else that had been made is in the state', orphans(inventory, before, left).filter((line) => line !== `firewall ${arn}`));
    }

    workspace.restoreStateBefore();
    await workspace.import(firewall, arn);
    progress.check('a state that is lost then comes back from its backup and an import', orphans(inventory, before, workspace.state));
    if (left === undefined) return;
    workspace.writeState(left);
    // Terraform takes the unfinished firewall for broken and would replace it, which its protection refuses.
    if (hasFirewall) return workspace.untaint(firewall);
    await workspace.import(firewall, arn);
    progress.check('the firewall that the state lacks comes back by an import', orphans(inventory, before, workspace.state));
  });
  await progress.step('cdktf deploy, to the end', async () => {
    await workspace.deploy();
    const inventory = await takeInventory(account);
    const { address = [], 'nat gateway': nats = [], firewall: firewalls = [] } = inventory;
    const once = [address, nats].every(({ length }) => length === expected.zones.length) && firewalls.length === 1;
    progress.check('the deploy finished, and nothing was lost or made twice', [
      ...orphans(inventory, before, workspace.state),
      ...(once ? [] : [`${address.length} addresses, ${nats.length} NAT gateways, ${firewalls.length} firewalls`]),
    ]);
  });
}

async function nothingToChange({ progress, workspace }: Run, claim: string): Promise<void> {
  await progress.step('cdktf diff', async () => progress.check(claim, (await workspace.diff()).changes));
}

async function readBack({ progress, account, expected }: Run, title: string): Promise<LiveNetwork> {
  return progress.step(`reading the network back: ${title}`, async () => {
    const network = await readNetwork(account);
    for (const check of CHECKS) progress.check(check.claim, seen(check, network, expected));
    return network;
  });
}

async function protection({ progress, account, workspace }: Run, { firewall, dns }: LiveNetwork): Promise<void> {
  const { FirewallArn } = firewall!.firewall;
  const refusal = await account.firewall.send(new DeleteFirewallCommand({ FirewallArn })).then(() => 'it was deleted', (error: Error) => error.name);
  progress.check('AWS refuses to delete the protected firewall', refusal === 'InvalidOperationException' ? [] : [refusal]);
  const [filter] = dns.associations;
  const kept = await resolver(account, 'DisassociateFirewallRuleGroup', { FirewallRuleGroupAssociationId: filter?.Id }).then(() => 'it was taken off', (error: Error) => error.name);
  progress.check('AWS refuses to take the DNS filter off the network', kept === 'AccessDeniedException' ? [] : [kept]);
  await progress.step('cdktf destroy, while the network is protected', async () => {
    const inventory = await takeInventory(account);
    const { code } = await workspace.attemptDestroy();
    progress.check('it is refused', code === 0 ? ['it ended with 0'] : []);
    const now = await takeInventory(account);
    progress.check('nothing of the network is gone', [...beyond(inventory, now), ...beyond(now, inventory)]);
    // The CDKTF CLI prints what a terminal hands it, in pieces of any size: the reason is read from Terraform itself.
    const plan = await workspace.planDestroy();
    progress.check('it is the plan that refuses', plan.code !== 0 && /prevent_destroy/.test(plan.output) ? [] : [`code ${plan.code}: ${plan.output.slice(-2000)}`]);
  });
}

async function tamper(run: Run, network: LiveNetwork): Promise<void> {
  const { progress, account, workspace, expected } = run;
  const unseen = await UNSEEN.make(account, network, expected);
  const made = await progress.step(`${TAMPERINGS.length} changes by hand`, async () => {
    const marks = [];
    for (const { what, make } of TAMPERINGS) marks.push({ what, mark: await make(account, network, expected) });
    const now = await readNetwork(account);
    const blind = CHECKS.filter((check) => TAMPERINGS.some(({ breaks }) => breaks === check.id) && seen(check, now, expected).length === 0);
    progress.check('reading the network back sees what they opened', blind.map(({ claim }) => `not noticed: ${claim}`));
    return marks;
  });
  await progress.step('cdktf diff', async () => {
    const report = await workspace.diff();
    for (const { what, mark } of made) {
      const shown = typeof mark === 'string' ? report.ids.includes(mark) : report.changes.some((change) => mark.test(change));
      progress.check(`the plan shows ${what}`, shown ? [] : [`it does not; it would ${report.changes.join(', ') || 'change nothing'}`]);
    }
    progress.check(`known limit: the plan does not show ${UNSEEN.what}`, report.ids.includes(String(unseen)) ? ['it does: say so in docs/e2e.md'] : []);
  });
  await run.reviewing.ofTampered();
  for (const { undo } of [...TAMPERINGS, UNSEEN]) await undo?.(account, network, expected);
  await progress.step('cdktf deploy, which repairs', () => workspace.deploy());
  await nothingToChange(run, 'a plan after the repair finds nothing to change');
}

async function takeDown({ progress, account, workspace, before }: Run): Promise<void> {
  await progress.step('cdktf deploy, with deletionProtection: false', async () => {
    const policy = parse(readFileSync(workspace.policyFile, 'utf8')) as { environments: object[] };
    workspace.write(stringify({ ...policy, environments: policy.environments.map((each) => ({ ...each, deletionProtection: false })) }));
    await workspace.deploy();
    const { firewall, dns } = await readNetwork(account);
    const { DeleteProtection, SubnetChangeProtection, FirewallPolicyChangeProtection } = firewall!.firewall;
    const dnsFilter = dns.associations.some(({ MutationProtection }) => MutationProtection === 'ENABLED');
    const on = Object.entries({ DeleteProtection, SubnetChangeProtection, FirewallPolicyChangeProtection, dnsFilter }).filter(([, value]) => value);
    progress.check('the policy switches the protection of the firewall and of the DNS filter off', on.map(([name]) => `${name} is on`));
  });
  await progress.step('cdktf destroy', async () => {
    await workspace.destroy();
    progress.check('the account is as empty as before', beyond(await takeInventory(account), before));
  });
}
