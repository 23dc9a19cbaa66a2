import { Construct } from 'constructs';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { NetworkfirewallFirewall } from '@cdktf/provider-aws/lib/networkfirewall-firewall';
import { NetworkfirewallFirewallPolicy } from '@cdktf/provider-aws/lib/networkfirewall-firewall-policy';
import { NetworkfirewallLoggingConfiguration } from '@cdktf/provider-aws/lib/networkfirewall-logging-configuration';
import { NetworkfirewallRuleGroup } from '@cdktf/provider-aws/lib/networkfirewall-rule-group';
import type { NetworkfirewallTlsInspectionConfiguration } from '@cdktf/provider-aws/lib/networkfirewall-tls-inspection-configuration';
import { afterTarget, firewallDestination, type AwsLogTarget } from './log-target';
import type { RuleShard } from './rule-shards';
import { tlsInspection, type AwsTlsInspectionProps } from './tls-inspection';

/** What a firewall needs once its rules are rendered and its subnets exist. */
export interface AwsInspectionFirewallProps {
  readonly name: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly shards: readonly RuleShard[];
  /** CIDRs that count as inside; everything else is `$EXTERNAL_NET`. */
  readonly homeNet: readonly string[];
  readonly deletionProtection: boolean;
  readonly logRetentionDays: number;
  readonly logKeyArn?: string;
  /** Where logs are delivered. @default - log groups in CloudWatch Logs */
  readonly logTarget?: AwsLogTarget;
  readonly keyArn?: string;
  /** TLS that is opened. @default - none */
  readonly tlsInspection?: Pick<AwsTlsInspectionProps, 'certificateAuthorityArn' | 'segments' | 'revocation' | 'scopes'>;
  /** @default - 350, as AWS sets it */
  readonly tcpIdleTimeoutSeconds?: number;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = { floor: 'What is dropped by name', gate: 'Which segment, protocol and port may reach the lists' };

/** Signatures as text, or a list that AWS makes signatures from, for one source. */
function contentOf({ lines, list }: RuleShard) {
  if (!list) return { rulesSource: { rulesString: lines.map((line) => `${line}\n`).join('') } };
  return {
    rulesSource: { rulesSourceList: { generatedRulesType: 'ALLOWLIST', targetTypes: [list.targetType], targets: [...list.targets] } },
    ruleVariables: { ipSets: [{ key: 'HOME_NET', ipSet: { definition: [...list.homeNet] } }] },
  };
}

/** Where the firewall writes, by AWS's name of the log. */
const LOGS = { alert: 'ALERT', flow: 'FLOW', tls: 'TLS' } as const;

/** A log of the firewall. */
export type FirewallLog = keyof typeof LOGS;

/**
 * AWS Network Firewall with one policy: what no rule passes is dropped and on record.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
 */
export class AwsInspectionFirewall extends Construct {
  readonly firewall: NetworkfirewallFirewall;
  readonly policy: NetworkfirewallFirewallPolicy;
  /** Present when TLS is opened. */
  readonly tlsInspection?: NetworkfirewallTlsInspectionConfiguration;
  /** In the order of evaluation. */
  readonly ruleGroups: readonly NetworkfirewallRuleGroup[];
  /** Empty when logs are delivered elsewhere. */
  readonly logGroups: Readonly<Partial<Record<FirewallLog, CloudwatchLogGroup>>>;
  /** By log: the name of its group, or the ARN of what it is delivered to. */
  readonly logDestinations: Readonly<Partial<Record<FirewallLog, string>>>;

