/** Query logs: where a VPC's queries are recorded. */
import { demand } from '../api-error';
import type { Operation } from '../json-service';
import { page, type ApiRecord, type Records } from './records';

export interface QueryLogRecord extends ApiRecord {
  readonly Name: string;
  readonly DestinationArn: string;
}

export interface QueryLogAssociationRecord extends ApiRecord {
  readonly ResolverQueryLogConfigId: string;
  readonly ResourceId: string;
}

export function queryLogOperations(logs: Records<QueryLogRecord>, associations: Records<QueryLogAssociationRecord>, owner: string): Record<string, Operation> {
  const ofLog = ({ Id }: QueryLogRecord) => associations.all().filter((association) => association.ResolverQueryLogConfigId === Id);
  const describe = (log: QueryLogRecord) => ({
    Id: log.Id, Arn: log.Arn, Name: log.Name, DestinationArn: log.DestinationArn, OwnerId: owner, ShareStatus: 'NOT_SHARED',
    AssociationCount: ofLog(log).length, Status: logs.settled(log) ? 'CREATED' : 'CREATING',
  });
  const describeAssociation = (association: QueryLogAssociationRecord) => ({
    Id: association.Id, ResolverQueryLogConfigId: association.ResolverQueryLogConfigId, ResourceId: association.ResourceId,
    Status: associations.settled(association) ? 'ACTIVE' : 'CREATING', Error: 'NONE',
  });

  return {
    CreateResolverQueryLogConfig: ({ Name, DestinationArn, Tags }) => {
      demand(/^arn:aws:(logs|s3|firehose):/.test(DestinationArn ?? ''), 'InvalidParameterException', `'${DestinationArn}' takes no query logs`);
      return { ResolverQueryLogConfig: describe(logs.add(Name, Tags, { Name, DestinationArn })) };
    },
    GetResolverQueryLogConfig: (input) => ({ ResolverQueryLogConfig: describe(logs.get(input.ResolverQueryLogConfigId)) }),
    ListResolverQueryLogConfigs: (input) => page('ResolverQueryLogConfigs', logs.all().map(describe), input),
    DeleteResolverQueryLogConfig: (input) => {
      const log = logs.get(input.ResolverQueryLogConfigId);
      demand(ofLog(log).length === 0, 'InvalidRequestException', `[RSLVR-01305] ${ofLog(log).length} VPCs write to this log`);
      logs.remove(log);
      return { ResolverQueryLogConfig: { ...describe(log), Status: 'DELETING' } };
    },

    AssociateResolverQueryLogConfig: ({ ResolverQueryLogConfigId, ResourceId }) => {
      const log = logs.get(ResolverQueryLogConfigId);
      demand(ofLog(log).every((other) => other.ResourceId !== ResourceId), 'ResourceExistsException', `${ResourceId} writes to this log already`);
      return { ResolverQueryLogConfigAssociation: describeAssociation(associations.add(undefined, [], { ResolverQueryLogConfigId, ResourceId })) };
    },
    GetResolverQueryLogConfigAssociation: (input) => ({ ResolverQueryLogConfigAssociation: describeAssociation(associations.get(input.ResolverQueryLogConfigAssociationId)) }),
    ListResolverQueryLogConfigAssociations: (input) => page('ResolverQueryLogConfigAssociations', associations.all().map(describeAssociation), input),
    DisassociateResolverQueryLogConfig: ({ ResolverQueryLogConfigId, ResourceId }) => {
      const association = ofLog(logs.get(ResolverQueryLogConfigId)).find((each) => each.ResourceId === ResourceId) ?? associations.get(undefined);
      associations.remove(association);
      return { ResolverQueryLogConfigAssociation: { ...describeAssociation(association), Status: 'DELETING' } };
    },
  };
}
