/** The other rendering: what AWS documents of its lists, on the same corpus. What it cannot say is named here, case by case. */
import { residualRisks } from '../../blueprints/aws/residual-risks';
import { allow } from '../blueprints/aws/policies';
import { disagreement, results } from './corpus/corpus';
import { inspect } from './engine/run';
import { withSuricata } from './engine/with-suricata';
import { site } from './site';

const { firewall, capture } = site({ rules: 'domain-lists' });

/** Cases that pass here and nowhere else, by the residual risk that says so. */
const LOOSER: Readonly<Record<string, readonly string[]>> = {
  'domain-list-apex': [
    'tls: the apex of a wildcard',
    'tls: the apex with a dot before it',
    'tls: an empty label before the wildcard',
    'tls: a leading dot before a subdomain',
    'tls: a star as a label',
    'tls: a space in a label',
    'http: the apex of a wildcard',
    'http: an empty label before the wildcard',
  ],
  'domain-list-ports': ['tls: an allowed host on the port of another'],
};

/** AWS's signatures ask for an established connection, so a list drops what a SYN brings along. Clients send it again. */
const STRICTER = ['a ClientHello in the first packet'];

withSuricata('domain lists agree with the corpus but for what they cannot say', () => {
  const outcome = inspect(firewall, capture.frames, 'to-server');
  const wrong = results(capture, outcome).filter((result) => disagreement({ ...result, case: withoutRecord(result.case) }, 'to-server'));
  expect(wrong.map((result) => `${result.case.name}: ${result.verdict}`).sort()).toEqual([...Object.values(LOOSER).flat().map((name) => `${name}: pass`), ...STRICTER.map((name) => `${name}: drop`)].sort());
});

test('what it cannot say is a residual risk that users are told', () => {
  const rules = [allow('*.a.com'), allow('b.com', { ports: [8443] })];
  const known = residualRisks(rules, ['payments'], { ruleFormat: 'domain-lists' }).map((risk) => risk.id);
  expect(Object.keys(LOOSER).filter((risk) => !known.includes(risk))).toEqual([]);
});

withSuricata('every name that is asked for is on record', () => {
  const outcome = inspect(firewall, capture.frames, 'to-server');
  const asked = outcome.alerts.filter(({ message }) => /^egress asked: (tls|http) from /.test(message));
  const passed = results(capture, outcome).filter(({ case: each, verdict }) => verdict === 'pass' && /^(tls|http): /.test(each.name));
  expect(passed.length).toBeGreaterThan(10);
  expect(asked.length).toBeGreaterThanOrEqual(passed.length);
});

/** A list writes other records; which ones is asked below. */
function withoutRecord<Case extends { readonly record?: string }>(each: Case): Case {
  const { record: _, ...rest } = each;
  return rest as Case;
}
