/** The workloads of docs/constructs.md: they compile with the project, stand in their segments, and are on the page word for word. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Testing } from 'cdktf';
import { segmentNamed } from '../../../blueprints/segmented-network';
import { createStack, type AwsStack } from '../../../stacks/aws';
import type { SynthesizedStack } from '../../contract/observation';
import { review } from '../../review/aws/reviewed';
import { addShop } from './own-workloads';
import { awsPolicy, bodies } from './policies';

const SEGMENTS = '[{ name: payments, tier: private }, { name: reporting, tier: private }, { name: ledger, tier: data, accepts: [{ from: payments, ports: [5432] }] }]';
const ALLOW = '[{ host: api.stripe.com, from: [payments], owner: x, reason: x }]';

function shop(change: (stack: AwsStack) => void = () => {}): AwsStack {
  const policy = awsPolicy(ALLOW, SEGMENTS, '[object-storage]');
  const stack = createStack(new App({ stackTraces: false }), policy, policy.environments[0]!);
  addShop(stack);
  change(stack);
  return stack;
}
const made = (change?: (stack: AwsStack) => void): SynthesizedStack => JSON.parse(Testing.synth(shop(change)));

test('the page shows this very code, with the paths of a file in stacks/', () => {
  const code = readFileSync(join(__dirname, 'own-workloads.ts'), 'utf8').replaceAll('../../../blueprints/', '../blueprints/').replace('../../../stacks/aws', './aws');
  expect(readFileSync(join(__dirname, '../../../docs/constructs.md'), 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\``);
});

test('each workload reaches what its segment does, and nothing is found', () => {
  const { verdicts, findings } = review(made());
  const own = verdicts.filter(({ place }) => place.kind === 'workload' || /instance|lambda/.test(place.id));
  expect(own.map(({ place, kind }) => [place.segment, place.id.split(' ')[0], kind])).toEqual(expect.arrayContaining([
    ['payments', 'aws_instance.api', 'allowlisted'],
    ['payments', 'aws_lambda_function.nightly', 'allowlisted'],
    ['ledger', 'aws_db_instance.ledger-database', 'none'],
  ]));
  expect(findings).toEqual([]);
});

test('GIVEN a group that lets everything out instead of the segment\'s THEN the review says so', () => {
  const stack: any = made();
  stack.resource.aws_security_group.wide = { name: 'wide', egress: [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] }] };
  stack.resource.aws_security_group.wide.vpc_id = `\${aws_vpc.${Object.keys(stack.resource.aws_vpc)[0]}.id}`;
  stack.resource.aws_instance.api.vpc_security_group_ids = ['${aws_security_group.wide.id}'];
  expect(review(stack).rules).toContain('wide-group-egress');
});

test('GIVEN a name that is none THEN those that there are are listed', () => {
  expect(() => segmentNamed(shop().network, 'payment')).toThrow("'payment' is no segment of this network; segments: ledger, payments, reporting [aws-test/network]");
});

test('GIVEN a policy of one\'s own THEN an endpoint has that one, whole', () => {
  const own = '{"Version":"2012-10-17","Statement":[]}';
  const stack = made(({ endpoints }) => { endpoints.vpcEndpoints.get('interface-s3')!.policy = own; });
  expect(bodies(stack, 'aws_vpc_endpoint').filter(({ service_name, vpc_endpoint_type }) => /\.s3$/.test(service_name) && vpc_endpoint_type === 'Interface').map(({ policy }) => policy)).toEqual([own]);
});
