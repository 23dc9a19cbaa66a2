/** The usual conversations, as functions that a case can name. */
import { applicationData, clientHello, serverHello, type ClientHello } from '../packets/client-hello';
import { noise } from '../packets/bytes';
import type { Wire } from '../packets/wire';

/** TLS from the handshake to data in both directions; a ClientHello that is cut is also repeated. */
export function tls(hello: ClientHello | Buffer, ...cuts: readonly number[]): (wire: Wire) => void {
  return (wire) => {
    wire.open();
    wire.send(Buffer.isBuffer(hello) ? hello : clientHello(hello), ...cuts);
    if (cuts.length > 0) wire.again();
    wire.reply(serverHello());
    wire.send(applicationData(400));
    wire.reply(applicationData(3_000));
    wire.close();
  };
}

/** Requests, each answered before the next. */
export function http(...requests: readonly (string | Buffer)[]): (wire: Wire) => void {
  return (wire) => {
    wire.open();
    for (const request of requests) {
      wire.send(Buffer.from(request));
      wire.reply(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    }
    wire.close();
  };
}

/** One request with these header lines. */
export function request(target: string, ...headers: readonly string[]): string {
  return [`GET ${target} HTTP/1.1`, ...headers, 'User-Agent: probe/1.0', 'Accept: */*', '', ''].join('\r\n');
}

/** One request for `/` to a host. */
export function get(host: string): string {
  return request('/', `Host: ${host}`);
}

/** Bytes of no protocol, both ways, in pieces. */
export function raw(length: number, piece = 1_000): (wire: Wire) => void {
  return (wire) => {
    wire.open();
    for (let sent = 0; sent < length; sent += piece) wire.send(noise(Math.min(piece, length - sent), `raw ${sent}`));
    wire.reply(noise(500, 'raw reply'));
    wire.close();
  };
}

/** The client speaks first, in words of its own. */
export function speaks(...lines: readonly (string | Buffer)[]): (wire: Wire) => void {
  return (wire) => {
    wire.open();
    for (const line of lines) {
      wire.send(Buffer.from(line));
      wire.reply(noise(64, 'answer'));
    }
    wire.close();
  };
}

/** The server speaks first, then the client. */
export function greeted(greeting: string | Buffer, ...lines: readonly (string | Buffer)[]): (wire: Wire) => void {
  return (wire) => {
    wire.open();
    wire.reply(Buffer.from(greeting));
    for (const line of lines) wire.send(Buffer.from(line));
    wire.close();
  };
}
