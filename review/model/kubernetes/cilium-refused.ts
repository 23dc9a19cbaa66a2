/**
 * What Cilium's agent refuses a policy for. The API server takes such an object, `kubectl apply` says
 * `created`, and its status says `Valid: False`: nothing of it is in force, what it closes stays open.
 *
 * https://github.com/cilium/cilium/blob/main/pkg/policy/api/rule_validation.go
 */
import { addressesOf, addressRange, type Family } from '../addresses';
import { includes } from '../ranges';
import { isList, isObject, own, ownObject, ownText, type Json, type JsonObject } from '../../plan/json';
import { DIRECTIONS, list, textList } from './policies';

/** A policy may name as many ports in one item. */
const MOST_PORTS = 40;

const ENTITIES = new Set(['all', 'world', 'world-ipv4', 'world-ipv6', 'cluster', 'host', 'init', 'ingress', 'unmanaged', 'remote-node', 'health', 'none', 'kube-apiserver']);

/** The first reason; undefined when there is none that this review knows. @param isKnown false when some of it is known only after an apply */
export function ciliumRefusal(spec: JsonObject, isKnown: boolean): string | undefined {
  const rules = DIRECTIONS.flatMap((direction) => [direction, `${direction}Deny`].flatMap((key) => list(own(spec, key)).map((rule) => ({ rule, direction, isDeny: key !== direction }))));
  // What is not known yet may be what is missing.
  if (isKnown && rules.length === 0) return 'it has no rules: write ingress: [{}] or egress: [{}] to close';
  const selectors = ['endpointSelector', 'nodeSelector'].filter((key) => isObject(own(spec, key)));
  if (selectors.length === 2) return 'it has both endpointSelector and nodeSelector';
  if (isKnown && selectors.length === 0) return 'it has neither endpointSelector nor nodeSelector';
  return rules.map(({ rule, direction, isDeny }) => refusalOf(rule, direction === 'ingress' ? 'from' : 'to', isDeny, isKnown)).find((reason) => reason !== undefined);
}

function refusalOf(rule: JsonObject, side: 'from' | 'to', isDeny: boolean, isKnown: boolean): string | undefined {
  const others = [...['Endpoints', 'CIDR', 'CIDRSet', 'Entities', 'Nodes', 'Groups'].map((name) => `${side}${name}`), ...(side === 'to' ? ['toServices', ...(isDeny ? [] : ['toFQDNs'])] : [])].filter((key) => isFilled(own(rule, key)));
  if (others.length > 1) return `a rule combines ${others.join(' and ')}, which are rules of their own`;
  if (isFilled(own(rule, 'icmps')) && isFilled(own(rule, 'toPorts'))) return 'a rule combines icmps and toPorts';
  const entity = textList(own(rule, `${side}Entities`)).find((each) => !ENTITIES.has(each));
  if (entity !== undefined) return `'${entity}' is no entity`;
  const block = textList(own(rule, `${side}CIDR`)).find((cidr) => !addressRange(cidr));
  if (block !== undefined) return `'${block}' is no block of addresses`;
  const names = side === 'to' && !isDeny ? list(own(rule, 'toFQDNs')) : [];
  return [...list(own(rule, `${side}CIDRSet`)).map((set) => setRefusal(set, isKnown)), ...names.map((name) => nameRefusal(name, isKnown)), ...list(own(rule, 'toPorts')).map((ports) => portsRefusal(ports, side, isDeny, isKnown))].find((reason) => reason !== undefined);
}

/** https://github.com/cilium/cilium/blob/main/pkg/policy/api/fqdn.go */
function nameRefusal(name: JsonObject, isKnown: boolean): string | undefined {
  const [exact, pattern] = ['matchName', 'matchPattern'].map((key) => own(name, key) ?? '');
  if (exact !== '' && pattern !== '') return 'a name has both matchName and matchPattern';
  if (isKnown && exact === '' && pattern === '') return 'a name has neither matchName nor matchPattern';
  return typeof exact === 'string' && exact.includes('*') ? `'${exact}' is no name: an asterisk stands in matchPattern` : undefined;
}

