/** The graph's main question: which resources does this value point to? */
import { printPath, type AttributePath } from './attribute-path';
import { accountOf, isSameAccount, ownerIn } from './accounts';
import { awsRegionOf } from './aws-region';
import { isExpression, type ConfiguredResource } from './configuration';
import { originsAt, type Origins } from './expression-path';
import type { GraphResource } from './graph-resource';
import { BLOCK_ATTRIBUTES, looksLikeIdentity, NAMES } from './identity';
import type { IdentityIndex } from './identity-index';
import { isList, own, type JsonObject } from './json';
import type { ProviderAccounts, ProviderRegions } from './provider-settings';
import type { Resolver } from './resolver';
import { linksTo, merge, NOTHING, union, unknown, whole, withLikely, withUnknown, type Answers, type Resolution } from './resolution';
import type { ReferenceLink, References, Resource } from './resource-graph';
import { leaves, type Leaf } from './value-marks';

/** What a lookup works with. */
export interface LookupParts {
  readonly identities: () => IdentityIndex;
  readonly resolver: Resolver;
  readonly answers: Answers;
  readonly regions: ProviderRegions | undefined;
  readonly accounts: ProviderAccounts | undefined;
  /** What the file is, for messages: `plan`, `state`. */
  readonly file: string;
}

/** The last resolution of an attribute during one question. */
interface Kept {
  readonly from: Origins;
  readonly isKnown: boolean;
  readonly resolution: Resolution;
}

export class ReferenceLookup {
  /** Ids that were asked for and are of nothing in the file. */
  readonly strangers = new Set<string>();
  private readonly strange = new Map<string, Resolution>();
  private readonly byLinks = new Map<readonly ReferenceLink[], Resolution>();

  constructor(private readonly parts: LookupParts) {}

  references(resource: GraphResource, path: AttributePath, types: readonly string[] | undefined): References {
    const expression = simplyUnknown(resource, path);
    if (expression) {
      const { config, module } = resource.surroundings;
      const resolution = this.parts.resolver.expression(expression, [], module, config as ConfiguredResource, resource.key);
      return this.answered(pointsNowhere(resolution) ? this.untold(path) : resolution, path, types);
    }
    const found: Resolution[] = [];
    const kept = new Map<string, Kept>();
    let open: AttributePath | undefined;
    for (const leaf of leaves(path, resource.rawAt(path), resource.unknownBelow(path), resource.sensitiveBelow(path))) {
      // Somebody who asks for a whole block does not mean its protocol to be an id.
      const isAsked = isElement(leaf.path, path);
      if (leaf.text !== undefined) {
        found.push(this.known(resource, leaf.path, leaf.text, types, kept, isAsked));
        continue;
      }
      const handed = this.handed(leaf);
      if (handed) {
        found.push(handed);
        continue;
      }
      const resolution = this.configured(resource, leaf.path, kept);
      found.push(pointsNowhere(resolution) ? this.untold(leaf.path) : resolution);
      if (isAsked) open ??= leaf.path;
    }
    return this.answered(union(found, true), open, types);
  }

  /** @param open the part of what was asked for that is not known. */
  private answered(resolution: Resolution, open: AttributePath | undefined, types: readonly string[] | undefined): References {
    const answer = this.parts.answers.answer(resolution, types);
    if (!open || answer.unknown !== undefined || answer.links.length > 0) return answer;
    return { ...answer, exact: false, unknown: `${printPath(open)} is not known, and refers to nothing of the wanted type` };
  }

  /** What one text or unknown place points to, before types are asked for. */
  leaf(resource: GraphResource, leaf: Leaf): Resolution {
    const kept = new Map<string, Kept>();
    return leaf.text === undefined ? this.handed(leaf) ?? whole(this.configured(resource, leaf.path, kept)) : this.known(resource, leaf.path, leaf.text, undefined, kept, false);
  }

  /**
   * What has the very id that a parameter or a secret hands on: the plan has it, and marks it as sensitive.
   * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/ssm_parameter#value-1
   */
  private handed({ handed }: Leaf): Resolution | undefined {
    if (handed === undefined) return undefined;
    const links = this.parts.identities().identified(handed);
    if (links.length > 0) return this.identified(links);
    this.strangers.add(handed);
    return undefined;
  }

