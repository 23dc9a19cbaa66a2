/** What lines of the review say of single packets of pods, and the packets that are sent. */
import type { Connection } from '../../../review/model/kubernetes/connections';
import { inBlock, type Call, type End } from './cluster-packets';

export const ADDRESSES = ['8.8.8.8', '8.8.1.1', '8.1.1.1', '9.9.9.9', '1.2.3.4', '2600::1', '2a00::1'].map((address): End => ({ kind: 'outside', address }));
export const NAMED = ['api.example.com', 'b.example.com', 'a.example.org', 'other.net'].map((name): End => ({ kind: 'outside', address: '93.184.216.34', name }));
export const CALLS: readonly Call[] = [
  { protocol: 'TCP', port: 443 }, { protocol: 'TCP', port: 22 }, { protocol: 'TCP', port: 450 }, { protocol: 'TCP', port: 8080 }, { protocol: 'UDP', port: 53 }, { protocol: 'UDP', port: 443 }, { protocol: 'SCTP', port: 443 }, { protocol: 'ICMP', port: 0 },
];

/** What a line of the review says of an end and of a call to it. */
export function covers({ ports }: Pick<Connection, 'ports'>, text: string, end: End, call: Call): boolean {
  return isMeant(text, end) && ports.some((port) => {
    const [protocol, span = ''] = port.split('/');
    const [from, to = from] = span.split('-');
    return port === 'any' || (protocol === call.protocol.toLowerCase() && (call.protocol === 'ICMP' || span === 'any' || (Number(from) <= call.port && call.port <= Number(to))));
  });
}

function isMeant(text: string, end: End): boolean {
  if (text === 'anything') return true;
  const [blocks, except] = text.split(' but ') as [string, string | undefined];
  if (/^[0-9a-f.:]+\/\d+/.test(text)) return blocks.split(', ').some((block) => inBlock(end.address, block)) && !(except ?? '').split(', ').some((block) => block !== '' && inBlock(end.address, block));
  if (end.kind === 'pod') return text === `${end.namespace}/${end.name}` || text === 'cluster' || (text === 'host' && end.hostNetwork === true);
  if (/^world/.test(text)) return text === 'world' || (text === 'world-ipv6') === end.address.includes(':');
  return end.name !== undefined && (text === end.name || text === '*' || (text.startsWith('*.') && end.name.endsWith(text.slice(1))));
}
