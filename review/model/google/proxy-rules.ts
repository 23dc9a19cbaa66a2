/**
 * The rules of a Secure Web Proxy's policy for one caller: by priority, the first that matches decides, and without
 * one the request is refused. https://cloud.google.com/secure-web-proxy/docs/tls-rule-evaluation
 */
import { canonicalIdentity } from '../../plan/identity';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { addressesOf } from '../addresses';
import { refusedBelow } from '../host-names';
import type { AllowedHost } from '../network-model';
import { includes, intersect, isEmpty } from '../ranges';
import { keysOf, matchKeys, NO_KEYS, type Keys } from './keys';
import { baseName, flagAt, hiddenAt, numberAt, textAt, textsAt } from './reading';
import { isWithin, meet, namesIn, parseMatcher, reached, type Asked, type HostPorts, type Matcher, type Meaning } from './session-matcher';

/** Who calls a proxy. */
export interface Caller {
  /** Empty: not known. */
  readonly ranges: readonly string[];
  readonly secureTags: Keys;
  readonly accounts: Keys;
  /**
   * False for one whose tags and account the proxy may not see: it sees those of its own network.
   * https://cloud.google.com/secure-web-proxy/docs/known-limitations
   */
  readonly isSeen: boolean;
}

export interface ProxyRule {
  readonly resource: Resource;
  /** Absent where the plan does not tell it: then the rule may be the first, or the last. */
  readonly priority?: number;
  /** True where it allows, or may. */
  readonly allows: boolean;
  /** True where it refuses for certain. */
  readonly denies: boolean;
  /** Absent where the plan does not tell what it asks for. */
  readonly session?: Matcher;
  /** Of one that refuses: the opposite of its session, which is what it leaves to later rules. */
  readonly passed?: Matcher;
  /** Asked for besides, of everything that the rule lets through: also of what is inside of a tunnel, which it inspects. */
  readonly application?: Matcher;
  /** Where there is no session: what may get through at most, as far as known. */
  readonly hosts: readonly string[];
  /** Why it may let others through. */
  readonly unknown?: string;
}

/** The names of a list, and why there may be others. */
interface Listed {
  readonly hosts: readonly string[];
  readonly unknown?: string;
}

const LISTS = 'google_network_security_url_lists';
const TAGS = 'google_tags_tag_value';
const ACCOUNTS = 'google_service_account';
/** `${google_network_security_url_lists.repositories.id}` in a synthesized stack. */
const REFERENCE = /\$\{([a-z_]+\.[\w-]+)\.(?:id|name|self_link|email)\}/g;

export class ProxyRules {
  private readonly lists: readonly Resource[];
  private readonly byAddress: ReadonlyMap<string, Resource>;
  private readonly keys = new Map<string, Keys>();
  private readonly byName = new Map<string, Listed>();

  constructor(graph: ResourceGraph) {
    this.lists = graph.ofType(LISTS);
    const identities = [...graph.ofType(TAGS), ...graph.ofType(ACCOUNTS)];
    this.byAddress = new Map([...this.lists, ...identities].map((resource) => [resource.address, resource]));
    for (const resource of identities) {
      const keys = keysOf([resource.address]);
      this.keys.set(resource.address, keys);
      for (const text of [textAt(resource, 'id'), textAt(resource, 'email')]) if (text !== undefined) this.keys.set(canonicalIdentity(text), keys);
    }
  }

