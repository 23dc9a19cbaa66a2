/** A packet at a transit gateway or a core network: from the attachment of its network, by that attachment's table, to another one. */
import { INTERNET, type Family } from '../addresses';
import type { Hop, Outcome } from '../network-model';
import { unionOf } from '../ranges';
import { either, except, towards, traffic, type Traffic } from '../traffic';
import type { Resource } from '../../plan/resource-graph';
import { chosen, doubtfully, possibly } from './doubt';
import { inspectionHop } from './firewall-hop';
import { longestPrefix } from './longest-prefix';
import type { AwsNetwork } from './networks';
import { everyOf, type Choice } from './read';
import type { Router, Source } from './router';
import type { AwsSubnet } from './subnets';
import type { AwsAttachment, TransitRoute, Transits, TransitTable } from './transit';
import { isStatic } from './vpn-routes';

export function transitHop(resource: Resource, network: AwsNetwork | undefined, source: Source, transits: Transits, router: Router): Hop {
  const forward = (flow: Traffic): readonly Outcome[] => {
    const attachments = transits.of(resource)?.attachments.filter((attachment) => attachment.network !== undefined && attachment.network === network) ?? [];
    if (attachments.length === 0) return [{ kind: 'unknown', traffic: flow, reason: `where ${resource.address} sends it is not in the plan` }];
    return attachments.flatMap((attachment) => chosen(attachment.table, flow, (table) => tableHop(table, source, transits, router), source.guarded));
  };
  return { address: resource.address, kind: 'transit', forward };
}

function tableHop(table: TransitTable, source: Source, transits: Transits, router: Router): Hop {
  return router.keep(source, table, () => ({
    address: table.address,
    kind: 'transit',
    label: table.label ?? (table.isDefault ? 'default route table' : 'route table'),
    forward: (flow) => byTable(table, source, transits, router, flow),
  }));
}

const SILENT: ReadonlySet<string> = new Set(['aws_ec2_transit_gateway_vpc_attachment', 'aws_networkfirewall_firewall']);

function byTable(table: TransitTable, source: Source, transits: Transits, router: Router, flow: Traffic): readonly Outcome[] {
  const shares = longestPrefix(table.routes, flow.family, INTERNET[flow.family]);
  const routed = shares.map(({ route, addresses }) => ({ route, own: towards(flow, addresses) })).filter(({ own }) => own.boxes.length > 0);
  const rest = except(flow, either(flow.family, routed.map(({ own }) => own)));
  // A VPN or another gateway may announce a default route; a VPC announces its own ranges, and a firewall or a VPN with static routes none.
  const stranger = table.propagating.find((attachment) => !SILENT.has(attachment.type) && !isStatic(attachment))?.address ?? table.learning;
  return [
    // A firewall that has looked at the names has done so whatever comes behind it.
    ...(source.guarded ? [] : table.possible.flatMap((route) => {
      const own = towards(flow, unionOf(route.prefixes.filter((prefix) => prefix.family === flow.family).map(({ range }) => [range])));
      return own.boxes.length === 0 ? [] : [{ kind: 'unknown', traffic: own, reason: `${route.address}: the plan does not say which table is meant` } satisfies Outcome];
    })),
    ...routed.flatMap(({ route, own }) => towardsAttachment(route, table, source, transits, router, own)),
    ...(source.guarded ? [] : table.routes.flatMap((route) => (route.unknown === undefined || route.blackhole ? [] : perhapsTowards(route, route.unknown, table, source, transits, router, flow)))),
    // What it adds goes before shorter routes, also static ones; behind a control by name that opens nothing.
    ...(stranger === undefined ? [] : [{ kind: 'unknown', traffic: source.guarded ? rest : flow, reason: `which routes ${stranger} adds to ${table.address} is not in the plan` } satisfies Outcome]),
    { kind: 'blocked', traffic: stranger === undefined ? rest : NOTHING[flow.family], reason: `no route in ${table.label === undefined ? '' : `${table.label} of `}${table.address} leads there` },
  ];
}

const NOTHING: Readonly<Record<Family, Traffic>> = { 4: traffic(4, []), 6: traffic(6, []) };

