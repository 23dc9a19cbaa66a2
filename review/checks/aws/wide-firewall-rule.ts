/** Pass rules, one by one. */
import { INTERNET } from '../../model/addresses';
import { isWorldly } from '../../model/aws/facts';
import { passRulesOf } from '../../model/aws/pass-rules';
import { isOfWholeFlow, turned } from '../../model/aws/stateful-rules';
import { flowOf, type Signature } from '../../model/aws/suricata';
import { nameOf } from '../../model/aws/suricata-names';
import { portSet, reachOf, type Variables } from '../../model/aws/suricata-reach';
import { includes, intersect, isEmpty, unionOf } from '../../model/ranges';
import { ALL_PORTS } from '../../model/traffic';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'wide-firewall-rule',
  title: 'firewall rule that passes more than it names',
  severity: 'high',
  why: 'A pass that is not anchored, names no port, or looks at no name at all lets hosts through that nobody has listed.',
  fix: 'Anchor names at both ends, name ports and sources, and write flow:to_server, so that the rule judges what is said and not the first packet.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-examples.html', 'https://docs.aws.amazon.com/network-firewall/latest/developerguide/troubleshooting-rules.html'],
  comparable: [],
  *run({ model }) {
    for (const { rule, group, variables, narrowSources, usesSize } of passRulesOf(model)) {
      for (const { what, severity } of faultsOf(rule, variables, narrowSources, usesSize)) {
        yield { address: group.address, message: `${group.address} passes too much (${what}): ${shortened(rule.text)}`, whole: rule.text, severity };
      }
    }
    for (const policy of model.policies) {
      for (const { group } of policy.stateful) {
        if (group && group.unread.length > 0) yield { address: group.address, message: `${group.address} has a line that is no rule: ${shortened(group.unread[0] as string)}`, severity: 'medium' };
      }
    }
  },
};

interface Fault {
  readonly what: string;
  readonly severity: 'high' | 'medium' | 'low' | 'info';
}

function faultsOf(rule: Signature, variables: Variables, narrowSources: boolean, usesSize: boolean): readonly Fault[] {
  const faults: Fault[] = [];
  const name = nameOf(rule);
  const { traffic } = reachOf(rule, variables, 4);
  const destinations = intersect(unionOf(traffic.boxes.map((box) => box.destinations)), INTERNET[4]);
  const flow = flowOf(rule);
  if (isEmpty(destinations)) return passesCalls(rule, variables) ? [{ what: 'without flow:to_server it passes answers to calls, and with them whatever is called', severity: 'medium' }] : [];
  if (name.kind === 'none' && isWorldly(destinations, 4)) faults.push({ what: 'it looks at no host name', severity: 'high' });
  if (name.kind === 'host' && name.loose !== undefined) {
    const isTiny = name.loose.startsWith('nothing has to stand');
    if (!isTiny || usesSize) faults.push({ what: name.loose, severity: isTiny ? 'info' : 'high' });
  }
  if (name.kind !== 'none' && !flow.includes('to_server') && !flow.includes('from_client')) faults.push({ what: 'without flow:to_server it says nothing about the direction', severity: 'low' });
  const ports = portSet(rule.destinationPorts, variables);
  if (name.kind === 'host' && ports && includes(ports, ALL_PORTS)) faults.push({ what: 'it holds for every port', severity: 'medium' });
  if (narrowSources && /^(any|\$home_net)$/i.test(rule.source)) faults.push({ what: `its source is ${rule.source}, and others name theirs`, severity: 'medium' });
  return faults;
}

/** A pass for what comes in from the internet that holds for whole connections, whoever opens them. */
function passesCalls(rule: Signature, variables: Variables): boolean {
  return isOfWholeFlow(rule) && reachOf(turned(rule), variables, 4).traffic.boxes.some(({ protocol, destinations }) => protocol === 'tcp' && !isEmpty(intersect(destinations, INTERNET[4])));
}

function shortened(text: string): string {
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
