import { LoggingProjectBucketConfig } from '@cdktf/provider-google/lib/logging-project-bucket-config';
import { LoggingProjectSink } from '@cdktf/provider-google/lib/logging-project-sink';
import { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { GoogleLogs } from '../policy/google-model';
import { NETWORK_LOGS } from './log-destinations';
import { nameProblems, resourceName } from './names';

/** What a log bucket needs. */
export interface GoogleLogBucketProps extends GoogleLogs {
  readonly name: string;
  readonly project: string;
  readonly region: string;
}

/**
 * A log bucket for what the network records, with a retention of its own, and the sink that fills
 * it: flows, firewall decisions, translations, DNS queries and the proxy's requests. The project's
 * own bucket keeps its copy.
 *
 * A locked bucket can be deleted by nobody, nor can its retention be shortened: it outlives
 * `terraform destroy`, which fails on it.
 * https://cloud.google.com/logging/docs/buckets#locking-logs-buckets
 *
 * @throws BlueprintError for too long names.
 */
export class GoogleLogBucket extends Construct {
  readonly bucket: LoggingProjectBucketConfig;
  readonly sink: LoggingProjectSink;
  /** `projects/p/locations/r/buckets/b` */
  readonly bucketName: string;

  constructor(scope: Construct, id: string, props: GoogleLogBucketProps) {
    super(scope, id);
    const { project, region } = props;
    const bucketId = resourceName(props.name, 'network');
    const problems = nameProblems([bucketId]);
    if (problems.length > 0) throw new BlueprintError(this, problems);
    this.bucketName = `projects/${project}/locations/${region}/buckets/${bucketId}`;
    this.bucket = new LoggingProjectBucketConfig(this, 'bucket', {
      project,
      location: region,
      bucketId,
      description: `What network ${props.name} records`,
      retentionDays: props.retentionDays,
      locked: props.locked,
    });
    this.sink = new LoggingProjectSink(this, 'sink', {
      project,
      name: bucketId,
      description: `What network ${props.name} records`,
      destination: `logging.googleapis.com/${this.bucketName}`,
      filter: NETWORK_LOGS.map((log) => `log_id("${log}")`).join(' OR '),
      uniqueWriterIdentity: true,
      dependsOn: [this.bucket],
    });
  }
}
