/** The Terraform stack makes the very objects that the YAML holds, and closes before it opens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeManifests } from '../../../cli/manifests';
import { buildGraph } from '../../../review/plan/build-graph';
import { loadPlan, parsePlan } from '../../../review/plan/load';
import { readObjects, type KubernetesObject } from '../../../review/model/kubernetes/objects';
import { availableClouds } from '../../../stacks/app';
import { fixture, synthesized, type Synthesized } from '../../fixtures/stacks';

const FIXTURE = fixture('kubernetes');

/** By kind, namespace and name; the provider writes ports as text. */
function byId(objects: readonly KubernetesObject[]): Record<string, unknown> {
  return Object.fromEntries(objects.map(({ kind, namespace, name, labels, annotations, spec }) => [
    `${kind} ${namespace}/${name}`,
    { labels, annotations, spec: kind === 'NetworkPolicy' ? JSON.parse(JSON.stringify(spec), (key, value) => (key === 'port' ? Number(value) : value)) : spec },
  ]));
}

const MORE = FIXTURE.replace('      - name: worker', '      - { name: batch, labels: { app: payments, role: batch }, hosts: [api.stripe.com] }\n      - name: worker');
let built: Synthesized;
let more: Synthesized;
beforeAll(async () => {
  built = await synthesized(FIXTURE);
  more = await synthesized(MORE);
});

describe.each(availableClouds())('on %s', (cloud) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'manifests-'));
    writeManifests(built.policy, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const name = `${cloud}-prod-kubernetes`;

  test('YAML and Terraform render the same objects', () => {
    const terraform = readObjects(buildGraph(parsePlan(built.texts[name]!, 'cdk.tf.json'))).objects;
    const yaml = readObjects(buildGraph(loadPlan(join(folder, `${cloud}-prod`))[0]!)).objects;
    expect(Object.keys(byId(yaml)).length).toBeGreaterThan(15);
    expect(byId(terraform)).toEqual(byId(yaml));
  });

  test('namespaces come first, what closes them second, what opens them last', () => {
    const { resource } = built.stack(name);
    const addresses = Object.entries(resource!).flatMap(([type, named]) => Object.entries(named).map(([key, body]) => ({ address: `${type}.${key}`, body })));
    const namespaceOf = ({ body }: (typeof addresses)[number]) => (body.manifest ?? body).metadata.namespace;
    for (const each of addresses.filter((other) => namespaceOf(other) !== undefined)) {
      const before: readonly string[] = each.body.depends_on;
      const objectName = (each.body.manifest ?? each.body).metadata.name;
      if (['default-deny', 'deny-metadata'].includes(objectName)) {
        expect(before.every((address) => address.startsWith('kubernetes_namespace_v1.'))).toBe(true);
        expect(before).toHaveLength(1);
      } else {
        const denies = addresses.filter((other) => namespaceOf(other) === namespaceOf(each) && (other.body.manifest ?? other.body).metadata.name === 'default-deny');
        expect(before).toEqual(expect.arrayContaining(denies.map(({ address }) => address)));
      }
    }
  });

  test('the stack has its backend, full sources and ranges, short-lived tokens and no path of a machine', () => {
    const { terraform, provider, output } = built.stack(name);
    expect(terraform.backend.local.path).toBe(`../../../terraform.${name}.tfstate`);
    expect(terraform.required_providers.kubernetes).toEqual({ source: 'hashicorp/kubernetes', version: '>= 2.38.0, < 3.0.0' });
    const [{ exec, host, ...rest }] = provider!.kubernetes as any;
    expect(Object.keys(rest).sort()).toEqual(['cluster_ca_certificate']);
    expect(host).toContain('${data.');
    expect(exec).toHaveLength(1);
    expect(exec[0].command).toBe({ aws: 'aws', google: 'gke-gcloud-auth-plugin', azure: 'kubelogin' }[cloud]);
    expect(output!.namespaces.value).toHaveLength(3);
    expect(built.texts[name]).not.toContain(process.cwd());
  });

  test('a group of pods more moves no address that was there', () => {
    const addresses = (text: string) => Object.entries((JSON.parse(text) as any).resource).flatMap(([type, named]) => Object.keys(named as object).map((key) => `${type}.${key}`));
    const before = addresses(built.texts[name]!);
    const after = addresses(more.texts[name]!);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after.length).toBe(before.length + 1);
  });
});

test('a policy without clusters has no such stack', async () => {
  const { summaries } = await synthesized(fixture('full'));
  expect(summaries.filter(({ stack }) => stack.endsWith('-kubernetes'))).toEqual([]);
});
