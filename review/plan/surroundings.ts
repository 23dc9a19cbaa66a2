/** The JSON of a plan among lines that other programs write: wrappers, logs, Terraform about the lock of its state. */
import { PlanInputError } from './input-error';

/** Terraform and OpenTofu write a plan, and a state, in one line that begins so. */
const BEGINS = Buffer.from('{"format_version"');
const NEWLINE = 10;
const BRACE = 123;

/** True when what the file begins with may be a plan: the others have lines before it. */
export function beginsAsObject(bytes: Buffer): boolean {
  const first = bytes.findIndex((byte) => byte > 32);
  return first >= 0 && bytes[first] === BRACE;
}

/**
 * The one line of a file that is a plan or a state. Undefined where there is none, or nothing else.
 *
 * @throws PlanInputError where there are several: none of them is the one to review
 */
export function lineAmongOthers(bytes: Buffer, name: string): Buffer | undefined {
  const starts = lineStarts(bytes);
  if (starts.length > 1) {
    throw new PlanInputError(name, `this holds ${starts.length} plans, each in a line of its own`, 'write each to a file of its own and name them all: `split -l 1 <file> plan-`, and review plan-*');
  }
  const [start] = starts;
  if (start === undefined) return undefined;
  const end = bytes.indexOf(NEWLINE, start);
  return start === 0 && (end < 0 || end === bytes.length - 1) ? undefined : bytes.subarray(start, end < 0 ? bytes.length : end);
}

function lineStarts(bytes: Buffer): readonly number[] {
  const starts: number[] = [];
  for (let at = bytes.indexOf(BEGINS); at >= 0; at = bytes.indexOf(BEGINS, at + 1)) {
    if (at === 0 || bytes[at - 1] === NEWLINE) starts.push(at);
  }
  return starts;
}

/** @throws PlanInputError where a plan stands in the file, and cannot be told from what stands around it. */
export function refuseBuried(bytes: Buffer, name: string): void {
  if (bytes.includes('"format_version"')) {
    throw new PlanInputError(name, 'lines of another program stand around the JSON', 'take them out, or keep them away from it: `terraform show -json tfplan 2>log > plan.json`, with Terragrunt `terragrunt show --tf-forward-stdout -json tfplan`');
  }
}
