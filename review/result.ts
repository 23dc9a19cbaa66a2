/**
 * What a review says, as plain data: the one input of every report, and the JSON report itself.
 *
 * `version` rises when a field changes its meaning or goes; new fields do not raise it.
 */
import type { AllowedHost, Cloud, HopKind } from './model/network-model';
import type { ServedKind } from './model/served';
import type { VerdictKind } from './paths/verdict';
import type { Step } from './paths/trace';

export const RESULT_VERSION = 1;

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** From the worst to the mildest. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** `certain`: the plan says so. `likely`: it follows from what the plan says. `possible`: the plan leaves it open. */
export type Confidence = 'certain' | 'likely' | 'possible';

/**
 * What a comparison says of a finding, in SARIF's words: `new` with the change; `unchanged`; `updated`, which was there
 * and is milder now. What is worse than it was, or says something else and is no milder, is `new`. What is gone is `absent`: see `ReviewResult.absent`.
 */
export type BaselineState = 'new' | 'unchanged' | 'updated';

/** A file. */
export interface InputFile {
  /** As given on the command line, or the stack's name for a folder of synthesized JSON. */
  readonly name: string;
  readonly kind: 'plan' | 'state' | 'synthesized';
  readonly resources: number;
  readonly terraformVersion?: string;
}

/** A file that was reviewed together with others. */
export interface JoinedFile extends InputFile {
  /** What the addresses of its resources begin with: `network:` of `network:aws_vpc.main`. */
  readonly prefix: string;
}

/** One file that was reviewed, or several of one network (`--together`). */
export interface ReviewedInput extends InputFile {
  /** The files of one network; absent for one file. */
  readonly together?: readonly JoinedFile[];
  /** What its findings are compared with: `its prior state`, a file of `--base`, or `nothing`, as it is new. Absent where nobody knows what was before. */
  readonly comparedWith?: string;
  /** What made the input harder to judge: an errored plan, an unknown format. */
  readonly warnings: readonly string[];
}

/** What one place can reach on the internet in one address family. */
export interface PlaceVerdict {
  readonly input: string;
  readonly place: string;
  readonly cloud: Cloud;
  readonly kind: 'workload' | 'subnet';
  readonly segment?: string;
  readonly tier?: 'public' | 'private' | 'data';
  readonly network?: string;
  readonly zone?: string;
  readonly cidrs: readonly string[];
  readonly family: 4 | 6;
  readonly hypothetical: boolean;
  readonly verdict: VerdictKind;
  /** Sorted. */
  readonly hosts: readonly AllowedHost[];
  /** The way out, or the way to where sight is lost. */
  readonly witness?: readonly Step[];
  /** `open` only: what gets out, in words: `tcp/443 to 0.0.0.0/0`. */
  readonly openTraffic?: readonly string[];
  /** `none` only: where the packet that gets furthest is stopped. */
  readonly blocker?: { readonly path: readonly Step[]; readonly reason: string };
  readonly reasons: readonly string[];
}

/** Where in our source a resource comes from, as CDKTF's metadata tells it. */
export interface SourceHint {
  readonly stack?: string;
  readonly constructPath?: string;
}

/** One thing to fix. */
export interface Finding {
  /** The check's id, which is its file's name. */
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly input: string;
  /** The Terraform address that has to change. */
  readonly address: string;
  readonly segment?: string;
  /** One sentence: what is wrong, with the bad value. */
  readonly message: string;
  /** One sentence: what to do. */
  readonly fix: string;
  /** The path that proves it, where there is one. */
  readonly witness?: readonly Step[];
  readonly source?: SourceHint;
  /** Of rule, address and content; the same in every run and on every machine. */
  readonly fingerprint: string;
  /** Of what the message tells in part: the same for the same. Absent where the message tells all. */
  readonly digest?: string;
  /** Absent where nothing was compared. */
  readonly baselineState?: BaselineState;
  /** What the same check said of the same address before, as far as it differs. */
  readonly was?: EarlierClaim;
  /** What has the address now is another thing than before, or stands elsewhere: the attributes that say so, as far as the input tells. */
  readonly anotherThing?: readonly string[];
}

