/** A network that somebody else made: the real provider finds what the policy says of it, and nothing else. */
import {
  AttachInternetGatewayCommand, CreateInternetGatewayCommand, CreateSubnetCommand, CreateVpcCommand, DeleteInternetGatewayCommand,
  DeleteSubnetCommand, DeleteVpcCommand, DetachInternetGatewayCommand, ModifyVpcAttributeCommand,
} from '@aws-sdk/client-ec2';
import { stringify } from 'yaml';
import type { AwsAccount } from './aws-account';
import type { Progress } from './progress';
import type { ProviderMirror } from './provider-mirror';
import { Workspace } from './workspace';

const ZONE = 'us-east-1a';
const BLOCKS: Readonly<Record<string, string>> = { edge: '10.70.0.0/24', payments: '10.70.1.0/24', ledger: '10.70.2.0/24' };

/** @param subnets by segment */
function policyOf(vpcId: string, internetGatewayId: string, subnets: Readonly<Record<string, { id: string; cidr: string }>>): string {
  return stringify({
    organization: 'acme',
    allow: [{ host: 'api.stripe.com', from: ['payments'], owner: 'payments-team', reason: 'card capture' }],
    segments: [
      { name: 'edge', tier: 'public', accepts: [{ from: 'internet', ports: [443] }] },
      { name: 'payments', tier: 'private', accepts: [{ from: 'edge', ports: [8443] }] },
      { name: 'ledger', tier: 'data', accepts: [{ from: 'payments', ports: [5432] }] },
    ],
    privateServices: ['secrets'],
    environments: [{
      name: 'theirs',
      aws: {
        region: 'us-east-1', zones: [ZONE], cidr: '10.70.0.0/16',
        existingNetwork: {
          vpcId, internetGatewayId, freeCidr: '10.70.240.0/24', emptyDefaults: true,
          subnets: Object.fromEntries(Object.entries(subnets).map(([name, subnet]) => [name, { [ZONE]: subnet }])),
        },
      },
    }],
  });
}

export async function existingEndToEnd(progress: Progress, account: AwsAccount, mirror: ProviderMirror): Promise<void> {
  const { ec2 } = account;
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.70.0.0/16' }));
  const VpcId = Vpc!.VpcId!;
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const InternetGatewayId = InternetGateway!.InternetGatewayId!;
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
  const subnets: Record<string, { id: string; cidr: string }> = {};
  for (const [segment, CidrBlock] of Object.entries(BLOCKS)) {
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: ZONE }));
    subnets[segment] = { id: Subnet!.SubnetId!, cidr: CidrBlock };
  }
  const attempt = async (given: typeof subnets) => {
    const workspace = new Workspace(policyOf(VpcId, InternetGatewayId, given), 'aws-theirs', mirror, account.env);
    try {
      return await workspace.plan();
    } finally {
      workspace.remove();
    }
  };

  await progress.step('existing network: plan', async () => {
    const { changes } = await attempt(subnets);
    const made = changes.filter((change) => /^create aws_(vpc|internet_gateway)\./.test(change));
    const others = changes.filter((change) => !change.startsWith('create '));
    progress.check(`existing network: the provider plans ${changes.length} resources in it, and neither network nor gateway`, changes.length > 0 ? [...made, ...others] : ['the plan is empty']);
  });
  await progress.step("existing network: plan with another subnet's id", async () => {
    const swapped = { ...subnets, ledger: { id: subnets.payments!.id, cidr: BLOCKS.ledger! } };
    const refusal = await attempt(swapped).then(() => 'it was planned', (error: Error) => error.message);
    progress.check('existing network: a subnet that has another block is refused in the plan', /no matching EC2 Subnet found/.test(refusal) ? [] : refusal.split('\n').slice(-5));
  });

  for (const { id } of Object.values(subnets)) await ec2.send(new DeleteSubnetCommand({ SubnetId: id }));
  await ec2.send(new DetachInternetGatewayCommand({ VpcId, InternetGatewayId }));
  await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
  await ec2.send(new DeleteVpcCommand({ VpcId }));
}
