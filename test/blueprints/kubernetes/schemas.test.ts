/** Every object that the manifests hold is one that a Kubernetes API server takes. */
import Ajv from 'ajv';
import { ValidatingAdmissionPolicy } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
import { ValidatingAdmissionPolicyBinding } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { cluster, CNIS_AND_CLOUDS } from '../../contract/kubernetes/scenes';
import { fixture, policyOf } from '../../fixtures/stacks';
import { CUSTOM_RESOURCES } from './custom-resources';

const MODELS: Readonly<Record<string, new (data: any) => { validate(): void }>> = { NetworkPolicy, Namespace, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding };
const ajv = new Ajv({ strict: false });
const custom = Object.fromEntries(Object.entries(CUSTOM_RESOURCES).map(([kind, schema]) => [kind, ajv.compile(schema)]));
const { policy } = policyOf(fixture('kubernetes'));

/** @throws Error with what is wrong */
function validate(object: any): void {
  const Model = MODELS[object.kind];
  if (Model) {
    new Model(object).validate();
    return;
  }
  const check = custom[object.kind];
  if (!check) throw new Error(`no schema of ${object.kind}`);
  if (!check(object)) throw new Error(ajv.errorsText(check.errors));
}

test.each(CNIS_AND_CLOUDS)('with %s on %s, every object is valid', (cni, cloud) => {
  const { objects } = cluster(policy, cloud, cni);
  expect(objects.length).toBeGreaterThan(15);
  objects.forEach(validate);
  const ids = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { metadata } of objects) expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
});

test('the schemas refuse what is wrong', () => {
  const { objects } = cluster(policy, 'aws');
  const broken = (kind: string, change: (object: any) => void) => () => {
    const object = structuredClone(objects.find((each) => each.kind === kind && each.spec?.egress));
    change(object);
    validate(object);
  };
  expect(broken('NetworkPolicy', () => undefined)).not.toThrow();
  expect(broken('NetworkPolicy', ({ spec }) => { spec.podSelector = 'app'; })).toThrow(/podSelector/);
  expect(broken('NetworkPolicy', ({ spec }) => { spec.egress[0].ports[0].endPort = 'x'; })).toThrow(/endPort/);
  expect(broken('CiliumNetworkPolicy', () => undefined)).not.toThrow();
  expect(broken('CiliumNetworkPolicy', ({ spec }) => { spec.egress[0].toFQDNs = [{ matchName: 'a.com' }]; })).toThrow();
  expect(broken('CiliumNetworkPolicy', ({ spec }) => { spec.egress[1].toFqdns = spec.egress[1].toFQDNs; })).toThrow();
});
