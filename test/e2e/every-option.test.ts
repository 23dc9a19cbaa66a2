/** Every option of `environments[].aws` is in a policy that `npm run e2e` has the real provider validate and plan. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { existingPolicy } from './existing-policy';
import { fixturePolicies } from './fixture-policies';

/** A JSON Schema, as far as the policy's uses it. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly not?: object;
}

/** Of a stack of its own, `aws-<environment>-kubernetes`, which is planned with stand-ins: it needs the provider for Kubernetes too. */
const ELSEWHERE = /^cluster\./;

const file = (...path: string[]) => readFileSync(join(__dirname, ...path), 'utf8');
const OPTIONS = (JSON.parse(file('..', '..', 'docs', 'egress.schema.json')) as any).properties.environments.items.properties.aws as Schema;
const VPC = {
  vpcId: 'vpc-00000001', internetGatewayId: 'igw-00000001', logBucket: 'acme-security-logs',
  subnets: { payments: { id: 'subnet-00000001', cidr: '10.70.1.0/24' } },
};
const DEPLOYED = [file('policy.yaml'), file('options-before.yaml'), file('options-after.yaml'), existingPolicy(VPC), existingPolicy(VPC, true)];

/** The ways to write an option that none of the values takes: each field, each word of a choice, each type. */
function unsaid(schema: Schema, path: string, values: readonly unknown[]): readonly string[] {
  if (schema.not) return [];
  if (values.length === 0 && path !== '') return [path];
  const choice = (words: readonly unknown[]) => words.filter((word) => !values.includes(word)).map((word) => `${path}: ${String(word)}`);
  if (schema.anyOf) return schema.anyOf.flatMap((each) => unsaid(each, `${path}: ${each.type}`, values.filter((value) => typeOf(value) === each.type)));
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, each]) => unsaid(each, path === '' ? name : `${path}.${name}`, present(values.map((value) => (value as Record<string, unknown>)[name]))));
  }
  if (schema.additionalProperties) return unsaid(schema.additionalProperties, `${path}.*`, values.flatMap((value) => present(Object.values(value as object))));
  if (schema.items) return unsaid(schema.items, `${path}[]`, values.flat());
  if (schema.enum) return choice(schema.enum);
  if (schema.type === 'boolean') return choice([true, false]);
  // A word, or something of another form: kmsKey.
  const word = /^\^\((\w+)\|/.exec(schema.pattern ?? '')?.[1];
  return word === undefined ? [] : [...choice([word]), ...(values.some((value) => value !== word) ? [] : [`${path}: other than ${word}`])];
}

const present = (values: readonly unknown[]) => values.filter((value) => value !== undefined);
const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value);
const optionsIn = (text: string) => (parse(text) as { environments: { aws?: object }[] }).environments.flatMap(({ aws }) => aws ?? []);

test('each way to write each option is planned', () => {
  const values = [...DEPLOYED, ...fixturePolicies().map(({ text }) => text)].flatMap(optionsIn);
  expect(unsaid(OPTIONS, '', values).filter((way) => !ELSEWHERE.test(way))).toEqual([]);
});

test('an option that nobody plans is noticed, down to its choices', () => {
  const schema: Schema = {
    properties: {
      plain: { type: 'string' }, both: { anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'string' } }] },
      deep: { properties: { flag: { type: 'boolean' }, word: { enum: ['a', 'b'] } } }, key: { pattern: '^(create|arn:.*)$' }, by: { additionalProperties: { type: 'string' } },
    },
  };
  expect(unsaid(schema, '', [{ both: 1, deep: { flag: true, word: 'a' }, key: 'create' }])).toEqual(['plain', 'both: array', 'deep.flag: false', 'deep.word: b', 'key: other than create', 'by']);
});
