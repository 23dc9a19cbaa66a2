/** What the run tells a person: a line per step and claim, with the time and the scenario, and a summary. */

/** A claim of the run, and whether it held. */
export interface Finding {
  readonly scenario: string;
  readonly claim: string;
  /** What was seen instead; empty when the claim held. */
  readonly seen: readonly string[];
}

/** What all scenarios of a run have in common. */
interface Journal {
  readonly started: number;
  readonly findings: Finding[];
}

/** Runs the steps of one scenario and keeps what they found. Several work side by side, so each line names its own. */
export class Progress {
  private constructor(
    private readonly write: (line: string) => void,
    private readonly scenario: string,
    private readonly journal: Journal,
  ) {}

  /** Of a run that begins now. */
  static begin(write: (line: string) => void): Progress {
    return new Progress(write, '', { started: Date.now(), findings: [] });
  }

  /** For one scenario of the run. */
  of(scenario: string): Progress {
    return new Progress(this.write, scenario, this.journal);
  }

  /** Since the run began. */
  get seconds(): number {
    return (Date.now() - this.journal.started) / 1000;
  }

  /** Of all scenarios. */
  get findings(): readonly Finding[] {
    return this.journal.findings;
  }

  say(line: string): void {
    this.write(`[${this.seconds.toFixed(0).padStart(4)} s] ${this.scenario ? `${this.scenario}: ` : ''}${line}`);
  }

  /** @throws what the step throws */
  async step<T>(title: string, run: () => Promise<T>): Promise<T> {
    const start = Date.now();
    this.say(`${title} ...`);
    const result = await run();
    this.say(`${title}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
    return result;
  }

  /** Records a claim; it held when nothing else was seen. */
  check(claim: string, seen: readonly string[]): void {
    this.journal.findings.push({ scenario: this.scenario, claim, seen });
    this.say(`  ${seen.length === 0 ? 'ok  ' : 'FAIL'} ${claim}`);
    for (const line of seen) this.say(`         ${line}`);
  }

  get failed(): readonly Finding[] {
    return this.findings.filter(({ seen }) => seen.length > 0);
  }
}
