/** What Network Firewall itself checks in a string of Suricata rules before it takes a rule group. */
import { ApiError } from '../api-error';

/** https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html */
const LONGEST_TEXT = 2_000_000;
const LONGEST_RULE = 8_192;

/** An address or port: `any`, `$HOME_NET`, `!443`, `[10.0.0.0/22, 10.1.0.0/22]`. */
const PLACE = String.raw`(?:!?\[[^\]]*\]|\S+)`;
const HEAD = new RegExp(String.raw`^(?:alert|pass|drop|reject)\s+\S+\s+${PLACE}\s+${PLACE}\s+(?:->|<>)\s+${PLACE}\s+${PLACE}\s+\(.*\)$`);

/**
 * The rules of a rule group, without comments; each counts as one unit of capacity.
 *
 * @throws ApiError for a rule without head, action or sid, for a sid used twice, and for sizes beyond the quotas
 */
export function readRules(text: string): string[] {
  if (text.length > LONGEST_TEXT) invalid(`rules are ${text.length} characters long; the limit is ${LONGEST_TEXT}`);
  const rules = text.split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));
  const sids = new Set<string>();
  for (const rule of rules) {
    if (rule.length > LONGEST_RULE) invalid(`a rule is ${rule.length} characters long; the limit is ${LONGEST_RULE}`);
    if (!HEAD.test(rule)) invalid(`stateful rule is invalid, rule: ${rule}`);
    const sid = /[(;]\s*sid\s*:\s*(\d+)\s*;/.exec(rule)?.[1];
    if (!sid) invalid(`stateful rule is invalid, reason: no sid, rule: ${rule}`);
    if (sids.has(sid)) invalid(`stateful rule is invalid, reason: Duplicate signature sid ${sid}, rule: ${rule}`);
    sids.add(sid);
  }
  return rules;
}

function invalid(message: string): never {
  throw new ApiError('InvalidRequestException', message);
}
