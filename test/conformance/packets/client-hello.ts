/** TLS ClientHellos (RFC 8446, 4.1.2), as browsers send them and as nobody should. */
import { counted, join, noise, pieces, u16, u24, u8 } from './bytes';

/** An extension: its number and its body. */
export interface Extension {
  readonly type: number;
  readonly body: Buffer;
}

export interface ClientHello {
  /** Absent: no `server_name` extension. Several: one list with as many entries. Bytes: as they are. */
  readonly serverName?: string | Buffer | readonly (string | Buffer)[];
  /** Adds a hybrid key share (X25519MLKEM768), which makes the message longer than one segment. */
  readonly postQuantum?: boolean;
  /** Reserved values that servers have to ignore (RFC 8701). */
  readonly grease?: boolean;
  /** Put before `server_name`, in this order. */
  readonly before?: readonly Extension[];
  /** Put behind everything else. */
  readonly after?: readonly Extension[];
}

/** ECH carries the name that is meant; the outer `server_name` shows the front (RFC 9849). */
export const ENCRYPTED_CLIENT_HELLO: Extension = {
  type: 0xfe0d,
  body: join(u8(0), u16(1), u16(1), u8(7), counted(u16, noise(32, 'ech key')), counted(u16, noise(144, 'ech payload'))),
};

/** Fills a ClientHello up, so that the name stands wherever it is wanted (RFC 7685). */
export function padding(length: number): Extension {
  return { type: 21, body: Buffer.alloc(length) };
}

/** The `server_name` extension with these entries (RFC 6066, 3). */
export function serverNames(...names: readonly (string | Buffer)[]): Extension {
  const entries = names.map((name) => join(u8(0), counted(u16, bytes(name))));
  return { type: 0, body: counted(u16, join(...entries)) };
}

/** The handshake message without its record. */
export function helloMessage(options: ClientHello): Buffer {
  const { serverName, grease = false, before = [], after = [] } = options;
  const names = serverName === undefined ? [] : [serverNames(...[serverName].flat())];
  const extensions: Extension[] = [
    ...(grease ? [{ type: 0x2a2a, body: Buffer.alloc(0) }] : []),
    ...before,
    ...names,
    { type: 0x0017, body: Buffer.alloc(0) },
    { type: 0x000a, body: counted(u16, join(...(grease ? [u16(0x3a3a)] : []), u16(0x11ec), u16(0x001d), u16(0x0017))) },
    { type: 0x0010, body: counted(u16, join(counted(u8, Buffer.from('h2')), counted(u8, Buffer.from('http/1.1')))) },
    { type: 0x000d, body: counted(u16, join(u16(0x0403), u16(0x0804), u16(0x0401))) },
    { type: 0x002b, body: counted(u8, join(...(grease ? [u16(0x4a4a)] : []), u16(0x0304), u16(0x0303))) },
    { type: 0x0033, body: counted(u16, keyShares(options)) },
    ...after,
  ];
  const ciphers = join(...(grease ? [u16(0x1a1a)] : []), u16(0x1301), u16(0x1302), u16(0xc02f));
  const body = join(
    u16(0x0303), noise(32, 'random'), counted(u8, noise(32, 'session')), counted(u16, ciphers), counted(u8, u8(0)),
    counted(u16, join(...extensions.map(({ type, body: content }) => join(u16(type), counted(u16, content))))),
  );
  return join(u8(1), counted(u24, body));
}

/** A handshake message in as many records as there are cuts, plus one. */
export function handshakeRecords(message: Buffer, ...cuts: readonly number[]): Buffer {
  return join(...pieces(message, cuts).map((piece) => join(u8(22), u16(0x0301), counted(u16, piece))));
}

/** The usual: one message in one record. */
export function clientHello(options: ClientHello): Buffer {
  return handshakeRecords(helloMessage(options));
}

/** What follows the handshake: bytes that mean nothing to an onlooker. */
export function applicationData(length: number): Buffer {
  return join(u8(23), u16(0x0303), counted(u16, noise(length, 'application data')));
}

/** Enough of a ServerHello for an engine to go on. */
export function serverHello(): Buffer {
  const extensions = join(u16(0x002b), counted(u16, u16(0x0304)), u16(0x0033), counted(u16, join(u16(0x001d), counted(u16, noise(32, 'server key')))));
  const body = join(u16(0x0303), noise(32, 'server random'), counted(u8, noise(32, 'session')), u16(0x1301), u8(0), counted(u16, extensions));
  return join(u8(22), u16(0x0303), counted(u16, join(u8(2), counted(u24, body))));
}

function keyShares({ postQuantum = false, grease = false }: ClientHello): Buffer {
  const share = (group: number, length: number) => join(u16(group), counted(u16, noise(length, `group ${group}`)));
  return join(...(grease ? [share(0x3a3a, 1)] : []), ...(postQuantum ? [share(0x11ec, 1_216)] : []), share(0x001d, 32));
}

function bytes(name: string | Buffer): Buffer {
  return typeof name === 'string' ? Buffer.from(name, 'latin1') : name;
}
