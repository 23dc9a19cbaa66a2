/** What the policy file asks for in a network that the plan makes, and the plan does not have. */
import { kindOf } from '../../../blueprints/policy/azure-private-services';
import { privateServicesFor } from '../../../blueprints/policy/model';
import { isUnset, text } from '../../model/azure/read';
import type { Hit } from '../check';
import type { AzureContext } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { rulesOf } from './policy-hosts';
import { firewallRulesElsewhere } from './rules-elsewhere';

export function* askedAndMissing(context: AzureContext): Iterable<Hit> {
  yield* missingEndpoints(context);
  yield* missingZones(context);
  yield* missingSegments(context);
  yield* missingHosts(context);
  yield* otherKey(context);
}

/** Zones in which the names of the policy's services are answered; those of other plans are found by their names. */
function* missingZones(context: AzureContext): Iterable<Hit> {
  const { policy, model: { graph, dnsZones, privateEndpoints, subnets } } = context;
  const names = [...dnsZones.map(({ name }) => name), ...graph.ofType('azurerm_private_dns_zone', 'data').map((zone) => text(zone, 'name'))].map((name) => name?.toLowerCase());
  const address = subnets[0]?.address;
  if (!policy || address === undefined || names.includes(undefined)) return;
  const asked = new Set(certainEnvironments(context).flatMap(({ region }) => privateServicesFor(policy, 'azure').flatMap((service) => kindOf(service, region)?.zones ?? [])));
  const missing = [...asked].filter((zone) => !names.includes(zone)).sort();
  if (missing.length === 0) return;
  // A plan without any may leave all of them to another one.
  if (names.length + privateEndpoints.length === 0) yield { address, severity: 'low', confidence: 'possible', message: `the policy has private services, and this plan makes none of their zones (${missing.join(', ')}): unless another one does, their names lead to public addresses` };
  else yield { address: dnsZones[0]?.address ?? address, severity: 'medium', message: `the policy has private services whose names ${missing.join(', ')} answer, and the plan has no such zone: they lead to public addresses` };
}

/** Resources that the policy file gives a private endpoint. */
function* missingEndpoints(context: AzureContext): Iterable<Hit> {
  const { privateEndpoints, dnsZones, subnets } = context.model;
  // The stack of the endpoints has their zones.
  if (privateEndpoints.length === 0 && dnsZones.length === 0) return;
  const named = privateEndpoints.map(({ resource }) => [resource, text(resource, CONNECTED)?.toLowerCase()] as const);
  if (named.some(([resource, id]) => id === undefined && !isUnset(resource, CONNECTED) && !resource.references(CONNECTED).targets.some(({ mode }) => mode === 'managed'))) return;
  const led = new Set(named.map(([, id]) => id));
  for (const environment of certainEnvironments(context)) {
    const missing = Object.values(environment.privateEndpoints).flat().filter((id) => !led.has(id.toLowerCase()));
    const address = privateEndpoints[0]?.address ?? subnets[0]?.address;
    if (missing.length > 0 && address !== undefined) yield { address, message: `the policy has a private endpoint for ${missing.join(', ')}, and the plan has none`, severity: 'medium' };
  }
}

const CONNECTED = 'private_service_connection[0].private_connection_resource_id';

/** Only where the plan tells segments apart. */
function* missingSegments(context: AzureContext): Iterable<Hit> {
  const { policy, model: { views } } = context;
  const there = new Set(views.flatMap(({ name }) => name.segment ?? []));
  const [view] = views;
  if (!policy || !view || !policy.segments.some(({ name }) => there.has(name)) || certainEnvironments(context).length === 0) return;
  const missing = policy.segments.filter(({ name }) => !there.has(name)).map(({ name }) => name);
  if (missing.length > 0) yield { address: view.address, severity: 'low', message: `the policy has the segments ${missing.join(', ')}, and no subnet of the plan is theirs` };
}

/** Hosts that no rule has which the plan writes into the policy of a hub; what that lets through besides no verdict tells. */
function* missingHosts(context: AzureContext): Iterable<Hit> {
  const { policy, model: { graph } } = context;
  if (!policy || !certainEnvironments(context).some(({ hub }) => hub?.policy !== undefined)) return;
  const rules = firewallRulesElsewhere(graph).filter(({ action }) => action !== 'Deny');
  const [rule] = rules;
  const written = rules.flatMap(({ fqdns, destinations, sources }) => [fqdns, destinations, sources]);
  if (!rule || written.some(({ unknown }) => unknown !== undefined)) return;
  const there = new Set(written.flatMap(({ items }) => items.map((item) => item.toLowerCase().replace(/\/32$/, ''))));
  const missing = [...new Set(policy.segments.flatMap(({ name }) => rulesOf(context).at({ cidrs: [], segment: name }).certain))].flatMap(({ protocol, host, addresses }) => (protocol === 'tcp' ? addresses.map((each) => each.replace(/\/32$/, '')) : [host.text])).filter((host) => !there.has(host));
  if (missing.length > 0) yield { address: rule.address, severity: 'low', message: `the policy lets segments reach ${[...new Set(missing)].sort().join(', ')}, and no rule that the plan adds to the hub's policy does` };
}

/** What the firewall opens TLS with: whoever has another key can read what is sent. */
function* otherKey(context: AzureContext): Iterable<Hit> {
  const meant = new Set(certainEnvironments(context).flatMap(({ firewall }) => firewall?.tlsInspection?.certificate.toLowerCase() ?? []));
  if (meant.size === 0) return;
  for (const { policies } of context.model.firewalls.values()) {
    const own = policies.at(-1)?.resource;
    const id = own && text(own, 'tls_certificate[0].key_vault_secret_id')?.toLowerCase();
    if (own && id !== undefined && !meant.has(id)) yield { address: own.address, severity: 'medium', message: `it opens TLS with ${id}, and the policy names ${[...meant].join(' or ')}` };
  }
}