/** What a finding said before, as far as that differs. */
export interface EarlierClaim {
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly message?: string;
}

/** A finding of before that is none any more. */
export interface AbsentFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly input: string;
  /** As it was called before. */
  readonly address: string;
  readonly segment?: string;
  readonly message: string;
}

/** A finding that somebody accepted, with why and until when. */
export interface SuppressedFinding extends Finding {
  readonly statement: string;
  /** `YYYY-MM-DD`. */
  readonly expires: string;
  /** Who accepted it. */
  readonly owner?: string;
}

/**
 * One host or way that a change opens or closes. `became-unknown` is also said of what was not known before, where
 * there is a new reason for that or more of an unknown fate: either hides whether something opens. What was open and is
 * not known to be closed is `perhaps-closed`: nothing opens by that.
 */
export interface ReachChange {
  readonly change: 'opened' | 'closed' | 'perhaps-closed' | 'became-open' | 'became-guarded' | 'became-unknown' | 'became-known';
  readonly input: string;
  /** The segment where it is known, else the place. */
  readonly who: string;
  /** `tls api.stripe.com:443`; `anything` for an unguarded way; where some was open before, what is besides, or no more: `udp to the internet`. */
  readonly what: string;
  readonly family: 4 | 6;
  /** Of `became-open` with `anything`: what gets out: `tcp/443 to the internet`. */
  readonly traffic?: readonly string[];
  /** The way that opened or closed; of several places that of the first. */
  readonly path?: readonly Step[];
  /** Which places of the segment, where it is not all of them that a host of the policy is for; sorted. */
  readonly places?: readonly string[];
  /** How many more there are, where they are many. */
  readonly more?: number;
  /** How many other places of the segment were as open before, as unknown, or reached the host; or still are where something closes. Absent where it is none. */
  readonly others?: number;
  /** Of `became-unknown` and `perhaps-closed`: what the plan does not say, as far as that is new; sorted. */
  readonly reasons?: readonly string[];
  /** From the policy, for a host that it names. */
  readonly owner?: string;
  readonly reason?: string;
}

/** Somebody in a cluster may call somebody: the cells of its connectivity matrix that are not empty. */
export interface ClusterConnection {
  readonly input: string;
  /** `api-gateway/app=gateway`, a workload, a block, `monitoring/*`, or `anything`. */
  readonly from: string;
  /** The same, or a host name. */
  readonly to: string;
  /** `tcp/8443`, sorted; `any`. */
  readonly ports: readonly string[];
  /** Whether it leads, or may lead, out of the cluster and of private networks. */
  readonly internet: boolean;
  /** Of one that does: whether the other side is told by addresses, by a host's name, or by something that the input does not hold. */
  readonly by?: 'address' | 'name' | 'unknown';
}

/** What their policies let pods reach on the internet: the network decides as well, and no verdict is built on this. */
export interface PodReach {
  readonly input: string;
  /** As in connections: `payments/app=api`. */
  readonly pods: string;
  /** Of the workload, or of the policy that selects such pods. */
  readonly address: string;
  readonly egress: VerdictKind;
  /** Hosts with ports; of `open` the addresses. */
  readonly reached: readonly string[];
  /** What the input does not say. */
  readonly reasons: readonly string[];
}

/** A connection that a change opens or closes. */
export interface ConnectionChange {
  readonly change: 'opened' | 'closed';
  readonly input: string;
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly internet: boolean;
}

/**
 * A private endpoint that comes or goes (`added`, `removed`), serves more or fewer (`opened`, `closed`),
 * or is reached by somebody who did not reach it, or does so no more (`reached`, `unreached`).
 */
export interface EndpointChange {
  readonly change: 'added' | 'removed' | 'opened' | 'closed' | 'reached' | 'unreached';
  readonly input: string;
  readonly address: string;
  /** The service, short. */
  readonly label: string;
  readonly serves: ServedKind;
  /** Why it is said to serve these: half a sentence. */
  readonly why: string;
  /** Segments, or places that belong to none: of `reached` and `unreached` those that changed, else all that reach it; sorted. */
  readonly who: readonly string[];
  /** How many more there are, where they are many. */
  readonly more?: number;
  /** Resources, accounts and organizations that its policy names: of `added` all of them, of `opened` and `closed` those that came or went. */
  readonly names?: readonly string[];
  /** Whether it opens a way to what is not one's own: see `--fail-on new-egress`. */
  readonly wayOut: boolean;
}

