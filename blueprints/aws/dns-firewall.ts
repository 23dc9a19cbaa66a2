import { Construct } from 'constructs';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { Route53ResolverFirewallConfig } from '@cdktf/provider-aws/lib/route53-resolver-firewall-config';
import { Route53ResolverFirewallDomainList } from '@cdktf/provider-aws/lib/route53-resolver-firewall-domain-list';
import { Route53ResolverFirewallRule, type Route53ResolverFirewallRuleConfig } from '@cdktf/provider-aws/lib/route53-resolver-firewall-rule';
import { Route53ResolverFirewallRuleGroup } from '@cdktf/provider-aws/lib/route53-resolver-firewall-rule-group';
import { Route53ResolverFirewallRuleGroupAssociation } from '@cdktf/provider-aws/lib/route53-resolver-firewall-rule-group-association';
import { Route53ResolverQueryLogConfig } from '@cdktf/provider-aws/lib/route53-resolver-query-log-config';
import { Route53ResolverQueryLogConfigAssociation } from '@cdktf/provider-aws/lib/route53-resolver-query-log-config-association';
import { BlueprintError } from '../blueprint-error';
import type { LogDestination, ResidualRisk } from '../egress-control';
import type { AllowRule, PrivateService } from '../policy/model';
import { compare } from '../policy/rules';
import { hostNames, internalNames, privateZoneProblems } from './dns-names';
import { DOMAINS_PER_LIST, domainLists } from './domain-lists';
import { afterTarget, type AwsLogTarget } from './log-target';
import { dnsRisks } from './residual-risks';

/** A VPC whose resolver is filtered. */
export interface FilteredVpc {
  /** Letters, digits and hyphens; part of construct ids, so it has to stay. */
  readonly name: string;
  readonly id: string;
}

/** What the DNS Firewall needs: ids and plain data, so that it can serve a network of your own. */
export interface AwsDnsFirewallProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly region: string;
  /** Every VPC in which the policy holds; each takes five rule groups, this one among them. */
  readonly vpcs: readonly FilteredVpc[];
  /** The policy's rules; their hosts are resolved. With none, only internal names are. */
  readonly rules: readonly AllowRule[];
  /** Names of all segments of the VPCs: whom the residual risks concern. */
  readonly segments: readonly string[];
  /** The services with private endpoints; their names are resolved. @default - none */
  readonly services?: readonly PrivateService[];
  /**
   * Zones that exist inside only, such as private hosted zones: `corp.example.com`. They and all
   * names below are resolved; a zone that is not there inside is looked up outside.
   *
   * @default - none
   */
  readonly privateZones?: readonly string[];
  /**
   * Whether an allowed name may lead to names that are not allowed. `trust` checks the name that
   * was asked for; `inspect` also each name that a CNAME leads to, and they all have to be allowed.
   *
   * @default - trust: hosts behind a content network change such names without notice
   */
  readonly redirection?: 'trust' | 'inspect';
  /**
   * What a client hears when it asks for a name that is not allowed.
   *
   * @default - NXDOMAIN: with NODATA, musl (Alpine) gives up its search list at the first domain
   */
  readonly blockResponse?: 'NXDOMAIN' | 'NODATA';
  /** Position among the VPC's rule groups, 101 to 8,999. @default - 101: no other group allows a name before it */
  readonly priority?: number;
  /** Whether AWS and Terraform refuse to take the filter off a VPC. @default - true */
  readonly deletionProtection?: boolean;
  /** How long queries are kept. @default - 365 days */
  readonly logRetentionDays?: number;
  /** A KMS key that CloudWatch Logs may use. @default - the key that CloudWatch Logs owns */
  readonly logKeyArn?: string;
  /** Where queries are delivered. @default - a log group in CloudWatch Logs */
  readonly logTarget?: AwsLogTarget;
  /** The account's quota of DNS Firewall domains in the region. @default - 100,000, as AWS sets it */
  readonly domainQuota?: number;
}

/** Evaluated from the lowest number; the first that matches decides. */
const PRIORITIES = { https: 100, internal: 200, hosts: 1_000, everything: 10_000 } as const;

