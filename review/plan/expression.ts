/** What an expression names, read once. */
import { child } from './attribute-path';
import { isList, isObject, own, ownTexts, type Json, type JsonObject } from './json';
import { OWN_NAMES } from './identity';
import { parseReference, primaryReferences, referenceOf, type Reference, type ResourceReference, type Rest } from './reference';
import { parseTemplate } from './template';
import { printTraversal } from './traversal';

/** `aws_subnet.a.id` */
export interface DirectReference {
  readonly reference: ResourceReference;
  readonly attribute: string;
}

/** What an expression mentions, before anything is looked up. */
export interface Named {
  readonly references: readonly Reference[];
  /** True when each of them is meant; otherwise a condition or a function may pick. */
  readonly all: boolean;
  /** True when the instance's own key or number plays a part. */
  readonly keyed: boolean;
  /** What is left of the path behind a template's one reference: `id` of `${aws_vpc.main}`. */
  readonly behind: Rest;
  /** Why references may be missing. */
  readonly unknown?: string;
  /** Set where there is one reference, to the id or a name of a resource: it leads there and no further. */
  readonly direct?: DirectReference;
}

export const NO_NAMES: Named = { references: [], all: true, keyed: false, behind: [] };

/** Reads expressions; remembers each by its object, because a thousand instances share one. */
export class ExpressionReader {
  private readonly read = new Map<JsonObject, Named>();

  /** What the expression names below a path: of a template only the part at the path, of other expressions everything. */
  names(expression: JsonObject, rest: Rest): Named {
    const constant = own(expression, 'constant_value');
    const flat = own(expression, 'references');
    if (constant !== undefined && isList(flat)) {
      if (rest.length > 0) return templateNames(constant, rest);
      return this.keep(expression, () => templateNames(constant));
    }
    if (!isList(flat)) return NO_NAMES;
    return this.keep(expression, () => flatNames(ownTexts(expression, 'references') ?? []));
  }

  private keep(expression: JsonObject, read: () => Named): Named {
    let named = this.read.get(expression);
    if (!named) this.read.set(expression, (named = read()));
    return named;
  }
}

function flatNames(texts: readonly string[]): Named {
  const primary = primaryReferences(texts);
  return gathered(primary.map((text) => ({ text, reference: parseReference(text) })), primary.length <= 1, false);
}

/**
 * What the templates in a constant name below a path. A template that is not written out as far as
 * the path leads stands for all below it.
 */
export function templateNames(constant: Json, rest: Rest = []): Named {
  let part = constant;
  let depth = 0;
  for (; depth < rest.length && typeof part !== 'string'; depth += 1) part = child(part, rest[depth] as string | number) ?? null;
  const found: { text: string; reference: Reference | undefined }[] = [];
  let plain = true;
  let incomplete = false;
  const visit = (value: Json): void => {
    if (typeof value === 'string') {
      const template = parseTemplate(value);
      plain &&= template.plain;
      incomplete ||= template.incomplete;
      for (const steps of template.traversals) found.push({ text: printTraversal(steps), reference: referenceOf(steps) });
    } else if (isList(value)) value.forEach(visit);
    else if (isObject(value)) Object.values(value).forEach(visit);
  };
  visit(part);
  if (found.length === 0 && !incomplete) return NO_NAMES;
  const named = gathered(found, plain, incomplete);
  return plain && found.length === 1 ? { ...named, behind: rest.slice(depth) } : named;
}

function gathered(found: readonly { text: string; reference: Reference | undefined }[], all: boolean, incomplete: boolean): Named {
  const references = found.flatMap(({ reference }) => (reference ? [reference] : []));
  const odd = found.find(({ reference }) => !reference);
  const unknown = incomplete ? 'a template nests too deep to be read' : odd ? `'${odd.text}' is no reference that this review knows` : undefined;
  const direct = references.length === 1 && unknown === undefined ? directOf(references[0] as Reference) : undefined;
  return {
    references,
    all,
    behind: [],
    ...(direct ? { direct } : {}),
    keyed: references.some(({ kind }) => kind === 'each.key' || kind === 'each.value' || kind === 'count.index'),
    ...(unknown === undefined ? {} : { unknown }),
  };
}

/** A data source may be a search, and something that is only passed through leads elsewhere: neither is direct. */
function directOf(reference: Reference): DirectReference | undefined {
  if (reference.kind !== 'resource' || reference.mode !== 'managed') return undefined;
  const [attribute] = reference.rest;
  if (typeof attribute !== 'string' || !OWN_NAMES.has(attribute)) return undefined;
  return { reference, attribute };
}
