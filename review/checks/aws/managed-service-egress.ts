/** Services of AWS that deliver to hosts outside by themselves, past every network. */
import type { PathLike } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import type { AwsModel } from '../../model/aws/model';
import { isSet, textAt } from '../../model/aws/read';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'managed-service-egress',
  title: 'service that delivers to hosts outside',
  severity: 'low',
  why: 'AWS delivers from a network of its own: who may publish an event, a message or a record sends it out, and no group, route or firewall sees it.',
  fix: 'Take the delivery away, or deliver to a queue and let a workload behind the firewall fetch it; accept what is meant in egress-review.yaml.',
  references: [
    'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html',
    'https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html',
    'https://docs.aws.amazon.com/vpc/latest/mirroring/what-is-traffic-mirroring.html',
  ],
  comparable: [],
  *run({ model }) {
    for (const [type, path] of DELIVERIES) {
      for (const resource of model.graph.ofType(type)) {
        if (!isSet(resource, path) || !delivers(resource)) continue;
        const host = hostOf(textAt(resource, path));
        if (host === undefined || !/(^|\.)amazonaws\.com(\.cn)?$/.test(host)) yield { address: resource.address, message: `${resource.address} delivers to ${host ?? 'a host that the plan does not tell'}` };
      }
    }
    for (const session of model.graph.ofType('aws_ec2_traffic_mirror_session')) yield { address: session.address, message: `${session.address} copies packets to a target that sees all of them`, severity: 'medium' };
  },
};

const DELIVERIES: readonly (readonly [type: string, path: PathLike])[] = [
  ['aws_cloudwatch_event_api_destination', 'invocation_endpoint'],
  ['aws_sns_topic_subscription', 'endpoint'],
  ['aws_transfer_connector', 'url'],
  ['aws_kinesis_firehose_delivery_stream', ['http_endpoint_configuration', 0, 'url']],
  ['aws_kinesis_firehose_delivery_stream', ['splunk_configuration', 0, 'hec_endpoint']],
];

/** Of subscriptions only those by HTTP go anywhere. */
function delivers(resource: Resource): boolean {
  return resource.type !== 'aws_sns_topic_subscription' || /^https?$/.test(textAt(resource, 'protocol') ?? 'https');
}

function hostOf(url: string | undefined): string | undefined {
  return /^[a-z0-9+.-]+:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]+)/i.exec(url ?? '')?.[1]?.toLowerCase();
}
