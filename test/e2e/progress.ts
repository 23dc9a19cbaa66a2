/** What the run tells a person: one line per step, with the seconds it took, and a summary. */

/** A claim of the run, and whether it held. */
export interface Finding {
  readonly ok: boolean;
  readonly claim: string;
  /** What was seen instead; empty when the claim held. */
  readonly seen: readonly string[];
}

/** Runs steps one after another and keeps what they found. */
export class Progress {
  private readonly started = Date.now();
  readonly findings: Finding[] = [];

  constructor(private readonly write: (line: string) => void) {}

  get seconds(): number {
    return (Date.now() - this.started) / 1000;
  }

  say(line: string): void {
    this.write(`[${this.seconds.toFixed(0).padStart(4)} s] ${line}`);
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
    const ok = seen.length === 0;
    this.findings.push({ ok, claim, seen });
    this.say(`  ${ok ? 'ok  ' : 'FAIL'} ${claim}`);
    for (const line of seen) this.say(`         ${line}`);
  }

  get failed(): readonly Finding[] {
    return this.findings.filter(({ ok }) => !ok);
  }
}
