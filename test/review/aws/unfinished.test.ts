/** Terraform stopped with an error: what it did not come to may open anything, and nothing of the plan is applied. */
import { parsePlan } from '../../../review/plan/load';
import { exitOf } from '../../../review/exit-code';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { changePlan } from '../change-plan';
import { line, ref, soundStack, WORLD } from '../sound-stack';

type Json = any;

const sound = soundStack().resource;
const judged = (plan: Json) => review({ inputs: [parsePlan(JSON.stringify(plan), 'plan.json')], today: TODAY });
const kinds = (plan: Json) => [...new Set(judged(plan).verdicts.map(({ verdict }) => verdict))].sort();
const errored = (plan: Json): Json => ({ ...plan, errored: true, applyable: false, complete: false });

test('nothing is closed, and the review fails', () => {
  const plan = changePlan(sound, sound);
  expect(kinds(plan)).not.toContain('unknown');
  expect(kinds(errored(plan))).toEqual(['unknown']);
  expect(exitOf(judged(errored(plan)), { failOn: { newEgress: false } })).toMatchObject({ code: 1, reasons: [expect.stringMatching(/unknown/)] });
  expect(exitOf(judged(plan), { failOn: { newEgress: false } }).code).toBe(0);
});

/** A machine with a public address, whose group lets it out or does not. */
function machine(...egress: readonly object[]): Json {
  const vpc_id = ref('aws_vpc', 'main');
  return {
    aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
    aws_internet_gateway: { main: { vpc_id } },
    aws_subnet: { app: { vpc_id, cidr_block: '10.0.1.0/24' } },
    aws_route_table: { app: { vpc_id, route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }] } },
    aws_route_table_association: { app: { subnet_id: ref('aws_subnet', 'app'), route_table_id: ref('aws_route_table', 'app') } },
    aws_security_group: { app: { vpc_id, ingress: [], egress } },
    aws_instance: { app: { subnet_id: ref('aws_subnet', 'app'), vpc_security_group_ids: [ref('aws_security_group', 'app')], associate_public_ip_address: true } },
  };
}
const open = machine(line({ cidr_blocks: [WORLD] }));

test('says why, and what is open stays so', () => {
  for (const { reasons } of judged(errored(changePlan(sound, sound))).verdicts) expect(reasons).toContainEqual(expect.stringMatching(/terraform stopped with an error/));
  expect(kinds(errored(changePlan(open, open)))).toEqual(['open']);
});

test('a way out that it takes away has not gone', () => {
  const changes = (plan: Json) => judged(plan).diff?.reach.map(({ change }) => change);
  expect(changes(changePlan(open, machine()))).toEqual(['closed']);
  expect(changes(errored(changePlan(open, machine())))).toEqual(['became-unknown', 'perhaps-closed']);
});

test('one that holds nothing to judge passes no review', () => {
  const nothing = (more: object): Json => ({ format_version: '1.2', terraform_version: '1.11.4', configuration: { provider_config: { google: { name: 'google' } }, root_module: {} }, ...more });
  expect(exitOf(judged(nothing({})))).toMatchObject({ code: 0 });
  const result = judged(nothing({ errored: true, applyable: false, complete: false }));
  expect(result.verdicts.map(({ place, verdict, cloud }) => [place, verdict, cloud])).toEqual([['what Terraform did not come to', 'unknown', 'google']]);
  expect(exitOf(result)).toMatchObject({ code: 1, reasons: [expect.stringMatching(/unknown/)] });
  expect(exitOf(judged(errored(changePlan({}, { aws_eip: { other: { domain: 'vpc' } } }))))).toMatchObject({ code: 1 });
});
