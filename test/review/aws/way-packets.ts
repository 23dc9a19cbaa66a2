/**
 * One machine in a network of two families as plain data, and what becomes of single packets of it by AWS's own rules,
 * one hop after the other. It shares no code with the review: what both say is compared.
 *
 * https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations
 */
export type Family = 4 | 6;

/** Entries of prefix lists, of one family each. */
export const LISTS = { google: ['8.0.0.0/8', '9.9.9.0/24'], halves: ['0.0.0.0/1', '128.0.0.0/1'], all: ['0.0.0.0/0'], six: ['2600::/12', '2a00::/12'] } as const;
export type ListName = keyof typeof LISTS;

export type Target = 'internet' | 'egress-only' | 'nat' | 'private nat' | 'firewall' | 'peering' | 'virtual' | 'relay' | 'appliance';

export interface Route {
  /** A block, or the name of a prefix list. */
  readonly to: string;
  readonly target: Target;
}

export const SUBNETS = ['app', 'second', 'nat', 'private', 'firewall', 'relay'] as const;
export type SubnetName = (typeof SUBNETS)[number];

/** Of the machine, or of the one that routes lead to. */
export interface Interface {
  /** What the subnet gives to each new machine. */
  readonly subnetGivesPublic: boolean;
  readonly subnetGivesSix: boolean;
  /** What the machine asks for itself. */
  readonly asksPublic: boolean | undefined;
  readonly sixAddresses: number | undefined;
  readonly elastic: boolean;
  /** Whether the interface is a resource of its own, which is given no public address by its subnet. */
  readonly ownResource: boolean;
}

export interface Estate {
  readonly routes: Readonly<Record<SubnetName | 'main', readonly Route[]>>;
  /** Subnets that no table is associated with follow the main one. */
  readonly followsMain: readonly SubnetName[];
  readonly app: Interface;
  /** Without one, the machine has one interface. */
  readonly second: Interface | undefined;
  readonly relay: Interface;
  readonly firewall: 'drops' | 'names' | 'passes';
  /** What the connections of the virtual gateway say that they reach; without, they learn it. */
  readonly announced: readonly string[] | undefined;
  /** Tables that the virtual gateway's routes come into. */
  readonly propagated: readonly (SubnetName | 'main')[];
}

/**
 * - `open`: it gets out, whatever the plan leaves open
 * - `perhaps`: what the plan does not tell may let it out
 * - `named`: only where its sender shows a name that is listed
 */
export type Fate = 'open' | 'perhaps' | 'named' | 'none';

export const familyOf = (address: string): Family => (address.includes(':') ? 6 : 4);

function number(address: string): bigint {
  if (familyOf(address) === 4) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail] = address.split('::');
  const parts = (text: string | undefined): string[] => (text ? text.split(':') : []);
  const filled = tail === undefined ? parts(head) : [...parts(head), ...Array<string>(8 - parts(head).length - parts(tail).length).fill('0'), ...parts(tail)];
  return filled.reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}

/** How long the prefix is, where the address is in it. */
function within(address: string, cidr: string): number {
  const [base = '', bits = '0'] = cidr.split('/');
  if (familyOf(base) !== familyOf(address)) return -1;
  const size = BigInt((familyOf(base) === 4 ? 32 : 128) - Number(bits));
  return number(address) >> size === number(base) >> size ? Number(bits) : -1;
}

/** What the plan leaves to chance: of overlapping prefix lists AWS picks one, and of what is learnt nobody knows. */
interface World {
  readonly lastListWins: boolean;
  readonly learnt: readonly string[];
}

/** Longer than any prefix of a route. */
const ANYTHING = ['1.1.1.1/32', '8.8.8.8/32', '9.9.9.9/32', '129.1.1.1/32', '2606:4700::1111/128', '2a00:1450::1/128', '64:ff9b::808:808/128', '64:ff9b::101:101/128'];

const WORLDS: readonly World[] = [false, true].flatMap((lastListWins) => [[], ['0.0.0.0/0', '::/0'], ANYTHING].map((learnt) => ({ lastListWins, learnt })));

