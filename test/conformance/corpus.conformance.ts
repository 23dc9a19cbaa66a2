/** Every case of the corpus gets its verdict, whatever AWS's default action turns out to be. */
import { disagreement, results } from './corpus/corpus';
import { residualRisks } from '../../blueprints/aws/residual-risks';
import { allow } from '../blueprints/aws/policies';
import type { DefaultDrop } from './engine/default-actions';
import { inspect } from './engine/run';
import { withSuricata } from './engine/with-suricata';
import { site } from './site';

const { firewall, capture } = site();

withSuricata.each<[string, DefaultDrop]>([
  ['by the generated rules alone', 'none'],
  ['with the server-directed default', 'to-server'],
  ['with the bidirectional default', 'both-ways'],
])('the corpus agrees %s', (_, drop) => {
  const outcome = inspect(firewall, capture.frames, drop);
  expect(results(capture, outcome).map((result) => disagreement(result, drop)).filter(Boolean)).toEqual([]);
});

test('no two cases have one name', () => {
  const names = capture.talks.map((talk) => talk.case.name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('what a case shows to be left open is a residual risk that users are told', () => {
  const rules = [allow('a.com'), allow('b.com', { protocol: 'http', ports: [80] })];
  const known = residualRisks(rules, ['payments']).map((risk) => risk.id);
  const shown = new Set(capture.talks.flatMap((talk) => talk.case.risk ?? []));
  expect([...shown].filter((risk) => !known.includes(risk))).toEqual([]);
});
