/** The grammars of the names in a policy. */
import { INFRASTRUCTURE } from './address-plan';

/** A grammar: the pattern for editors, and what it says in words. */
export interface NameGrammar {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly words: string;
}

const LETTERS = 'lower-case letters, digits and single hyphens, starting with a letter';

/** `acme` */
export const ORGANIZATION_NAME: NameGrammar = grammar(20);
/** `payments` */
export const SEGMENT_NAME: NameGrammar = grammar(20);
/** `api-gateway`; Kubernetes itself takes up to 63 characters. */
export const NAMESPACE_NAME: NameGrammar = grammar(40);
/** `prod` */
export const ENVIRONMENT_NAME: NameGrammar = grammar(12);

function grammar(longest: number): NameGrammar {
  return { pattern: /^[a-z](-?[a-z0-9])*$/, longest, words: `1-${longest} characters: ${LETTERS}` };
}

/** Names that the address plan, `accepts` or the clouds use for something else. */
export const RESERVED_SEGMENT_NAMES: ReadonlySet<string> = new Set([
  'internet', 'default', 'hub', 'spoke', 'nat', 'firewall', 'endpoints', 'transit', 'gateway',
  ...Object.values(INFRASTRUCTURE).flat(),
]);

/** A region as each cloud writes it. */
export const REGION = {
  aws: { pattern: /^[a-z]{2,4}(-[a-z]+){1,2}-\d{1,2}$/, example: 'us-east-1' },
  google: { pattern: /^[a-z]+-[a-z]+\d{1,2}$/, example: 'europe-west1' },
  azure: { pattern: /^[a-z]+\d?$/, example: 'westeurope' },
} as const;