function targetOf(estate: Estate, subnet: SubnetName, to: string, world: World): Target | undefined {
  const table = estate.followsMain.includes(subnet) ? 'main' : subnet;
  const found: { length: number; rank: number; target: Target }[] = [];
  const consider = (cidr: string, rank: number, target: Target): void => {
    const length = within(to, cidr);
    if (length >= 0) found.push({ length, rank, target });
  };
  for (const [at, { to: destination, target }] of estate.routes[table].entries()) {
    // Static routes, then those of prefix lists, then what is propagated.
    if (destination in LISTS) for (const cidr of LISTS[destination as ListName]) consider(cidr, 10 + (world.lastListWins ? -at : at), target);
    else consider(destination, 0, target);
  }
  if (estate.propagated.includes(table)) for (const cidr of estate.announced ?? world.learnt) consider(cidr, 20, 'virtual');
  found.sort((a, b) => b.length - a.length || a.rank - b.rank);
  return found[0]?.target;
}

const hasPublic = ({ subnetGivesPublic, asksPublic, elastic, ownResource }: Interface): boolean => elastic || (!ownResource && (asksPublic ?? subnetGivesPublic));
const hasSix = ({ subnetGivesSix, sixAddresses }: Interface): boolean => subnetGivesSix || (sixAddresses ?? 0) > 0;

const NAT64 = '64:ff9b::/96';

/** The IPv4 address in the last 32 bits. */
export function embedded(address: string): string {
  const low = number(address) & 0xffffffffn;
  return [24n, 16n, 8n, 0n].map((shift) => String((low >> shift) & 255n)).join('.');
}

function fateIn(estate: Estate, first: SubnetName, sender: Interface, to: string, world: World): Fate {
  let subnet = first;
  let destination = to;
  // Of IPv6 nothing is translated: a packet that is sent at all has an address of the internet.
  let isPublic = familyOf(to) === 6 || hasPublic(sender);
  let named = false;
  if (familyOf(to) === 6 && !hasSix(sender)) return 'none';
  const end = (fate: Fate): Fate => (fate !== 'none' && named ? 'named' : fate);
  // A packet that has not arrived after so many hops goes round.
  for (let hop = 0; hop < 20; hop += 1) {
    switch (targetOf(estate, subnet, destination, world)) {
      case 'internet': return end(familyOf(destination) === 6 ? (within(destination, NAT64) >= 0 ? 'perhaps' : 'open') : isPublic ? 'open' : 'none');
      case 'egress-only': return end(within(destination, NAT64) >= 0 ? 'perhaps' : 'open');
      case 'nat': case 'private nat': {
        const own = targetOf(estate, subnet, destination, world) === 'nat';
        if (familyOf(destination) === 6) {
          if (within(destination, NAT64) < 0) return 'none';
          destination = embedded(destination);
        }
        isPublic = own;
        subnet = own ? 'nat' : 'private';
        break;
      }
      case 'firewall':
        if (estate.firewall === 'drops') return 'none';
        named ||= estate.firewall === 'names';
        subnet = 'firewall';
        break;
      // It may translate what it forwards, or not.
      case 'relay': subnet = 'relay'; isPublic ||= hasPublic(estate.relay); break;
      case 'appliance': return end('perhaps');
      // What is known there, somebody else's network reaches.
      case 'virtual': return end('perhaps');
      // It carries to addresses of the other network alone.
      default: return 'none';
    }
  }
  return 'none';
}

/** The worst of all that may become of it. */
export function fateOf(estate: Estate, to: string): Fate {
  const senders: readonly (readonly [SubnetName, Interface])[] = [['app', estate.app], ...(estate.second ? [['second', estate.second] as const] : [])];
  const inEach = WORLDS.map((world) => worst(senders.map(([subnet, sender]) => fateIn(estate, subnet, sender, to, world))));
  if (inEach.every((fate) => fate === 'open')) return 'open';
  if (inEach.some((fate) => fate === 'open' || fate === 'perhaps')) return 'perhaps';
  // Behind a control by name nothing is asked of what may be learnt.
  return inEach.includes('none') ? 'none' : 'named';
}

const worst = (fates: readonly Fate[]): Fate => (['open', 'perhaps', 'named'] as const).find((fate) => fates.includes(fate)) ?? 'none';

/** One of each kind that any route of a random estate tells from others. */
export const ADDRESSES = ['1.1.1.1', '8.8.8.8', '9.9.9.9', '129.1.1.1', '2606:4700::1111', '2a00:1450::1', '64:ff9b::808:808', '64:ff9b::101:101'] as const;