/** By a route that may take all of it. */
function perhapsTowards(route: TransitRoute, reason: string, table: TransitTable, source: Source, transits: Transits, router: Router, flow: Traffic): readonly Outcome[] {
  const targets = everyOf(route.attachment);
  if (targets.length === 0) return [{ kind: 'unknown', traffic: flow, reason }];
  return targets.map((target) => doubtfully(hopTo(target, route, table, source, transits, router), flow, reason));
}

function towardsAttachment(route: TransitRoute, table: TransitTable, source: Source, transits: Transits, router: Router, flow: Traffic): readonly Outcome[] {
  if (route.blackhole) return [{ kind: 'blocked', traffic: flow, reason: `${route.address} drops it` }];
  if (everyOf(route.attachment).length === 0) return [{ kind: 'unknown', traffic: flow, reason: route.attachment.unknown ?? `where ${route.address} leads is not in the plan` }];
  return chosen(route.attachment, flow, (target) => hopTo(target, route, table, source, transits, router), source.guarded);
}

function hopTo(target: Resource, route: TransitRoute, table: TransitTable, source: Source, transits: Transits, router: Router): Hop {
  const attachment = transits.attachment(target);
  if (attachment) return attachmentHop(attachment, route, source, router);
  const behind = transits.behindFirewall(target);
  if (behind) return inspectionHop(target, 'attached to the transit gateway', () => ({ choice: behind, leave: (own, from) => tableHop(own, from, transits, router) }), source, router);
  const beyond = transits.beyondPeering(target, table);
  return beyond ? peeringHop(target, route, beyond, source, transits, router) : strange(target, route, source, router);
}

/** To the other transit gateway, and on by the table that it has for what comes from here. */
function peeringHop(target: Resource, route: TransitRoute, beyond: Choice<TransitTable>, source: Source, transits: Transits, router: Router): Hop {
  return router.keep(source, `${target.address} ${route.address}`, () => ({
    address: target.address,
    kind: 'transit',
    label: `${route.destination} -> the other transit gateway`,
    forward: (flow) => chosen(beyond, flow, (table) => tableHop(table, source, transits, router), source.guarded),
  }));
}

function strange(target: Resource, route: TransitRoute, source: Source, router: Router): Hop {
  return router.keep(source, `${target.address} ${route.address}`, () => ({
    address: target.address,
    kind: 'transit',
    label: `${route.destination} -> ${target.address}`,
    forward: (flow) => [{ kind: 'unknown', traffic: flow, reason: `what lies behind ${target.address} is not in the plan` }],
  }));
}

/** Into the other network through the attachment's subnets, and on by their tables. */
function attachmentHop(attachment: AwsAttachment, route: TransitRoute, source: Source, router: Router): Hop {
  return router.keep(source, `${attachment.address} ${route.address}`, () => ({
    address: attachment.address,
    kind: 'transit',
    label: `${route.destination} -> ${attachment.network?.address ?? attachment.address}`,
    forward: (flow) => {
      if (attachment.subnets.length === 0) return [{ kind: 'unknown', traffic: flow, reason: `the subnets of ${attachment.address} are not in the plan` }];
      const { zone } = source;
      // In appliance mode each flow goes to one of them. https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html
      const same = attachment.applianceMode ? [] : attachment.subnets.filter((subnet) => subnet.zone !== undefined && subnet.zone === zone);
      const likely = same.length > 0 ? same : attachment.subnets;
      const inside = router.entering(attachment.network, source);
      const out = (subnet: AwsSubnet) => router.leave(subnet, inside);
      if (attachment.subnetsUnknown !== undefined) return chosen({ likely, others: attachment.subnets.filter((subnet) => !likely.includes(subnet)), widened: attachment.subnetsUnknown }, flow, out, source.guarded);
      return [
        ...likely.map((subnet): Outcome => ({ kind: 'next', to: out(subnet), traffic: flow })),
        ...possibly(attachment.subnets.filter((subnet) => !likely.includes(subnet)).map(out), likely.map(out), flow, `the zone in which ${attachment.address} hands it on is not certain`, source.guarded),
      ];
    },
  }));
}
