/** What the evaluator is told of the world outside the JSON, and what it is asked. */

/** Facts that Google would look up: none of them is in a stack. */
export interface World {
  /** Public DNS: name to addresses. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Address to country code. */
  readonly countries: Readonly<Record<string, string>>;
  /** Address to the threat lists that hold it. */
  readonly threats: Readonly<Record<string, readonly string[]>>;
}

/** Somebody's code at an address of the network. */
export interface Machine {
  readonly name: string;
  /** Terraform addresses of the secure tag values that it carries. */
  readonly tags: readonly string[];
  readonly account?: string;
  readonly networkTags: readonly string[];
  /** Terraform address of its subnet. */
  readonly subnet: string;
  readonly address: string;
  /** Whether a public address is its own. */
  readonly isPublic: boolean;
}

export interface Packet {
  readonly to: string;
  readonly from: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}
