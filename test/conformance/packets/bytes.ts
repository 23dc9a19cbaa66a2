/** Numbers and lengths as they stand on the wire: big-endian. */

export function u8(value: number): Buffer {
  return Buffer.from([value & 0xff]);
}

export function u16(value: number): Buffer {
  return Buffer.from([(value >> 8) & 0xff, value & 0xff]);
}

export function u24(value: number): Buffer {
  return Buffer.from([(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** The parts, one after the other. */
export function join(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts);
}

/** A body behind its own length. */
export function counted(length: (value: number) => Buffer, body: Buffer): Buffer {
  return join(length(body.length), body);
}

/** Cut at the given places. */
export function pieces(whole: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [0, ...cuts, whole.length];
  return places.slice(1).map((end, index) => whole.subarray(places[index], end)).filter((piece) => piece.length > 0);
}

/** The same bytes on every run, different for every label: keys, randoms, ciphertext. */
export function noise(length: number, label = 'noise'): Buffer {
  let state = [...label].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 17);
  return Buffer.from(Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  }));
}

/** The internet checksum (RFC 1071). */
export function checksum(bytes: Buffer): number {
  const even = bytes.length % 2 === 0 ? bytes : join(bytes, u8(0));
  let sum = 0;
  for (let index = 0; index < even.length; index += 2) sum += even.readUInt16BE(index);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