  /** A text that the plan knows: an id of something in it, a name, or an id of something elsewhere. */
  private known(resource: GraphResource, path: AttributePath, text: string, types: readonly string[] | undefined, kept: Map<string, Kept>, isAsked: boolean): Resolution {
    const index = this.parts.identities();
    const identified = this.near(resource, text, index.identified(text));
    if (identified.length > 0) return this.ofFile(resource, path, text, this.identified(identified));
    const composed = this.ofItsOwner(text, index.composed(text));
    if (composed.length > 0) {
      const found = linksTo(composed, !isOneThing(composed));
      // Two configurations of a provider may be two subscriptions, and then the id is of something else. The address of an account says its project itself.
      const isAccount = text.includes('@');
      const isNear = composed.every((link) => accountOf(link.resource, this.parts.accounts) === ownerIn(text) || (!isAccount && link.resource.providerConfig === resource.providerConfig));
      return isNear ? found : withUnknown(found, `${printPath(path)} may be ${isAccount ? 'an account of another project' : 'an id of another subscription'}`);
    }
    const configured = resource.surroundings.config ? whole(this.configured(resource, path, kept, true), types) : NOTHING;
    const named = this.near(resource, text, index.named(text, types ?? [...new Set(configured.links.map((link) => link.resource.type))]));
    if (configured.links.some((link) => !types || types.includes(link.resource.type))) {
      const both = common(named, configured.links);
      return both.length > 0 ? linksTo(both) : withLikely(configured, configured.likely ?? configured.links);
    }
    const depended = named.filter((link) => resource.dependsOn(link.resource));
    if (depended.length > 0) return linksTo(depended);
    if (named.length > 0) return this.ofFile(resource, path, text, { ...linksTo(named), widened: [`${printPath(path)} is matched by name`] });
    if (!isAsked && !looksLikeIdentity(text)) return NOTHING;
    this.strangers.add(text);
    return this.elsewhere(path);
  }

  /** Without what is known to be in another subscription, or project, than the id says. */
  private ofItsOwner(id: string, links: readonly ReferenceLink[]): readonly ReferenceLink[] {
    if (links.length === 0) return links;
    const owner = ownerIn(id);
    return links.filter((link) => (accountOf(link.resource, this.parts.accounts) ?? owner) === owner);
  }

  /** Without what has the name in another region of AWS: a name is a region's. An id that AWS gave is that of one thing, wherever it is. */
  private near(resource: GraphResource, text: string, links: readonly ReferenceLink[]): readonly ReferenceLink[] {
    if (links.length === 0 || looksLikeIdentity(text)) return links;
    return this.inRegion(resource, text, resource.file === '' ? links : this.ofAccount(resource, text, links));
  }

  /** Of several things that somebody gave one name those of the own file; else those of which nothing tells that they are another account's. */
  private ofAccount(resource: Resource, text: string, links: readonly ReferenceLink[]): readonly ReferenceLink[] {
    if (!links.every((link) => isCalled(link.resource, text))) return links;
    const own = links.filter((link) => link.resource.file === resource.file);
    return own.length > 0 ? own : links.filter((link) => isSameAccount(resource, link.resource, this.parts.accounts) ?? true);
  }

  /** A name in another file may be one of another account, where nothing tells that it is not. */
  private ofFile(resource: GraphResource, path: AttributePath, text: string, found: Resolution): Resolution {
    const isFar = resource.file !== '' && found.links.every((link) => isCalled(link.resource, text) && link.resource.file !== resource.file && isSameAccount(resource, link.resource, this.parts.accounts) === undefined);
    return isFar ? withUnknown(found, `${printPath(path)} is a name that another file has, perhaps of another account`) : found;
  }

  private inRegion(resource: GraphResource, text: string, links: readonly ReferenceLink[]): readonly ReferenceLink[] {
    const { regions } = this.parts;
    const region = awsRegionOf(resource, regions);
    if (region === undefined) return links;
    const near = links.filter((link) => (awsRegionOf(link.resource, regions) ?? region) === region || !isCalled(link.resource, text));
    return near.length === links.length ? links : near;
  }

  /** Kept: of a network everything in it has the id. */
  private identified(links: readonly ReferenceLink[]): Resolution {
    let found = this.byLinks.get(links);
    if (!found) this.byLinks.set(links, (found = linksTo(links, !isOneThing(links))));
    return found;
  }

