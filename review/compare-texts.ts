/** By code units, whatever the language of the machine: the order of a report is the same everywhere. */
export function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
