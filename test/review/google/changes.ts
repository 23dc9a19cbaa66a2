/** Random changes of random networks: one or two parts more, fewer, or as another network has them; machines that are renamed, made anew, or put into segments. From a seed. */
import { asPlan } from '../as-plan';
import { changePlan, stateBefore, type Change as Told } from '../change-plan';
import { Dice } from '../dice';
import { asStack, isRef, type Part } from './random-networks';

export interface Change {
  readonly before: readonly Part[];
  readonly after: readonly Part[];
  readonly told: Told;
}

/** What others do not refer to, as a rule: it comes and goes. */
const LOOSE = /_(firewall|route|router_nat|network_peering|policy_based_route|router_peer|spoke|forwarding_rule|policy_rule|policy_association)$/;
const MACHINE = 'google_compute_instance';
const addressOf = ({ type, name }: Part): string => `${type}.${name}`;

function refsIn(value: any): readonly string[] {
  if (isRef(value)) return [value.ref];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(refsIn) : [];
}

/** Whether all is there that a part refers to. */
function fits(part: Part, parts: readonly Part[]): boolean {
  const known = new Set(parts.map(addressOf));
  return refsIn(part.values).every((ref) => known.has(ref));
}

const without = (part: Part, parts: readonly Part[]): readonly Part[] => parts.filter((each) => each !== part);
const instead = (parts: readonly Part[], old: Part, values: object): readonly Part[] => parts.map((each) => (each === old ? { ...old, values: { ...old.values, ...values } } : each));

function edited(parts: readonly Part[], other: readonly Part[], dice: Dice): readonly Part[] {
  const loose = parts.filter(({ type }) => LOOSE.test(type));
  const machines = parts.filter(({ type }) => type === MACHINE);
  switch (dice.below(6)) {
    case 0: case 1: {
      const gone = dice.of(loose.filter((part) => !parts.some((each) => refsIn(each.values).includes(addressOf(part)))));
      return gone ? without(gone, parts) : parts;
    }
    case 2: {
      const fresh = other.filter((part) => LOOSE.test(part.type) && fits(part, parts) && !parts.some((each) => addressOf(each) === addressOf(part)));
      return fresh.length > 0 ? [...parts, dice.of(fresh)] : parts;
    }
    case 3: {
      const like = loose.flatMap((part) => other.filter((each) => addressOf(each) === addressOf(part) && fits(each, parts)).map((each) => ({ part, each })));
      if (like.length === 0) return parts;
      const { part, each } = dice.of(like);
      return parts.map((own) => (own === part ? each : own));
    }
    case 4: {
      const machine = dice.of(machines);
      const [first, ...rest] = machine.values.network_interface;
      const isRuled = parts.some(({ type }) => type === 'google_folder');
      const access_config = first.stack_type === 'IPV6_ONLY' || first.access_config?.length > 0 ? [] : [{}];
      const ways = [{ tags: ['a'] }, { tags: ['b'] }, { tags: [] }, { network_interface: [{ ...first, access_config }, ...rest] }, { can_ip_forward: !machine.values.can_ip_forward }];
      // Rules alone decide there: every machine has public addresses.
      return instead(parts, machine, dice.of(isRuled ? ways.slice(0, 3) : ways));
    }
    default: {
      const rule = dice.of(loose.filter(({ values }) => values.priority !== undefined));
      return rule ? instead(parts, rule, dice.of([{ priority: dice.of([1, 50, 5000]) }, { tags: [], ...(rule.values.target_tags ? { target_tags: undefined } : {}) }])) : parts;
    }
  }
}

/** The machine has another address; what refers to it does so by that. */
function renamed(parts: readonly Part[], from: string, to: string): readonly Part[] {
  const text = JSON.stringify(parts).replaceAll(`"ref":"${from}"`, `"ref":"${to}"`);
  return (JSON.parse(text) as readonly Part[]).map((part) => (addressOf(part) === from ? { ...part, name: to.split('.')[1] as string } : part));
}

const inSegments = (parts: readonly Part[], segments: Readonly<Record<string, string | undefined>>): readonly Part[] => parts.map((part) => (segments[part.name] !== undefined && part.type === MACHINE ? { ...part, values: { ...part.values, labels: { segment: segments[part.name] } } } : part));

export function changeOf(make: (seed: number) => readonly Part[], seed: number): Change {
  const dice = new Dice(seed * 2_654_435_761 + 29);
  const own = make(seed);
  let other = edited(own, make(seed + 500_000), dice);
  if (dice.chance(50)) other = edited(other, make(seed + 900_000), dice);
  const [before, changed] = dice.chance(50) ? [own, other] : [other, own];
  const machines = own.filter(({ type }) => type === MACHINE);
  const segments = () => Object.fromEntries(machines.map(({ name }) => [name, dice.of(['one', 'one', 'two'])]));
  const isNamed = dice.chance(60);
  const there = isNamed ? segments() : {};
  const here = isNamed && dice.chance(12) ? segments() : there;
  let after = inSegments(changed, here);
  const machine = dice.of(machines);
  const [from, to] = [addressOf(machine), `${addressOf(machine)}x`];
  const isRenamed = dice.chance(12);
  if (isRenamed) after = renamed(after, from, to);
  const moved = isRenamed && dice.chance(50) ? { moved: { [from]: to } } : {};
  const replaced = !isRenamed && dice.chance(10) ? { replaced: { [from]: ['machine_type'] } } : {};
  return { before: inSegments(before, there), after, told: { ...moved, ...replaced } };
}

/** With what Google gives it. */
function existing(part: Part): Part {
  const { type, name } = part;
  const id = idOf(part);
  return { ...part, values: { id, ...(type.startsWith('google_compute') ? { self_link: `https://www.googleapis.com/compute/v1/${id}` } : {}), ...(type === 'google_service_account' ? { email: `${name}@p.iam.gserviceaccount.com` } : {}), ...(type === 'google_folder' ? { name: id } : {}), ...part.values } };
}

function idOf(part: Part): string {
  const { type, name, values } = part;
  switch (type) {
    case 'google_folder': return `folders/10${['outer', 'inner', 'beside'].indexOf(name)}`;
    case 'google_project': return `projects/${name}`;
    case 'google_tags_tag_value': return `tagValues/${name.charCodeAt(0)}`;
    case 'google_compute_firewall_policy': case 'google_compute_firewall_policy_with_rules': return `locations/global/firewallPolicies/${name}`;
    default: {
      const where = values.region ? `regions/${values.region}` : values.zone ? `zones/${values.zone}` : 'global';
      return `projects/p/${where}/${type.replace(/^google_compute_(region_)?/, '')}s/${name}`;
    }
  }
}

/** One plan with its prior state, or with another plan, state or stack as `--base`. */
export const FORMS = ['one plan', 'two plans', 'plan and state', 'two stacks'] as const;

export interface Written {
  readonly plan: object;
  readonly base?: object;
}

export function written({ before, after, told }: Change, form: (typeof FORMS)[number]): Written {
  if (form === 'two stacks' && !told.moved) return { plan: asStack(after), base: asStack(before) };
  const [was, is] = [before, after].map((parts) => asStack(parts.map(existing))) as [any, any];
  const plan = changePlan(was.resource, is.resource, told);
  if (form === 'one plan') return { plan };
  return { plan, base: form === 'plan and state' ? stateBefore(was.resource) : asPlan(was.resource, true) };
}
