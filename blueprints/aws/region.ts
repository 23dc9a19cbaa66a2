/** What AWS derives from a region's name. */

/**
 * The partition that a region belongs to: the second part of every ARN.
 *
 * Said here and not read with a data source, so that a plan knows each ARN before anything exists.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}