/** A gateway, address, peering or firewall that comes or goes, or that stays and becomes another way. */
export interface WayChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly input: string;
  readonly kind: HopKind | 'public-address';
  readonly address: string;
  /** Of `changed`: where it stands, whom it serves, as whom, or where it leads. */
  readonly settings?: readonly SettingChange[];
}

/** One setting before and after: values, or addresses of what they point to, sorted; empty where nothing is set. */
export interface SettingChange {
  readonly setting: string;
  readonly was: readonly string[];
  readonly is: readonly string[];
}

/**
 * Something that goes and something new that is like it in all but its name: renamed, perhaps, without a `moved` block. Terraform
 * destroys the one and makes the other, so what opens and closes by that is told all the same.
 */
export interface LikelyRename {
  readonly input: string;
  readonly from: string;
  readonly to: string;
}

/** What a change opens and closes. Sorted; empty lists when nothing changes. */
export interface EgressDiff {
  readonly reach: readonly ReachChange[];
  readonly ways: readonly WayChange[];
  /** Absent when no input holds a private endpoint, before or after. */
  readonly endpoints?: readonly EndpointChange[];
  /** Inside of clusters; absent when no input holds one. */
  readonly connections?: readonly ConnectionChange[];
  /** Of what opens something or has a new finding; absent where nothing seems to be renamed. */
  readonly renames?: readonly LikelyRename[];
}

/** The whole review. */
export interface ReviewResult {
  readonly version: typeof RESULT_VERSION;
  readonly inputs: readonly ReviewedInput[];
  /** Sorted by input, segment, place, family. */
  readonly verdicts: readonly PlaceVerdict[];
  /** Who may talk to whom inside of clusters, sorted by input, caller, callee; absent when no input holds policies of one. */
  readonly connections?: readonly ClusterConnection[];
  /** What policies let pods reach on the internet, sorted by input, pods; absent when no input holds pods. */
  readonly pods?: readonly PodReach[];
  /** Sorted by severity, rule, address. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** What was found before and is not any more, sorted in the same way. Present when findings were compared. */
  readonly absent?: readonly AbsentFinding[];
  /** Present when there was something to compare with: a prior state, or `--base`. */
  readonly diff?: EgressDiff;
  /** Suppressions that are out of date or match nothing, in words. */
  readonly notices: readonly string[];
  /** For the picture: what stands where. */
  readonly topology: Topology;
}

/** The network as it is drawn: places, hops, private endpoints, and the edges that traffic takes to the internet and to these. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

export interface TopologyNode {
  /** Unique: the place's id; kind and address of a hop, as what a provider adds has the address that it belongs to; or `internet`. */
  readonly id: string;
  readonly kind: HopKind | 'place';
  /** The Terraform address of a hop; absent where the id is one, and of a group. */
  readonly address?: string;
  readonly label: string;
  readonly input: string;
  readonly cloud?: Cloud;
  readonly zone?: string;
  readonly segment?: string;
  readonly tier?: 'public' | 'private' | 'data';
  readonly verdict?: VerdictKind;
  /** Of private endpoints that the same places reach: how many they are. `private` edges lead on to each. */
  readonly members?: number;
}

/**
 * One step of one or more ways from a place. Ways of different kinds over the same step are
 * different edges, so that a picture can follow each kind from its place to its end.
 */
export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  /**
   * Of the whole way, from the place on, not of this step alone: on a way through an allowlist every
   * step is `guarded`, those before the firewall, too. `open` is a way without control by host name;
   * the last step of a `blocked` one points to the node that stops it; `private` joins a place with a
   * private endpoint that it reaches, without the hops between, or with a group of those.
   */
  readonly kind: 'open' | 'guarded' | 'blocked' | 'unknown' | 'private';
}
