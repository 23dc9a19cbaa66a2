import { Construct, type IConstruct } from 'constructs';
import { BlueprintError, type BlueprintProblem } from './blueprint-error';
import type { AllowRule } from './policy/model';
import { compareRules, segmentsWithHosts } from './policy/rules';
import { blockProblems } from './policy/sound-network';
import { ruleProblem } from './policy/sound-rule';

/**
 * Something that a cloud cannot enforce as the policy is written.
 *
 * Risks are data: `npm start` prints them, the docs list them and a plan review repeats them.
 */
export interface ResidualRisk {
  /** Stable, kebab-case: `sni-spoofing`. */
  readonly id: string;
  /** What remains possible, in one sentence. */
  readonly summary: string;
  /** What a team can do about it, in one sentence. */
  readonly mitigation: string;
  /** The segments that it concerns, sorted. */
  readonly segments: readonly string[];
}

/** A place where records of traffic end up. */
export interface LogDestination {
  /** What is recorded. */
  readonly kind: 'flow' | 'firewall-alert' | 'firewall-flow' | 'firewall-tls' | 'firewall' | 'nat' | 'proxy' | 'dns';
  /** The cloud's id of the log group, bucket, workspace or project. A token until deployed. */
  readonly id: string;
}

/** A segment whose traffic the control decides on, and the addresses that it comes from. */
export interface ProtectedSegment {
  readonly name: string;
  /** The segment's CIDRs, sorted: the source of its firewall rules. */
  readonly cidrs: readonly string[];
}

/** `enforce` blocks what no rule allows. */
export type EgressMode = 'enforce';

/** The one contract that the egress control of every cloud keeps. */
export interface IEgressControl extends IConstruct {
  /** The rules in force: a copy, sorted by host, protocol, ports, segments. */
  readonly rules: readonly AllowRule[];
  /** Whether what no rule allows is blocked. */
  readonly mode: EgressMode;
  /** Names of the segments that have a way out through this control, sorted. */
  readonly protectedSegments: readonly string[];
  /** Where its decisions are recorded. Empty when no segment has a way out. */
  readonly logDestinations: readonly LogDestination[];
  /** What it cannot enforce as written. */
  readonly residualRisks: readonly ResidualRisk[];
  /** Public addresses that allowed traffic comes from, for a partner's allowlist. Tokens until deployed. */
  readonly egressAddresses: readonly string[];
}

/** What the egress control of every cloud needs. */
export interface EgressControlProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  /** The rules that hold on this cloud. With none, the control makes no way out at all. */
  readonly rules: readonly AllowRule[];
  /**
   * The segments of the network. Each rule may only name segments listed here; those that no
   * rule names get no way out.
   */
  readonly segments: readonly ProtectedSegment[];
}

/** What the clouds share: canonical order, and refusal of what cannot be enforced. */
export abstract class EgressControlBase extends Construct implements IEgressControl {
  readonly mode: EgressMode = 'enforce';
  readonly protectedSegments: readonly string[];
  abstract readonly logDestinations: readonly LogDestination[];
  abstract readonly residualRisks: readonly ResidualRisk[];
  abstract readonly egressAddresses: readonly string[];

  private readonly inForce: readonly AllowRule[];

  /**
   * @param cannotEnforce says why this cloud cannot enforce a rule, with the way out, or nothing.
   * @throws BlueprintError with every rule that cannot be enforced, names an unknown segment, or is none that the policy file may hold,
   * and with every segment whose addresses are no private blocks, or another's.
   */
  constructor(
    scope: Construct,
    id: string,
    props: EgressControlProps,
    cannotEnforce: (rule: AllowRule) => string | undefined = () => undefined,
  ) {
    super(scope, id);
    this.inForce = [...props.rules].sort(compareRules);
    this.protectedSegments = segmentsWithHosts(this.inForce);

    const known = new Set(props.segments.map((segment) => segment.name));
    const problems: BlueprintProblem[] = this.inForce.flatMap((rule) => {
      const at = `${rule.position.file}:${rule.position.line}:${rule.position.column}`;
      const unknown = rule.segments.filter((segment) => !known.has(segment));
      const reason = cannotEnforce(rule) ?? ruleProblem(rule);
      return [
        ...unknown.map((segment) => ({ at, message: `'${rule.host.text}' is allowed to '${segment}', which this network does not have; add the segment or drop the name` })),
        ...(reason ? [{ at, message: reason }] : []),
      ];
    });
    const twice = [...new Set(props.segments.map(({ name }) => name).filter((name, index, all) => all.indexOf(name) < index))];
    const segments = [
      ...twice.map((name) => `'${name}' is the name of two segments; give each a name of its own`),
      ...blockProblems(props.segments.flatMap(({ name, cidrs }) => cidrs.map((cidr) => ({ owner: `'${name}'`, cidr })))),
    ];
    problems.push(...segments.map((message) => ({ message })));
    if (problems.length > 0) throw new BlueprintError(this, problems);
  }

  get rules(): readonly AllowRule[] {
    return [...this.inForce];
  }
}
