import { createHash } from 'node:crypto';

/** The first 32 bits of a text's SHA-256: the same on every machine, evenly spread. */
export function contentHash(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}

/** The same bits as eight hexadecimal digits, for names. */
export function contentHashHex(text: string): string {
  return contentHash(text).toString(16).padStart(8, '0');
}
