/** Subnets that a gateway endpoint serves, behind an ACL that knows none, or not all, of its addresses. */
import { aclUse, guardedAcls } from '../../model/aws/acl-use';
import { aclEgress } from '../../model/aws/acls';
import { cidrsOf } from '../../model/addresses';
import { leadsToGateway } from '../../model/aws/subnets';
import { both, either, except, isNothing } from '../../model/traffic';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'acl-blocks-gateway',
  title: 'network ACL that refuses a gateway endpoint',
  severity: 'low',
  why: 'A gateway endpoint answers on public addresses. An ACL cannot name its prefix list, so one that lacks a range of it lets some calls hang, and others not.',
  fix: 'Allow tcp/443 out to every range of the prefix list, and tcp 1024-65535 back in; hold the ranges against the list in the plan.',
  references: ['https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html'],
  comparable: [],
  *run({ model, policy }) {
    for (const guarded of guardedAcls(model)) {
      const { acl, subnets, places } = guarded;
      const { services } = aclUse(guarded, 4, model, policy);
      const { certain, doubtful } = aclEgress(acl, 4);
      const open = either(4, [certain, ...(doubtful ? [doubtful.traffic] : [])]);
      for (const { service, rule, traffic, ranges } of services) {
        if (!subnets.some((subnet) => leadsToGateway(subnet, service))) continue;
        const [box] = except(traffic, open).boxes;
        if (ranges ? !box : !isNothing(both(open, rule))) continue;
        const what = ranges && box ? cidrsOf(box.destinations, 4).slice(0, 3).join(', ') : 'any address outside';
        const segment = places[0]?.segment;
        yield { address: acl.address, message: `${acl.address} lets nothing out to ${what}, where the gateway endpoint of ${service} answers`, ...(segment === undefined ? {} : { segment }) };
      }
    }
  },
};
