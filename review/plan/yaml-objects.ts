/** Objects of Kubernetes in text: YAML as the API server's clients read it, with merge keys, and JSON, which is YAML. */
import { LineCounter, parseAllDocuments, type Document, type ParsedNode } from 'yaml';
import { isObject, own, ownObjects, ownText, isList, type Json, type JsonObject } from './json';

const OPTIONS = { uniqueKeys: true, logLevel: 'silent', merge: true } as const;

/** The documents of a text, and where in it something stands. */
export function yamlDocuments(text: string): { readonly documents: readonly Document.Parsed<ParsedNode>[]; readonly lines: LineCounter } {
  const lines = new LineCounter();
  return { documents: parseAllDocuments(text, { ...OPTIONS, lineCounter: lines }) as Document.Parsed<ParsedNode>[], lines };
}

/** @throws for aliases that unfold without end */
export function valueOf(document: Document.Parsed<ParsedNode>): Json {
  return document.toJS({ maxAliasCount: 100 }) as Json;
}

/** @returns nothing for what is not text, and for text that holds no objects */
export function objectsInText(text: Json | undefined): readonly JsonObject[] | undefined {
  if (typeof text !== 'string') return undefined;
  const { documents } = yamlDocuments(text);
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  try {
    return documents.map(valueOf).filter(isObject);
  } catch {
    return undefined;
  }
}

/** A list of objects stands for its items, which may leave out what the list says of all of them. */
export function itemsOf(object: JsonObject): readonly JsonObject[] {
  const kind = ownText(object, 'kind');
  if (kind?.endsWith('List') !== true || !isList(own(object, 'items'))) return [object];
  const [, single] = /^(.+)List$/.exec(kind) ?? [];
  return ownObjects(object, 'items').flatMap((item) => itemsOf(ownText(item, 'kind') !== undefined || single === undefined ? item : { ...item, kind: single, apiVersion: ownText(item, 'apiVersion') ?? ownText(object, 'apiVersion') ?? '' }));
}