  constructor(scope: Construct, id: string, props: AwsInspectionFirewallProps) {
    super(scope, id);
    const { name, shards } = props;
    const protect = props.deletionProtection;
    const encryptionConfiguration = props.keyArn ? { type: 'CUSTOMER_KMS', keyId: props.keyArn } : undefined;

    this.ruleGroups = shards.map((shard) => new NetworkfirewallRuleGroup(this, `rules-${shard.role}`, {
      // The capacity is fixed for life, so it is part of the name: only a new step is a new group,
      // and that one is made and put into the policy before the old one goes.
      name: `${name}-${shard.role}-${shard.capacity}`,
      description: DESCRIPTIONS[shard.role] ?? 'Hosts that segments may reach',
      type: 'STATEFUL',
      capacity: shard.capacity,
      ruleGroup: {
        ...contentOf(shard),
        statefulRuleOptions: { ruleOrder: 'STRICT_ORDER' },
      },
      encryptionConfiguration,
      tags: { Name: `${name}-${shard.role}` },
      lifecycle: { createBeforeDestroy: true },
    }));
    if (props.tlsInspection) this.tlsInspection = tlsInspection(this, 'tls-inspection', { ...props.tlsInspection, name, keyArn: props.keyArn });
    // AWS takes inspection into a new policy only, so one with it is another than one without.
    this.policy = new NetworkfirewallFirewallPolicy(this, this.tlsInspection ? 'policy-inspected' : 'policy', {
      name: this.tlsInspection ? `${name}-egress-inspected` : `${name}-egress`,
      description: 'Drops what no allow rule names',
      firewallPolicy: {
        // Anything else here decides on packets before a rule of ours has seen them.
        statelessDefaultActions: ['aws:forward_to_sfe'],
        statelessFragmentDefaultActions: ['aws:forward_to_sfe'],
        // Of one family, as the API demands. The app-layer family waits for the server name even when
        // a ClientHello comes in two segments, and the server-directed one of it does not end a
        // connection over a stray window update; without the alert twin the drop would leave no record.
        // https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
        statefulDefaultActions: ['aws:drop_established_app_layer_to_server', 'aws:alert_established_app_layer_to_server'],
        // DROP: a stream that the engine lost track of is one that nobody inspects.
        statefulEngineOptions: {
          ruleOrder: 'STRICT_ORDER',
          streamExceptionPolicy: 'DROP',
          ...(props.tcpIdleTimeoutSeconds ? { flowTimeouts: { tcpIdleTimeoutSeconds: props.tcpIdleTimeoutSeconds } } : {}),
        },
        tlsInspectionConfigurationArn: this.tlsInspection?.arn,
        policyVariables: { ruleVariables: [{ key: 'HOME_NET', ipSet: { definition: [...props.homeNet] } }] },
        statefulRuleGroupReference: this.ruleGroups.map((group, index) => ({
          resourceArn: group.arn,
          priority: shards[index]!.priority,
        })),
      },
      encryptionConfiguration,
      tags: { Name: `${name}-egress` },
      // AWS deletes no policy in use: the firewall has to take the new one before the old one goes.
      lifecycle: { createBeforeDestroy: true },
    });
    this.firewall = new NetworkfirewallFirewall(this, 'firewall', {
      name: `${name}-egress`,
      description: 'The one way out',
      vpcId: props.vpcId,
      firewallPolicyArn: this.policy.arn,
      subnetMapping: props.subnetIds.map((subnetId) => ({ subnetId, ipAddressType: 'IPV4' })),
      deleteProtection: protect,
      subnetChangeProtection: protect,
      firewallPolicyChangeProtection: protect,
      encryptionConfiguration,
      tags: { Name: `${name}-egress` },
      // AWS refuses late, when Terraform has taken down most of the network: this refuses in the plan.
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
    const { logGroups, logDestinations } = this.logging(props, this.tlsInspection ? ['alert', 'flow', 'tls'] : ['alert', 'flow']);
    this.logGroups = logGroups;
    this.logDestinations = logDestinations;
  }

  private logging({ name, logTarget: target, logRetentionDays, logKeyArn }: AwsInspectionFirewallProps, logs: readonly FirewallLog[]) {
    const logGroups = target ? {} : Object.fromEntries(logs.map((log) => [log, new CloudwatchLogGroup(this, `log-group-${log}`, {
      name: `/${name}/egress/${log}`,
      retentionInDays: logRetentionDays,
      kmsKeyId: logKeyArn,
      tags: { Name: `${name}-egress-${log}` },
    })])) as Partial<Record<FirewallLog, CloudwatchLogGroup>>;
    new NetworkfirewallLoggingConfiguration(this, 'logging', {
      firewallArn: this.firewall.arn,
      loggingConfiguration: {
        logDestinationConfig: logs.map((log) => ({
          logType: LOGS[log],
          ...(target ? firewallDestination(target) : { logDestinationType: 'CloudWatchLogs', logDestination: { logGroup: logGroups[log]!.name } }),
        })),
      },
      ...afterTarget(target),
    });
    return { logGroups, logDestinations: Object.fromEntries(logs.map((log) => [log, target?.arn ?? logGroups[log]!.name])) };
  }

  /**
   * The VPC endpoint in a zone, as an expression that finds it by the zone's name.
   *
   * AWS reports the endpoints as an unordered set, so a position in it would lead the traffic of
   * one zone through the firewall of another as soon as the order changes.
   */
  endpointIn(zone: string): string {
    const address = `${this.firewall.terraformResourceType}.${this.firewall.friendlyUniqueId}`;
    return `\${one([for s in ${address}.firewall_status[0].sync_states : s.attachment[0].endpoint_id if s.availability_zone == "${zone}"])}`;
  }
}
