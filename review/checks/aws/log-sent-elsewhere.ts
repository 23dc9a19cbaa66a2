/** Where network logs go, and where the policy file says that they go. */
import type { AwsModel } from '../../model/aws/model';
import { strangePlaces } from '../../model/aws/log-stores';
import { environmentsOf } from '../../model/aws/planned-environments';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'log-sent-elsewhere',
  title: 'network log that goes to a place which the policy file does not name',
  severity: 'medium',
  why: 'Logs hold what workloads choose: each name that is asked for is in the query log, refused ones too. Whoever gets the log gets what these names say.',
  fix: 'Send it to what the plan makes, or write the bucket or the stream into logs of the policy file.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs.html', 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-cross-account-delivery.html'],
  comparable: [],
  *run({ model, policy }) {
    const here = environmentsOf(model, policy);
    if (here.length === 0) return;
    const agreed = new Set(here.flatMap(({ environment: { logs } }) => ('bucketArn' in logs && logs.bucketArn !== undefined ? [logs.bucketArn] : 'streamArn' in logs ? [logs.streamArn] : [])).map(nameIn));
    for (const { writer, text } of strangePlaces(model)) {
      if (!agreed.has(nameIn(text))) yield { address: writer.address, message: `${writer.address} sends records to ${text}, which neither the plan makes nor the policy names` };
    }
  },
};

/** Of `arn:aws:s3:::name/folder` and `arn:aws:firehose:…:deliverystream/name` the name; of a name itself. */
function nameIn(text: string): string {
  return text.replace(/^arn:[^:]*:s3:::([^/]*).*$/, '$1').replace(/^arn:[^:]*:firehose:.*:deliverystream\//, '');
}
