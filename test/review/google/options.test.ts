/** A stack with every option: no finding, the right verdicts, planned and applied; and each control, once broken, is found. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyStack, planStacks } from '../../../providers/offline/plan';
import { synthesize } from '../../../stacks/app';
import { optionMutations } from '../../contract/google/option-mutations';
import { fixture, policyOf, synthesized, type Synthesized } from '../../fixtures/stacks';
import { describeWithTerraform } from '../../fixtures/terraform';
import { review, type Reviewed } from './reviewing';

const REACHED: Readonly<Record<string, readonly string[]>> = {
  payments: ['151.101.1.69/32:22', '151.101.64.0/24:22', 'api.stripe.com:443', 'status.stripe.com:443,8443'],
  platform: ['*.docker.io:443', 'deb.debian.org:80', 'status.stripe.com:443,8443'],
};

function expectSound({ hits, verdicts }: Reviewed, found: readonly string[] = []): void {
  expect(hits.map(({ rule }) => rule)).toEqual(found);
  for (const { place, family, kind, hosts } of verdicts) {
    const own = family === 4 ? REACHED[place.segment as string] ?? [] : [];
    expect({ segment: place.segment, kind, hosts: hosts.map(({ host, ports }) => `${host}:${ports.join()}`) }).toEqual({ segment: place.segment, kind: own.length > 0 ? 'allowlisted' : 'none', hosts: own });
  }
  const platform = verdicts.find(({ place, family }) => place.segment === 'platform' && family === 4);
  expect(platform?.witness?.map(({ kind }) => kind)).toEqual(['subnet', 'proxy']);
}

/** What the review calls the same thing. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'hosts-differ': 'plan-and-policy-disagree', 'deny-missing': 'plan-and-policy-disagree',
  'proxy-rule-wide': 'private-rule-every-port', 'published-service-wide': 'private-rule-every-port', 'control-plane-wide': 'private-rule-every-port',
  'kubernetes-rules-incomplete': 'kubernetes-webhooks-unreachable',
  'session-access-wide': 'google-callers-every-port', 'health-check-wide': 'google-callers-every-port',
};

/** What a review cannot know: what should be there is written nowhere in the plan. */
const UNSEEN: Readonly<Record<string, string>> = {
  'a segment that may call the proxy, and has no host there': 'the proxy refuses the caller: nothing is opened',
  'nodes that cannot call their control plane': 'the cluster is in another plan; one in this plan has a check of its own',
  'pods that cannot call pods': 'the cluster is in another plan',
  'a NAT for the endpoints': 'a NAT for a subnet in which nothing runs translates nothing',
};

let sound: Synthesized;
beforeAll(async () => {
  sound = await synthesized(fixture('google-options'));
});

test('synthesized, with the policy file and without', () => {
  expectSound(review(sound.texts['google-prod'], sound.policy));
  // Only the policy can say that a wildcard is meant, and a service of others.
  expectSound(review(sound.texts['google-prod']), ['endpoint-of-another-party', 'endpoint-of-another-party', 'wildcard-host']);
});

/** Found by something else than what others of their kind are found by. */
const BY_OTHERS: Readonly<Record<string, string>> = {
  'a cluster that accepts any private address': 'segment-sides-disagree',
  'pods of one cluster for another segment': 'segment-sides-disagree',
  // Which hosts it lets through nobody knows, so none is missing.
  'a proxy with other rules': 'proxy-rules-elsewhere',
};

test.each(optionMutations.filter(({ name }) => !Object.hasOwn(UNSEEN, name)).map((mutation) => [mutation.name, mutation] as const))('found: %s', (_, mutation) => {
  const stack = sound.stack('google-prod');
  mutation.mutate(stack);
  expect(review(stack, sound.policy).hits.map(({ rule }) => rule)).toContain(BY_OTHERS[mutation.name] ?? OTHER_NAMES[mutation.fault] ?? mutation.fault);
});

