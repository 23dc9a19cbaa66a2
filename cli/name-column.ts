/** One column for the names of stacks in lists of them. */

/** Pads names of stacks to a column of 24 characters, or of the longest one. */
export function nameColumn(stacks: readonly { readonly stack: string }[]): (stack: string) => string {
  const width = Math.max(24, ...stacks.map(({ stack }) => stack.length));
  return (stack) => stack.padEnd(width);
}
