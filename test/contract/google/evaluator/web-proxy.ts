/** What a Secure Web Proxy does with a request: its rules by priority, else no. https://cloud.google.com/secure-web-proxy/docs/cel-matcher-language-reference */
import type { SynthesizedStack } from '../../observation';
import { listOf, reference, resourcesOf, type Resource } from '../reading';
import { covers } from './addresses';

interface Request { readonly source: string; readonly host: string; readonly port: number }

export function proxyDecision(stack: SynthesizedStack, gateway: Resource, request: Request): string {
  const policy = resourcesOf(stack, 'google_network_security_gateway_security_policy').find(({ address }) => address === reference(gateway.config.gateway_security_policy));
  const rules = resourcesOf(stack, 'google_network_security_gateway_security_policy_rule')
    .filter(({ config }) => policy && reference(config.gateway_security_policy) === policy.address && config.enabled !== false)
    .sort((a, b) => a.config.priority - b.config.priority);
  const rule = rules.find(({ config }) => new Condition(stack, config.session_matcher, request).holds());
  return rule?.config.basic_profile === 'ALLOW' ? `allow ${rule.config.name}` : 'deny';
}

/** The part of CEL that rules use: `&&`, `||`, brackets, and the conditions below. @throws Error for anything else. */
class Condition {
  private at = 0;
  private readonly tokens: readonly string[];

  constructor(private readonly stack: SynthesizedStack, text: string, private readonly request: Request) {
    this.tokens = text.match(/&&|\|\||==|!|'[^']*'|"[^"]*"|[A-Za-z.]+\(\)|[A-Za-z.]+|\d+|[(),]/g) ?? [];
  }

  holds(): boolean {
    const result = this.either();
    if (this.at < this.tokens.length) throw new Error(`what is '${this.tokens.slice(this.at).join(' ')}'?`);
    return result;
  }

  private either(): boolean {
    let result = this.every();
    while (this.take('||')) result = this.every() || result;
    return result;
  }

  private every(): boolean {
    let result = this.one();
    while (this.take('&&')) result = this.one() && result;
    return result;
  }

  private one(): boolean {
    if (this.take('(')) {
      const inner = this.either();
      this.expect(')');
      return inner;
    }
    if (this.take('true')) return true;
    if (this.take('inIpRange')) {
      const [, range] = this.arguments();
      return covers(range!, this.request.source);
    }
    if (this.take('inUrlList')) {
      const [, name] = this.arguments();
      const list = resourcesOf(this.stack, 'google_network_security_url_lists').find(({ config }) => name!.endsWith(`/${config.name}`));
      return listOf(list?.config.values).some((value) => matches(String(value), this.request.host));
    }
    if (this.take('destination.port')) {
      this.expect('==');
      return Number(this.next()) === this.request.port;
    }
    if (this.take('host()')) {
      this.expect('==');
      return unquoted(this.next()) === this.request.host;
    }
    throw new Error(`what is '${this.next()}'?`);
  }

  private arguments(): readonly string[] {
    const found: string[] = [];
    this.expect('(');
    do found.push(unquoted(this.next()));
    while (this.take(','));
    this.expect(')');
    return found;
  }

  private next(): string {
    return this.tokens[this.at++] ?? 'the end';
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new Error(`'${token}' expected at '${this.tokens[this.at]}'`);
  }
}

function unquoted(token: string): string {
  return token.replace(/^['"]|['"]$/g, '');
}

/** `*.a.com` is every name below a.com; `*a.com` is a.com, too; any other entry is itself. https://cloud.google.com/secure-web-proxy/docs/url-list-syntax-reference */
function matches(entry: string, host: string): boolean {
  const domain = entry.split('/')[0]!;
  if (domain.startsWith('*.')) return host.endsWith(domain.slice(1)) && host.length > domain.length - 1;
  if (domain.startsWith('*')) return host === domain.slice(1) || host.endsWith(`.${domain.slice(1)}`);
  return host === domain;
}
