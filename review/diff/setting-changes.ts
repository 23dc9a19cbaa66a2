/** What became of the settings of a resource that is there before and after. */
import type { AttributePath } from '../plan/attribute-path';
import { isList } from '../plan/json';
import type { Resource } from '../plan/resource-graph';
import type { SettingChange } from '../result';

/** One value: what the file has, and how people call it. */
interface Item {
  readonly value?: string;
  /** The addresses of what it points to, or may, before and after a move. */
  readonly addresses: readonly string[];
  readonly text: string;
}

/** @param settings as `Way` has them; values are the ids or addresses of what they point to, sorted. */
export function settingChanges(settings: readonly string[], before: Resource, after: Resource): readonly SettingChange[] {
  return settings.flatMap((text) => {
    const [setting = '', usual] = text.split('=');
    const path = setting.split('.');
    if (isUntouched(path, before, after)) return [];
    const was = itemsAt(before, path, usual);
    const is = itemsAt(after, path, usual);
    // What nobody wrote, and the apply decides, is no change that anybody asked for.
    if (!was || !is || (lacking(was, is).length === 0 && lacking(is, was).length === 0)) return [];
    return [{ setting: path.filter((step) => step !== '*').join('.'), was: textsOf(was), is: textsOf(is) }];
  });
}

/** Most are: the same known value before and after. */
function isUntouched([attribute = '']: readonly string[], before: Resource, after: Resource): boolean {
  if (before.hasUnknown(attribute) || after.hasUnknown(attribute)) return false;
  return JSON.stringify(before.valueAt(attribute) ?? null) === JSON.stringify(after.valueAt(attribute) ?? null);
}

/** Undefined where the provider decides during the apply. */
function itemsAt(resource: Resource, steps: readonly string[], usual: string | undefined): readonly Item[] | undefined {
  const [attribute = ''] = steps;
  if (resource.unknownAt(attribute) !== undefined && resource.isConfigured([]) && !resource.isConfigured(attribute) && steps.length === 1) return undefined;
  const found = pathsAt(resource, steps).flatMap((path) => itemAt(resource, path, usual) ?? []);
  return found.length === 0 && usual !== undefined ? [{ value: usual, addresses: [], text: usual }] : found;
}

/** Of each element of a block, and of each value of a list. */
function pathsAt(resource: Resource, steps: readonly string[]): readonly AttributePath[] {
  let paths: readonly AttributePath[] = [[]];
  for (const step of steps) {
    paths = paths.flatMap((path) => {
      if (step !== '*') return [[...path, step]];
      const elements = resource.elements(path);
      // A block that is not known as a whole stays one.
      return elements.length === 0 && resource.unknownAt(path) !== undefined ? [path] : elements;
    });
  }
  return paths.flatMap((path) => (isList(resource.valueAt(path)) ? resource.elements(path) : [path]));
}

function itemAt(resource: Resource, path: AttributePath, usual: string | undefined): Item | undefined {
  const value = resource.valueAt(path);
  const isKnown = value !== undefined && value !== null;
  if (!isKnown && resource.unknownAt(path) === undefined) return undefined;
  // What is off is as good as not said, unless it is on then.
  if (value === '' || (value === false && usual === undefined)) return undefined;
  if (isKnown && typeof value !== 'string') return { value: String(value), addresses: [], text: String(value) };
  const { exact, targets, likely } = resource.references(path);
  const addresses = targets.flatMap(({ address, previousAddress }) => (previousAddress === undefined ? [address] : [previousAddress, address]));
  const [only] = targets;
  if (exact && only) return { ...(isKnown ? { value } : {}), addresses, text: only.address };
  // Of many that may be meant, what it was is most likely one.
  return isKnown ? { value, addresses: [], text: value } : { addresses, text: likely.length === 0 ? 'not known' : `not known: ${likely.slice(0, MOST_CANDIDATES).map(({ address }) => address).join(' or ')}${likely.length > MOST_CANDIDATES ? ' or another' : ''}` };
}

const MOST_CANDIDATES = 3;

function lacking(items: readonly Item[], others: readonly Item[]): readonly Item[] {
  const known = new Set(others.flatMap(({ value, addresses, text }) => [`=${value ?? ''}`, ...addresses.map((address) => `@${address}`), `~${text}`]));
  return items.filter(({ value, addresses, text }) => !(value !== undefined && known.has(`=${value}`)) && !addresses.some((address) => known.has(`@${address}`)) && !known.has(`~${text}`));
}

function textsOf(items: readonly Item[]): readonly string[] {
  return [...new Set(items.map(({ text }) => text))].sort();
}
