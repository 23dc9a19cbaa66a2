/** An Azure Firewall as a hop, for one source. */
import type { Guard, Hop, Outcome } from '../network-model';
import type { Traffic } from '../traffic';
import { doubtedOutcome } from './doubt';
import type { AzureFirewall } from './firewall';
import { FirewallRuling, type Source } from './firewall-evaluation';
import { bounded } from './bounded';

export class FirewallHop implements Hop {
  readonly kind = 'firewall';
  readonly ruling: FirewallRuling;
  private asProxy?: Hop;

  constructor(readonly firewall: AzureFirewall, source: Source, private readonly onward: (traffic: Traffic) => readonly Outcome[]) {
    this.ruling = new FirewallRuling(firewall, source);
  }

  get address(): string {
    return this.firewall.address;
  }

  /** The same for callers that name it as their proxy: application rules alone decide. */
  get proxy(): Hop {
    return (this.asProxy ??= { address: this.address, kind: 'proxy', label: 'explicit proxy', forward: (traffic) => this.proxied(traffic) });
  }

  private proxied({ family, boxes }: Traffic): readonly Outcome[] {
    const { hosts, unsure } = this.ruling;
    const part: Traffic = { family, boxes: boxes.filter(({ protocol }) => protocol === 'tcp') };
    const guard: Guard = { control: this.address, hosts };
    const ways = hosts.length === 0 ? [] : this.onward(part).map((outcome) => bounded(outcome, guard));
    return unsure === undefined ? ways : [...ways, { kind: 'unknown', traffic: part, reason: unsure }];
  }

  forward(traffic: Traffic): readonly Outcome[] {
    const { passed, stopped } = this.ruling.decide(traffic);
    const outcomes = passed.flatMap(({ traffic: part, rule, hosts, doubt }): readonly Outcome[] => {
      const guard: Guard | undefined = hosts && { control: this.address, hosts };
      // The rule is a step of its own where it is what lets anything through.
      const ways: readonly Outcome[] = rule && !hosts
        ? [{ kind: 'next', traffic: part, to: { address: rule.address, kind: 'firewall', label: `network rule '${rule.name}'`, forward: this.onward } }]
        : this.onward(part).map((outcome) => (guard ? bounded(outcome, guard) : outcome));
      return doubt === undefined ? ways : ways.map((outcome) => doubtedOutcome(outcome, doubt));
    });
    return [...outcomes, { kind: 'blocked', traffic: stopped, reason: 'no rule of the firewall lets it through' }];
  }
}
