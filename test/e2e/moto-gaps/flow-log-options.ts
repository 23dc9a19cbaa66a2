import type { MotoGap } from './gap';

/**
 * moto takes the `DestinationOptions` of a flow log and forgets them, so that every later plan
 * wants to make the flow log anew. They are remembered here and put into the answers.
 *
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html
 */
export function flowLogOptions(): MotoGap {
  const remembered = new Map<string, string>();
  return {
    service: 'ec2',
    operations: ['CreateFlowLogs', 'DescribeFlowLogs'],
    correct(request, answer) {
      if (request.get('Action') === 'CreateFlowLogs') {
        const id = /<item>(fl-\w+)<\/item>/.exec(answer)?.[1];
        const xml = ['FileFormat', 'HiveCompatiblePartitions', 'PerHourPartition'].flatMap((name) => {
          const value = request.get(`DestinationOptions.${name}`);
          const element = name.charAt(0).toLowerCase() + name.slice(1);
          return value === null ? [] : [`<${element}>${value}</${element}>`];
        }).join('');
        if (id && xml) remembered.set(id, `<destinationOptions>${xml}</destinationOptions>`);
        return answer;
      }
      return answer.replace(/<flowLogId>(fl-\w+)<\/flowLogId>/g, (element, id: string) => element + (remembered.get(id) ?? ''));
    },
  };
}
