import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { textAt } from '../../model/google/reading';
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';

export const check: Check<GoogleModel> = {
  id: 'serial-console-open',
  title: 'a machine whose serial console takes sessions',
  severity: 'low',
  why: 'Google takes these sessions from any address on the internet, past every firewall rule and route of the network: whoever has a key of the machine types there, and reads what it shows.',
  fix: 'Take serial-port-enable out of the metadata, and let people in by Identity-Aware Proxy.',
  references: ['https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-using-serial-console'],
  comparable: ['checkov CKV_GCP_35', 'trivy GCP-0032'],
  *run({ model: { graph } }) {
    for (const [type, path] of METADATA) {
      for (const resource of graph.ofType(type)) if (resource.mode === 'managed' && isOn(resource, [...path, KEY])) yield { address: resource.address, message: `${KEY} is on` };
    }
    for (const item of graph.ofType('google_compute_project_metadata_item')) if (textAt(item, 'key') === KEY && isOn(item, ['value'])) yield { address: item.address, message: `${KEY} is on for all machines of the project` };
  },
};

const KEY = 'serial-port-enable';

const METADATA: readonly (readonly [type: string, path: AttributePath])[] = [
  ...['instance', 'instance_template', 'region_instance_template', 'instance_from_template', 'instance_from_machine_image', 'project_metadata'].map((of) => [`google_compute_${of}`, ['metadata']] as const),
  // https://cloud.google.com/compute/docs/metadata/overview: for all machines of a zone.
  ['google_compute_instance_settings', ['metadata', 0, 'items']],
  ['google_container_node_pool', ['node_config', 0, 'metadata']], ['google_container_cluster', ['node_config', 0, 'metadata']],
];

function isOn(resource: Resource, path: AttributePath): boolean {
  return /^(true|y|yes|1)$/i.test(String(resource.valueAt(path) ?? ''));
}
