/**
 * The file cannot be reviewed. The message says what the file is, what was expected and the way
 * out; it never quotes the file, because a plan holds secrets. The command line exits with 2.
 */
export class PlanInputError extends Error {
  constructor(
    /** The file's name as the caller gave it. */
    readonly file: string,
    /** What the file is, in lower case. */
    readonly what: string,
    /** What to do instead. */
    readonly wayOut: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${printable(file)}: ${what}; ${wayOut}`, options);
    this.name = 'PlanInputError';
  }
}

/** A file's name may hold terminal control characters, or be as long as its author likes. */
export function printable(text: string, longest = 300): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
