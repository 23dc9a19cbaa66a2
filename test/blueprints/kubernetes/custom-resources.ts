/**
 * JSON Schemas of the custom resources that the manifests use, written from their definitions: no
 * package that runs on Node 20 ships them. Only fields that the blueprint may use are in them, so
 * that a misspelt one is refused.
 *
 * https://docs.cilium.io/en/stable/security/policy/language/ (CiliumNetworkPolicy, cilium.io/v2)
 * https://cloud.google.com/kubernetes-engine/docs/reference/crds/fqdnnetworkpolicy (networking.gke.io/v1alpha1)
 * https://learn.microsoft.com/azure/aks/container-network-observability-logs (acn.azure.com/v1alpha1)
 */
const object = (properties: Record<string, object>, required: readonly string[] = []) => ({ type: 'object', properties, required, additionalProperties: false });
const list = (items: object) => ({ type: 'array', items, minItems: 1 });
const labels = { type: 'object', additionalProperties: { type: 'string', maxLength: 63 } };
const metadata = object({ name: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' }, namespace: { type: 'string' }, labels, annotations: labels }, ['name', 'namespace']);
const typed = (apiVersion: string, kind: string, spec: object) => object({ apiVersion: { const: apiVersion }, kind: { const: kind }, metadata, spec }, ['apiVersion', 'kind', 'metadata', 'spec']);

const ciliumSelector = object({ matchLabels: labels });
const ciliumName = {
  oneOf: [
    object({ matchName: { type: 'string', pattern: '^([-a-zA-Z0-9_]+[.]?)+$', maxLength: 255 } }, ['matchName']),
    object({ matchPattern: { type: 'string', pattern: '^(([-a-zA-Z0-9_*]+[.]?)+)$', maxLength: 255 } }, ['matchPattern']),
  ],
};
const ciliumPorts = object({
  ports: { ...list(object({ port: { type: 'string', pattern: '^[0-9]{1,5}$' }, protocol: { enum: ['TCP', 'UDP', 'SCTP', 'ANY'] } }, ['port'])), maxItems: 40 },
  rules: object({ dns: list(ciliumName) }),
}, ['ports']);
/** Each rule has one kind of destination: the API server refuses two. */
const ciliumEgress = {
  oneOf: [
    object({ toEndpoints: list(ciliumSelector), toPorts: list(ciliumPorts) }, ['toEndpoints']),
    object({ toFQDNs: list(ciliumName), toPorts: list(ciliumPorts) }, ['toFQDNs']),
    object({ toCIDR: list({ type: 'string' }), toPorts: list(ciliumPorts) }, ['toCIDR']),
  ],
};

const googlePort = object({ protocol: { enum: ['TCP', 'UDP', 'SCTP'] }, port: { type: 'integer', minimum: 1, maximum: 65535 } });
const googleMatch = {
  oneOf: [
    object({ name: { type: 'string', pattern: '^([a-zA-Z0-9]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?[.])+[a-zA-Z0-9-]+$' } }, ['name']),
    object({ pattern: { type: 'string', pattern: '^[*][.]([a-zA-Z0-9-]+[.])+[a-zA-Z0-9-]+$' } }, ['pattern']),
  ],
};

const azureMatch = object({ namespacedPod: list({ type: 'string' }), labelSelector: object({ matchLabels: labels }), ip: list({ type: 'string' }) });

export const CUSTOM_RESOURCES: Readonly<Record<string, object>> = {
  ContainerNetworkLog: object({
    apiVersion: { const: 'acn.azure.com/v1alpha1' },
    kind: { const: 'ContainerNetworkLog' },
    metadata: object({ name: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' } }, ['name']),
    spec: object({
      includefilters: list(object({
        name: { type: 'string' }, from: azureMatch, to: azureMatch, protocol: list({ enum: ['tcp', 'udp', 'dns'] }), verdict: list({ enum: ['forwarded', 'dropped'] }),
      }, ['name'])),
    }, ['includefilters']),
  }, ['apiVersion', 'kind', 'metadata', 'spec']),
  CiliumNetworkPolicy: typed('cilium.io/v2', 'CiliumNetworkPolicy', object({
    endpointSelector: ciliumSelector,
    egress: list(ciliumEgress),
    egressDeny: list(object({ toCIDR: list({ type: 'string' }) }, ['toCIDR'])),
  }, ['endpointSelector'])),
  FQDNNetworkPolicy: typed('networking.gke.io/v1alpha1', 'FQDNNetworkPolicy', object({
    podSelector: object({ matchLabels: labels }),
    egress: list(object({ matches: list(googleMatch), ports: list(googlePort) }, ['matches'])),
  }, ['podSelector', 'egress'])),
};
