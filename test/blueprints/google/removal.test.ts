/** What leaves a network on Google Cloud while the rest stays: in an order that Google takes, under the real Terraform. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { applyStack } from '../../../providers/offline/plan';
import { StandIn } from '../../../providers/offline/stand-in';
import { synthesized } from '../../fixtures/stacks';
import { describeWithTerraform } from '../../fixtures/terraform';

const PATIENCE = 120_000;
const ROOT = join(__dirname, '../../..');
const MSGPACK_NIL = 0xc0;

const POLICY = `
organization: acme
allow:
  - { host: api.stripe.com, from: [payments, platform], owner: x, reason: x }
segments:
  - { name: payments, tier: private }
  - { name: platform, tier: private }
environments:
  - { name: prod, google: { region: europe-west1, cidr: 10.30.0.0/16, project: acme-prod, nat: { addresses: [a, b] } } }
`;

describeWithTerraform('on google', () => {
  let folder: string;
  let lock: Awaited<ReturnType<typeof synthesized>>['lock'];
  /** What the provider was asked for, in this order: `google_compute_address destroy`. */
  const calls: string[] = [];

  const apply = async (edit: (policy: any) => void): Promise<void> => {
    const policy = parse(POLICY);
    edit(policy);
    const { texts } = await synthesized(stringify(policy), lock);
    const stackFolder = join(folder, 'stacks', 'google-prod');
    mkdirSync(stackFolder, { recursive: true });
    writeFileSync(join(stackFolder, 'cdk.tf.json'), texts['google-prod'] as string);
    const result = await applyStack({ stackFolder, stateFile: join(folder, 'state.tfstate'), root: ROOT });
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics, null, 2));
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'google-removal-'));
    lock = (await synthesized(POLICY)).lock;
    await apply(() => undefined);
    calls.length = 0;
    const original = StandIn.prototype.apply;
    jest.spyOn(StandIn.prototype, 'apply').mockImplementation(function (this: StandIn, type, prior, planned) {
      const what = planned[0] === MSGPACK_NIL ? 'destroy' : prior[0] === MSGPACK_NIL ? 'create' : 'update';
      calls.push(`${type} ${what}`);
      return original.call(this, type, prior, planned);
    });
  }, PATIENCE);
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each<[string, string, (policy: any) => void]>([
    ['a segment with hosts: its subnet', 'google_compute_subnetwork', (policy) => { policy.segments.pop(); policy.allow[0].from.pop(); }],
    ['an address of the NAT: the address', 'google_compute_address', (policy) => { policy.environments[0].google.nat.addresses.pop(); }],
  ])('%s goes after the NAT has let go of it', async (_, type, edit) => {
    await apply(edit);
    const nat = calls.indexOf('google_compute_router_nat update');
    expect(nat).toBeGreaterThanOrEqual(0);
    expect(calls.indexOf(`${type} destroy`)).toBeGreaterThan(nat);
  }, PATIENCE);
});
