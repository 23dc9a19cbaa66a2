/** Entries of an ACL, outwards and inwards, beyond what any group of the subnets exchanges with the internet. */
import { INTERNET, type Family } from '../../model/addresses';
import { aclUse, endpointAcls, guardedAcls, repliesTo, transitAcls, type AclUse, type GuardedAcl } from '../../model/aws/acl-use';
import { aclEgress, aclIngress, isOutside, type AwsAcl } from '../../model/aws/acls';
import { leavingRoutes, plumbingOf } from '../../model/aws/facts';
import { ruleTraffic } from '../../model/aws/protocols';
import { everyOf } from '../../model/aws/read';
import type { AwsSubnet } from '../../model/aws/subnets';
import { packetsText } from '../../model/ip-protocols';
import { includes } from '../../model/ranges';
import { ALL_PORTS, either, except, isNothing, traffic, type Box, type Traffic } from '../../model/traffic';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'acl-open-to-internet',
  title: 'network ACL wider than the groups behind it',
  severity: 'low',
  why: 'The ACL is the second fence: it holds when somebody gets a group or a route wrong, but only where it is closed.',
  fix: 'Allow the internet only on the ports that the groups of these subnets use, replies only from where they call, and of a gateway endpoint only the ranges of its prefix list.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html', 'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html'],
  comparable: ['checkov CKV_AWS_229', 'checkov CKV_AWS_230', 'checkov CKV_AWS_231', 'checkov CKV_AWS_232', 'checkov CKV_AWS_352', 'trivy AWS-0102', 'trivy AWS-0105'],
  *run({ model, policy }) {
    const { nat, firewall } = plumbingOf(model);
    for (const guarded of [...guardedAcls(model), ...transitAcls(model), ...endpointAcls(model)]) {
      const { acl, subnets, places } = guarded;
      // What passes on the packets of all belongs to none.
      const segment = subnets.includes(places[0]?.subnet as AwsSubnet) ? places[0]?.segment : undefined;
      const hit = (message: string) => ({ address: acl.address, message: `${acl.address} ${message}`, ...(segment === undefined ? {} : { segment }) });
      // Where an internet gateway is next, load balancers and gateways without a group answer too.
      const isPrivate = subnets.every((subnet) => !nat.has(subnet) && !firewall.has(subnet) && !everyOf(subnet.tables).some((table) => leavingRoutes(table).some(({ target }) => target.kind === 'internet-gateway')));
      for (const family of [4, 6] as const) {
        const use = aclUse(guarded, family, model, policy);
        const [out] = excessOut(guarded, use, family).boxes;
        const [into] = isPrivate ? excessIn(guarded, use, family).boxes : [];
        if (out) yield hit(`lets ${boxText(out)} out to the internet, which no group behind it uses`);
        else if (into) yield hit(`lets ${boxText(into)} in from the internet, which no group behind it answers or has called`);
      }
    }
  },
};

/**
 * A segment that reaches the internet is fenced by ports: its ACL is coarse about addresses. One
 * that reaches nothing but a gateway endpoint is fenced by the endpoint's addresses.
 */
function excessOut({ acl, subnets, places }: GuardedAcl, { out, services }: AclUse, family: Family): Traffic {
  const open = aclEgress(acl, family).certain;
  if (isNothing(out)) return except(open, either(family, [...services.map(({ traffic: own }) => own), replies(acl, family)]));
  // Packets to a gateway endpoint leave from where the workloads are, and pass no firewall.
  const isHere = places.some(({ subnet }) => subnet !== undefined && subnets.includes(subnet));
  return except(wholeWorld(open, family), wholeWorld(either(family, [out, ...services.map(({ rule, traffic: own }) => (isHere ? rule : own)), replies(acl, family)]), family));
}

function excessIn({ acl }: GuardedAcl, { out, callers, services }: AclUse, family: Family): Traffic {
  const open = aclIngress(acl, family).certain;
  const fromServices = services.map(({ traffic: own }) => repliesTo(own));
  // Without ICMP no path tells that packets are too large.
  const always = ruleTraffic(family, 'icmp', undefined, undefined, INTERNET[family]);
  return except(open, either(family, [wholeWorld(callers, family), wholeWorld(repliesTo(out), family), ...fromServices, always]));
}

function boxText({ protocol, ports }: Box): string {
  return protocol === 'tcp' || protocol === 'udp' ? `${protocol}/${ports.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join()}` : includes(ports, ALL_PORTS) ? protocol : packetsText({ protocol, ports });
}

/** The same protocols and ports to everywhere; types of ICMP, and what has no ports, are the groups' business. */
function wholeWorld(flow: Traffic, family: Family): Traffic {
  return traffic(family, flow.boxes.map((box) => ({ ...box, ...(box.protocol === 'tcp' || box.protocol === 'udp' ? {} : { ports: ALL_PORTS }), destinations: INTERNET[family] })));
}

/** Where callers come in, answers go out to the ports that callers use. */
function replies(acl: AwsAcl, family: Family): Traffic {
  // All of the ports from 1024 on are what replies come in by.
  const callers = acl.entries.filter((entry) => entry.direction === 'ingress' && entry.action === 'allow' && isOutside(entry.cidr) && ((entry.fromPort ?? 0) < 1024 || (entry.toPort ?? 65535) < 65535));
  return either(family, callers.map((entry) => ruleTraffic(family, entry.protocol === '-1' ? 'tcp' : entry.protocol, 1024, 65535, INTERNET[family])));
}
