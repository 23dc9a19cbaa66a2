/** What remains possible on every cloud, whatever the network does; each stack adds it to its own risks. */
import type { ResidualRisk } from './egress-control';
import type { Cloud, Segment } from './policy/model';
import { compare, uniqueSorted } from './policy/rules';

/**
 * What is said of a cloud's own doors.
 *
 * - AWS: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ebs-modifying-snapshot-permissions.html,
 *   https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html
 * - Google Cloud: https://cloud.google.com/compute/docs/images/managing-access-custom-images, https://cloud.google.com/iap/docs/using-tcp-forwarding
 * - Azure: https://learn.microsoft.com/azure/virtual-machines/disks-enable-private-links-for-import-export-portal
 */
const WORDS: Readonly<Record<Cloud, { readonly name: string; readonly disks: string; readonly guard: string; readonly sessions: string; readonly watch: string }>> = {
  aws: {
    name: 'AWS',
    disks: 'share a snapshot or an image of a disk with another account, or read a console',
    guard: 'Let the deployment role alone change networks (a service control policy), and block public and foreign shares of snapshots and images',
    sessions: 'Session Manager',
    watch: 'Give ssm:StartSession to few, allow no port forwarding documents, and log sessions',
  },
  google: {
    name: 'Google Cloud',
    disks: 'share a snapshot or an image of a disk with another project, or read a serial console',
    guard: 'Let the deployment account alone change networks and firewall policies, and set constraints/compute.storageResourceUseRestrictions',
    sessions: 'Identity-Aware Proxy',
    watch: 'Give roles/iap.tunnelResourceAccessor to few, with conditions on the port, and read its audit log',
  },
  azure: {
    name: 'Azure',
    disks: 'make a disk or snapshot downloadable by a link, run a command in a machine, or read its boot diagnostics',
    guard: 'Let the deployment identity alone change networks, and deny public access to disks by Azure Policy (networkAccessPolicy)',
    sessions: 'Bastion',
    watch: 'Give access to few, and log sessions',
  },
};

/**
 * The risks that no control of a network reaches, sorted by id.
 *
 * @param sessions the segments whose machines people may open sessions to, by a service of the cloud.
 */
export function commonRisks(cloud: Cloud, segments: readonly Segment[], sessions: readonly string[]): readonly ResidualRisk[] {
  const { name, disks, guard, sessions: service, watch } = WORDS[cloud];
  const answering = segments.filter(({ accepts }) => accepts.some(({ from }) => from === 'internet'));
  const risks: readonly ResidualRisk[] = [
    {
      id: 'answers-leave',
      summary: 'Callers on the internet get what these segments answer, and no filter looks at it: a workload that is taken over hands out what it can read, its own or that of segments that it may call, without opening a connection.',
      mitigation: 'Let public segments call no data segment, and let a gateway or web application firewall look at what they answer.',
      segments: answering.map((segment) => segment.name).sort(compare),
    },
    {
      id: 'cloud-administration',
      summary: `Whoever may call ${name}'s API with rights on this network or its machines, a machine's own role included, can open a way out, ${disks}; none of that passes here.`,
      mitigation: `${guard}.`,
      segments: segments.map((segment) => segment.name).sort(compare),
    },
    {
      id: 'session-access',
      summary: `Whoever may open sessions by ${service} carries data out through them, over ${name}'s own network and past the firewall and its log.`,
      mitigation: `${watch}.`,
      segments: uniqueSorted(sessions),
    },
  ];
  return risks.filter((risk) => risk.segments.length > 0);
}
