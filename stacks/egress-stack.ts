import { TerraformOutput, TerraformStack, type App } from 'cdktf';
import type { CostEstimate } from '../blueprints/cost';
import type { IEgressControl, LogDestination, ResidualRisk } from '../blueprints/egress-control';
import type { Cloud, Environment, Policy, Tier } from '../blueprints/policy/model';
import type { IPrivateEndpoints } from '../blueprints/private-endpoints';
import type { ISegmentedNetwork } from '../blueprints/segmented-network';

/** One segment, as the table of `npm start` shows it. */
export interface SegmentSummary {
  readonly name: string;
  readonly tier: Tier;
  /** `api.stripe.com:443`, sorted; `sftp.example.com:22 (tcp)` where it is not TLS. */
  readonly hosts: readonly string[];
  /** The hops to the internet in words, or `none`. */
  readonly wayOut: string;
}

/** One group of pods, as the table of `npm start` shows it. */
export interface PodsSummary {
  /** `payments/api` */
  readonly pods: string;
  readonly segment: string;
  /** `api-gateway/* tcp/8443` */
  readonly accepts: readonly string[];
  /** What other pods accept from it, then what its own statements say. */
  readonly calls: readonly string[];
  /** `api.stripe.com:443` */
  readonly hosts: readonly string[];
}

/** What a person wants to know of a stack before deploying it. */
export interface StackSummary {
  readonly stack: string;
  readonly cloud: Cloud;
  readonly environment: string;
  readonly region: string;
  readonly cidr: string;
  readonly segments: readonly SegmentSummary[];
  /** The policy's names of the services that have a private endpoint. */
  readonly privateServices: readonly string[];
  readonly residualRisks: readonly ResidualRisk[];
  /** Of a cluster's stack: what closes it, and its pods. */
  readonly cluster?: { readonly name: string; readonly cni: string; readonly pods: readonly PodsSummary[] };
  /** What it costs before traffic. Absent where nobody has written the cloud's prices down. */
  readonly cost?: CostEstimate;
}

/** The parts of a deployable network; a stack composes them and adds no rule of its own. */
export interface EgressStackParts {
  readonly network: ISegmentedNetwork;
  readonly egress: IEgressControl;
  readonly endpoints: IPrivateEndpoints;
  /** The filter of names, where it is a part of its own. */
  readonly dns?: { readonly logDestinations: readonly LogDestination[] };
  /** The cloud's id of the firewall or firewall policy; absent where no allowed host means no firewall. */
  readonly firewallId?: string;
  /** In words, the hops from a segment with allowed hosts to the internet; by segment where they differ. */
  readonly wayOut: string | ((segment: string) => string);
}

/** What every `stacks/<cloud>.ts` exports; `stacks/app.ts` finds it by the cloud's name. */
export interface StackModule {
  createStack(app: App, policy: Policy, environment: Environment): EgressStack;
}

/** A stack of one cloud and environment, named `<cloud>-<environment>`. */
export abstract class EgressStack extends TerraformStack {
  abstract readonly summary: StackSummary;

  /**
   * Outputs that a team builds on. Their names are the same on every cloud:
   * `network_id`, `subnet_ids`, `group_ids` (by segment), `firewall_id`, `egress_addresses`
   * (what partners put on their allowlists) and `log_destinations` (by kind).
   */
  protected publish(parts: EgressStackParts): void {
    const { network, egress, endpoints, firewallId } = parts;
    const output = (id: string, description: string, value: unknown) => new TerraformOutput(this, id, { value, description });

    output('network_id', 'The network that holds the segments', network.networkId);
    output('subnet_ids', 'Subnets by segment', bySegment(network, (segment) => segment.subnetIds));
    output('group_ids', 'What a workload carries to belong to a segment, by segment', bySegment(network, (segment) => segment.groupIds));
    output('endpoint_ids', 'Private endpoints by service', Object.fromEntries(
      endpoints.endpoints.map((endpoint) => [endpoint.target, endpoint.id]),
    ));
    output('egress_addresses', "Public addresses of allowed traffic, for partners' allowlists", [...egress.egressAddresses]);
    output('log_destinations', 'Where traffic is recorded, by kind', byKind([...network.logDestinations, ...egress.logDestinations, ...(parts.dns?.logDestinations ?? [])]));
    if (firewallId) output('firewall_id', 'The egress firewall or firewall policy', firewallId);
  }
}

/** The rows of the summary, from the parts and not from the policy: it shows what was built. */
export function summarizeSegments({ network, egress, wayOut }: EgressStackParts): readonly SegmentSummary[] {
  return network.segments.map(({ name, tier }) => {
    const hosts = egress.rules
      .filter((rule) => rule.segments.includes(name))
      .flatMap((rule) => rule.ports.map((port) => `${rule.host.text}:${port}${rule.protocol === 'tls' ? '' : ` (${rule.protocol})`}`));
    const out = egress.protectedSegments.includes(name) ? (typeof wayOut === 'string' ? wayOut : wayOut(name)) : 'none';
    return { name, tier, hosts: [...new Set(hosts)].sort(), wayOut: out };
  });
}

function bySegment(network: ISegmentedNetwork, ids: (segment: ISegmentedNetwork['segments'][number]) => readonly string[]): Record<string, string[]> {
  return Object.fromEntries(network.segments.map((segment) => [segment.name, [...ids(segment)]]));
}

function byKind(destinations: readonly { kind: string; id: string }[]): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  for (const { kind, id } of destinations) (result[kind] ??= []).push(id);
  return Object.fromEntries(Object.entries(result).map(([kind, ids]) => [kind, [...new Set(ids)]]));
}
