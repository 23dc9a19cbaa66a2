/** Clouds that no model here knows. What a plan makes in them is in no verdict, and a review must not end as if it were not there. */
import type { ResourceGraph } from '../plan/resource-graph';

/** Providers of what runs machines, containers or functions, by what the names of their resources begin with. */
const OTHER_CLOUDS: ReadonlySet<string> = new Set(`
alicloud baiducloud civo digitalocean docker equinix exoscale flexibleengine fly hcloud heroku huaweicloud ibm incus ionoscloud koyeb libvirt linode lxd netlify nomad nutanix nsxt oci opennebula openstack
opentelekomcloud ovh proxmox railway render scaleway stackit tencentcloud upcloud vcd vercel volcengine vsphere vultr xenorchestra yandex
`.trim().split(/\s+/));

/** The warning, said once per plan; none where it makes nothing in such a cloud. */
export function otherClouds(graph: ResourceGraph): readonly string[] {
  const names = new Set<string>();
  for (const type of graph.typeNames) {
    const cloud = type.slice(0, Math.max(0, type.indexOf('_')));
    if (OTHER_CLOUDS.has(cloud) && graph.ofType(type).some(({ mode }) => mode === 'managed')) names.add(cloud);
  }
  return names.size === 0 ? [] : [`this review knows AWS, Google Cloud, Azure and Kubernetes: what the plan makes with ${[...names].sort().join(', ')} is not judged`];
}
