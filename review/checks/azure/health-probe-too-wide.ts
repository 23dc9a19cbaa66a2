import { type AzureCheck, rangeWords, segmentOfView } from './azure-check';
import { segmentViews } from './reach';
import { CLUSTER_PROBES, podsIn } from '../../model/azure/clusters';
import { portsOf } from '../../model/azure/security-evaluation';
import { ownRules, type SecurityGroup } from '../../model/azure/security-group';
import { isEmpty, subtract, union, unionOf } from '../../model/ranges';

export const check: AzureCheck = {
  id: 'health-probe-too-wide',
  title: 'health probes on ports that nothing serves',
  severity: 'low',
  why: 'The tag AzureLoadBalancer is a platform address that callers cannot use, but a rule for every port hides which ones are served.',
  fix: 'Allow probes on the ports that the segment accepts.',
  references: ['https://learn.microsoft.com/azure/load-balancer/load-balancer-custom-probe-overview'],
  comparable: [],
  *run(context) {
    for (const view of segmentViews(context)) {
      const rules = ownRules(view.group as SecurityGroup, 'Inbound').filter(({ access }) => access === 'Allow');
      const probing = rules.filter(({ sources }) => sources.items.includes('AzureLoadBalancer'));
      const served = unionOf(rules.filter((rule) => !probing.includes(rule) && rule.protocol === 'tcp').map(({ ports }) => portsOf(ports).known));
      const asked = podsIn(context.model.graph, view.subnet) ? union(served, CLUSTER_PROBES) : served;
      for (const rule of probing) {
        const idle = subtract(portsOf(rule.ports).known, asked);
        if (!isEmpty(idle)) yield { address: rule.address, message: `rule '${rule.name}' lets probes in on ${rangeWords(idle).join(', ')}, where nothing is served`, ...segmentOfView(view) };
      }
    }
  },
};
