/** A network that somebody else made: built into, planned again, its defaults emptied, and left as it was. */
import { beyond, orphans, takeInventory } from './account-inventory';
import { DNS_CHECKS } from './expected-dns';
import { existingPolicy } from './existing-policy';
import { defaultsOf, describeVpc, makeVpc } from './existing-vpc';
import { FIREWALL_CHECKS } from './expected-firewall';
import { expectedOf, NETWORK_CHECKS, seen, type NetworkCheck } from './expected-network';
import { readNetwork, tableOf } from './live-network';
import { Reviewing } from './reviewing';
import type { Scenario, Stage } from './scenarios';
import { Workspace } from './workspace';

const SEGMENTS = ['edge', 'payments', 'ledger'] as const;

/** Claims that hold for what was built, whatever else is in the network. */
const CHECKS: readonly NetworkCheck[] = [
  ...NETWORK_CHECKS.filter(({ id }) => !['main-table', 'empty-defaults', 'world-ports'].includes(id)), ...FIREWALL_CHECKS, ...DNS_CHECKS,
];

export const existingNetwork: Scenario = {
  name: 'existing',
  async play({ progress, account, mirror }: Stage) {
    const vpc = await makeVpc(account, SEGMENTS);
    const before = await takeInventory(account);
    const theirs = await describeVpc(account);
    const defaults = await defaultsOf(account);
    /** What of theirs is another now. */
    const changed = async (except: readonly string[] = []) => {
      const now = await describeVpc(account);
      return [...theirs].filter(([id, was]) => !except.includes(id) && now.get(id) !== was).map(([id, was]) => `${id} was ${was} and is ${now.get(id) ?? 'gone'}`);
    };
    const workspace = new Workspace(existingPolicy({ ...vpc, subnets: { ...vpc.subnets, ledger: { ...vpc.subnets.ledger!, id: vpc.subnets.payments!.id } } }), 'aws-theirs', mirror, account.env);

    await progress.step("plan with another subnet's id", async () => {
      await workspace.prepare();
      const refusal = await workspace.plan().then(() => 'it was planned', (error: Error) => error.message);
      progress.check('a subnet that has another block is refused in the plan', /no matching EC2 Subnet found/.test(refusal) ? [] : refusal.split('\n').slice(-5));
    });
    workspace.write(existingPolicy(vpc));
    await progress.step('plan and apply', async () => {
      await workspace.prepare();
      const { changes } = await workspace.plan();
      const made = changes.filter((change) => /^create aws_(vpc|internet_gateway|default_\w+)\./.test(change));
      const others = changes.filter((change) => !change.startsWith('create '));
      progress.check(`the provider plans ${changes.length} resources, and neither network nor gateway nor defaults`, changes.length > 0 ? [...made, ...others] : ['the plan is empty']);
      await workspace.applyPlan();
      progress.check('everything that was made is in the state', orphans(await takeInventory(account), before, workspace.state));
      progress.check('network, gateway, subnets, defaults and the neighbour are as they were', await changed());
    });
    await progress.step('plan again', async () => progress.check('a second plan finds nothing to change', await workspace.changesLeft()));
    await progress.step('reading the network back', async () => {
      const policy = workspace.policy();
      const network = await readNetwork(account);
      const expected = expectedOf(policy, policy.environments[0]!.aws!);
      for (const check of CHECKS) progress.check(check.claim, seen(check, network, expected));
      progress.check('flow logs go to the bucket that was there', network.flowLogs.some(({ LogDestination = '' }) => LogDestination.startsWith(`arn:aws:s3:::${vpc.logBucket}`)) ? [] : ['they do not']);
      await new Reviewing(progress, workspace, policy).ofState(['protection-off']);
    });
    workspace.write(existingPolicy(vpc, true));
    await progress.step('plan and apply with emptyDefaults', async () => {
      await workspace.prepare();
      await workspace.plan();
      await workspace.applyPlan();
      const network = await readNetwork(account);
      const emptied = NETWORK_CHECKS.find(({ id }) => id === 'empty-defaults')!;
      progress.check('default group, ACL and main table let nothing through', [
        ...emptied.seen({ ...network, acls: network.acls.map((acl) => ({ ...acl, Associations: [] })) }, undefined as never),
      ]);
      progress.check('a plan after that finds nothing to change', await workspace.changesLeft());
    });
    await progress.step('terraform destroy', async () => {
      await workspace.takeDown();
      const after = await takeInventory(account);
      progress.check('what was made is gone, and what was there stays', [...beyond(after, before), ...beyond(before, after)]);
      progress.check('network, gateway, subnets and the neighbour are as they were', await changed(defaults));
      const network = await readNetwork(account);
      const strays = network.subnets.filter((subnet) => Object.values(vpc.subnets).some(({ id }) => id === subnet.SubnetId) && !(tableOf(network, subnet).Associations ?? []).some(({ Main }) => Main));
      progress.check('the named subnets hang on the main table and the default ACL again', [
        ...strays.map(({ SubnetId }) => `${SubnetId} has a table of its own`),
        ...Object.values(vpc.subnets).filter(({ id }) => !network.acls.some(({ IsDefault, Associations = [] }) => IsDefault && Associations.some(({ SubnetId }) => SubnetId === id))).map(({ id }) => `${id} is not on the default ACL`),
      ]);
    });
    workspace.remove();
  },
};
