/** Egress entries to the internet beyond what any group of the subnets may send. */
import { INTERNET, type Family } from '../../model/addresses';
import { aclEgress, isOutside, type AwsAcl } from '../../model/aws/acls';
import { placesBySubnet, subnetsByAcl } from '../../model/aws/facts';
import { groupEgress } from '../../model/aws/groups';
import { ruleTraffic } from '../../model/aws/protocols';
import { either, except, traffic, type Traffic } from '../../model/traffic';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'acl-open-to-internet',
  title: 'network ACL wider than the groups behind it',
  severity: 'low',
  why: 'The ACL is the second fence: it holds when somebody gets a group or a route wrong, but only where it is closed.',
  fix: 'Allow the internet only on the ports that the groups of these subnets use, and replies only where callers come in.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html'],
  comparable: ['checkov CKV_AWS_229', 'checkov CKV_AWS_352', 'trivy AVD-AWS-0102'],
  *run({ model }) {
    const places = placesBySubnet(model);
    for (const acl of model.acls) {
      if (acl.isDefault) continue;
      const behind = (subnetsByAcl(model).get(acl) ?? []).flatMap((subnet) => places.get(subnet) ?? []);
      if (behind.length === 0) continue;
      const groups = [...new Set(behind.flatMap((place) => place.groups))];
      for (const family of [4, 6] as const) {
        const open = wholeWorld(aclEgress(acl, family).certain, family);
        const used = groups.flatMap((group) => {
          const egress = groupEgress(group, family);
          return [egress.certain, ...egress.services.map(({ traffic: own }) => own), ...egress.doubtful.map(({ traffic: own }) => own)];
        });
        const excess = except(open, wholeWorld(either(family, [...used, replies(acl, family)]), family));
        const [box] = excess.boxes;
        if (box) yield { address: acl.address, message: `${acl.address} lets ${box.protocol}${box.protocol === 'tcp' || box.protocol === 'udp' ? `/${box.ports.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join()}` : ''} out to the internet, which no group behind it uses`, ...(behind[0]?.segment === undefined ? {} : { segment: behind[0].segment }) };
      }
    }
  },
};

/** The same protocols and ports to everywhere: an ACL is coarse, so addresses are not compared. */
function wholeWorld(flow: Traffic, family: Family): Traffic {
  return traffic(family, flow.boxes.map((box) => ({ ...box, destinations: INTERNET[family] })));
}

/** Where callers come in, answers go out to the ports that callers use. */
function replies(acl: AwsAcl, family: Family): Traffic {
  const callers = acl.entries.filter((entry) => entry.direction === 'ingress' && entry.action === 'allow' && isOutside(entry.cidr) && (entry.fromPort ?? 0) < 1024);
  return either(family, callers.map((entry) => ruleTraffic(family, entry.protocol === '-1' ? 'tcp' : entry.protocol, 1024, 65535, INTERNET[family])));
}
