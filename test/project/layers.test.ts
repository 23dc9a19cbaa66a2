/** Lint keeps the layers apart: each forbidden import, once made, is refused. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

type Case = readonly [name: string, file: string, specifier: string];

const REFUSED: readonly Case[] = [
  ['a barrel of bindings', 'blueprints/aws/x.ts', '@cdktf/provider-aws'],
  ['a barrel of bindings in a test', 'test/x.test.ts', '@cdktf/provider-google'],
  ['cdktf in the policy', 'blueprints/policy/x.ts', 'cdktf'],
  ['a cloud in the policy', 'blueprints/policy/x.ts', '../aws/egress-control'],
  ['a blueprint in the policy', 'blueprints/policy/x.ts', '../egress-control'],
  ['a cloud in the interface', 'blueprints/x.ts', './google/egress-control'],
  ['another cloud', 'blueprints/aws/x.ts', '../google/egress-control'],
  ["another cloud's bindings", 'blueprints/azure/x.ts', '@cdktf/provider-aws/lib/vpc'],
  ['a cloud in the policies of a cluster', 'blueprints/kubernetes/x.ts', '../aws/node-pool'],
  ["a cloud's bindings in the policies of a cluster", 'blueprints/kubernetes/x.ts', '@cdktf/provider-aws/lib/vpc'],
  ['the policies of a cluster in a cloud', 'blueprints/aws/x.ts', '../kubernetes/manifest'],
  ['the policies of a cluster in the review', 'review/x.ts', '../blueprints/kubernetes/manifest'],
  ['a blueprint in the evaluator of clusters', 'test/contract/kubernetes/evaluator.ts', '../../../blueprints/kubernetes/manifest'],
  ['a stack in a blueprint', 'blueprints/google/x.ts', '../../stacks/app'],
  ['a provider in a blueprint', 'blueprints/aws/x.ts', '../../providers/aws'],
  ['a stack in a provider', 'providers/x.ts', '../stacks/app'],
  ['cdktf in the stand-in providers', 'providers/offline/x.ts', 'cdktf'],
  ['the command line in a stack', 'stacks/x.ts', '../cli/main'],
  ['a blueprint in the review', 'review/x.ts', '../blueprints/aws/firewall-rules'],
  ['cdktf in the review', 'review/x.ts', 'cdktf'],
  ['a blueprint in an observer', 'test/contract/aws.observer.ts', '../../blueprints/aws/firewall-rules'],
];

const ALLOWED: readonly Case[] = [
  ['the bindings of Kubernetes in the policies of a cluster', 'blueprints/kubernetes/x.ts', '@cdktf/provider-kubernetes/lib/manifest'],
  ['one resource of the own bindings', 'blueprints/aws/x.ts', '@cdktf/provider-aws/lib/vpc'],
  ['the interface', 'blueprints/aws/x.ts', '../egress-control'],
  ['the policy', 'blueprints/aws/x.ts', '../policy/model'],
  ['a blueprint in a stack', 'stacks/x.ts', '../blueprints/aws/egress-control'],
  ['the policy in the review', 'review/model/x.ts', '../../blueprints/policy/model'],
  ['cdktf in a blueprint', 'blueprints/google/x.ts', 'cdktf'],
];

let messages: readonly (readonly string[])[];
beforeAll(() => {
  const cases = [...REFUSED, ...ALLOWED].map(([, file, specifier]) => ({ file, text: `import * as it from '${specifier}';\nexport default it;\n` }));
  const output = execFileSync(process.execPath, [join(__dirname, 'lint-texts.mjs')], { cwd: join(__dirname, '../..'), input: JSON.stringify(cases), encoding: 'utf8' });
  messages = JSON.parse(output);
}, 60_000);

test.each(REFUSED.map((each, index) => [each[0], index] as const))('refused: %s', (_, index) => {
  expect(messages[index]?.length).toBeGreaterThan(0);
});

test.each(ALLOWED.map((each, index) => [each[0], index] as const))('allowed: %s', (_, index) => {
  expect(messages[REFUSED.length + index]).toEqual([]);
});
