/** From a known id in some value to the resource that has it. */
import { isSameAccount } from './accounts';
import { composedIdentity, withoutOwner } from './composed-identity';
import { isList, isObject, own, type Json } from './json';
import { canonicalIdentity, HANDED_OUT, IDENTITIES, NAMES } from './identity';
import type { ProviderAccounts } from './provider-settings';
import type { ReferenceLink, Resource } from './resource-graph';

export class IdentityIndex {
  private readonly identities = new Map<string, ReferenceLink[]>();
  /** By type and name. */
  private readonly names = new Map<string, ReferenceLink[]>();

  constructor(resources: readonly Resource[]) {
    // Every resource of a plan passes here: places in lists instead of iterators, and its values once.
    for (let each = 0; each < resources.length; each += 1) this.read(resources[each] as Resource);
  }

  private read(resource: Resource): void {
    const { values, type } = resource;
    const project = values['project'];
    for (let at = 0; at < IDENTITIES.length; at += 1) {
      const attribute = IDENTITIES[at] as string;
      const value = own(values, attribute);
      // The id of a Shared VPC host is its project's, which is a name of much else.
      if (value !== undefined && value !== project) this.identify(resource, attribute, value);
    }
    if ((own(values, 'id') ?? null) === null) this.identify(resource, 'id', composedIdentity(type, values));
    const handedOut = Object.hasOwn(HANDED_OUT, type) ? HANDED_OUT[type] : undefined;
    for (const path of handedOut ?? []) {
      const [attribute, ...rest] = path.split('.') as [string, ...string[]];
      const value = own(values, attribute);
      if (value !== undefined) for (const found of valuesAt(value, rest)) this.identify(resource, attribute, found);
    }
    for (let at = 0; at < NAMES.length; at += 1) {
      const attribute = NAMES[at] as string;
      const value = own(values, attribute);
      if (value !== undefined) this.name(resource, attribute, value);
    }
  }

  /** Everything that has the id, but for data sources that read what the file itself makes: those are the same thing. */
  identified(text: string): readonly ReferenceLink[] {
    const found = this.identities.get(canonicalIdentity(text)) ?? NONE;
    if (found.length < 2) return found;
    // The default group that is a resource of its own is meant, not the VPC that made it.
    const proper = found.filter((link) => IDENTITIES.includes(link.attribute ?? ''));
    return withoutReaders(proper.length > 0 ? proper : found);
  }

  /** What will have an id of Azure, or an account of Google's the address, as far as its names tell, whatever the subscription or project. */
  composed(text: string): readonly ReferenceLink[] {
    const id = withoutOwner(text);
    return id === undefined ? [] : this.identities.get(canonicalIdentity(id)) ?? [];
  }

  /** What the file itself makes and a data source reads by its names, where one configuration of the provider does both, or two of one account. */
  made(data: Resource, accounts: ProviderAccounts | undefined): Resource | undefined {
    const { type, values, providerConfig } = data;
    const id = composedIdentity(type, values);
    const found = id === undefined ? [] : (this.identities.get(canonicalIdentity(id)) ?? []).filter(({ resource }) => resource.mode === 'managed' && isSameAccount(data, resource, accounts) !== false);
    const [only] = found;
    if (found.length !== 1 || only?.resource.type !== type) return undefined;
    return only.resource.providerConfig === providerConfig || isSameAccount(data, only.resource, accounts) === true ? only.resource : undefined;
  }

  /** Everything of one of the types that has the name. */
  named(text: string, types: readonly string[]): readonly ReferenceLink[] {
    return types.flatMap((type) => this.names.get(nameKey(type, text)) ?? []);
  }

  private identify(resource: Resource, attribute: string, value: Json | undefined): void {
    if (typeof value !== 'string' || value === '' || resource.sensitiveAt([attribute])) return;
    const key = canonicalIdentity(value);
    const found = this.identities.get(key);
    if (!found) this.identities.set(key, [{ resource, attribute }]);
    else if (found.at(-1)?.resource !== resource) found.push({ resource, attribute });
  }

  private name(resource: Resource, attribute: string, value: Json | undefined): void {
    if (typeof value !== 'string' || value === '' || resource.sensitiveAt([attribute])) return;
    const key = nameKey(resource.type, value);
    const found = this.names.get(key);
    if (!found) this.names.set(key, [{ resource, attribute }]);
    else if (found.at(-1)?.resource !== resource) found.push({ resource, attribute });
  }
}

const NONE: readonly never[] = [];

function withoutReaders(links: readonly ReferenceLink[]): readonly ReferenceLink[] {
  if (links.length < 2) return links;
  const made = new Set(links.flatMap(({ resource }) => (resource.mode === 'managed' ? [resource.type] : [])));
  return made.size === 0 ? links : links.filter(({ resource: { mode, type } }) => mode === 'managed' || !(made.has(type) || made.has(type.replace(/^aws_/, 'aws_default_'))));
}

/** Names of Azure do not heed case. https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
function nameKey(type: string, name: string): string {
  return `${type}\n${type.startsWith('azurerm_') ? name.toLowerCase() : name}`;
}

function valuesAt(value: Json | undefined, path: readonly string[]): readonly (Json | undefined)[] {
  const [step, ...rest] = path;
  if (step === undefined) return [value];
  if (step !== '*') return valuesAt(own(value, step), rest);
  if (isList(value)) return value.flatMap((item) => valuesAt(item, rest));
  return isObject(value) ? valuesAt(value, rest) : [];
}
