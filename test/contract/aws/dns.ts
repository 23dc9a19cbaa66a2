/** What the Amazon resolver answers in each VPC: rule groups by priority, rules by priority, first match. */
import type { Grant } from './firewall';
import { networks, referent, resources, type Resource } from './resources';
import type { Fault, ObservationSubject, SynthesizedStack } from '../observation';

interface Rule {
  readonly address: string;
  readonly action: string;
  readonly response: string | undefined;
  readonly type: string | undefined;
  readonly patterns: readonly string[];
}

/** Names that nobody has a reason to ask for: of no host, near a host, and of AWS's customers at large. */
const STRANGERS = ['exfiltration.example.net', 'com', 'a.b.c.d.example.org', 'evil.amazonaws.com', 'amazonaws.com'];
const TYPES = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'NS', 'SRV', 'TYPE10', 'TYPE65'];
const HTTPS = 'TYPE65';

/** @param grants what the firewall lets through, so that names and connections can be compared. */
export function dnsFaults(stack: SynthesizedStack, grants: readonly Grant[], { privateZones = [], inspectsRedirection = false }: Pick<ObservationSubject, 'privateZones' | 'inspectsRedirection'>): readonly Fault[] {
  const trusting = resources(stack, 'aws_route53_resolver_firewall_rule').filter(({ body }) => body.action !== 'BLOCK' && body.firewall_domain_redirection_action !== 'INSPECT_REDIRECTION_DOMAIN');
  const redirected = inspectsRedirection ? trusting.map(({ address }): Fault => ({ id: 'dns-redirection-trusted', where: address, detail: 'an allowed name may lead to any other' })) : [];
  return [...redirected, ...networks(stack).flatMap((vpc) => {
    const rules = rulesOf(stack, vpc);
    return [...controls(stack, vpc), ...answers(vpc.address, rules), ...agreement(stack, vpc.address, rules, grants, privateZones), ...endpoints(stack, vpc.address, rules)];
  })];
}

function rulesOf(stack: SynthesizedStack, vpc: Resource): readonly Rule[] {
  return of(stack, 'aws_route53_resolver_firewall_rule_group_association', 'vpc_id', vpc)
    .sort((a, b) => a.body.priority - b.body.priority)
    .flatMap(({ body: association }) => resources(stack, 'aws_route53_resolver_firewall_rule')
      .filter(({ body }) => referent(body.firewall_rule_group_id) === referent(association.firewall_rule_group_id))
      .sort((a, b) => a.body.priority - b.body.priority)
      .map(({ address, body }): Rule => ({
        address,
        action: body.action,
        response: body.block_response,
        type: body.q_type,
        patterns: namesIn(resources(stack, 'aws_route53_resolver_firewall_domain_list').find((list) => list.address === referent(body.firewall_domain_list_id))),
      })));
}

/** AWS takes names with and without their last dot. */
function namesIn(list: Resource | undefined): readonly string[] {
  return (list?.body.domains ?? []).map((name: string) => name.replace(/\.$/, ''));
}

/** A star stands for anything that is not nothing, dots included. */
function matches(pattern: string, name: string): boolean {
  return pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) && name.length > pattern.length - 1 : pattern === name;
}

function decide(rules: readonly Rule[], name: string, type: string): Rule | undefined {
  return rules.find((rule) => (rule.type === undefined || rule.type === type) && rule.patterns.some((pattern) => matches(pattern, name)));
}

/** What no rule decides on is answered, and so is what an ALERT only notes. */
function answered(rules: readonly Rule[], name: string, type = 'A'): boolean {
  return decide(rules, name, type)?.action !== 'BLOCK';
}

function controls(stack: SynthesizedStack, vpc: Resource): readonly Fault[] {
  const faults: Fault[] = [];
  const fault = (id: string, where: string, detail: string) => faults.push({ id, where, detail });
  const configs = of(stack, 'aws_route53_resolver_firewall_config', 'resource_id', vpc);
  if (!configs.some(({ body }) => body.firewall_fail_open === 'DISABLED')) fault('dns-fail-open', vpc.address, 'it does not say that nothing is resolved while DNS Firewall is out of order');

  const logged = of(stack, 'aws_route53_resolver_query_log_config_association', 'resource_id', vpc).some(({ body }) => {
    const config = resources(stack, 'aws_route53_resolver_query_log_config').find(({ address }) => address === referent(body.resolver_query_log_config_id));
    return Boolean(config?.body.destination_arn);
  });
  if (!logged) fault('dns-logs-missing', vpc.address, 'no record of queries');
  for (const { address, body } of of(stack, 'aws_route53_resolver_firewall_rule_group_association', 'vpc_id', vpc)) {
    if (body.mutation_protection !== 'ENABLED') fault('protection-off', address, 'the filter can be taken off the network');
    if (body.lifecycle?.prevent_destroy !== true) fault('protection-off', address, 'a destroy takes the rest of the network down before AWS refuses');
    const after = new Set<string>(body.depends_on ?? []);
    const late = resources(stack, 'aws_route53_resolver_firewall_rule').filter((rule) => !after.has(rule.address));
    if (late.length > 0) fault('dns-filter-before-rules', address, 'names are blocked until every rule is there');
  }
  // The provider knows a rule by its group and list: of two rules with one list it loses one.
  const lists = resources(stack, 'aws_route53_resolver_firewall_rule').map(({ body }) => `${body.firewall_rule_group_id} ${body.firewall_domain_list_id}`);
  if (new Set(lists).size !== lists.length) fault('dns-list-used-twice', vpc.address, 'two rules of a group share a domain list');
  for (const { address, body } of resources(stack, 'aws_route53_resolver_firewall_domain_list')) {
    if (body.domains.length > 1000) fault('dns-list-too-long', address, 'the provider cannot write it, and it stays empty');
    // AWS answers with the dot, so a plan that always wants to take it off hides the one that matters.
    if (body.domains.some((name: string) => !name.endsWith('.'))) fault('dns-list-drifts', address, 'a name lacks the dot that AWS adds, so every plan shows a change');
  }
  return faults;
}

