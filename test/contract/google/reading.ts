/** Reads `cdk.tf.json` as Terraform would: lists of resources, and which one an expression points at. */
import type { SynthesizedStack } from '../observation';

export interface Resource {
  readonly type: string;
  /** `google_compute_route.x` */
  readonly address: string;
  readonly config: Record<string, any>;
}

export function resourcesOf(stack: SynthesizedStack, type: string): readonly Resource[] {
  return Object.entries(stack.resource?.[type] ?? {}).map(([name, config]) => ({ type, address: `${type}.${name}`, config }));
}

export function allResources(stack: SynthesizedStack): readonly Resource[] {
  return Object.keys(stack.resource ?? {}).flatMap((type) => resourcesOf(stack, type));
}

/** `${google_compute_network.x.id}` points at `google_compute_network.x`; anything else at nothing. */
export function reference(value: unknown): string | undefined {
  return typeof value === 'string' ? /^\$\{([a-z0-9_]+\.[A-Za-z0-9_-]+)\.[a-z_]+\}$/.exec(value)?.[1] : undefined;
}

export function references(values: unknown): readonly string[] {
  return listOf(values).map((value) => reference(value) ?? String(value));
}

export function listOf(value: unknown): readonly any[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** An IPv4 range as numbers; nothing for IPv6 and for what is no range. */
export function rangeOf(cidr: string): { first: number; last: number; prefix: number } | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(cidr);
  if (!match) return undefined;
  const prefix = match[5] === undefined ? 32 : Number(match[5]);
  const address = match.slice(1, 5).reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1, prefix };
}

export function within(inner: string, outer: string): boolean {
  const a = rangeOf(inner);
  const b = rangeOf(outer);
  return !!a && !!b && a.first >= b.first && a.last <= b.last;
}

export function overlap(one: string, other: string): boolean {
  const a = rangeOf(one);
  const b = rangeOf(other);
  return !!a && !!b && a.first <= b.last && b.first <= a.last;
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', '127.0.0.0/8'];

export function isPrivate(cidr: string): boolean {
  return PRIVATE.some((range) => overlap(cidr, range));
}

/** Ranges that Google routes to its APIs and to nobody else: restricted and private. */
export const API_RANGES = ['199.36.153.4/30', '199.36.153.8/30'];
/** Google's proxies and health checks: who reaches these ports comes from the internet. */
export const FRONT_ENDS = ['35.191.0.0/16', '130.211.0.0/22', '209.85.152.0/22', '209.85.204.0/22'];
/** Identity-Aware Proxy's forwarding: authenticated people. */
export const IAP = '35.235.240.0/20';
