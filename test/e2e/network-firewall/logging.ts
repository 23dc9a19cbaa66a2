/** Where a firewall's logs go: AWS takes one change of one destination at a time. */
import type {
  DescribeLoggingConfigurationRequest, LogDestinationConfig, UpdateLoggingConfigurationRequest,
} from '@aws-sdk/client-network-firewall';
import { demand } from '../api-error';
import type { Operation } from '../json-service';
import { findFirewall, type FirewallContext } from './firewalls';

const LOG_TYPES = ['ALERT', 'FLOW', 'TLS'];
/** What a destination of each type is named by. */
const DESTINATIONS: Record<string, string> = { CloudWatchLogs: 'logGroup', S3: 'bucketName', KinesisDataFirehose: 'deliveryStream' };

export function loggingOperations(context: FirewallContext): Record<string, Operation> {
  return {
    DescribeLoggingConfiguration: (input: DescribeLoggingConfigurationRequest) => {
      const firewall = findFirewall(context, input);
      return {
        FirewallArn: firewall.arn,
        ...(firewall.logs.length > 0 ? { LoggingConfiguration: { LogDestinationConfigs: firewall.logs } } : {}),
      };
    },

    UpdateLoggingConfiguration: (input: UpdateLoggingConfigurationRequest) => {
      const firewall = findFirewall(context, input);
      const wanted = input.LoggingConfiguration?.LogDestinationConfigs ?? [];
      wanted.forEach(checkDestination);
      const types = wanted.map(({ LogType }) => LogType);
      demand(new Set(types).size === types.length, 'InvalidRequestException', 'each log type has one destination');
      demand(changes(firewall.logs, wanted) <= 1, 'InvalidRequestException', 'change one log destination at a time');
      firewall.logs = [...wanted];
      return { FirewallArn: firewall.arn, FirewallName: firewall.name, LoggingConfiguration: { LogDestinationConfigs: wanted } };
    },
  };
}

function checkDestination({ LogType, LogDestinationType, LogDestination }: LogDestinationConfig): void {
  demand(LOG_TYPES.includes(LogType ?? ''), 'InvalidRequestException', `'${LogType}' is not a log type`);
  const key = DESTINATIONS[LogDestinationType ?? ''];
  demand(key, 'InvalidRequestException', `'${LogDestinationType}' is not a log destination type`);
  demand(LogDestination?.[key], 'InvalidRequestException', `a ${LogDestinationType} destination is named by '${key}'`);
}

/**
 * How many destinations were added, removed or moved; a move within one type and kind is one change.
 *
 * https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_UpdateLoggingConfiguration.html
 */
function changes(before: readonly LogDestinationConfig[], after: readonly LogDestinationConfig[]): number {
  const key = ({ LogType, LogDestinationType }: LogDestinationConfig) => `${LogType} ${LogDestinationType}`;
  const old = new Map(before.map((config) => [key(config), JSON.stringify(config.LogDestination)]));
  const now = new Map(after.map((config) => [key(config), JSON.stringify(config.LogDestination)]));
  return [...new Set([...old.keys(), ...now.keys()])].filter((each) => old.get(each) !== now.get(each)).length;
}