function setRefusal(set: JsonObject, isKnown: boolean): string | undefined {
  const given = ['cidr', 'cidrGroupRef', 'cidrGroupSelector'].filter((key) => own(set, key) !== undefined && own(set, key) !== null);
  if (isKnown && given.length === 0) return 'a set has no cidr';
  if (given.length > 1) return `a set has ${given.join(' and ')}`;
  const cidr = ownText(set, 'cidr');
  if (cidr === undefined) return undefined;
  const range = addressRange(cidr);
  if (!range || !cidr.includes('/')) return `'${cidr}' is no block of addresses`;
  const outside = textList(own(set, 'except')).find((except) => !isWithin(except, cidr, range.family));
  return outside === undefined ? undefined : `'${outside}' is taken out of ${cidr}, which does not hold it`;
}

function isWithin(inner: string, outer: string, family: Family): boolean {
  return addressRange(inner)?.family === family && includes(addressesOf([outer], family), addressesOf([inner], family));
}

function portsRefusal(item: JsonObject, side: 'from' | 'to', isDeny: boolean, isKnown: boolean): string | undefined {
  const ports = list(own(item, 'ports'));
  if (ports.length > MOST_PORTS) return `${ports.length} ports in one item, of which ${MOST_PORTS} are taken`;
  const wrong = ports.map((port) => portRefusal(port, isKnown)).find((reason) => reason !== undefined);
  if (wrong !== undefined) return wrong;
  const rules = isDeny ? undefined : ownObject(item, 'rules');
  const names = isDeny ? undefined : own(item, 'serverNames');
  if (isList(names) && names.includes('')) return 'a name in serverNames is empty';
  const layers = ['http', 'kafka', 'dns'].filter((key) => isFilled(own(rules, key)));
  if (layers.length > 1) return `one item has rules of ${layers.join(' and ')}`;
  if (layers.length > 0 && isFilled(names) && !isObject(own(item, 'terminatingTLS'))) return `one item has serverNames and rules of ${layers.join()}, and ends no TLS`;
  if (!isDeny && isObject(own(item, 'listener')) && (side === 'from' || layers.length > 0)) return side === 'from' ? 'a listener stands under ingress' : `one item has a listener and rules of ${layers.join()}`;
  if (layers.length > 0 && ports.some((port) => Number(own(port, 'port')) === 0)) return `rules of ${layers.join()} are for a port, and it is 0`;
  if (layers.includes('dns')) return side === 'from' ? 'DNS rules stand under ingress' : ports.length === 0 ? 'DNS rules name no port' : ports.some((port) => Number(own(port, 'endPort') ?? 0) > Number(own(port, 'port'))) ? 'DNS rules are for a range of ports' : undefined;
  const other = layers.length > 0 ? ports.find((port) => (ownText(port, 'protocol') ?? 'ANY') !== 'TCP') : undefined;
  return other && `rules of ${layers.join()} are for TCP, and a port says ${ownText(other, 'protocol') ?? 'nothing, which is any protocol'}`;
}

/** A number of 16 bits, or a name of https://www.rfc-editor.org/rfc/rfc6335#section-5.1; protocols without ports have none. */
function portRefusal(port: JsonObject, isKnown: boolean): string | undefined {
  const written = own(port, 'port');
  if (!/^(TCP|UDP|SCTP|ANY)?$/.test(ownText(port, 'protocol') ?? '')) return undefined;
  if (written === undefined || written === null || written === '') return isKnown ? 'a port is not said' : undefined;
  // What is a number in YAML, the API server refuses itself.
  if (typeof written !== 'string' || written.includes('$') || (/^[a-z0-9]+(-[a-z0-9]+)*$/i.test(written) && /[a-z]/i.test(written) && written.length <= 15)) return undefined;
  return /^\d+$/.test(written) && Number(written) <= 65_535 ? undefined : `'${written}' is no port${/^\d+\s*[-:]\s*\d+$/.test(written) ? ': the last of several stands in endPort' : ''}`;
}

function isFilled(value: Json | undefined): boolean {
  return isList(value) && value.length > 0;
}
