/** A security group, or one of several, as a hop. */
import { EVERYWHERE, type Family } from '../addresses';
import type { Hop, HopKind, Outcome } from '../network-model';
import { both, everythingTo, except, isNothing, joined, type Traffic } from '../traffic';
import { doubtedOutcome } from './doubt';
import { allowedTraffic, evaluate, type Decision, type Evaluation, type LocalSide } from './security-evaluation';
import type { SecurityGroup } from './security-group';

type Onward = (traffic: Traffic) => readonly Outcome[];

/** The outbound rules of one group for one source. */
export class GroupHop implements Hop {
  readonly kind = 'group';
  private readonly evaluations = new Map<Family, Evaluation>();
  private readonly ruleHops = new Map<string, Hop>();

  constructor(readonly group: SecurityGroup, private readonly local: LocalSide, private readonly onward: Onward) {}

  get address(): string {
    return this.group.address;
  }

  evaluation(family: Family): Evaluation {
    let found = this.evaluations.get(family);
    if (!found) this.evaluations.set(family, (found = evaluate(this.group, 'Outbound', this.local, family)));
    return found;
  }

  forward(traffic: Traffic): readonly Outcome[] {
    const { allowed, denied } = this.evaluation(traffic.family);
    const outcomes: Outcome[] = [];
    // What some rule allows for sure needs no second look because another may allow it, too.
    const sure = allowed.some(({ doubt }) => doubt !== undefined) ? allowedTraffic({ allowed, denied }, traffic.family, false) : undefined;
    for (const decision of allowed) {
      const part = both(traffic, decision.traffic);
      const fresh = decision.doubt === undefined || !sure ? part : except(part, sure);
      if (isNothing(fresh)) continue;
      outcomes.push(...this.through(decision, joined(fresh)));
    }
    for (const { rule, traffic: stopped } of denied) {
      const reason = rule.builtIn ? `Azure's built-in rule ${rule.name} denies it` : `rule '${rule.name}' (priority ${rule.priority}) denies it`;
      outcomes.push({ kind: 'blocked', traffic: both(traffic, stopped), reason });
    }
    return outcomes;
  }

  /** Built-in rules, and rules that are resources of their own, are steps of the path. */
  private through({ rule, doubt }: Decision, traffic: Traffic): readonly Outcome[] {
    const outcomes: readonly Outcome[] = rule.builtIn || rule.address !== this.address
      ? [{ kind: 'next', to: this.ruleHop(rule.builtIn ? 'provider-default' : 'group', rule.address, rule.builtIn ? `built-in rule ${rule.name}` : `rule '${rule.name}'`), traffic }]
      : this.onward(traffic);
    return doubt === undefined ? outcomes : outcomes.map((outcome) => doubtedOutcome(outcome, doubt));
  }

  private ruleHop(kind: HopKind, address: string, label: string): Hop {
    const key = `${kind} ${address} ${label}`;
    let hop = this.ruleHops.get(key);
    if (!hop) this.ruleHops.set(key, (hop = { address, kind, label, forward: (traffic) => this.onward(traffic) }));
    return hop;
  }
}

/** More alternatives than this are not compared with each other: anything may pass, in doubt. */
const MOST_ALTERNATIVES = 12;

/** One of several groups, or perhaps none: what all of them let through is sure, what some do is in doubt. */
export class UncertainGroupHop implements Hop {
  readonly kind = 'group';
  private readonly kept = new Map<Family, { sure: Traffic; maybe: Traffic }>();

  constructor(
    readonly address: string,
    readonly label: string,
    private readonly alternatives: readonly GroupHop[],
    /** Why it may be none of them, or, when `outside`, one that the plan does not hold. */
    private readonly other: string | undefined,
    private readonly outside: boolean,
    private readonly onward: Onward,
  ) {}

  forward(traffic: Traffic): readonly Outcome[] {
    const { sure, maybe } = this.allowed(traffic.family);
    const reason = this.other ?? `which security group holds (${this.label}) is not known before the plan is applied`;
    const passes = both(traffic, sure);
    const mayPass = both(traffic, maybe);
    const stopped = except(except(traffic, passes), mayPass);
    return [
      ...(isNothing(passes) ? [] : this.onward(joined(passes))),
      ...(isNothing(mayPass) ? [] : this.onward(joined(mayPass)).map((outcome) => doubtedOutcome(outcome, reason))),
      ...(isNothing(stopped) ? [] : [{ kind: 'blocked', traffic: stopped, reason: `every security group that may hold denies it (${this.label})` } as const]),
    ];
  }

  private allowed(family: Family): { sure: Traffic; maybe: Traffic } {
    let found = this.kept.get(family);
    if (!found) this.kept.set(family, (found = this.compare(family)));
    return found;
  }

  private compare(family: Family): { sure: Traffic; maybe: Traffic } {
    const everything = everythingTo(family, EVERYWHERE[family]);
    const nothing: Traffic = { family, boxes: [] };
    if (this.outside || this.alternatives.length === 0 || this.alternatives.length > MOST_ALTERNATIVES) return { sure: nothing, maybe: everything };
    const evaluations = this.alternatives.map((hop) => hop.evaluation(family));
    const sure = evaluations.reduce((common, each) => joined(both(common, allowedTraffic(each, family, false))), everything);
    const some = this.other === undefined ? joined({ family, boxes: evaluations.flatMap((each) => allowedTraffic(each, family).boxes) }) : everything;
    return { sure, maybe: except(some, sure) };
  }
}
