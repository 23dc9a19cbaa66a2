/** The private way to Google's APIs: routes, zones and rules that name their private addresses. */
import { addressRange, addressesOf } from '../addresses';
import { includes } from '../ranges';
import { APIS } from './api-ranges';
import type { DnsZone } from './dns';
import type { FirewallRule } from './firewall-rule';
import type { GoogleModel } from './google-model';
import type { GoogleNetwork } from './networks';
import { ownApiRanges } from './private-endpoints';
import type { GoogleRoute } from './routes';

export interface PrivateApis {
  readonly routes: readonly GoogleRoute[];
  /** Addresses of the network's own that serve the APIs: they need no route. */
  readonly endpoints: readonly string[];
  readonly zones: readonly DnsZone[];
  readonly allows: readonly { readonly rule: FirewallRule; readonly ranges: readonly string[] }[];
}

const DOMAINS = ['googleapis.com.', 'gcr.io.', 'pkg.dev.'];

/** A zone that answers a whole domain of the APIs, and not one endpoint of Private Service Connect. */
export function isApiZone(zone: DnsZone): boolean {
  return DOMAINS.includes(zone.dnsName) && !zone.forwards;
}

export function privateApis(model: GoogleModel, network: GoogleNetwork): PrivateApis {
  const rules = (model.stages.get(network) ?? []).flatMap((stage) => stage.rules);
  const endpoints = ownApiRanges(model);
  const own = addressesOf(endpoints, 4);
  const isOwn = (range: string) => addressRange(range)?.family === 4 && own.length > 0 && includes(own, addressesOf([range], 4));
  const zones = model.dns.zones.filter((zone) => zone.networks.includes(network) && isApiZone(zone) && (endpoints.length > 0 || leadsToVip(zone)));
  return {
    routes: (model.routes.get(network) ?? []).filter((route) => route.family === 4 && isApi(route.destination)),
    endpoints,
    zones,
    allows: rules
      .filter((rule) => rule.action === 'allow' && rule.direction === 'EGRESS' && !rule.isDisabled)
      .map((rule) => ({ rule, ranges: rule.peers.ranges.filter((range) => addressRange(range)?.family === 4 && (isApi(range) || isOwn(range))) }))
      .filter(({ ranges }) => ranges.length > 0),
  };
}

function isApi(range: string): boolean {
  const addresses = addressesOf([range], 4);
  return addresses.length > 0 && includes(APIS[4], addresses);
}

/** Private Service Connect gives the APIs an address of the network itself, which needs no route. */
function leadsToVip(zone: DnsZone): boolean {
  const addresses = zone.records.filter(({ type }) => type === 'A').flatMap(({ values }) => values);
  return addresses.length === 0 || addresses.some(isApi);
}