function answers(where: string, rules: readonly Rule[]): readonly Fault[] {
  const open = STRANGERS.flatMap((name) => TYPES.filter((type) => answered(rules, name, type)).map((type) => `${name} ${type}`));
  return open.length > 0 ? [{ id: 'dns-unfiltered', where, detail: `answered: ${open.slice(0, 3).join(', ')}` }] : [];
}

/** The firewall's hosts are resolved, and what else is resolved has AWS's own name servers. */
function agreement(stack: SynthesizedStack, where: string, rules: readonly Rule[], grants: readonly Grant[], privateZones: readonly string[]): readonly Fault[] {
  const faults: Fault[] = [];
  const hosts = new Set(grants.filter(({ protocol }) => protocol !== 'tcp').map(({ target }) => target));
  for (const host of hosts) {
    const name = host.replace(/^\*/, 'any.depth');
    if (!answered(rules, name)) faults.push({ id: 'host-missing-in-dns', where, detail: `${host} passes the firewall and is not resolved` });
    const https = decide(rules, name, HTTPS);
    if (https?.action !== 'BLOCK') faults.push({ id: 'dns-https-answered', where, detail: `${host} may give out ECH keys` });
    else if (https.response !== 'NODATA') faults.push({ id: 'dns-https-denies-name', where: https.address, detail: `a client that asks for the HTTPS record hears that ${host} is not there` });
  }
  // A tcp rule goes by address; the name is in its message alone.
  const named = tcpHosts(stack);
  for (const rule of rules.filter(({ action }) => action !== 'BLOCK')) {
    for (const pattern of rule.patterns.filter((each) => !hosts.has(each) && !named.has(each) && !ofAws(each) && !privateZones.some((zone) => each === zone || each === `*.${zone}`))) {
      faults.push({ id: 'dns-host-not-in-policy', where: rule.address, detail: `${pattern} is resolved, and nothing may connect to it` });
    }
  }
  return faults;
}

function tcpHosts(stack: SynthesizedStack): ReadonlySet<string> {
  const text = resources(stack, 'aws_networkfirewall_rule_group').map(({ body }) => body.rule_group?.rules_source?.rules_string ?? '').join('\n');
  return new Set([...text.matchAll(/^pass tcp [^\n]*?msg:"[^"]*?\btcp (\S+) /gm)].map((match) => match[1]!));
}

/** Below a region or a service: `*.amazonaws.com` alone would be every customer of AWS. */
function ofAws(pattern: string): boolean {
  return /^(\*\.)?([a-z0-9-]+\.)+([a-z]{2}(-[a-z]+)+-\d)(\.[a-z0-9-]+)?\.amazonaws\.com$/.test(pattern)
    || /^(\*\.)?([a-z]{2}(-[a-z]+)+-\d)\.(eks|rds|vpce)\.amazonaws\.com$/.test(pattern)
    || /^(\*\.)?s3\.amazonaws\.com$/.test(pattern)
    || /^[a-z0-9-]+\.([a-z]{2}(-[a-z]+)+-\d)\.api\.aws$/.test(pattern)
    || /^\*\.([a-z]{2}(-[a-z]+)+-\d\.compute|ec2)\.internal$/.test(pattern);
}

/** An endpoint whose name is not resolved serves nobody. */
function endpoints(stack: SynthesizedStack, where: string, rules: readonly Rule[]): readonly Fault[] {
  return of(stack, 'aws_vpc_endpoint', 'vpc_id', { address: where, body: {} }).flatMap(({ address, body }) => {
    const [, region, service] = /^com\.amazonaws\.([a-z0-9-]+)\.(.+)$/.exec(body.service_name) ?? [];
    if (!region || !service) return [];
    const usual = `${service.split('.').reverse().join('.')}.${region}.amazonaws.com`;
    const names = { s3: [usual, `bucket.${usual}`], 'dynamodb-streams': [`streams.dynamodb.${region}.amazonaws.com`], 'kinesis-streams': [`kinesis.${region}.amazonaws.com`], 'ecr.dkr': [`111122223333.${usual}`], 'eks-auth': [`eks-auth.${region}.api.aws`], 'ecs-agent': [`ecs-a-7.${region}.amazonaws.com`], 'ecs-telemetry': [`ecs-t-7.${region}.amazonaws.com`] }[service] ?? [usual];
    return names.filter((name) => !answered(rules, name)).map((name) => ({ id: 'dns-endpoint-blocked', where: address, detail: `${name} is not resolved` }));
  });
}

function of(stack: SynthesizedStack, type: string, attribute: string, vpc: Resource): Resource[] {
  return resources(stack, type).filter(({ body }) => referent(body[attribute]) === vpc.address);
}
