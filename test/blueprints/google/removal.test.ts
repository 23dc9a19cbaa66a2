/** What leaves a network on Google Cloud while the rest stays: in an order that Google takes, under the real Terraform. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { applyStack, type StackApply } from '../../../providers/offline/plan';
import { fixture, synthesized } from '../../fixtures/stacks';
import { describeWithTerraform } from '../../fixtures/terraform';

const PATIENCE = 240_000;
const ROOT = join(__dirname, '../../..');
const OPTIONS = fixture('google-options');

/** Taken away one after another, each from what the one before has left. */
const LESS: readonly (readonly [string, (policy: any, google: any) => void])[] = [
  ['an address of the NAT', (_, google) => { google.nat.addresses = ['partners']; }],
  ['a published service', (_, google) => { google.publishedServices.pop(); }],
  ['peered services', (_, google) => { delete google.privateServicesAccess; }],
  ['the endpoint of the APIs', (_, google) => { delete google.apis; }],
  ['a host behind the proxy', (policy) => { policy.allow = policy.allow.filter(({ host }: { host: string }) => host !== 'deb.debian.org'); }],
  ['the proxy, with the hosts that need it', (policy, google) => {
    delete google.secureWebProxy;
    policy.allow = policy.allow.filter(({ wildcard }: { wildcard?: string }) => wildcard === undefined);
  }],
  ['service projects, logs and a perimeter', (_, google) => { for (const option of ['sharedVpc', 'logs', 'perimeter', 'denyExternalAddresses']) delete google[option]; }],
  ['a cluster', (_, google) => { delete google.gke; }],
  ['a segment with hosts', (policy, google) => {
    policy.segments = policy.segments.filter(({ name }: { name: string }) => name !== 'platform');
    for (const rule of policy.allow) rule.from = rule.from.filter((name: string) => name !== 'platform');
    google.accepts = google.accepts.filter(({ from }: { from: string }) => from !== 'iap');
  }],
  ['tags, for accounts', (policy, google) => {
    google.serviceAccounts = Object.fromEntries(policy.segments.map(({ name }: { name: string }) => [name, `${name}@acme-prod.iam.gserviceaccount.com`]));
  }],
  ['every host', (policy) => { policy.allow = []; }],
  ['every private service', (policy) => { policy.privateServices = []; }],
];

describeWithTerraform('on google', () => {
  let folder: string;
  let lock: Awaited<ReturnType<typeof synthesized>>['lock'];
  let policy: any;

  const apply = async ({ destroy = false, change = (text: string) => text } = {}): Promise<StackApply> => {
    const { texts } = await synthesized(stringify(policy), lock);
    const stackFolder = join(folder, 'stacks', 'google-prod');
    mkdirSync(stackFolder, { recursive: true });
    writeFileSync(join(stackFolder, 'cdk.tf.json'), change(texts['google-prod'] as string));
    return applyStack({ stackFolder, stateFile: join(folder, 'state.tfstate'), root: ROOT, destroy });
  };
  const refusal = (result: StackApply) => (result.ok ? undefined : JSON.stringify(result.diagnostics));

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'google-removal-'));
    policy = parse(OPTIONS);
    policy.environments[0].google.nat.addresses = ['partners', 'spare'];
    lock = (await synthesized(stringify(policy))).lock;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('what every option makes can be given up one by one, and the rest destroyed', async () => {
    expect(refusal(await apply())).toBeUndefined();
    for (const [what, take] of LESS) {
      take(policy, policy.environments[0].google);
      expect([what, refusal(await apply())]).toEqual([what, undefined]);
    }
    expect(refusal(await apply({ destroy: true }))).toBeUndefined();
    expect(JSON.parse(readFileSync(join(folder, 'state.tfstate'), 'utf8')).resources).toEqual([]);
  }, PATIENCE);

  test('with every option it is destroyed at once', async () => {
    expect(refusal(await apply())).toBeUndefined();
    expect(refusal(await apply({ destroy: true }))).toBeUndefined();
  }, PATIENCE);

  test('an address would not go while the NAT still lists it', async () => {
    const change = (text: string) => text.replaceAll('"create_before_destroy": true', '"create_before_destroy": false');
    await apply({ change });
    policy.environments[0].google.nat.addresses = ['partners'];
    expect(refusal(await apply({ change }))).toMatch(/nat-spare.* is already being used by .*acme-prod-nat/);
  }, PATIENCE);
});