  private untold(path: AttributePath): Resolution {
    return unknown(`${printPath(path)} is not known, and nothing says what it refers to`);
  }

  /** Kept by path, so that a thousand rules with foreign ids share one answer. */
  private elsewhere(path: AttributePath): Resolution {
    const key = printPath(path);
    let found = this.strange.get(key);
    if (!found) this.strange.set(key, (found = unknown(`${key} is the id of nothing in this ${this.parts.file}`)));
    return found;
  }

  /** What the configuration says. With `isKnown` the value is, so that a missing expression hides nothing. */
  private configured(resource: GraphResource, path: AttributePath, kept: Map<string, Kept>, isKnown = false): Resolution {
    const { config, module } = resource.surroundings;
    if (!config) return isKnown ? NOTHING : unknown(`${printPath(path)} is not known`);
    const from = originsAt(resource.shape(config.expressions), path);
    if (from.unset) return isKnown ? NOTHING : unknown(`the provider decides ${printPath(path)} during apply`);
    const { resolver } = this.parts;
    // Elements of one block often share all of its expressions.
    const earlier = kept.get(String(path[0]));
    if (earlier && earlier.isKnown === isKnown && sameOrigins(earlier.from, from)) return earlier.resolution;
    let resolution = union(from.origins.map(({ expression, rest }) => resolver.expression(expression, rest, module, config, resource.key)), from.all);
    if (from.missing !== undefined && !isKnown) {
      const named = resolution.likely ?? resolution.links;
      resolution = withLikely(union([resolution, resolver.anywhere(module, from.missing)], false), named);
    }
    kept.set(String(path[0]), { from, isKnown, resolution });
    return resolution;
  }
}

/** Whether somebody gave it the name, as many kinds have it for their id: `tgw-attach-…` and the like are nobody's choice. */
function isCalled({ values }: Resource, text: string): boolean {
  return NAMES.some((attribute) => own(values, attribute) === text);
}

/**
 * The expression behind an attribute of which nothing is known and which is no block: all that
 * there is to look at, so that no value has to be walked and no block matched. Of a write-only
 * argument a plan never shows more than null.
 * https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
 */
function simplyUnknown(resource: GraphResource, path: AttributePath): JsonObject | undefined {
  const [attribute] = path;
  const { config } = resource.surroundings;
  if (path.length !== 1 || !config || typeof attribute !== 'string' || BLOCK_ATTRIBUTES.has(attribute)) return undefined;
  const value = own(resource.after, attribute);
  const isUnseen = attribute.endsWith('_wo') && (value ?? null) === null;
  if (!isUnseen && (own(resource.unknown, attribute) !== true || isList(value))) return undefined;
  const expression = own(config.expressions, attribute);
  return isExpression(expression) ? expression : undefined;
}

/** A resource and the data sources that read it are one thing; two resources with the same id are not. */
function isOneThing(links: readonly ReferenceLink[]): boolean {
  if (links.length === 1) return true;
  return links.filter((link) => link.resource.mode === 'managed').length <= 1 && new Set(links.map((link) => link.resource.type)).size === 1;
}

function pointsNowhere({ links, scopes, unknown: reasons }: Resolution): boolean {
  return links.length === 0 && scopes.length === 0 && reasons.length === 0;
}

/** True for the path itself, and for elements of its list. */
function isElement(leaf: AttributePath, path: AttributePath): boolean {
  for (let at = path.length; at < leaf.length; at += 1) if (typeof leaf[at] !== 'number') return false;
  return true;
}

function sameOrigins(one: Origins, other: Origins): boolean {
  return one.missing === other.missing && one.all === other.all && one.origins.length === other.origins.length
    && one.origins.every(({ expression, rest }, index) => {
      const another = other.origins[index];
      return another?.expression === expression && another.rest.length === rest.length && rest.every((step, at) => another.rest[at] === step);
    });
}

function common(named: readonly ReferenceLink[], configured: readonly ReferenceLink[]): readonly ReferenceLink[] {
  if (named.length === 0) return named;
  const resources = new Set(configured.map((link) => link.resource));
  return merge([named.filter((link) => resources.has(link.resource))]);
}