describe('what the policy asks for and the plan lacks', () => {
  const lacking = (edit: (resource: Record<string, Record<string, any>>) => void): readonly string[] => {
    const stack = sound.stack('google-prod');
    edit(stack.resource as Record<string, Record<string, any>>);
    return review(stack, sound.policy).hits.flatMap(({ rule, message }) => (rule === 'plan-and-policy-disagree' ? [message] : []));
  };
  const only = (resources: Record<string, any> | undefined): any => Object.values(resources ?? {})[0];

  test.each<[string, (resource: Record<string, Record<string, any>>) => void, string]>([
    ['a perimeter', (resource) => void delete resource.google_access_context_manager_service_perimeter, 'the policy has a service perimeter around acme-prod, and this plan makes none: unless another one does, nothing keeps data of its services inside'],
    ['an API within it', (resource) => void only(resource.google_access_context_manager_service_perimeter).status.restricted_services.pop(), 'it does not restrict storage.googleapis.com, which the policy has in it'],
    ['a level that the policy does not name', (resource) => void only(resource.google_access_context_manager_service_perimeter).status.access_levels.push('accessPolicies/1/accessLevels/x'), 'it lets in by accessPolicies/1/accessLevels/x, which the policy does not name'],
    ['a country', (resource) => void (Object.values(resource.google_compute_network_firewall_policy_rule!).find(({ match }) => match.dest_region_codes)!.match.dest_region_codes = ['CU']), 'the policy denies region KP, and no rule of the plan does'],
    ['a country on every protocol', (resource) => void (Object.values(resource.google_compute_network_firewall_policy_rule!).find(({ match }) => match.dest_region_codes)!.match.layer4_configs = [{ ip_protocol: 'udp' }]), 'the policy denies region KP, and no rule of the plan does for every machine and protocol'],
    ['a status of the perimeter', (resource) => void delete only(resource.google_access_context_manager_service_perimeter).status, 'it does not restrict '],
    ['a project of others', (resource) => void (only(resource.google_compute_shared_vpc_service_project).service_project = 'vendor'), 'it lets project vendor use the network, which the policy does not name'],
    ['somebody else in a subnet', (resource) => void (only(resource.google_compute_subnetwork_iam_member).member = 'user:x@example.net'), 'it lets user:x@example.net use a subnet, whom the policy does not name'],
    ['a guardrail', (resource) => void delete resource.google_org_policy_policy, 'the policy has acme-prod refuse machines with public addresses (denyExternalAddresses), and this plan makes no policy that does: unless another one does, any machine may have one'],
    ['a sink', (resource) => void delete resource.google_logging_project_sink, 'the policy has a log bucket for what the network records (logs), and no google_logging_project_sink of this plan fills one'],
    ['as long a memory', (resource) => void (only(resource.google_logging_project_bucket_config).retention_days = 30), 'it keeps records for 30 days, and the policy says 400'],
    ["services in Google's network", (resource) => void delete resource.google_service_networking_connection, "the policy has services in Google's peered network (privateServicesAccess), and this plan has no google_service_networking_connection"],
    ['its certificate', (resource) => void (only(resource.google_network_services_gateway).certificate_urls = ['projects/x/locations/r/certificates/c']), 'it shows projects/x/locations/r/certificates/c, and the policy names projects/acme-prod/locations/europe-west1/certificates/egress-proxy'],
    ['a rule for the APIs', (resource) => { const rules = resource.google_compute_network_firewall_policy_rule!; delete rules[Object.keys(rules).find((name) => rules[name].rule_name === 'out-ledger-to-google-apis')!]; }, "the policy has private services, and no rule of the plan lets ledger call Google's APIs at google_compute_global_forwarding_rule."],
    ['a segment', (resource) => { const [name] = Object.entries(resource.google_compute_subnetwork!).find(([, subnet]) => subnet.name.endsWith('-reporting'))!; delete resource.google_compute_subnetwork![name]; }, 'the policy has subnets for reporting ('],
  ])('%s', (_, edit, message) => {
    const told = lacking(edit);
    expect(told.map((each) => each.slice(0, message.length))).toEqual([message]);
  });

  test('a peering of services that is closed for another one', () => {
    const stack = sound.stack('google-prod');
    only((stack.resource as Record<string, Record<string, any>>).google_service_networking_vpc_service_controls).service = 'vendor.example.com';
    expect(review(stack, sound.policy).hits.map(({ rule }) => rule)).toEqual(['service-network-internet-route']);
  });

  test('nothing of it in a plan of something else', () => {
    expect(lacking((resource) => { for (const type of Object.keys(resource)) if (type !== 'google_org_policy_policy') delete resource[type]; })).toEqual([]);
  });
});

test('what it cannot know is a mutation that there is', () => {
  expect(optionMutations.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(UNSEEN)));
});

describeWithTerraform('with the real Terraform', () => {
  const folder = mkdtempSync(join(tmpdir(), 'options-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('plan, apply, plan again and destroy are clean, and the plans are reviewed alike', async () => {
    const { policy } = policyOf(fixture('google-options'));
    await synthesize(policy, folder);
    const stackFolder = join(folder, 'stacks/google-prod');
    const [plan] = await planStacks({ stackFolders: [stackFolder], planFolder: join(folder, 'plans') });
    expect(plan).toMatchObject({ ok: true, change: 0, destroy: 0, warnings: [] });
    expectSound(review(readFileSync(join(folder, 'plans/google-prod.json'), 'utf8'), policy));

    const stateFile = join(folder, 'state.tfstate');
    expect(await applyStack({ stackFolder, stateFile })).toMatchObject({ ok: true });
    const [again] = await planStacks({ stackFolders: [stackFolder], planFolder: join(folder, 'again'), stateFile: () => stateFile });
    expect(again).toMatchObject({ ok: true, add: 0, change: 0, destroy: 0 });
    expectSound(review(readFileSync(join(folder, 'again/google-prod.json'), 'utf8'), policy));

    expect(await applyStack({ stackFolder, stateFile, destroy: true })).toMatchObject({ ok: true });
    expect(JSON.parse(readFileSync(stateFile, 'utf8')).resources).toEqual([]);
  }, 90_000);
});
