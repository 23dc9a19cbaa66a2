/** Holds the live firewall against the policy: what it lets through, and what it does with the rest. */
import type { AllowRule } from '../../blueprints/policy/model';
import type { NetworkCheck } from './expected-network';

const DROPS = ['aws:drop_strict', 'aws:drop_established', 'aws:drop_established_app_layer', 'aws:drop_established_app_layer_to_server'];

export const FIREWALL_CHECKS: readonly NetworkCheck[] = [
  {
    id: 'firewall-zones',
    claim: 'the firewall has an endpoint that is ready in every zone that has a way out',
    seen: ({ firewall }, { egressZones }) => egressZones.filter((zone) => !firewall?.endpoints.has(zone.name)).map((zone) => `none in ${zone.name}`),
  },
  {
    id: 'firewall-defaults',
    claim: 'the firewall inspects every packet and drops, with an alert, what no rule allows',
    seen: ({ firewall }) => {
      const { StatelessDefaultActions, StatelessFragmentDefaultActions, StatefulDefaultActions = [], StatefulEngineOptions } = firewall?.policy ?? {};
      return [
        ...[StatelessDefaultActions, StatelessFragmentDefaultActions].filter((actions) => actions?.join() !== 'aws:forward_to_sfe').map((actions) => `stateless default ${actions?.join()}`),
        ...(DROPS.some((action) => StatefulDefaultActions.includes(action)) ? [] : [`stateful default ${StatefulDefaultActions.join()}`]),
        ...(StatefulDefaultActions.some((action) => action.startsWith('aws:alert_')) ? [] : ['no alert by default']),
        ...(StatefulEngineOptions?.RuleOrder === 'STRICT_ORDER' ? [] : [`rule order ${StatefulEngineOptions?.RuleOrder}`]),
      ];
    },
  },
  {
    id: 'home-net',
    claim: 'HOME_NET is the network',
    seen: ({ firewall }, { ranges }) => {
      const home = firewall?.policy.PolicyVariables?.RuleVariables?.HOME_NET?.Definition ?? [];
      return [...home].sort().join() === [...ranges].sort().join() ? [] : [`HOME_NET is ${home.join() || 'not said'}`];
    },
  },
  {
    id: 'hosts-pass',
    claim: 'each allowed host passes for its segments in every zone that has a way out',
    seen: ({ firewall }, { rules, zones, blocksIn }) => rules.flatMap((rule) => {
      const lines = passes(firewall?.rules).filter((line) => grants(line, rule));
      return rule.segments.flatMap((segment) => zones
        .filter((zone) => blocksIn(segment, zone).some((block) => !lines.some((line) => line.includes(block))))
        .map((zone) => `${rule.host.text} does not pass for ${segment} in ${zone.name}`));
    }),
  },
  {
    id: 'nothing-else-passes',
    claim: 'nothing passes that no rule of the policy names',
    seen: ({ firewall }, { rules }) => passes(firewall?.rules).filter((line) => !rules.some((rule) => grants(line, rule))),
  },
  {
    id: 'firewall-logs',
    claim: 'the firewall records what it drops and what it sees',
    seen: ({ firewall }) => ['ALERT', 'FLOW'].filter((type) => !firewall?.logs.some(({ LogType }) => LogType === type)).map((type) => `no ${type} log`),
  },
];

function passes(rules = ''): string[] {
  return rules.split('\n').filter((line) => line.startsWith('pass '));
}

/** Whether a pass is for this rule: by name where a name travels, else by the rule's own addresses. */
function grants(line: string, { host, protocol, addresses, ports }: AllowRule): boolean {
  const [, kind, source = '', target = '', port = ''] = /^pass (\S+) (\S+) \S+ -> (\S+) (\S+) \(/.exec(line) ?? [];
  if (kind !== protocol) return false;
  if (protocol === 'tcp') return [source, target].some((place) => members(place).every((address) => addresses.includes(address)));
  const content = host.kind === 'exact' ? `content:"${host.domain}"; startswith; endswith;` : `content:".${host.domain}"; endswith;`;
  return line.includes(content) && members(port).every((each) => ports.includes(Number(each)));
}

/** `[443,8443]` as a list. */
function members(place: string): string[] {
  return place.replace(/^\[|\]$/g, '').split(',');
}
