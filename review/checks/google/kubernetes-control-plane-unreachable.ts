import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { addressesOf } from '../../model/addresses';
import { ports, traffic } from '../../model/traffic';
import { segmentOf } from '../../model/google/questions';
import { textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'kubernetes-control-plane-unreachable',
  title: 'private nodes that the firewall keeps from their control plane',
  severity: 'medium',
  why: 'GKE makes ingress rules only, and relies on the implied allow for egress. Under deny-all nodes never register, and somebody opens everything to find out why.',
  fix: 'Allow the nodes tcp/443 to the range of the control plane, and every port to their own nodes and pods.',
  references: ['https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules'],
  comparable: [],
  *run({ model }) {
    for (const place of model.places) {
      const cluster = place.workload?.resource;
      if (cluster?.type !== 'google_container_cluster' && cluster?.type !== 'google_container_node_pool') continue;
      const owners = cluster.type === 'google_container_cluster' ? [cluster] : cluster.references('cluster', { types: ['google_container_cluster'] }).targets;
      const ranges = owners.flatMap((owner) => textAt(owner, ['private_cluster_config', 0, 'master_ipv4_cidr_block']) ?? []);
      if (ranges.length === 0) continue;
      const call = traffic(4, [{ protocol: 'tcp', ports: ports(443), destinations: addressesOf(ranges, 4) }]);
      for (const way of place.ways) {
        if (way.network.isForeign) continue;
        const decided = way.decisions(call);
        if (decided.length > 0 && decided.every(({ kind, doubt }) => kind === 'deny' && doubt === undefined)) {
          yield { address: place.id, message: `${decided[0]?.rule?.address ?? way.network.address} denies tcp/443 to ${ranges.join(', ')}`, ...segmentOf(place) };
        }
      }
    }
  },
};
