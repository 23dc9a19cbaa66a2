/**
 * Where the policy of a core network puts an attachment: the first rule that fits says it.
 * https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policy-attachments.html
 */
import { accountOf } from '../../plan/accounts';
import { awsRegionOf } from '../../plan/aws-region';
import { isObject, own } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { CoreCondition, CorePolicy, CoreRule } from './core-policies';
import { textAt, type Choice } from './read';

/** Undefined: the plan does not tell. */
type Answer = boolean | undefined;

/** What rules ask of an attachment beside its tags. */
export interface Attached {
  readonly kind: string | undefined;
  /** As far as the plan tells. */
  readonly region: string | undefined;
  readonly account: string | undefined;
}

/**
 * What AWS says of it, or before it exists, where its network and its provider block are: that of a VPC is made in the region
 * of the VPC, by the account that asks for it.
 * https://docs.aws.amazon.com/networkmanager/latest/APIReference/API_CreateVpcAttachment.html
 */
export function attachedAs(attachment: Resource, kind: string | undefined, { providerRegions, providerAccounts }: Pick<ResourceGraph, 'providerRegions' | 'providerAccounts'>): Attached {
  const { targets, exact } = attachment.references('vpc_arn', { types: ['aws_vpc', 'aws_default_vpc'] });
  const [vpc] = exact && targets.length === 1 ? targets : [];
  return {
    kind, region: textAt(attachment, 'edge_location') ?? (textAt(attachment, 'vpc_arn')?.split(':')[3] || (vpc && awsRegionOf(vpc, providerRegions))),
    account: textAt(attachment, 'owner_account_id') ?? (vpc && accountOf(attachment, providerAccounts)),
  };
}

/** The segment, or the network function group; nothing where no rule fits. */
export function domainOf({ rules, segments, groups, source }: CorePolicy, attachment: Resource, attached: Attached): Choice<string> {
  // What accepts somebody else's attachment has none of its tags, and is told where it stands.
  const told = attachment.type === 'aws_networkmanager_attachment_accepter' ? textAt(attachment, 'segment_name') : undefined;
  if (told !== undefined) return { likely: [told], others: [] };
  const found: string[] = [];
  let isSure = true;
  for (const rule of rules) {
    const fits = fitsRule(rule, attachment, attached);
    if (fits === false) continue;
    const names = rule.byTag !== undefined ? taggedAs(attachment, rule.byTag, [...segments.keys()]) : rule.puts !== undefined ? [rule.puts] : [...segments.keys(), ...groups];
    if (fits === undefined || names.length > 1) isSure = false;
    found.push(...names);
    if (fits === true) break;
  }
  const names = [...new Set(found)];
  if (isSure) return { likely: names, others: [] };
  return { likely: [], others: names, widened: `${source.address}: the plan does not tell where its rules put ${attachment.address}` };
}

function fitsRule({ logic, conditions }: CoreRule, attachment: Resource, attached: Attached): Answer {
  const answers = conditions.map((condition) => fits(condition, attachment, attached));
  if (answers.length === 0) return undefined;
  const every = answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
  const any = answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
  if (logic === undefined) return every === any ? every : undefined;
  return logic === 'or' ? any : every;
}

function fits(condition: CoreCondition, attachment: Resource, attached: Attached): Answer {
  const { type, key } = condition;
  switch (type) {
    case 'any': return true;
    case 'tag-exists': { const tag = key === undefined ? undefined : tagOf(attachment, key); return tag === undefined ? undefined : tag !== null; }
    case 'tag-value': return key === undefined ? undefined : compare(condition, tagOf(attachment, key));
    // A site-to-site VPN is also called a VPN.
    case 'attachment-type': return compare({ ...condition, value: condition.value === 'vpn' ? 'site-to-site-vpn' : condition.value }, attached.kind);
    case 'region': return compare(condition, attached.region);
    case 'account-id': return compare(condition, attached.account);
    case 'resource-id': return compare(condition, textAt(attachment, 'vpc_arn')?.split('/').at(-1));
    default: return undefined;
  }
}

function compare({ operator, value }: CoreCondition, is: string | null | undefined): Answer {
  // Whether a tag that is not there differs from everything AWS does not say.
  if (is === null) return operator === 'not-equals' ? undefined : false;
  if (is === undefined || value === undefined) return undefined;
  switch (operator) {
    case 'equals': return is === value;
    case 'not-equals': return is !== value;
    case 'contains': return is.includes(value);
    case 'begins-with': return is.startsWith(value);
    default: return undefined;
  }
}

/** Null for one that is not there. Only a plan has the tags that a provider gives to all. */
function tagOf(attachment: Resource, key: string): string | null | undefined {
  const [all, some] = ['tags_all', 'tags'].map((name) => ({ tags: attachment.valueAt(name), isHidden: attachment.unknownAt([name, key]) !== undefined }));
  const value = own(all?.tags, key) ?? own(some?.tags, key);
  if (typeof value === 'string') return value;
  if (all?.isHidden === true || some?.isHidden === true || !isObject(all?.tags)) return undefined;
  return null;
}

/** Of segments that are not there none is meant; of a tag that is not known each may be. */
function taggedAs(attachment: Resource, key: string, segments: readonly string[]): readonly string[] {
  const tag = tagOf(attachment, key);
  return tag === undefined ? segments : segments.filter((segment) => segment === tag);
}
