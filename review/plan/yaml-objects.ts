/** Objects of Kubernetes in an attribute that holds YAML or JSON as text. */
import { parseAllDocuments } from 'yaml';
import { isObject, type Json, type JsonObject } from './json';

/** @returns nothing for what is not text, and for text that holds no objects */
export function objectsInText(text: Json | undefined): readonly JsonObject[] | undefined {
  if (typeof text !== 'string') return undefined;
  const documents = parseAllDocuments(text, { uniqueKeys: true, logLevel: 'silent' });
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  try {
    return documents.map((document) => document.toJS({ maxAliasCount: 100 }) as Json).filter(isObject);
  } catch {
    // Aliases that unfold without end.
    return undefined;
  }
}
