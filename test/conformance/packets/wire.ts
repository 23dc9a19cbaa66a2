/** One conversation as a firewall between two ends sees it. */
import { join, noise, pieces, u16, u8 } from './bytes';
import { echoRequest, frame, PROTOCOL, tcp, udp, type Addresses, type TcpHeader } from './frames';

/** A packet and what matters about it when it is dropped or not. */
export interface Packet {
  readonly frame: Buffer;
  readonly sender: 'client' | 'server';
  /** Bytes above the transport header (above IP where there is none). */
  readonly payload: number;
  /** The first packet of a TCP connection. */
  readonly opens: boolean;
  /** The same for every copy of the same bytes: a lost segment that comes through later is not lost. */
  readonly content: string;
}

export interface Ends {
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
}

/** Usual between hosts on the internet. */
export const SEGMENT_SIZE = 1_460;

/** The sender, and the two numbers of its side of a TCP connection. */
type Side = 'client' | 'server';

/** Collects the packets of one conversation, both directions, in order. */
export class Wire {
  readonly packets: Packet[] = [];
  private readonly next: Record<Side, number> = { client: 1_000, server: 5_000 };

  constructor(readonly ends: Ends) {}

  /** The three packets that open a TCP connection. Data in the first is TCP Fast Open's (RFC 7413). */
  open(inSyn: Buffer = Buffer.alloc(0)): void {
    const cookie = inSyn.length > 0 ? join(u8(34), u8(10), noise(8, 'cookie'), u16(0x0101)) : undefined;
    this.segment('client', 'S', inSyn, { acknowledgement: 0, ...(cookie ? { options: cookie } : {}) });
    this.segment('server', 'SA');
    this.segment('client', 'A');
  }

  /** A client that nobody answers. */
  openInVain(flags = 'S'): void {
    this.segment('client', flags, Buffer.alloc(0), { acknowledgement: 0 });
  }

  /** Data from the client, cut where told and by segment size, each piece acknowledged. */
  send(data: Buffer, ...cuts: readonly number[]): void {
    this.stream('client', data, cuts);
  }

  /** Data from the server. */
  reply(data: Buffer): void {
    this.stream('server', data, []);
  }

  /** Both sides say goodbye. */
  close(): void {
    this.segment('client', 'FA');
    this.segment('server', 'FA');
    this.segment('client', 'A');
  }

  /** One segment with any flags; `at` moves its place in the stream, for overlaps and gaps. */
  segment(sender: Side, flags: string, data: Buffer = Buffer.alloc(0), over: Partial<TcpHeader> & { readonly at?: number } = {}): void {
    const { at = 0, ...header } = over;
    const other: Side = sender === 'client' ? 'server' : 'client';
    const addresses = this.addresses(sender);
    const ports = { sourcePort: this.port(sender), destinationPort: this.port(other) };
    const sequence = this.next[sender] + at;
    const bytes = tcp(addresses, { ...ports, sequence, acknowledgement: this.next[other], flags, ...header }, data);
    this.add(sender, frame(addresses, PROTOCOL.tcp, bytes), data.length, { opens: flags.includes('S') && !flags.includes('A'), content: `${sequence}+${data.length}` });
    const used = data.length + (/[SF]/.test(flags) ? 1 : 0);
    if (at === 0) this.next[sender] += used;
  }

  /** Sends all data of the client once more, as TCP does with what was not acknowledged. */
  again(): void {
    this.packets.push(...this.packets.filter((packet) => packet.sender === 'client' && packet.payload > 0));
  }

  /** Moves the client's place in the stream, after segments that were sent `at` another. */
  skip(bytes: number): void {
    this.next.client += bytes;
  }

  /** A datagram from the client, and an answer. */
  datagram(data: Buffer, answer?: Buffer): void {
    const send = (sender: Side, content: Buffer) => {
      const addresses = this.addresses(sender);
      const ports = { sourcePort: this.port(sender), destinationPort: this.port(sender === 'client' ? 'server' : 'client') };
      this.add(sender, frame(addresses, PROTOCOL.udp, udp(addresses, ports, content)), content.length);
    };
    send('client', data);
    if (answer) send('server', answer);
  }

  /** An echo request that carries data. */
  ping(data: Buffer): void {
    const addresses = this.addresses('client');
    const protocol = addresses.source.includes(':') ? PROTOCOL.icmp6 : PROTOCOL.icmp;
    this.add('client', frame(addresses, protocol, echoRequest(addresses, this.ends.clientPort, data)), data.length);
  }

  /** A packet of any IP protocol. */
  ip(protocol: number, data: Buffer): void {
    this.add('client', frame(this.addresses('client'), protocol, data), data.length);
  }

  /** One data segment of the client as two IP fragments, cut inside its payload. */
  fragmented(data: Buffer): void {
    const addresses = this.addresses('client');
    const { clientPort: sourcePort, serverPort: destinationPort } = this.ends;
    const whole = tcp(addresses, { sourcePort, destinationPort, sequence: this.next.client, acknowledgement: this.next.server, flags: 'PA' }, data);
    const cut = 64;
    const id = sourcePort;
    this.add('client', frame(addresses, PROTOCOL.tcp, whole.subarray(0, cut), { id, offset: 0, more: true }), cut - 20);
    this.add('client', frame(addresses, PROTOCOL.tcp, whole.subarray(cut), { id, offset: cut, more: false }), whole.length - cut);
    this.next.client += data.length;
    this.segment('server', 'A');
  }

  private stream(sender: Side, data: Buffer, cuts: readonly number[]): void {
    for (const piece of pieces(data, cuts)) {
      const full = Array.from({ length: Math.ceil(piece.length / SEGMENT_SIZE) - 1 }, (_, index) => (index + 1) * SEGMENT_SIZE);
      for (const part of pieces(piece, full)) {
        this.segment(sender, 'PA', part);
        this.segment(sender === 'client' ? 'server' : 'client', 'A');
      }
    }
  }

  private add(sender: Side, bytes: Buffer, payload: number, tcpPart: Pick<Packet, 'opens' | 'content'> = { opens: false, content: `packet ${this.packets.length}` }): void {
    this.packets.push({ frame: bytes, sender, payload, opens: tcpPart.opens, content: `${sender} ${tcpPart.content}` });
  }

  private addresses(sender: Side): Addresses {
    const { client, server } = this.ends;
    return sender === 'client' ? { source: client, destination: server } : { source: server, destination: client };
  }

  private port(side: Side): number {
    return side === 'client' ? this.ends.clientPort : this.ends.serverPort;
  }
}
