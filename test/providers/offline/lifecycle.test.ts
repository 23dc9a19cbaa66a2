import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { type TerraformStack } from 'cdktf';
import { applyStack, planStacks, type PlannedStack, type StackApply, type StackPlan } from '../../../providers/offline/plan';
import { awsNetwork, type NetworkOptions } from './fixtures/aws-network';
import { azureNetwork } from './fixtures/azure-network';
import { googleNetwork } from './fixtures/google-network';
import { removeFolders, synthesize, temporaryFolder } from './fixtures/synthesized';
import { describeWithTerraform } from '../../fixtures/terraform';

const root = resolve(__dirname, '../../..');
const HOSTS = ['api.stripe.com'];

/** The parts of a plan that tests look at. */
interface PlanJson {
  readonly resource_changes?: readonly { readonly address: string; readonly change: { readonly actions: readonly string[]; readonly after_unknown: { readonly id?: boolean } } }[];
}

interface Cloud {
  readonly name: string;
  readonly build: (stack: TerraformStack, options: NetworkOptions) => void;
  readonly resources: number;
  /** The one resource that holds the allowed hosts. */
  readonly rules: string;
  readonly outputs: { readonly [name: string]: unknown };
}

const VPCE = expect.stringMatching(/^vpce-[0-9a-f]{17}$/);
const EIP = expect.stringMatching(/^eipalloc-[0-9a-f]{17}$/);

