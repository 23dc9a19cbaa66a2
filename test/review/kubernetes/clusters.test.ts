/** Several clusters in one plan: what closes one leaves the others open. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

const metadata = { name: 'x', namespace: 'a' };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: {} };
const deny = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } };
const world = { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'w' }, spec: { endpointSelector: {}, egress: [{ toEntities: ['world'] }] } };
const by = (alias: string, manifest: object) => ({ ...(alias === '' ? {} : { provider: `kubernetes.${alias}` }), manifest });
const podsOf = (resource: object) => review({ inputs: [parsePlan(JSON.stringify({ resource }), 'plan.json')], today: TODAY }).pods?.map(({ pods, egress }) => `${pods} ${egress}`);
const manifests = (...each: readonly object[]) => ({ kubernetes_manifest: Object.fromEntries(each.map((one, index) => [`m${index}`, one])) });

test.each<[string, object, readonly string[]]>([
  ['a policy in one of them', manifests(by('eu', pod), by('us', pod), by('eu', deny)), ['eu: a/x none', 'us: a/x open']],
  ['one without an alias', manifests(by('', pod), by('us', pod), by('', deny)), ['default: a/x none', 'us: a/x open']],
  ['an opening in one of them', manifests(by('eu', pod), by('us', pod), by('eu', deny), by('us', deny), by('us', world)), ['eu: a/x none', 'us: a/x open']],
  ['one cluster by one alias', manifests(by('eu', pod), by('eu', deny)), ['a/x none']],
  ['one cluster by two providers', { ...manifests(by('eu', pod)), kubectl_manifest: { d: { yaml_body: JSON.stringify(deny) } } }, ['a/x none']],
  ['what another provider makes in each', { ...manifests(by('eu', pod), by('us', pod)), kubectl_manifest: { eu: { provider: 'kubectl.eu', yaml_body: JSON.stringify(deny) } } }, ['eu: a/x none', 'us: a/x open']],
])('%s', (_, resource, expected) => expect(podsOf(resource)).toEqual(expected));

test('by the configuration of a plan, through modules', () => {
  const types = { pod: by('', pod).manifest, deny: by('', deny).manifest };
  const changes = [['module.eu', 'pod'], ['module.us', 'pod'], ['module.eu', 'deny']].map(([module, name]) => ({
    address: `${module}.kubernetes_manifest.${name}`, module_address: module, mode: 'managed', type: 'kubernetes_manifest', name, provider_name: 'registry.terraform.io/hashicorp/kubernetes',
    change: { actions: ['create'], before: null, after: { manifest: types[name as 'pod'] }, after_unknown: {} },
  }));
  const called = (alias: string, ...names: readonly string[]) => ({ source: './app', module: { resources: names.map((name) => ({ address: `kubernetes_manifest.${name}`, mode: 'managed', type: 'kubernetes_manifest', name, provider_config_key: `kubernetes.${alias}`, expressions: {} })) } });
  const plan = { format_version: '1.2', terraform_version: '1.11.4', resource_changes: changes, configuration: { root_module: { module_calls: { eu: called('eu', 'pod', 'deny'), us: called('us', 'pod') } } } };
  expect(review({ inputs: [parsePlan(JSON.stringify(plan), 'plan.json')], today: TODAY }).pods?.map(({ pods, egress }) => `${pods} ${egress}`)).toEqual(['eu: a/x none', 'us: a/x open']);
});
