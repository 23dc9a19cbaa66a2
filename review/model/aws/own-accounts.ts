/** The accounts that a plan is applied in, as far as it tells: by who applies it, and by what it made already. */
import { textAt } from './read';
import type { ResourceGraph } from '../../plan/resource-graph';

/** What says whose it is, and that nobody shares with the plan as its own. */
const OWNED = ['aws_vpc', 'aws_internet_gateway', 'aws_route_table', 'aws_security_group'];
const NAMED = ['aws_iam_role', 'aws_kms_key', 'aws_sns_topic', 'aws_sqs_queue', 'aws_lambda_function', 'aws_cloudwatch_log_group', 'aws_backup_vault', 'aws_ecr_repository', 'aws_db_instance'];
/** Of each kind; the accounts of a plan are few. */
const ASKED = 100;

export function ownAccounts(graph: ResourceGraph): ReadonlySet<string> {
  const texts = [
    ...graph.ofType('aws_caller_identity', 'data').map((identity) => textAt(identity, 'account_id')),
    ...OWNED.flatMap((type) => graph.ofType(type).slice(0, ASKED).map((resource) => textAt(resource, 'owner_id'))),
    ...NAMED.flatMap((type) => graph.ofType(type).slice(0, ASKED).map((resource) => textAt(resource, 'arn')?.split(':')[4])),
  ];
  return new Set(texts.filter((text): text is string => text !== undefined && /^\d{12}$/.test(text)));
}

/** A number by itself, or the fifth part of an ARN, which some kinds leave empty. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function accountIn(text: string): string | undefined {
  return /^(?:arn:[a-z-]+:(?!organizations:)[a-z0-9-]+:[a-z0-9-]*:)?(\d{12})(?::.*)?$/.exec(text)?.[1];
}
