/** The network that the corpus is played in: the policy beside this file, built as a user would deploy it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { addressesOf, awsStack, environmentOf } from '../blueprints/aws/policies';
import { policyOf } from '../fixtures/stacks';
import { capture, CORPUS, type AddressOf, type Capture } from './corpus/corpus';
import { firewallOf, type Firewall } from './engine/firewall';

/** An allow rule as the file has it. */
interface AllowEntry {
  readonly host: string;
  readonly ports?: readonly number[];
}

export interface Site {
  readonly addressOf: AddressOf;
  readonly firewall: Firewall;
  readonly capture: Capture;
}

/**
 * Reads the policy and builds its stack: about a second.
 *
 * @param firewall `environments[].aws.firewall` of the policy file. Default: none.
 * @param allow changes the policy's rules.
 */
export function site(firewall?: object, allow: (rules: readonly AllowEntry[]) => readonly AllowEntry[] = (rules) => rules): Site {
  const document = parse(readFileSync(join(__dirname, 'policy.yaml'), 'utf8')) as { allow: readonly AllowEntry[]; environments: { aws: object }[] };
  if (firewall) Object.assign(document.environments[0]!.aws, { firewall });
  const { policy } = policyOf(stringify({ ...document, allow: allow(document.allow) }));
  const addresses = addressesOf(policy);
  const zone = environmentOf(policy).zones.at(-1)!;
  const addressOf: AddressOf = (segment) => addresses.segmentIn(segment, zone).replace(/\.\d+\/\d+$/, '.25');
  return { addressOf, firewall: firewallOf(awsStack(policy)), capture: capture(CORPUS, addressOf) };
}
