import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import { Instance } from '@cdktf/provider-aws/lib/instance';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { segmentNamed } from '../../../blueprints/segmented-network';
import type { AwsStack } from '../../../stacks/aws';

/** A shop in the network of the policy. */
export function addShop(stack: AwsStack): void {
  const payments = segmentNamed(stack.network, 'payments');
  const ledger = segmentNamed(stack.network, 'ledger');

  new Instance(stack, 'api', {
    ami: 'ami-0a1b2c3d4e5f60718',
    instanceType: 't3.small',
    subnetId: payments.subnetIds[0],
    vpcSecurityGroupIds: [...payments.groupIds],
    metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
  });
  new LambdaFunction(stack, 'nightly', {
    functionName: 'nightly',
    role: 'arn:aws:iam::123456789012:role/nightly',
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    filename: 'nightly.zip',
    vpcConfig: { subnetIds: [...payments.subnetIds], securityGroupIds: [...payments.groupIds] },
  });
  const subnets = new DbSubnetGroup(stack, 'ledger-subnets', { name: 'ledger', subnetIds: [...ledger.subnetIds] });
  new DbInstance(stack, 'ledger-database', {
    identifier: 'ledger',
    engine: 'postgres',
    instanceClass: 'db.t4g.medium',
    allocatedStorage: 20,
    storageEncrypted: true,
    username: 'ledger',
    manageMasterUserPassword: true,
    dbSubnetGroupName: subnets.name,
    vpcSecurityGroupIds: [...ledger.groupIds],
  });
}
