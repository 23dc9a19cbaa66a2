/** Suricata's configuration, as close to what AWS documents of its engine as the stock one allows. */
import type { Firewall } from './firewall';

/** AWS's stream exception policy in Suricata's words. */
const MIDSTREAM: Readonly<Record<string, string>> = { DROP: 'drop-flow', REJECT: 'reject', CONTINUE: 'ignore' };

/**
 * The order in which stock Suricata looks at actions, so that it comes to the same verdicts as strict order.
 *
 * Stock Suricata sorts by action before anything else. That is the same as strict order as long as
 * each kind of verdict stands in one block, so any other order is refused rather than approximated.
 * An alert is no verdict; where the list starts with alerts, all of them come first.
 *
 * @throws Error when passes and drops alternate
 */
export function actionOrder(rules: readonly string[]): readonly string[] {
  const actions = rules.map((rule) => rule.slice(0, rule.indexOf(' ')));
  const verdicts = actions.filter((action) => action !== 'alert');
  const blocks = verdicts.filter((action, index) => action !== verdicts[index - 1]);
  if (new Set(blocks).size !== blocks.length) {
    throw new Error(`stock suricata orders rules by action, and these alternate: ${blocks.join(', ')}`);
  }
  return [...new Set([...actions, 'alert', 'pass', 'drop', 'reject'])];
}

/** `suricata.yaml`. Paths are as the engine sees them. */
export function configuration(firewall: Firewall, order: readonly string[]): string {
  return [
    '%YAML 1.1',
    '---',
    'suricata-version: "7.0"',
    'vars:',
    '  address-groups:',
    `    HOME_NET: "[${firewall.homeNet.join(',')}]"`,
    '    EXTERNAL_NET: "!$HOME_NET"',
    `action-order: [${order.join(', ')}]`,
    // Only the stream exception policy is AWS's to set; nothing else may drop in the rules' stead.
    'exception-policy: ignore',
    'stream:',
    '  midstream: false',
    `  midstream-policy: ${MIDSTREAM[firewall.streamExceptionPolicy] ?? 'unknown'}`,
    '  checksum-validation: yes',
    // As in IPS mode: each segment is judged when it arrives, not when it is acknowledged.
    '  inline: yes',
    'pcap-file: { checksum-checks: yes }',
    'flow: { hash-size: 65536, prealloc: 1000 }',
    'stats: { enabled: no }',
    'unix-command: { enabled: no }',
    'logging:',
    '  default-log-level: notice',
    '  outputs: [ console: { enabled: no }, file: { enabled: yes, level: notice, filename: suricata.log, type: json } ]',
    'outputs:',
    '  - eve-log:',
    '      enabled: yes',
    '      filetype: regular',
    '      filename: eve.json',
    '      types:',
    '        - alert: { verdict: yes }',
    // `all`: every packet that is dropped and not only the first of its flow.
    '        - drop: { alerts: yes, flows: all }',
    '',
  ].join('\n');
}