  read(resource: Resource): ProxyRule {
    const priority = numberAt(resource, 'priority');
    const profile = textAt(resource, 'basic_profile');
    const isThere = flagAt(resource, 'enabled');
    const base = { resource, ...(priority === undefined ? {} : { priority }), allows: isThere !== false && profile !== 'DENY', denies: isThere === true && profile === 'DENY' };
    const text = this.textOf(resource, 'session_matcher');
    if (text === undefined) return { ...base, ...this.hiddenHosts(resource) };
    const session = parseMatcher(text);
    const inside = this.textOf(resource, 'application_matcher');
    const isAskedMore = inside !== undefined || hiddenAt(resource, 'application_matcher') !== undefined;
    // What is in a tunnel that nobody inspects no such condition sees, and Google does not say that the rule is then for none.
    const application = inside !== undefined && flagAt(resource, 'tls_inspection_enabled') === true ? parseMatcher(inside) : undefined;
    const unknown = [session, application].flatMap((matcher) => (matcher ? namesIn(matcher, 'list') : [])).map((name) => this.listed(name).unknown).find((each) => each !== undefined);
    // A list that is not known, or not whole, may have what a refusal of all others leaves.
    const denies = base.denies && !isAskedMore && unknown === undefined;
    return { ...base, denies, session, ...(denies ? { passed: parseMatcher(text, true) } : {}), ...(application ? { application } : {}), hosts: [], ...(unknown === undefined ? {} : { unknown }) };
  }

  /** What a caller may reach by rules in the order of their priority. */
  hostsFor(rules: readonly ProxyRule[], caller: Caller): readonly AllowedHost[] {
    const meaning: Meaning = { calls: (asked) => this.calls(asked, caller), listed: (name) => this.listed(name).hosts };
    const refusals = rules.flatMap((rule) => (rule.denies && rule.session && rule.passed && rule.priority !== undefined
      ? [{ priority: rule.priority, refused: reached(rule.session, meaning, 'must'), left: reached(rule.passed, meaning, 'may') }] : []));
    const found: AllowedHost[] = [];
    for (const rule of rules) {
      if (!rule.allows) continue;
      const { priority, resource } = rule;
      const before = refusals.filter((each) => priority !== undefined && each.priority < priority);
      const allowed = before.reduce((open, { refused, left }) => meet(open.filter((each) => !refused.some((host) => isWithin(each, host))), left, 'may'), may(rule, meaning));
      found.push(...onPorts(allowed).map(({ host, ports }): AllowedHost => {
        const refused = before.flatMap((each) => each.refused).filter((each) => isWithin({ host: each.host, ports }, each)).map((each) => each.host);
        return { host, protocol: 'any', ports, ...refusedBelow(host, refused), rule: resource.address };
      }));
    }
    return found;
  }

  /** Why more may get through. */
  unknownFor(rules: readonly ProxyRule[], caller: Caller): string | undefined {
    const meaning: Meaning = { calls: (asked) => this.calls(asked, caller), listed: () => ['*'] };
    return rules.find((rule) => rule.allows && rule.unknown !== undefined && (!rule.session || may(rule, meaning).length > 0))?.unknown;
  }

  /** Whether some rule tells callers apart, and by what. */
  asks(rules: readonly ProxyRule[], what: Asked['what']): boolean {
    return rules.some(({ session, application }) => [session, application].some((matcher) => matcher !== undefined && namesIn(matcher, what).length > 0));
  }

  /** Whether somebody of whom nothing is true that a rule may ask of callers gets something by it. */
  isForAnybody(rule: ProxyRule): boolean {
    return rule.session !== undefined && may(rule, { calls: () => 'no', listed: (name) => this.listed(name).hosts }).length > 0;
  }

  private calls({ what, text }: Asked, { ranges, secureTags, accounts, isSeen }: Caller): 'yes' | 'no' | 'maybe' {
    if (what === 'range') {
      const [own, asked] = [addressesOf(ranges, 4), addressesOf([text], 4)];
      if (isEmpty(own)) return 'maybe';
      return includes(asked, own) ? 'yes' : isEmpty(intersect(asked, own)) ? 'no' : 'maybe';
    }
    const { kind } = matchKeys(this.keysOf(text), what === 'tag' ? secureTags : accounts);
    return kind === 'no' ? 'no' : kind === 'yes' && isSeen ? 'yes' : 'maybe';
  }

