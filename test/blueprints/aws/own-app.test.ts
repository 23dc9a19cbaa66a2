/** The app of docs/constructs.md: it compiles with the project, synthesizes, and is on the page word for word. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Testing } from 'cdktf';
import type { SynthesizedStack } from '../../contract/observation';
import { review } from '../../review/aws/reviewed';
import { OwnStack } from './own-app';
import { awsPolicy, bodies } from './policies';

const SEGMENTS = '[{ name: payments, tier: private }, { name: ledger, tier: data }]';
const SERVICE = 'com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d4e5f60718';
const allow = (more = '') => `[{ host: api.stripe.com, from: [payments], owner: x, reason: x${more} }]`;
const made = (rules: string): SynthesizedStack => JSON.parse(Testing.synth(new OwnStack(new App({ stackTraces: false }), 'own', awsPolicy(rules, SEGMENTS), SERVICE)));

test('the page shows this very code, with the paths of a copy of blueprints/', () => {
  const code = readFileSync(join(__dirname, 'own-app.ts'), 'utf8').replaceAll('../../../blueprints/', './blueprints/');
  expect(readFileSync(join(__dirname, '../../../docs/constructs.md'), 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\``);
});

test('GIVEN hosts THEN their segments leave by the endpoint of their zone, and the review does not know what lies behind it', () => {
  const stack = made(allow());
  expect(bodies(stack, 'aws_vpc_endpoint').map((endpoint) => endpoint.vpc_endpoint_type)).toEqual(['GatewayLoadBalancer', 'GatewayLoadBalancer']);
  const routes = bodies(stack, 'aws_route_table').map(({ tags, route }) => [tags.Name, route.map((each: any) => each.vpc_endpoint_id.replace(/.*endpoint-(us-east-1.).*/, '$1'))]);
  expect(Object.fromEntries(routes)).toEqual({
    'acme-own-ledger-us-east-1a': [], 'acme-own-ledger-us-east-1b': [], 'acme-own-payments-us-east-1a': ['us-east-1a'], 'acme-own-payments-us-east-1b': ['us-east-1b'],
  });
  const { verdicts } = review(stack);
  expect(Object.fromEntries(verdicts.filter(({ place, family }) => place.segment && family === 4).map(({ place, kind }) => [place.segment, kind]))).toEqual({ ledger: 'none', payments: 'unknown' });
});

test('GIVEN no host THEN nothing is made', () => {
  expect(made('[]').resource!.aws_vpc_endpoint).toBeUndefined();
});

test('GIVEN a rule that the appliance cannot enforce THEN it is refused with its place and the way out', () => {
  expect(() => made(allow(', protocol: http'))).toThrow(/egress\.yaml:2:\d+ aws: the appliance reads server names only; allow 'api\.stripe\.com' over tls/);
});