/** The two lists that hold a star. */
const WHOLE_LISTS = 2;

/**
 * Route 53 Resolver DNS Firewall: the Amazon resolver answers the names of the policy and of the
 * network itself, and no other. Neither security groups nor Network Firewall see these queries.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html
 *
 * It filters a VPC and not a segment: a segment may resolve what only another may reach.
 */
export class AwsDnsFirewall extends Construct {
  readonly ruleGroup: Route53ResolverFirewallRuleGroup;
  /** By role: `https`, `internal`, `hosts-1`, `everything`. */
  readonly domainLists: ReadonlyMap<string, Route53ResolverFirewallDomainList>;
  readonly associations: readonly Route53ResolverFirewallRuleGroupAssociation[];
  /** Absent when queries are delivered elsewhere. */
  readonly logGroup?: CloudwatchLogGroup;
  /** Every name that is resolved, sorted. */
  readonly allowedNames: readonly string[];
  readonly logDestinations: readonly LogDestination[];
  /** What remains of the risks of DNS, sorted by id. */
  readonly residualRisks: readonly ResidualRisk[];

  private readonly lists = new Map<string, Route53ResolverFirewallDomainList>();
  private readonly rules = new Map<string, Route53ResolverFirewallRule>();

  /** @throws BlueprintError with everything that is no name or does not fit AWS's quotas. */
  constructor(scope: Construct, id: string, private readonly props: AwsDnsFirewallProps) {
    super(scope, id);
    const { name, region, rules, services = [], privateZones = [], blockResponse = 'NXDOMAIN' } = props;
    const hosts = hostNames(rules);
    const internal = internalNames({ region, services, privateZones });
    const { lists, problems } = domainLists(hosts);
    const all = [...problems, ...privateZoneProblems(privateZones), ...misfits(props, hosts.length, internal.length)];
    if (all.length > 0) throw new BlueprintError(this, all.map((message) => ({ message })));

    this.allowedNames = [...new Set([...hosts, ...internal])].sort(compare);
    this.residualRisks = dnsRisks(rules, props.segments, props.redirection ?? 'trust');
    this.ruleGroup = new Route53ResolverFirewallRuleGroup(this, 'rules', { name: `${name}-dns`, tags: { Name: `${name}-dns` } });

    // Without keys from an HTTPS record (type 65) a client does not encrypt the server name, and
    // the firewall can read it. NODATA: NXDOMAIN would say that the name itself is not there.
    this.block('https', PRIORITIES.https, 'NODATA', 'TYPE65');
    this.allow('internal', PRIORITIES.internal, internal, []);
    // The highest first: whoever takes names over is made before the list that loses them.
    for (const { number, domains, successors } of [...lists].reverse()) {
      this.allow(`hosts-${number}`, PRIORITIES.hosts + number, domains, successors.map((other) => this.rules.get(`hosts-${other}`)!));
    }
    this.block('everything', PRIORITIES.everything, blockResponse);
    this.domainLists = this.lists;

    const target = props.logTarget;
    if (!target) {
      this.logGroup = new CloudwatchLogGroup(this, 'log-group', {
        name: `/${name}/dns`,
        retentionInDays: props.logRetentionDays ?? 365,
        kmsKeyId: props.logKeyArn,
        tags: { Name: `${name}-dns` },
      });
    }
    this.logDestinations = [{ kind: 'dns', id: target?.arn ?? this.logGroup!.name }];
    const log = new Route53ResolverQueryLogConfig(this, 'query-log', {
      name: `${name}-dns`,
      destinationArn: target?.arn ?? this.logGroup!.arn,
      tags: { Name: `${name}-dns` },
      ...afterTarget(target),
    });
    this.associations = [...props.vpcs].sort((a, b) => compare(a.name, b.name)).map((vpc) => this.filter(vpc, log));
  }