const CLOUDS: readonly Cloud[] = [
  {
    name: 'aws',
    build: awsNetwork,
    resources: 17,
    rules: 'aws_networkfirewall_rule_group.rules',
    outputs: {
      'firewall-endpoint': VPCE,
      'first-zone': 'us-east-1a',
      dns: expect.stringMatching(/^vpce-[0-9a-f]{17}-[0-9a-f]{8}\.api\.ecr\.us-east-1\.vpce\.amazonaws\.com$/),
      addresses: [EIP, EIP],
    },
  },
  {
    name: 'google',
    build: googleNetwork,
    resources: 10,
    rules: 'google_compute_network_firewall_policy_rule.allow',
    outputs: {
      'network-id': 'projects/acme-prod/global/networks/main',
      link: 'https://www.googleapis.com/compute/v1/projects/acme-prod/global/networks/main',
      'address-value': expect.stringMatching(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/),
      'project-id': 'acme-prod',
    },
  },
  {
    name: 'azure',
    build: azureNetwork,
    resources: 15,
    rules: 'azurerm_firewall_policy_rule_collection_group.rules',
    outputs: {
      'firewall-address': '10.40.0.4',
      'endpoint-address': expect.stringMatching(/^10\.40\.1\.\d+$/),
      'subnet-id': '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/egress/providers/Microsoft.Network/virtualNetworks/hub/subnets/workload',
      tenant: expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
  },
];

afterAll(removeFolders);

function ok<T extends StackPlan | StackApply>(result: T | undefined): Extract<T, { ok: true }> {
  if (result?.ok !== true) throw new Error(JSON.stringify(result, null, 2));
  return result as Extract<T, { ok: true }>;
}

async function plan(stackFolder: string, state?: string): Promise<PlannedStack & { json: PlanJson }> {
  const [result] = await planStacks({ root, stackFolders: [stackFolder], planFolder: temporaryFolder(), stateFile: () => state });
  const planned = ok(result);
  return { ...planned, json: JSON.parse(readFileSync(planned.planFile, 'utf8')) as PlanJson };
}

function actions({ json }: { json: PlanJson }): string[] {
  return (json.resource_changes ?? []).filter(({ change }) => !['no-op', 'read'].includes(change.actions.join())).map(({ address, change }) => `${change.actions.join('+')} ${address}`);
}

function readState(file: string): { outputs: { [name: string]: { value: unknown } }; resources: { type: string; instances: { attributes: { [name: string]: unknown } }[] }[] } {
  return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof readState>;
}

describeWithTerraform('the life of a stack with stand-ins', () => {
  describe.each(CLOUDS)('$name', ({ name, build, resources, rules, outputs }) => {
    const stack = (options: NetworkOptions): string => synthesize(`${name}-prod`, (scope) => build(scope, options));
    const before = stack({ hosts: HOSTS });
    const state = join(temporaryFolder(), 'state.json');

    test('plan: everything is added, ids are known after apply', async () => {
      const planned = await plan(before);
      expect(planned).toMatchObject({ add: resources, change: 0, destroy: 0, warnings: [] });
      expect(planned.json.resource_changes?.filter(({ change }) => change.actions[0] === 'create').every(({ change }) => change.after_unknown.id === true)).toBe(true);
      expect(readdirSync(before)).toEqual(['cdk.tf.json']);
    });

    test('apply: what stacks read from the cloud is coherent', async () => {
      ok(await applyStack({ root, stackFolder: before, stateFile: state }));
      expect(Object.fromEntries(Object.entries(readState(state).outputs).map(([key, { value }]) => [key, value]))).toEqual(outputs);
      const ids = readState(state).resources.flatMap(({ type, instances }) => instances.map(({ attributes }) => `${type} ${String(attributes['id'])}`));
      expect(new Set(ids).size).toBe(ids.length);
    });

    test('second plan: no changes', async () => {
      expect(actions(await plan(before, state))).toEqual([]);
    });

    test('one more host: only the rules change, in place', async () => {
      expect(actions(await plan(stack({ hosts: [...HOSTS, 'files.example.com'] }), state))).toEqual([`update ${rules}`]);
    });

    test('one more subnet: it is added, nothing else moves', async () => {
      const changed = actions(await plan(stack({ hosts: HOSTS, extraSubnet: true }), state));
      expect(changed).toEqual([expect.stringMatching(/^create \w+\.extra$/)]);
    });

    test('applying again elsewhere gives the same ids', async () => {
      const other = join(temporaryFolder(), 'state.json');
      ok(await applyStack({ root, stackFolder: before, stateFile: other }));
      const ids = (file: string): string[] => readState(file).resources.map(({ type, instances }) => `${type} ${String(instances[0]?.attributes['id'])}`).sort();
      expect(ids(other)).toEqual(ids(state));
    });

    test('destroy: nothing is left', async () => {
      ok(await applyStack({ root, stackFolder: before, stateFile: state, destroy: true }));
      expect(readState(state).resources).toEqual([]);
    });
  });

  test('several stacks are planned in one call, in order, with progress', async () => {
    const folders = CLOUDS.map(({ name, build }) => synthesize(`${name}-all`, (scope) => build(scope, { hosts: HOSTS })));
    const steps: string[] = [];
    const planFolder = temporaryFolder();
    const results = await planStacks({ root, stackFolders: folders, planFolder, onProgress: (stack, step) => steps.push(`${stack} ${step}`) });
    expect(results.map((result) => [result.stack, result.ok])).toEqual([['aws-all', true], ['google-all', true], ['azure-all', true]]);
    expect(steps.filter((step) => step.startsWith('azure-all'))).toEqual(['init', 'validate', 'plan', 'show'].map((step) => `azure-all ${step}`));
    expect(readdirSync(planFolder).sort()).toEqual(['aws-all.json', 'azure-all.json', 'google-all.json']);
  });

  test('the working folders and sockets are gone afterwards', async () => {
    // A folder of its own: other tests plan at the same time.
    const own = mkdtempSync(join(os.tmpdir(), 'tidy-'));
    const asked = jest.spyOn(os, 'tmpdir').mockReturnValue(own);
    try {
      await plan(synthesize('google-tidy', (scope) => googleNetwork(scope, { hosts: HOSTS })));
      expect(asked).toHaveBeenCalled();
      // What is left is the test's own: the stack and its plan.
      expect(readdirSync(own).filter((entry) => !entry.startsWith('offline-test-'))).toEqual([]);
    } finally {
      asked.mockRestore();
      rmSync(own, { recursive: true, force: true });
    }
  });
});
