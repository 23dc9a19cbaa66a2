/**
 * What a synthesized stack really lets traffic do, read from its JSON alone.
 *
 * Each cloud has an observer (`<cloud>.observer.ts`) that knows the cloud's own evaluation order
 * and none of our blueprints: it imports nothing from `blueprints/`, so that a mistake there
 * cannot hide itself here.
 */

/** The `cdk.tf.json` of one stack. */
export interface SynthesizedStack {
  resource?: Record<string, Record<string, any>>;
  data?: Record<string, Record<string, any>>;
  provider?: Record<string, any[]>;
  terraform?: any;
  output?: Record<string, any>;
  locals?: Record<string, any>;
}

/** What the observer has to be told, because JSON names are not segments. */
export interface ObservationSubject {
  /** `acme-prod` */
  readonly name: string;
  /** Every segment's name and CIDRs. */
  readonly segments: readonly { readonly name: string; readonly cidrs: readonly string[] }[];
  /** The zones with a way out of their own, where some zones leave by another's. */
  readonly egressZones?: readonly string[];
  /** Zones that exist inside only, whose names are resolved. */
  readonly privateZones?: readonly string[];
  /** The environment's whole CIDR. */
  readonly cidr: string;
  /** Whether this stack switches on a block of all public access but its own. */
  readonly blocksPublicAccess?: boolean;
  /** The addresses of services that segments reach by a gateway endpoint, where they are written down. */
  readonly gatewayRanges?: Readonly<Record<string, readonly string[]>>;
  /** The segments whose TLS the firewall has to open. */
  readonly inspected?: readonly string[];
  /** Whether each name of a chain of CNAMEs has to be allowed. */
  readonly inspectsRedirection?: boolean;
  /** Ranges that were added to the network. */
  readonly secondaryCidrs?: readonly string[];
}

/**
 * How packets of a segment can get to the internet:
 * - `none`: no route leads there.
 * - `replies`: a route leads there, and the filters let nothing out but answers to callers.
 * - `controlled`: only through the egress control.
 * - `open`: some way leads around the egress control, or it lets through what no rule names.
 */
export type WayOut = 'none' | 'replies' | 'controlled' | 'open';

/** One segment as the cloud would treat it. */
export interface SegmentObservation {
  readonly wayOut: WayOut;
  /**
   * What it may reach outside, sorted: `tls api.stripe.com:443`, `http *.example.com:80`,
   * `tcp 203.0.113.10/32:22`. The host is the policy's canonical pattern. Google and Azure
   * renderings that cannot tell tls from http report what the rule's port and type say.
   */
  readonly hosts: readonly string[];
  /** Which segments it may call, sorted: `payments tcp/8443` or `payments tcp/8000-8100`. Both sides must agree. */
  readonly peers: readonly string[];
  /** Whether callers on the internet reach it, as `tcp/443`, sorted. */
  readonly internetPorts: readonly string[];
}

/** A control that is missing or broken. */
export interface Fault {
  /** Stable, kebab-case: `wide-group-egress`. The same property has the same id on every cloud. */
  readonly id: string;
  /** The Terraform address, or the segment's name. */
  readonly where: string;
  readonly detail: string;
}

export interface Observation {
  readonly segments: Readonly<Record<string, SegmentObservation>>;
  readonly faults: readonly Fault[];
}

export type Observe = (stack: SynthesizedStack, subject: ObservationSubject) => Observation;

/** One way to break a sound stack. `mutate` changes the JSON in place and must throw if there is nothing to break. */
export interface Mutation {
  /** What was removed, in words: `security group with protocol -1 to the world`. */
  readonly name: string;
  /** The fault that must be reported by name. */
  readonly fault: string;
  mutate(stack: SynthesizedStack): void;
  /** Why the review, which is of anybody's network, has no check for it. Default: it has one, of that name. */
  readonly unreviewed?: string;
}

/** What `<cloud>.observer.ts` exports as default-less named values `observe` and `mutations`. */
export interface CloudContract {
  readonly observe: Observe;
  readonly mutations: readonly Mutation[];
  /** The same for what a policy has to ask for. */
  readonly options?: OptionsContract;
}

/** A fixture that asks for a cloud's options, and the mutations of what each environment asks for. */
export interface OptionsContract {
  /** Its name in `test/fixtures/policies`. */
  readonly fixture: string;
  readonly mutations: Readonly<Record<string, readonly Mutation[]>>;
}
