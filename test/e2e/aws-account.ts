/** An AWS account on the loopback interface: moto with the stand-ins, gone when the run ends. */
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { EC2Client } from '@aws-sdk/client-ec2';
import { NetworkFirewallClient } from '@aws-sdk/client-network-firewall';
import { AwsGateway } from './aws-gateway';
import { deletedSubnets } from './moto-gaps/deleted-subnets';
import { DEPENDENCIES } from './moto-gaps/dependencies';
import { flowLogOptions } from './moto-gaps/flow-log-options';
import { gatewayEndpointRoutes } from './moto-gaps/gateway-endpoint-routes';
import { natGatewayInterfaces } from './moto-gaps/nat-gateway-interfaces';
import { publicAccessBlock } from './moto-gaps/public-access-block';
import { replacedRoutes } from './moto-gaps/replaced-routes';
import { vpcEndpointOptions } from './moto-gaps/vpc-endpoint-options';
import { networkFirewall } from './network-firewall-endpoint';
import { ec2Endpoints } from './network-firewall/endpoints';
import { start, type Running } from './processes';
import { route53Resolver } from './route53-resolver-endpoint';

/** The account that moto answers for; a run that sees any other must stop. */
export const ACCOUNT = '123456789012';

const CREDENTIALS = { accessKeyId: 'loopback', secretAccessKey: 'loopback' };
/** As long as it takes for a reader that does not wait to read too early. */
const SETTLE_TIME = 1_500;
/** Half a second, unless the machine has much else to do. */
const MOTO_START_TIME = 120_000;

/** The account and readers of it. */
export interface AwsAccount {
  readonly gateway: AwsGateway;
  readonly ec2: EC2Client;
  readonly firewall: NetworkFirewallClient;
  readonly region: string;
  /** What a program needs to work in this account and in no other. */
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** @param motoServer path of the program @throws Error when moto does not come up */
export async function openAccount(motoServer: string, region: string): Promise<AwsAccount> {
  const { PATH, HOME } = process.env;
  // Moto chooses the port: one that we found free might be another's by now.
  const moto = start(motoServer, ['-H', '127.0.0.1', '-p', '0'], { cwd: tmpdir(), env: { PATH, HOME, PYTHONUNBUFFERED: '1', MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' } });
  const port = await portOf(moto);

  const behind = new EC2Client({ region, endpoint: `http://127.0.0.1:${port}`, credentials: CREDENTIALS });
  const gateway = await AwsGateway.open({ port, ec2: behind, gaps: [publicAccessBlock(ACCOUNT, region), vpcEndpointOptions(), flowLogOptions(), natGatewayInterfaces, replacedRoutes, gatewayEndpointRoutes, deletedSubnets(), ...DEPENDENCIES] });
  gateway.add(networkFirewall({ account: ACCOUNT, region, endpoints: ec2Endpoints(behind, region), settleTime: SETTLE_TIME }));
  gateway.add(route53Resolver({ account: ACCOUNT, region, settleTime: SETTLE_TIME }));
  const client = { region, endpoint: gateway.url, credentials: CREDENTIALS };
  const close = async () => {
    gateway.close();
    await moto.kill();
  };
  return {
    gateway, ec2: new EC2Client(client), firewall: new NetworkFirewallClient(client), region, close,
    env: {
      AWS_ENDPOINT_URL: gateway.url,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
      // A profile of the person who runs this must not be found.
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      NO_PROXY: '127.0.0.1,localhost',
    },
  };
}

/** Where moto says that it listens, which it says once it does. */
async function portOf(moto: Running): Promise<number> {
  let ended = false;
  void moto.finished.then(() => { ended = true; });
  const deadline = Date.now() + MOTO_START_TIME;
  for (;;) {
    const port = /Running on http:\/\/127\.0\.0\.1:(\d+)\s/.exec(moto.output())?.[1];
    if (port) return Number(port);
    if (ended || Date.now() > deadline) {
      await moto.kill();
      throw new Error(`moto_server did not come up\n${moto.output()}`);
    }
    await sleep(50);
  }
}
