/** Our own stacks, in every form that they can be reviewed in: no finding, and the right verdict per segment. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyStack, planStacks } from '../../../providers/offline/plan';
import { fixture, policyOf, synthesized } from '../../fixtures/stacks';
import { synthesize } from '../../../stacks/app';
import type { Policy } from '../../../blueprints/policy/model';
import { describeWithTerraform } from '../../fixtures/terraform';
import { review } from './reviewing';

/** Per segment what it reaches, as the policy file says. */
function expected(policy: Policy): Record<string, readonly string[]> {
  return Object.fromEntries(policy.segments.map(({ name }) => [name, policy.allow
    .filter((rule) => rule.clouds.includes('google') && rule.segments.includes(name))
    .flatMap((rule) => (rule.protocol === 'tcp' ? rule.addresses : [rule.host.text]).map((host) => `${host}:${rule.ports.join()}`))
    .sort()]));
}

function check(document: unknown, policy: Policy): void {
  const { hits, verdicts } = review(document, policy);
  expect(hits).toEqual([]);
  expect(review(document).hits).toEqual([]);
  const reached = expected(policy);
  expect(verdicts.map(({ place }) => place.segment).sort()).toEqual(policy.segments.flatMap(({ name }) => [name, name]).sort());
  for (const { place, family, kind, hosts, witness } of verdicts) {
    const own = family === 4 ? reached[place.segment as string] ?? [] : [];
    expect({ segment: place.segment, family, kind, hosts: hosts.map(({ host, ports }) => `${host}:${ports.join()}`) })
      .toEqual({ segment: place.segment, family, kind: own.length > 0 ? 'allowlisted' : 'none', hosts: own });
    if (own.length > 0) expect(witness?.map((step) => step.kind)).toEqual(['subnet', 'firewall', 'route', 'nat']);
    expect(place).toMatchObject({ cloud: 'google', kind: 'subnet', hypothetical: true, tier: policy.segments.find(({ name }) => name === place.segment)?.tier });
  }
}

test.each([['the full policy', fixture('full')], ['the example policy', fixture('example')]])('%s, synthesized', async (_, text) => {
  const { texts, policy } = await synthesized(text);
  check(texts['google-prod'] as string, policy);
});

test('segments whose names begin alike keep their own tags', async () => {
  const text = fixture('full').replaceAll('payments', 'platform-app').replaceAll('platform-app-team', 'payments-team');
  const { texts, policy } = await synthesized(text);
  check(texts['google-prod'] as string, policy);
});

test('the order of the file does not matter', async () => {
  const { stack, policy } = await synthesized(fixture('full'));
  const document = stack('google-prod');
  const turned = { ...document, resource: Object.fromEntries(Object.entries(document.resource ?? {}).reverse().map(([type, all]) => [type, Object.fromEntries(Object.entries(all).reverse())])) };
  check(turned, policy);
});

test('GIVEN the first machine of a segment THEN it stands for its own, and the others are still judged', async () => {
  const { stack, policy } = await synthesized(fixture('full'));
  const document = stack('google-prod');
  const found = (type: string, text: string) => Object.keys(document.resource![type]!).find((name) => name.includes(text))!;
  const machine = {
    zone: 'europe-west1-b', network_interface: [{ subnetwork: `\${google_compute_subnetwork.${found('google_compute_subnetwork', 'payments')}.id}` }], tags: ['acme-prod-payments-egress'],
    params: { resource_manager_tags: { [`\${google_tags_tag_key.${Object.keys(document.resource!.google_tags_tag_key!)[0]}.id}`]: `\${google_tags_tag_value.${found('google_tags_tag_value', 'payments')}.id}` } },
  };
  const { verdicts } = review({ ...document, resource: { ...document.resource, google_compute_instance: { vm: machine } } }, policy);
  const places = verdicts.filter(({ family }) => family === 4).map(({ place, kind }) => [place.segment, place.kind, kind]);
  const { payments: _payments, ...others } = expected(policy);
  expect(places.sort()).toEqual([['payments', 'workload', 'allowlisted'], ...Object.entries(others).map(([name, hosts]) => [name, 'subnet', hosts.length > 0 ? 'allowlisted' : 'none'])].sort());
});

describeWithTerraform('our own stack, planned by Terraform', () => {
  const folder = mkdtempSync(join(tmpdir(), 'own-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('a plan of everything, and the state after it', async () => {
    const { policy: all } = policyOf(fixture('full'));
    const policy: Policy = { ...all, environments: all.environments.map(({ aws: _aws, azure: _azure, ...environment }) => environment) };
    await synthesize(policy, folder);
    const stackFolder = join(folder, 'stacks/google-prod');
    const [plan] = await planStacks({ stackFolders: [stackFolder], planFolder: join(folder, 'plans') });
    expect(plan).toMatchObject({ ok: true });
    check(readFileSync(join(folder, 'plans/google-prod.json'), 'utf8'), policy);

    const stateFile = join(folder, 'state.tfstate');
    expect(await applyStack({ stackFolder, stateFile })).toMatchObject({ ok: true });
    // With everything applied the plan knows every id, and changes nothing.
    const [again] = await planStacks({ stackFolders: [stackFolder], planFolder: join(folder, 'again'), stateFile: () => stateFile });
    expect(again).toMatchObject({ ok: true, add: 0, change: 0, destroy: 0 });
    const document = JSON.parse(readFileSync(join(folder, 'again/google-prod.json'), 'utf8')) as { format_version: string; terraform_version: string; prior_state: { values: unknown } };
    check(document, policy);
    check({ format_version: '1.0', terraform_version: document.terraform_version, values: document.prior_state.values }, policy);
  }, 60_000);
});
