/**
 * From one CIDR per environment and cloud to every block that a network needs.
 *
 * The CIDR is cut once, into 64 equal blocks ("slots"). Slots 0-3 belong to the cloud's own
 * subnets, 4-63 to segments; a segment keeps its slot for life (`slots.ts`). A zonal cloud cuts
 * a slot into four, one per zone slot. The cut depends on nothing but the slot numbers, so a new
 * segment, zone or host moves no block that was there.
 */
import { Address4 } from 'ip-address';
import type { ExistingNetwork } from './existing-network';
import type { AwsEnvironment, Cloud, CloudEnvironment, Policy, Zone } from './model';

/** A slot's prefix is this many bits longer than the environment's: 64 slots. */
export const SLOT_BITS = 6;
/** A zone's prefix is this many bits longer than its slot's: four zones. */
export const ZONE_BITS = 2;
/** The most zones that an environment can use. */
export const ZONE_SLOTS = 2 ** ZONE_BITS;

/** What each cloud needs besides the segments, in the order of the slots 0-3. */
export const INFRASTRUCTURE = {
  /** `transit` is kept free for transit gateway attachments. */
  aws: ['nat', 'firewall', 'endpoints', 'transit'],
  /** `proxy-only`, `service-networking` and `control-plane` are kept free for what Google puts there. */
  google: ['endpoints', 'proxy-only', 'service-networking', 'control-plane'],
  /** The first three are the hub's; Azure fixes the names of their subnets. `gateway` is kept free. */
  azure: ['firewall', 'firewall-management', 'gateway', 'endpoints'],
} as const satisfies Record<Cloud, readonly string[]>;

/** What is free in an existing network is cut into four roles, and each into four zones. */
export const EXISTING_ROLE_BITS = 2;

/** Slots before the first segment's. */
export const FIRST_SEGMENT_SLOT = 4;
/** One past the last slot. */
export const SLOTS = 2 ** SLOT_BITS;

/** A part of a network that belongs to the cloud and not to a segment. */
export type InfrastructureRole<C extends Cloud = Cloud> = (typeof INFRASTRUCTURE)[C][number];

/** The blocks of one environment on one cloud; all are CIDRs such as `10.20.16.0/22`. */
export interface AddressPlan<C extends Cloud = Cloud> {
  /** The whole environment. */
  readonly cidr: string;
  /** A segment's whole block: the subnet where subnets are regional. */
  segment(name: string): string;
  /** A segment's part in one zone: the subnet where subnets are zonal. */
  segmentIn(name: string, zone: Zone): string;
  /** The whole block of a part of the infrastructure. */
  infrastructure(role: InfrastructureRole<C>): string;
  /** The part of an infrastructure block in one zone. */
  infrastructureIn(role: InfrastructureRole<C>, zone: Zone): string;
  /** Everything but the named infrastructure blocks, as the fewest CIDRs: a spoke beside its hub. */
  without(roles: readonly InfrastructureRole<C>[]): readonly string[];
}

/** The `index`-th of the equal blocks that `bits` more prefix bits cut a CIDR into. */
export function subnet(cidr: string, bits: number, index: number): string {
  const parent = new Address4(cidr);
  const prefix = parent.subnetMask + bits;
  const size = 1n << BigInt(32 - prefix);
  const first = parent.startAddress().bigInt() + BigInt(index) * size;
  return `${Address4.fromBigInt(first).correctForm()}/${prefix}`;
}

/** Cuts the environment's CIDR. @throws Error when a segment or role is not in the policy. */
export function planAddresses<C extends Cloud>(
  policy: Policy,
  environment: CloudEnvironment & { readonly cloud: C },
): AddressPlan<C> {
  const { cidr, cloud } = environment;
  const { existingNetwork } = environment as Partial<AwsEnvironment>;
  if (existingNetwork) return existingAddresses(cidr, existingNetwork) as unknown as AddressPlan<C>;
  const slots = new Map(policy.segments.map((segment) => [segment.name, segment.slot]));
  const roles: readonly string[] = INFRASTRUCTURE[cloud];

  const segment = (name: string) => {
    const slot = slots.get(name);
    if (slot === undefined) throw new Error(`no segment '${name}' in the policy`);
    return subnet(cidr, SLOT_BITS, slot);
  };
  const infrastructure = (role: string) => {
    const slot = roles.indexOf(role);
    if (slot < 0) throw new Error(`no infrastructure block '${role}' on ${cloud}; there are ${roles.join(', ')}`);
    return subnet(cidr, SLOT_BITS, slot);
  };
  return {
    cidr,
    segment,
    segmentIn: (name, zone) => subnet(segment(name), ZONE_BITS, zone.slot),
    infrastructure,
    infrastructureIn: (role, zone) => subnet(infrastructure(role), ZONE_BITS, zone.slot),
    without: (left) => {
      const taken = new Set(left.map((role) => roles.indexOf(role)));
      return remainder(cidr, 0, 0, taken);
    },
  };
}

/** The addresses of a network that somebody else made. A segment has no block as a whole here: its subnets lie where somebody put them. */
function existingAddresses(cidr: string, { freeCidr, subnets }: ExistingNetwork): AddressPlan<'aws'> {
  const roles: readonly string[] = INFRASTRUCTURE.aws;
  const infrastructure = (role: string) => subnet(freeCidr, EXISTING_ROLE_BITS, roles.indexOf(role));
  return {
    cidr,
    segment: () => {
      throw new Error('a segment of an existing network has no block of its own; ask for its part in a zone');
    },
    segmentIn: (name: string, zone: Zone) => {
      const given = subnets[name]?.[zone.name];
      if (!given) throw new Error(`no subnet of '${name}' in ${zone.name}`);
      return given.cidr;
    },
    infrastructure,
    infrastructureIn: (role, zone) => subnet(infrastructure(role), ZONE_BITS, zone.slot),
    without: () => {
      throw new Error('the rest of an existing network is not known');
    },
  };
}

/** Halves a block until it holds no taken slot (keep it) or is one (leave it out). */
function remainder(cidr: string, bits: number, index: number, taken: ReadonlySet<number>): string[] {
  const width = 2 ** (SLOT_BITS - bits);
  const holdsTaken = [...taken].some((slot) => slot >= index * width && slot < (index + 1) * width);
  if (!holdsTaken) return [subnet(cidr, bits, index)];
  if (bits === SLOT_BITS) return [];
  return [
    ...remainder(cidr, bits + 1, index * 2, taken),
    ...remainder(cidr, bits + 1, index * 2 + 1, taken),
  ];
}
