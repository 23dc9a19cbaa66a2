/**
 * What Google's APIs answer at besides their public addresses; nobody else does. Routes to them
 * name the internet gateway, and packets never leave Google.
 * https://cloud.google.com/vpc/docs/configure-private-google-access#config-options
 */
import { addressesOf, EVERYWHERE, INTERNET, type Family } from '../addresses';
import { subtract, type Ranges } from '../ranges';

/** `private.googleapis.com`, which serves APIs that VPC Service Controls does not support, too. */
export const PRIVATE_VIP: readonly string[] = ['199.36.153.8/30', '2600:2d00:2:2000::/64'];

/** `restricted.googleapis.com`, then `private.googleapis.com`. */
export const API_RANGES: readonly string[] = ['199.36.153.4/30', '199.36.153.8/30', '2600:2d00:2:1000::/64', '2600:2d00:2:2000::/64'];

export const APIS: Readonly<Record<Family, Ranges>> = { 4: addressesOf(API_RANGES, 4), 6: addressesOf(API_RANGES, 6) };

/** Every address but those of the APIs. */
export const NOT_APIS: Readonly<Record<Family, Ranges>> = { 4: subtract(EVERYWHERE[4], APIS[4]), 6: subtract(EVERYWHERE[6], APIS[6]) };

/** Behind these NAT64 has every IPv4 address. https://cloud.google.com/nat/docs/public-nat#nat64 */
export const NAT64: Ranges = addressesOf(['64:ff9b::/96'], 6);

/** Addresses on the internet, seen from a network at Google. */
export const PUBLIC: Readonly<Record<Family, Ranges>> = { 4: subtract(INTERNET[4], APIS[4]), 6: subtract(INTERNET[6], APIS[6]) };
