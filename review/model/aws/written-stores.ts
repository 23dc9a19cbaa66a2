/** What services write of content: artifacts, recordings, records, files, each to a bucket or a queue that may be somebody else's. */
import type { PathLike } from '../../plan/attribute-path';
import { textAt } from './read';
import type { Gift } from './gifts';

const BUCKETS = ['aws_s3_bucket', 'aws_s3_bucket_versioning', 'aws_s3_bucket_policy'];

const inBucket = (type: string, says: string, ...paths: readonly PathLike[]): readonly Gift[] => paths.map((path): Gift => ({ type, path, says, stores: BUCKETS }));

/** A step that copies, in either list. */
const COPY = (list: string): PathLike => [list, '*', 'copy_step_details', '*', 'destination_file_location', '*', 's3_file_location', '*', 'bucket'];

/** An action of a rule, by itself or where another fails. */
const ACTION = (...names: readonly string[]): readonly PathLike[] => [[...names.slice(0, 1), '*', ...names.slice(1)], ['error_action', '*', ...names.slice(0, 1), '*', ...names.slice(1)]];

export const WRITTEN: readonly Gift[] = [
  // https://docs.aws.amazon.com/transfer/latest/userguide/nominal-steps-workflow.html
  ...inBucket('aws_transfer_workflow', 'copies what is uploaded to', COPY('steps'), COPY('on_exception_steps')),
  // https://docs.aws.amazon.com/appflow/latest/userguide/s3.html
  ...inBucket('aws_appflow_flow', 'delivers records to', ...['s3', 'upsolver'].map((name): PathLike => ['destination_flow_config', '*', 'destination_connector_properties', '*', name, '*', 'bucket_name'])),
  // https://docs.aws.amazon.com/connect/latest/adminguide/about-recording-behavior.html
  ...inBucket('aws_connect_instance_storage_config', 'writes recordings and reports to', ['storage_config', '*', 's3_config', '*', 'bucket_name']),
  // https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-storage-configurations-offline-store.html
  ...inBucket('aws_sagemaker_feature_group', 'copies records to', ['offline_store_config', '*', 's3_storage_config', '*', 's3_uri']),
  ...inBucket('aws_sagemaker_flow_definition', 'writes answers to', ['output_config', '*', 's3_output_path']),
  ...inBucket('aws_sagemaker_data_quality_job_definition', 'writes what it finds to', ['data_quality_job_output_config', '*', 'monitoring_outputs', '*', 's3_output', '*', 's3_uri']),
  // https://docs.aws.amazon.com/sagemaker/latest/dg/edge-device-fleet.html
  ...inBucket('aws_sagemaker_device_fleet', 'writes what devices sample to', ['output_config', '*', 's3_output_location']),
  ...inBucket('aws_comprehend_document_classifier', 'writes what it learned to', ['output_data_config', '*', 's3_uri']),
  ...inBucket('aws_rekognition_stream_processor', 'writes what it sees to', ['output', '*', 's3_destination', '*', 'bucket']),
  // https://docs.aws.amazon.com/timestream/latest/developerguide/API_MagneticStoreRejectedDataLocation.html
  ...inBucket('aws_timestreamwrite_table', 'writes records that it rejects to', ['magnetic_store_write_properties', '*', 'magnetic_store_rejected_data_location', '*', 's3_configuration', '*', 'bucket_name']),
  // https://docs.aws.amazon.com/ivs/latest/LowLatencyUserGuide/record-to-s3.html
  ...inBucket('aws_ivs_recording_configuration', 'writes video to', ['destination_configuration', '*', 's3', '*', 'bucket_name']),
  // https://docs.aws.amazon.com/lex/latest/dg/conversation-logs.html
  { type: 'aws_lex_bot_alias', path: ['conversation_logs', '*', 'log_settings', '*', 'resource_arn'], says: 'writes conversations to', stores: [...BUCKETS, 'aws_cloudwatch_log_group'] },
  // https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-actions.html
  ...inBucket('aws_iot_topic_rule', 'writes messages to', ...ACTION('s3', 'bucket_name')),
  ...[...ACTION('sns', 'target_arn'), ...ACTION('lambda', 'function_arn')].map((path): Gift => ({ type: 'aws_iot_topic_rule', path, says: 'sends messages to' })),
  ...ACTION('sqs', 'queue_url').map((path): Gift => ({ type: 'aws_iot_topic_rule', path, inside: /^https:\/\/[a-z0-9.-]+\/(\d{12})\//g, says: 'sends messages to a queue of' })),
  // https://docs.aws.amazon.com/codebuild/latest/userguide/create-project.html
  ...['artifacts', 'secondary_artifacts'].map((block): Gift => ({ type: 'aws_codebuild_project', path: [block, '*', 'location'], says: 'writes what it builds to', stores: BUCKETS })),
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
  ...inBucket('aws_codepipeline', 'keeps what it builds in', ['artifact_store', '*', 'location']),
  // https://docs.aws.amazon.com/medialive/latest/ug/s3-protocol.html
  { type: 'aws_medialive_channel', path: ['destinations', '*', 'settings', '*', 'url'], inside: /^s3(?:ssl)?:\/\/(.+)$/g, says: 'writes video to', stores: BUCKETS, counts: (channel) => channel.elements('destinations').some((each) => channel.elements([...each, 'settings']).some((settings) => /^s3/.test(textAt(channel, [...settings, 'url']) ?? ''))) },
  // Tasks that call services of other accounts: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
  { type: 'aws_sfn_state_machine', path: 'definition', inside: /"(?:TopicArn|FunctionName|EventBusName|StreamARN|StateMachineArn|TaskDefinition)"\s*:\s*"(arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{12}:[^"]+)"/g, says: 'sends what it is given to' },
  { type: 'aws_sfn_state_machine', path: 'definition', inside: /"QueueUrl"\s*:\s*"https:\/\/[a-z0-9.-]+\/(\d{12})\//g, says: 'sends what it is given to a queue of' },
  // A request is handed to a function of another account: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-cross-account-lambda-authorizer.html
  { type: 'aws_api_gateway_integration', path: 'uri', inside: /\b(arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[^/]+)/g, says: 'hands requests to' },
  { type: 'aws_apigatewayv2_integration', path: 'integration_uri', inside: /\b(arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[^/]+)/g, says: 'hands requests to' },
];
