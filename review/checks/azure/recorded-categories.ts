/** What a diagnostic setting records, by category or group of categories. */
import type { Resource } from '../../plan/resource-graph';
import { text } from '../../model/azure/read';

export function recordedCategories(setting: Resource): readonly (string | undefined)[] {
  return ['enabled_log', 'log'].flatMap((block) => setting.elements(block).flatMap((path) => [text(setting, [...path, 'category']), text(setting, [...path, 'category_group'])]));
}
