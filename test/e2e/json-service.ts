/** The AWS JSON 1.0 protocol, as far as a stand-in for one service needs it. */
import { ApiError } from './api-error';

/** What one operation does with its input; both are the SDK's own types. */
export type Operation = (input: any) => object | Promise<object>;

/** A service that AWS has and moto lacks. */
export interface JsonService {
  /** The name in signatures: `network-firewall`. */
  readonly signingName: string;
  /** The part of `X-Amz-Target` before the dot: `NetworkFirewall_20201112`. */
  readonly target: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** One HTTP answer. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: string;
}

/** Runs an operation; an operation that the stand-in does not know is an error that nobody can overlook. */
export async function answer(service: JsonService, operation: string, body: string): Promise<JsonAnswer> {
  try {
    const run = service.operations[operation];
    if (!run) throw new ApiError('UnknownOperationException', `the stand-in for ${service.signingName} has no ${operation}`);
    return { status: 200, body: JSON.stringify(await run(body ? JSON.parse(body) : {})) };
  } catch (error) {
    if (error instanceof ApiError) {
      return { status: 400, body: JSON.stringify({ __type: error.type, Message: error.message, message: error.message }) };
    }
    const message = error instanceof Error ? error.stack ?? error.message : String(error);
    return { status: 500, body: JSON.stringify({ __type: 'InternalServerError', Message: message, message }) };
  }
}