  private keysOf(text: string): Keys {
    const key = canonicalIdentity(text);
    let keys = this.keys.get(key);
    if (!keys) this.keys.set(key, (keys = this.keysElsewhere(text)));
    return keys;
  }

  private keysElsewhere(text: string): Keys {
    // An account that the plan makes has its address only then: its name tells it.
    const name = /^([^@]+)@.+\.iam\.gserviceaccount\.com$/.exec(text)?.[1];
    const made = name === undefined ? [] : [...this.byAddress.values()].filter((each) => each.type === ACCOUNTS && textAt(each, 'email') === undefined && (textAt(each, 'account_id') ?? name) === name);
    return { ...NO_KEYS, sure: new Set([canonicalIdentity(text)]), maybe: new Set(made.map(({ address }) => address)) };
  }

  /** The text, with addresses in the place of a synthesized stack's references; undefined where something else is hidden in it. */
  private textOf(rule: Resource, path: string): string | undefined {
    const text = textAt(rule, path);
    if (text !== undefined) return text;
    const template = templateText(rule.configExpression(path))?.replace(REFERENCE, (whole, address: string) => (this.byAddress.has(address) ? address : whole));
    return template === undefined || /[$%]\{/.test(template) ? undefined : template;
  }

  /** A plan tells of an expression that it does not know at least the lists that it refers to. */
  private hiddenHosts(rule: Resource): { readonly hosts: readonly string[]; readonly unknown: string } {
    const hidden = hiddenAt(rule, 'session_matcher');
    const named = rule.references('session_matcher', { types: [LISTS] }).targets;
    const hosts = templateText(rule.configExpression('session_matcher')) === undefined ? named.flatMap((list) => hostsOf(list).hosts) : [];
    return { hosts, unknown: hidden ?? `${rule.address} has no session_matcher` };
  }

  private listed(name: string): Listed {
    let listed = this.byName.get(name);
    if (!listed) this.byName.set(name, (listed = this.listNamed(name)));
    return listed;
  }

  private listNamed(name: string): Listed {
    const list = this.byAddress.get(name) ?? this.lists.find((each) => textAt(each, 'id') === name || textAt(each, 'name') === baseName(name)) ?? this.byAddress.get(baseName(name));
    return list?.type === LISTS ? hostsOf(list) : { hosts: [], unknown: `url list ${name} is not in the plan` };
  }
}

function may(rule: ProxyRule, meaning: Meaning): readonly HostPorts[] {
  if (!rule.session) return rule.hosts.map((host) => ({ host, ports: [] }));
  return reached(rule.application ? { is: 'all', of: [rule.session, rule.application] } : rule.session, meaning, 'may');
}

/** Each host once, with all of its ports. */
function onPorts(hosts: readonly HostPorts[]): readonly HostPorts[] {
  const found = new Map<string, readonly number[]>();
  for (const { host, ports } of hosts) {
    const known = found.get(host);
    found.set(host, ports.length === 0 || known?.length === 0 ? [] : [...(known ?? []), ...ports]);
  }
  return [...found].map(([host, ports]) => ({ host, ports: [...new Set(ports)].sort((a, b) => a - b) }));
}

function templateText(expression: unknown): string | undefined {
  if (typeof expression !== 'object' || expression === null || !('constant_value' in expression)) return undefined;
  return typeof expression.constant_value === 'string' ? expression.constant_value : undefined;
}

/** `*example.com` means the name and all below it. https://cloud.google.com/secure-web-proxy/docs/url-list-syntax-reference */
function hostsOf(list: Resource): Listed {
  const { values, unknown } = textsAt(list, 'values');
  const hosts = values.map((value) => {
    // A path does not limit what a tunnel may carry.
    const host = (value.split('/')[0] as string).toLowerCase();
    return /^\*[^.]/.test(host) ? `.${host.slice(1)}` : host;
  });
  return { hosts, ...(unknown === undefined ? {} : { unknown }) };
}
