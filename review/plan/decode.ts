/** Bytes to text: byte order marks, UTF-16 (PowerShell's `>`), and files that are no text at all. */
import { PlanInputError } from './input-error';

const SHOW_JSON = 'run `terraform show -json <plan file> > plan.json` and review plan.json';

/**
 * The text as UTF-8, without a byte order mark.
 *
 * @throws PlanInputError for an empty or a binary file, and one of UTF-16 that is too long.
 */
export function utf8Of(bytes: Uint8Array, name: string): Buffer {
  const refuse = (what: string, wayOut: string): never => {
    throw new PlanInputError(name, what, wayOut);
  };
  const starts = (...magic: number[]) => magic.every((byte, index) => bytes[index] === byte);

  if (bytes.length === 0) refuse('the file is empty', `did the command that wrote it fail? ${SHOW_JSON}`);
  if (starts(0x50, 0x4b, 0x03, 0x04)) refuse('this is a binary plan file (from `terraform plan -out`), not JSON', SHOW_JSON);
  if (starts(0x1f, 0x8b)) refuse('this file is compressed with gzip', 'decompress it with `gunzip` first');
  if (starts(0xff, 0xfe, 0, 0) || starts(0, 0, 0xfe, 0xff)) refuse('this file is UTF-32', 'save it as UTF-8');

  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (starts(0xff, 0xfe)) return Buffer.from(buffer.toString('utf16le', 2));
    if (starts(0xfe, 0xff)) return Buffer.from(bigEndian(buffer.subarray(2)));
    if (starts(0xef, 0xbb, 0xbf)) return buffer.subarray(3);
    // JSON begins with an ASCII character: a zero beside it is UTF-16 without a mark.
    if (bytes[0] !== 0 && bytes[1] === 0) return Buffer.from(buffer.toString('utf16le'));
    if (bytes[0] === 0 && bytes[1] !== 0) return Buffer.from(bigEndian(buffer));
    return buffer;
  } catch (error) {
    return tooLong(name, bytes.length, error);
  }
}

/** The message for a file that is longer than the longest string of the JavaScript engine (about 512 MiB). */
export function tooLong(name: string, size: number, cause: unknown): never {
  throw new PlanInputError(
    name,
    `the file has ${Math.round(size / 1e6)} MB; one JSON text can have 536 MB at most`,
    'plan the stacks one by one, or drop what the review can do without: `jq -c "del(.prior_state,.relevant_attributes)"`',
    { cause },
  );
}

function bigEndian(bytes: Buffer): string {
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return even.swap16().toString('utf16le');
}