  private filter(vpc: FilteredVpc, log: Route53ResolverQueryLogConfig): Route53ResolverFirewallRuleGroupAssociation {
    const { name, priority = 101, deletionProtection: protect = true } = this.props;
    new Route53ResolverQueryLogConfigAssociation(this, `query-log-${vpc.name}`, { resolverQueryLogConfigId: log.id, resourceId: vpc.id });
    // Said aloud: when DNS Firewall is out of order, no name is resolved.
    const failClosed = new Route53ResolverFirewallConfig(this, `fail-closed-${vpc.name}`, { resourceId: vpc.id, firewallFailOpen: 'DISABLED' });
    return new Route53ResolverFirewallRuleGroupAssociation(this, `association-${vpc.name}`, {
      name: `${name}-dns-${vpc.name}`,
      vpcId: vpc.id,
      firewallRuleGroupId: this.ruleGroup.id,
      priority,
      mutationProtection: protect ? 'ENABLED' : 'DISABLED',
      tags: { Name: `${name}-dns-${vpc.name}` },
      // Half a rule group would block names that are allowed.
      dependsOn: [failClosed, ...this.rules.values()],
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
  }

  private allow(role: string, priority: number, domains: readonly string[], after: readonly Route53ResolverFirewallRule[]): void {
    this.rule(role, domains, {
      priority,
      action: 'ALLOW',
      firewallDomainRedirectionAction: this.props.redirection === 'inspect' ? 'INSPECT_REDIRECTION_DOMAIN' : 'TRUST_REDIRECTION_DOMAIN',
    }, after);
  }

  private block(role: string, priority: number, blockResponse: string, qType?: string): void {
    this.rule(role, ['*'], { priority, action: 'BLOCK', blockResponse, qType, firewallDomainRedirectionAction: 'INSPECT_REDIRECTION_DOMAIN' });
  }

  /** Each rule has a list of its own: the provider knows a rule by its group and list, and by no more. */
  private rule(
    role: string,
    domains: readonly string[],
    config: Pick<Route53ResolverFirewallRuleConfig, 'priority' | 'action' | 'blockResponse' | 'qType' | 'firewallDomainRedirectionAction'>,
    after: readonly Route53ResolverFirewallRule[] = [],
  ): void {
    const name = `${this.props.name}-dns-${role}`;
    // What goes, goes last: a list that grows again takes its names back before the others leave.
    const lifecycle = { createBeforeDestroy: true };
    const list = new Route53ResolverFirewallDomainList(this, `domains-${role}`, {
      name,
      // With the dot that AWS adds: without it every plan would want to take it off again
      // (hashicorp/terraform-provider-aws#23543).
      domains: domains.map((domain) => `${domain}.`),
      tags: { Name: name },
      lifecycle,
      ...(after.length > 0 ? { dependsOn: [...after] } : {}),
    });
    this.lists.set(role, list);
    this.rules.set(role, new Route53ResolverFirewallRule(this, `rule-${role}`, {
      name, firewallRuleGroupId: this.ruleGroup.id, firewallDomainListId: list.id, lifecycle, ...config,
    }));
  }
}

function misfits({ vpcs, priority = 101, domainQuota = 100_000 }: AwsDnsFirewallProps, hosts: number, internal: number): readonly string[] {
  const names = vpcs.map((vpc) => vpc.name);
  const domains = hosts + internal + WHOLE_LISTS;
  return [
    ...(domains > domainQuota ? [`aws: the dns firewall needs ${domains} domains, and the account takes ${domainQuota}; use wildcards, or raise the quota and set 'domainQuota'`] : []),
    ...(internal > DOMAINS_PER_LIST ? [`aws: ${internal} internal names are more than one domain list takes (${DOMAINS_PER_LIST}); name fewer private zones`] : []),
    ...(vpcs.length === 0 ? ['aws: the dns firewall filters no vpc; pass vpcs'] : []),
    ...names.filter((name) => !/^[A-Za-z0-9-]{1,20}$/.test(name)).map((name) => `aws: '${name}' cannot name a vpc here; use 1-20 letters, digits and hyphens`),
    ...[...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) => `aws: two vpcs are named '${name}'; give each a name of its own`),
    ...(Number.isInteger(priority) && priority > 100 && priority < 9_000 ? [] : [`aws: a rule group's priority is 101 to 8,999, and '${priority}' is not; AWS keeps the others for Firewall Manager`]),
  ];
}
