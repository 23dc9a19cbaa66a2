/** Which settings provider blocks have. Their values can be credentials, and are left unread. */
import { isList, isObject, own, ownObject, ownText, type Json, type JsonObject } from './json';

/** Names of settings by provider block of the root module: `aws`, `aws.west`. */
export type ProviderSettings = ReadonlyMap<string, readonly string[]>;

/** @returns undefined when the file has no configuration, as a state. */
export function providerSettings(document: JsonObject, kind: string): ProviderSettings | undefined {
  if (kind === 'synthesized') return ofBlocks(ownObject(document, 'provider') ?? {});
  const configuration = ownObject(document, 'configuration');
  return configuration && ofExpressions(ownObject(configuration, 'provider_config') ?? {});
}

/** `{aws: {…}}` or `{aws: [{…}, {alias: west, …}]}`, as JSON syntax has it. */
function ofBlocks(providers: JsonObject): ProviderSettings {
  return new Map(Object.entries(providers).flatMap(([name, blocks]) => (isList(blocks) ? blocks : [blocks]).filter(isObject).map((block) => {
    const alias = ownText(block, 'alias');
    return [alias === undefined ? name : `${name}.${alias}`, set(block)] as const;
  })));
}

/** As a plan has it; the keys of modules' own blocks begin with the module. */
function ofExpressions(providers: JsonObject): ProviderSettings {
  return new Map(Object.entries(providers).filter(([key]) => !key.includes(':')).map(([key, block]) => [key, set(ownObject(block, 'expressions') ?? {})]));
}

function set(settings: JsonObject): readonly string[] {
  return Object.entries(settings).filter(([, value]) => isGiven(value)).map(([name]) => name).sort();
}

function isGiven(value: Json): boolean {
  return value !== null && !(isObject(value) && own(value, 'constant_value') === null);
}
