/**
 * One loopback address that is all of AWS: moto, and stand-ins for what moto lacks.
 *
 * The provider and the SDK are pointed at it by `AWS_ENDPOINT_URL`, so that the stacks need no
 * override that only tests have. It keeps a journal of the calls, and can hold them back, which is
 * how a run is interrupted at a moment that is the same each time.
 */
import { Agent, createServer, request, type IncomingMessage, type OutgoingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { answer, type JsonService } from './json-service';
import { refusalXml, type MotoGap } from './moto-gaps/gap';

/** One call of an API. */
export interface ApiCall {
  /** The name in the signature: `ec2`, `network-firewall`. */
  readonly service: string;
  /** `CreateVpc` */
  readonly operation: string;
  readonly body: string;
  /** The HTTP status of the answer; 0 while there is none. */
  status: number;
}

/** Holds a call back for as long as it likes; then `true` lets it go on and `false` loses it. */
export type Hold = (call: ApiCall) => Promise<boolean> | undefined;

/** What the gateway stands before. */
export interface Upstream {
  readonly port: number;
  /** Goes to moto directly: what AWS does by itself is no call of an account's owner. */
  readonly ec2: EC2Client;
  readonly gaps: readonly MotoGap[];
}

export class AwsGateway {
  /** Every call since the start, in the order of arrival. */
  readonly calls: ApiCall[] = [];
  /** Operations that nobody here can answer: each is a gap to close. */
  readonly unanswered = new Set<string>();
  /** Default: every call goes on at once. */
  hold: Hold = () => undefined;

  private readonly agent = new Agent({ keepAlive: true });
  private readonly services = new Map<string, JsonService>();

  private constructor(
    private readonly server: Server,
    private readonly moto: Upstream,
  ) {}

  /** Listens on a free port of the loopback interface. */
  static async open(moto: Upstream): Promise<AwsGateway> {
    const server = createServer();
    const gateway = new AwsGateway(server, moto);
    server.on('request', (incoming, response) => void gateway.serve(incoming, response));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Lets a stand-in answer for a service from now on. */
  add(service: JsonService): void {
    this.services.set(service.signingName, service);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
    this.agent.destroy();
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(incoming);
    const call = callOf(incoming, body.toString('utf8'));
    this.calls.push(call);
    if ((await this.hold(call)) === false) {
      response.destroy();
      return;
    }
    const service = this.services.get(call.service);
    try {
      const { status, headers, content } = service ? await this.standIn(service, call) : await this.viaMoto(incoming, body, call);
      call.status = status;
      if (status >= 500 || (service && !service.operations[call.operation])) this.unanswered.add(`${call.service} ${call.operation}`);
      response.writeHead(status, { ...headers, 'content-length': content.length }).end(content);
    } catch (error) {
      call.status = 502;
      this.unanswered.add(`${call.service} ${call.operation}: ${String(error)}`);
      response.writeHead(502).end(`moto does not answer: ${String(error)}`);
    }
  }

  private async standIn(service: JsonService, { operation, body }: ApiCall): Promise<Answer> {
    const { status, body: text } = await answer(service, operation, body);
    return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, content: Buffer.from(text) };
  }

  private async viaMoto(incoming: IncomingMessage, body: Buffer, call: ApiCall): Promise<Answer> {
    const gaps = this.moto.gaps.filter(({ service, operations }) => service === call.service && operations.includes(call.operation));
    const parameters = new URLSearchParams(call.body);
    for (const { refuse } of gaps) {
      const refusal = await refuse?.(parameters, this.moto.ec2);
      if (refusal) return { status: 400, headers: { 'content-type': 'text/xml' }, content: Buffer.from(refusalXml(refusal)) };
    }
    const own = gaps.find(({ answer: answers }) => answers)?.answer?.(parameters);
    if (own !== undefined) return { status: 200, headers: { 'content-type': 'text/xml' }, content: Buffer.from(own) };
    const { status, headers, content } = await this.forward(incoming, body);
    if (status !== 200 || gaps.length === 0) return { status, headers, content };
    for (const { follow } of gaps) await follow?.(parameters, this.moto.ec2);
    const corrected = gaps.reduce((text, { correct }) => correct?.(parameters, text) ?? text, content.toString('utf8'));
    return { status, headers, content: Buffer.from(corrected) };
  }

  private forward({ method, url: path, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // Compressed answers could not be corrected.
      const options = { host: '127.0.0.1', port: this.moto.port, method, path, headers: { ...headers, 'accept-encoding': 'identity' }, agent: this.agent };
      const attempt = () => {
        const sent = request(options, (result) => {
          read(result).then((content) => resolve({ status: result.statusCode ?? 502, headers: result.headers, content }), reject);
        });
        // Moto may close an idle connection at the moment at which it is used again; it has then seen nothing of the call.
        sent.on('error', (error: NodeJS.ErrnoException) => (sent.reusedSocket && error.code === 'ECONNRESET' ? attempt() : reject(error))).end(body);
      };
      attempt();
    });
  }
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly content: Buffer;
}

function callOf({ headers, method, url }: IncomingMessage, body: string): ApiCall {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unsigned';
  const target = headers['x-amz-target'];
  const operation = typeof target === 'string' ? target.split('.').at(-1)! : new URLSearchParams(body).get('Action') ?? `${method} ${url}`;
  return { service, operation, body, status: 0 };
}

async function read(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
