/** Which settings provider blocks have. Their values can be credentials, and are left unread but for regions and accounts. */
import { blockBodies, isList, isObject, own, ownObject, ownText, ownTexts, type Json, type JsonObject } from './json';

/** Names of settings by provider block of the root module: `aws`, `aws.west`. */
export type ProviderSettings = ReadonlyMap<string, readonly string[]>;

/** @returns undefined when the file has no configuration, as a state. */
export function providerSettings(document: JsonObject, kind: string): ProviderSettings | undefined {
  const configuration = ownObject(document, 'configuration');
  if (kind !== 'synthesized' && !configuration) return undefined;
  const blocks = kind === 'synthesized' ? blockBodies(own(document, 'provider')).flatMap(blocksOf) : expressionsOf(ownObject(configuration, 'provider_config') ?? {});
  return new Map(blocks.map(([key, block]) => [key, set(block)]));
}

/** The region of each provider block that says one, for what names none itself: by `google` or `google.us`. */
export type ProviderRegions = ReadonlyMap<string, string>;

export function providerRegions(document: JsonObject, kind: string): ProviderRegions {
  return toldByBlocks(document, kind, (block) => block.text('region'));
}

/** The account of AWS, project of Google or subscription of Azure of each provider block that says one, by the same names. */
export type ProviderAccounts = ReadonlyMap<string, string>;

export function providerAccounts(document: JsonObject, kind: string): ProviderAccounts {
  return toldByBlocks(document, kind, ({ text, block }) => text('subscription_id')?.toLowerCase() ?? text('project') ?? accountOfAws(block));
}

/** The one account that the block allows, or that of the role that it takes. */
function accountOfAws(block: JsonObject): string | undefined {
  const written = (node: Json | undefined): Json | undefined => (isObject(node) && Object.hasOwn(node, 'constant_value') ? own(node, 'constant_value') : node);
  const allowed = written(own(block, 'allowed_account_ids'));
  if (isList(allowed)) return allowed.length === 1 && typeof allowed[0] === 'string' ? allowed[0] : undefined;
  const [role] = blockBodies(own(block, 'assume_role')).map((each) => written(own(each, 'role_arn')));
  return typeof role === 'string' ? /^arn:[\w-]+:iam::(\d+):/.exec(role)?.[1] : undefined;
}

interface ToldBlock {
  readonly block: JsonObject;
  /** What is written out, or what the root module's variable was given. */
  text(name: string): string | undefined;
}

function toldByBlocks(document: JsonObject, kind: string, told: (block: ToldBlock) => string | undefined): ReadonlyMap<string, string> {
  const blocks = kind === 'synthesized'
    ? blockBodies(own(document, 'provider')).flatMap(blocksOf).map(([key, block]) => [key, { block, text: (name: string) => ownText(block, name) }] as const)
    : expressionsOf(ownObject(ownObject(document, 'configuration'), 'provider_config') ?? {}).map(([key, block]) => [key, { block, text: (name: string) => valueOf(ownObject(block, name), document) }] as const);
  return new Map(blocks.flatMap(([key, block]) => {
    const value = told(block);
    return value === undefined || value.includes('${') ? [] : [[key, value] as const];
  }));
}

function valueOf(expression: JsonObject | undefined, document: JsonObject): string | undefined {
  const [name, ...others] = ownTexts(expression, 'references') ?? [];
  if (name === undefined) return ownText(expression, 'constant_value');
  const variable = others.length === 0 ? /^var\.(\w+)$/.exec(name)?.[1] : undefined;
  return variable === undefined ? undefined : ownText(ownObject(ownObject(document, 'variables'), variable), 'value');
}

/** `{aws: {…}}` or `{aws: [{…}, {alias: west, …}]}`, as JSON syntax has it. */
function blocksOf(providers: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.entries(providers).flatMap(([name, blocks]) => blockBodies(blocks).map((block) => {
    const alias = ownText(block, 'alias');
    return [alias === undefined ? name : `${name}.${alias}`, block] as const;
  }));
}

/** As a plan has it; the keys of modules' own blocks begin with the module. */
function expressionsOf(providers: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.entries(providers).filter(([key]) => !key.includes(':')).map(([key, block]) => [key, ownObject(block, 'expressions') ?? {}]);
}

function set(settings: JsonObject): readonly string[] {
  return Object.entries(settings).filter(([, value]) => isGiven(value)).map(([name]) => name).sort();
}

function isGiven(value: Json): boolean {
  return value !== null && !(isObject(value) && own(value, 'constant_value') === null);
}
