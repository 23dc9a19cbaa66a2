/** Names of ALLOW rules against the hosts of the firewall; names of AWS services and of the network itself aside. */
import { namedHosts } from '../../model/aws/hosts';
import { passRulesOf } from '../../model/aws/pass-rules';
import { textAt } from '../../model/aws/read';
import { optionOf } from '../../model/aws/suricata';
import type { AwsModel } from '../../model/aws/model';
import { policyRules } from '../../model/policy-rules';
import { inFull, type Check } from '../check';
import { plannedEnvironments } from '../../model/aws/planned-environments';

export const check: Check<AwsModel> = {
  id: 'dns-host-not-in-policy',
  title: 'name that is resolved and that nothing may connect to',
  severity: 'low',
  why: 'A query reaches the name servers of whoever owns the domain: every name that is answered without need is a way for data.',
  fix: 'Take the name out of the list, or write it as the firewall has it.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rules.html'],
  comparable: [],
  *run({ model, verdicts, policy }) {
    const planned = model.graph.ofType('aws_route53_zone').flatMap((zone) => textAt(zone, 'name') ?? []).map((name) => name.replace(/\.$/, ''));
    const zones = [...planned, ...plannedEnvironments(model, policy).flatMap(({ privateZones = [] }) => privateZones)];
    const held = policy && policyRules(policy, 'aws', model.places);
    const inMessages = messageHosts(model);
    for (const control of model.dns.all) {
      const rules = held?.at({ cidrs: control.network.cidrs, network: control.network.address }).rules ?? [];
      const byAddress = new Set([...inMessages, ...rules.filter(({ protocol }) => protocol === 'tcp').map(({ host }) => host.text)]);
      const hosts = new Set(namedHosts(verdicts, control.network.address).map((host) => (host.startsWith('.') ? `*${host}` : host)));
      const apexes = new Set(namedHosts(verdicts, control.network.address).filter((host) => host.startsWith('.')).map((host) => host.slice(1)));
      if (hosts.size === 0) continue;
      for (const rule of control.rules) {
        if (rule.action === 'BLOCK') continue;
        const idle = (rule.domains ?? []).filter((name) => name !== '*' && !hosts.has(name) && !apexes.has(name) && !byAddress.has(name) && !OWN.test(name) && !zones.some((zone) => name === zone || name.endsWith(`.${zone}`)));
        if (idle.length > 0) yield { ...inFull(idle, 5), address: rule.address, message: `${rule.address} lets ${idle.slice(0, 5).join(', ')} be resolved, and no firewall rule lets anything connect there` };
      }
    }
  },
};

/** Names below a region or a service of AWS, and names of the network itself. */
const OWN = /(^|[.*])([a-z]{2,}(-[a-z]+)+-\d|s3)(\.[a-z0-9-]+){0,2}\.amazonaws\.com(\.cn)?$|^iam\.amazonaws\.com$|\.api\.aws$|(^|\.)(internal|local|in-addr\.arpa)$/;

/** A rule by address has its host in its message alone. */
function messageHosts(model: AwsModel): readonly string[] {
  return passRulesOf(model).flatMap(({ rule }) => /\btcp (\S+) /.exec(optionOf(rule, 'msg') ?? '')?.[1] ?? []);
}
