/** Where moto answers otherwise than AWS, and what is done about it on the way through the gateway. */
import type { EC2Client } from '@aws-sdk/client-ec2';

/** Why AWS would not do what was asked. */
export interface Refusal {
  /** `DependencyViolation` */
  readonly code: string;
  readonly message: string;
}

/** One thing that moto gets wrong. */
export interface MotoGap {
  /** `ec2` */
  readonly service: string;
  /** The operations that it concerns. */
  readonly operations: readonly string[];
  /** What AWS would refuse and moto does; nothing lets the call go on. */
  refuse?(request: URLSearchParams, moto: EC2Client): Promise<Refusal | undefined>;
  /** The whole answer, where moto has none at all. */
  answer?(request: URLSearchParams): string;
  /** The answer as AWS would give it. */
  correct?(request: URLSearchParams, answer: string): string;
  /** What AWS does besides, after a call that it has accepted. */
  follow?(request: URLSearchParams, moto: EC2Client): Promise<void>;
}

/** A refusal in the words of the EC2 API. */
export function refusalXml({ code, message }: Refusal): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>gateway</RequestID></Response>`;
}
