/** Whether an allow rule is one that the policy reader makes. */
import { destinationProblem, parseBlock } from './cidr';
import { parseHostPattern } from './host-pattern';
import type { AllowRule } from './model';

const LAST_PORT = 65535;

/**
 * What is wrong with a rule, with the way out. Constructs take rules as data: one that was written by hand
 * has not met the checks of the policy file, and must not open more than the file may.
 */
export function ruleProblem({ host, ports, protocol, addresses }: AllowRule): string | undefined {
  const parsed = parseHostPattern(host.text);
  if (!parsed.ok) return `'${host.text}' ${parsed.problem.message}; ${parsed.problem.fix}`;
  const { kind, domain } = parsed.pattern;
  if (host.kind !== kind || host.domain !== domain) return `'${host.text}' is ${kind} of '${domain}', and the rule says ${host.kind} of '${host.domain}'; let parseHostPattern make it`;
  if (ports.length === 0 || !ports.every((port) => Number.isInteger(port) && port >= 1 && port <= LAST_PORT)) {
    return `'${host.text}' has the ports [${ports.join(', ')}]; name one or more from 1 to ${LAST_PORT}`;
  }
  if (protocol !== 'tcp') return undefined;
  for (const address of addresses) {
    const block = parseBlock(address, true);
    const problem = block.ok ? destinationProblem(block.block) : block.problem;
    if (problem) return `'${host.text}' has the address '${address}', which ${problem.message}; ${problem.fix}`;
  }
  return undefined;
}
