/** The name of one review among several of a commit: what would replace another's comment or results is told apart by it. */

/** Longest name, in characters: headings and categories hold it whole. */
export const LONGEST_NAME = 80;

/** Whether reports can carry it: it stands in an HTML comment, a heading and a category. */
export function isReportName(name: string): boolean {
  return name.length <= LONGEST_NAME && /^[A-Za-z0-9._]+(?:[/-][A-Za-z0-9._]+)*$/.test(name);
}

/**
 * By this the pull request comment is found again and replaced. Default: the one review of the commit.
 *
 * @throws when the name could end the comment, see `isReportName`
 */
export function commentMarker(name?: string): string {
  if (name !== undefined && !isReportName(name)) throw new Error(`'${name}' is no name of a review`);
  return name === undefined ? '<!-- egress-review -->' : `<!-- egress-review ${name} -->`;
}

/** What code scanning keeps results of one commit apart by. Default: the one review of the commit. */
export function sarifCategory(name?: string): string {
  return name === undefined ? 'egress-review' : `egress-review/${name}`;
}

/** A heading: `Egress review: prod/network`. */
export function reportTitle(name?: string): string {
  return name === undefined ? 'Egress review' : `Egress review: ${name}`;
}
