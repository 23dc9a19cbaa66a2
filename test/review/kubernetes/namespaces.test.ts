/** Namespaces that objects are told to be in by reference: `kubernetes_namespace.x.id` is no known value in a first plan. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

const change = (type: string, name: string, after: object, unknown: object = {}) => ({ address: `${type}.${name}`, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/kubernetes', change: { actions: ['create'], before: null, after, after_unknown: unknown } });
const configured = (type: string, name: string, expressions: object) => ({ address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'kubernetes', expressions });
const spec = [{ pod_selector: [{}], policy_types: ['Ingress', 'Egress'], egress: [], ingress: [] }];
const template = [{ template: [{ metadata: [{ labels: { app: 'x' } }], spec: [{ container: [] }] }] }];
const references = (names: readonly string[]) => ({ metadata: [{ namespace: { references: names } }] });

const plan = (reference: readonly string[]) => JSON.stringify({
  format_version: '1.2', terraform_version: '1.11.4',
  resource_changes: [
    change('kubernetes_namespace', 'a', { metadata: [{ name: 'a', labels: null }] }, { id: true }),
    change('kubernetes_namespace', 'b', { metadata: [{ name: 'b', labels: null }] }, { id: true }),
    change('kubernetes_network_policy_v1', 'deny', { metadata: [{ name: 'deny' }], spec }, { id: true, metadata: [{ namespace: true }] }),
    change('kubernetes_deployment_v1', 'x', { metadata: [{ name: 'x', namespace: 'a' }], spec: template }, { id: true }),
    change('kubernetes_deployment_v1', 'y', { metadata: [{ name: 'y', namespace: 'b' }], spec: template }, { id: true }),
  ],
  configuration: { root_module: { resources: [
    configured('kubernetes_namespace', 'a', {}), configured('kubernetes_namespace', 'b', {}),
    configured('kubernetes_network_policy_v1', 'deny', references(reference)), configured('kubernetes_deployment_v1', 'x', {}), configured('kubernetes_deployment_v1', 'y', {}),
  ] } },
});
const podsIn = (reference: readonly string[]) => review({ inputs: [parsePlan(plan(reference), 'plan.json')], today: TODAY }).pods?.map(({ pods, egress }) => `${pods} ${egress}`);

test('by its id', () => expect(podsIn(['kubernetes_namespace.a.id', 'kubernetes_namespace.a'])).toEqual(['a/x none', 'b/y open']));

test('not by something else of it, nor by a choice of two', () => {
  expect(podsIn(['kubernetes_namespace.a.wait_for_default_service_account', 'kubernetes_namespace.a'])).toEqual(['a/x open', 'b/y open']);
  expect(podsIn(['kubernetes_namespace.a.id', 'kubernetes_namespace.a', 'kubernetes_namespace.b.id', 'kubernetes_namespace.b'])).toEqual(['a/x open', 'b/y open']);
});
