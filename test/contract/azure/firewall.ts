/**
 * How Azure Firewall decides: network rules before application rules, by the priority of groups
 * and then of collections; what no rule names is denied, but for Azure's infrastructure names,
 * which only a deny at the end of the application rules stops.
 */
import type { Fault } from '../observation';
import { holds, isCidr, isPublic, parseBlock, type Block } from './addresses';
import { blocks, texts, type Resource, type StackReader } from './reader';

export interface Grant {
  readonly kind: 'tls' | 'http' | 'tcp';
  /** A name, a pattern or a CIDR. */
  readonly host: string;
  readonly port: number;
}

interface Rule {
  readonly where: string;
  readonly layer: 'network' | 'application';
  readonly allow: boolean;
  readonly sources: readonly string[];
  readonly config: Record<string, any>;
}

/** A name, or `*.` before a name of two labels or more. */
const NAME = /^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

export class FirewallReader {
  private readonly rules: readonly Rule[];

  constructor(private readonly reader: StackReader, readonly firewall: Resource, private readonly segments: readonly Block[]) {
    const policy = reader.target(firewall.config.firewall_policy_id);
    this.rules = policy ? this.rulesOf(policy) : [];
  }

  /** What a segment may reach, in the order of evaluation, as far as rules alone say. */
  grantsOf(segment: Block): readonly Grant[] {
    const grants: Grant[] = [];
    const stopped: Rule[] = [];
    for (const rule of this.rules.filter(({ sources }) => sources.some((source) => source === '*' || (isCidr(source) && holds(parseBlock(source), segment))))) {
      if (!rule.allow) stopped.push(rule);
      else grants.push(...grantsIn(rule).filter((grant) => !stopped.some((deny) => deny.layer === rule.layer && stops(deny, grant))));
    }
    return grants;
  }

  faults(): readonly Fault[] {
    const { address: where, config } = this.firewall;
    const policy = this.reader.target(config.firewall_policy_id);
    if (!policy) return [{ id: 'policy-unassociated', where, detail: 'the firewall has no policy' }];
    const faults: Fault[] = [];
    const add = (id: string, at: string, detail: string) => faults.push({ id, where: at, detail });

    for (const group of this.reader.all('azurerm_firewall_policy_rule_collection_group')) {
      if (this.reader.target(group.config.firewall_policy_id)?.address !== policy.address) add('policy-unassociated', group.address, 'the group belongs to no policy of the firewall');
      if (blocks(group.config.nat_rule_collection).length > 0) add('firewall-dnat', group.address, 'the internet is let in by translation');
    }
    if (policy.config.threat_intelligence_mode !== 'Deny') add('threat-intel-off', policy.address, `threat intelligence is '${policy.config.threat_intelligence_mode ?? 'Alert'}'`);
    if (blocks(policy.config.dns)[0]?.proxy_enabled !== true) add('dns-proxy-off', policy.address, 'names are resolved elsewhere');
    for (const rule of this.rules.filter(({ allow }) => allow)) {
      for (const detail of this.width(rule)) add('wide-firewall-rule', rule.where, detail);
    }
    const application = this.rules.filter(({ layer }) => layer === 'application');
    const last = application.at(-1);
    const kinds = texts(...blocks(last?.config.protocols).map(({ type, port }) => `${type}:${port}`));
    if (!last || last.allow || !last.sources.includes('*') || !texts(last.config.destination_fqdns).includes('*') || !['Http:80', 'Https:443'].every((kind) => kinds.includes(kind))) {
      add('firewall-default-pass', policy.address, "no last rule denies everything, so Azure's infrastructure names pass");
    }
    return faults;
  }

  /** In what way a rule holds for more than one segment and a list of hosts. */
  private width({ layer, sources, config }: Rule): readonly string[] {
    const wide: string[] = [];
    const bySegment = sources.length > 0 && sources.every((source) => isCidr(source) && this.segments.some((segment) => holds(segment, parseBlock(source))));
    if (!bySegment) wide.push(`sources ${sources.join(', ') || 'none'}`);
    if (layer === 'application') {
      for (const fqdn of texts(config.destination_fqdns)) {
        const labels = fqdn.split('.').length;
        if (!NAME.test(fqdn) || (fqdn.startsWith('*.') && labels < 3)) wide.push(`name ${fqdn}`);
      }
      for (const attribute of ['destination_fqdn_tags', 'destination_urls', 'web_categories']) {
        if (texts(config[attribute]).length > 0) wide.push(`${attribute} ${texts(config[attribute]).join(', ')}`);
      }
      return wide;
    }
    for (const destination of texts(config.destination_addresses, config.destination_ip_groups, config.destination_fqdns)) {
      const block = isCidr(destination) ? parseBlock(destination) : undefined;
      if (!block || !isPublic(block.first) || !isPublic(block.last) || block.last - block.first >= 2 ** 24) wide.push(`destination ${destination}`);
    }
    for (const port of texts(config.destination_ports)) if (!/^\d+$/.test(port)) wide.push(`ports ${port}`);
    for (const protocol of texts(config.protocols)) if (protocol !== 'TCP') wide.push(`protocol ${protocol}`);
    return wide;
  }

  private rulesOf(policy: Resource): readonly Rule[] {
    const groups = this.reader.referring('azurerm_firewall_policy_rule_collection_group', 'firewall_policy_id', policy);
    const ordered = [...groups].sort((a, b) => a.config.priority - b.config.priority);
    return (['network', 'application'] as const).flatMap((layer) => ordered.flatMap((group) =>
      [...blocks(group.config[`${layer}_rule_collection`])].sort((a, b) => a.priority - b.priority).flatMap((collection) =>
        blocks(collection.rule).map((config): Rule => ({
          where: group.address,
          layer,
          allow: collection.action === 'Allow',
          sources: [...texts(config.source_addresses), ...texts(config.source_ip_groups).flatMap((id) => texts(this.reader.target(id)?.config.cidrs ?? '*'))],
          config,
        })))));
  }
}

function grantsIn({ layer, config }: Rule): readonly Grant[] {
  if (layer === 'network') {
    return texts(config.destination_addresses).flatMap((host) => texts(config.destination_ports).map((port): Grant => ({ kind: 'tcp', host, port: Number(port) })));
  }
  return texts(config.destination_fqdns).flatMap((host) => blocks(config.protocols).map(({ type, port }): Grant => ({ kind: type === 'Https' ? 'tls' : 'http', host, port })));
}

function stops(deny: Rule, grant: Grant): boolean {
  return grantsIn(deny).some(({ kind, host, port }) => kind === grant.kind && port === grant.port
    && (host === '*' || host === grant.host || (host.startsWith('*.') && grant.host.endsWith(host.slice(1)))));
}
