/** An ACL is stateless: what it lets out has to be let in again, and the other way round. */
import { aclUse, guardedAcls, repliesTo, transitAcls } from '../../model/aws/acl-use';
import { aclEgress, aclIngress, passedBy, type AclReach, type AwsAcl } from '../../model/aws/acls';
import { cidrsOf, type Family } from '../../model/addresses';
import { leavingRoutes } from '../../model/aws/facts';
import { everyOf } from '../../model/aws/read';
import { leadsToGateway, type AwsSubnet } from '../../model/aws/subnets';
import { unionOf } from '../../model/ranges';
import { both, either, except, isNothing, ports, traffic, type Traffic } from '../../model/traffic';
import type { AwsModel } from '../../model/aws/model';
import type { Check, Hit } from '../check';

/** A port from which Linux, Windows, NAT gateways and load balancers all open connections. */
const EPHEMERAL = 50_000;

export const check: Check<AwsModel> = {
  id: 'acl-replies-missing',
  title: 'network ACL that lets a call through and not its answer',
  severity: 'low',
  why: 'An ACL keeps no record of connections: without an entry for replies every call hangs until it times out.',
  fix: 'Allow tcp 1024-65535 in from where the subnets call, and out to where callers come from.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports'],
  comparable: [],
  *run({ model, policy }) {
    for (const guarded of guardedAcls(model)) {
      const { acl, subnets, places } = guarded;
      for (const family of [4, 6] as const) {
        const { out, callers, services } = aclUse(guarded, family, model, policy);
        const reached = either(family, [
          ...(subnets.some((subnet) => leads(subnet)) ? [out] : []),
          ...services.filter(({ service }) => subnets.some((subnet) => leadsToGateway(subnet, service))).map(({ traffic }) => traffic),
        ]);
        const called = subnets.some((subnet) => leads(subnet, 'internet-gateway')) ? callers : { family, boxes: [] };
        const [egress, ingress] = [aclEgress(acl, family), aclIngress(acl, family)];
        const hit = unanswered(acl, 'from', both(egress.certain, reached), ingress, family) ?? unanswered(acl, 'to', both(ingress.certain, called), egress, family);
        const segment = places[0]?.segment;
        if (hit) yield { ...hit, ...(segment === undefined ? {} : { segment }) };
      }
    }
    for (const transit of transitAcls(model)) {
      const { acl, places } = transit;
      const { out } = aclUse(transit, 4, model, policy);
      const sources = unionOf(places.map(({ subnet }) => subnet?.ranges[4] ?? []));
      const answers = traffic(4, [{ protocol: 'tcp', ports: ports(EPHEMERAL), destinations: sources }]);
      const [lost] = except(answers, passedBy(acl, 'egress', answers)).boxes;
      const hit = unanswered(acl, 'from', both(aclEgress(acl, 4).certain, out), aclIngress(acl, 4), 4);
      if (hit) yield hit;
      else if (lost) yield { address: acl.address, message: `${acl.address} passes no replies on to ${cidrsOf(lost.destinations, 4).slice(0, 3).join(', ')}` };
    }
  },
};

function unanswered(acl: AwsAcl, word: 'from' | 'to', calls: Traffic, { certain, doubtful }: AclReach, family: Family): Hit | undefined {
  const answers = either(family, [certain, ...(doubtful ? [doubtful.traffic] : [])]);
  const lost = except(repliesTo(calls, EPHEMERAL, EPHEMERAL), answers);
  const [box] = lost.boxes;
  if (isNothing(lost) || !box) return undefined;
  const [block, ...more] = cidrsOf(box.destinations, family);
  return { address: acl.address, message: `${acl.address} lets ${box.protocol} ${word === 'from' ? `out to ${block}` : `in from ${block}`}${more.length > 0 ? ' and other addresses' : ''}, and no reply ${word === 'from' ? 'back in' : 'back out'}` };
}

function leads(subnet: AwsSubnet, kind?: 'internet-gateway'): boolean {
  return everyOf(subnet.tables).some((table) => leavingRoutes(table).some(({ target }) => kind === undefined || target.kind === kind));
}
