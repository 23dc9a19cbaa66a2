/** What a pass for what comes in does to what goes out: the review says so of any plan (test/review/aws/answers.test.ts). */
import type { Case } from './corpus/case';
import { raw } from './corpus/conversations';
import { capture, results } from './corpus/corpus';
import { inspect } from './engine/run';
import { withSuricata } from './engine/with-suricata';

/** Bytes of no protocol, to somebody that no rule names. */
const CALL: Case = { name: 'a call', from: '10.1.0.5', port: 443, talk: raw(5_000), expected: 'drop' };

withSuricata.each([
  ['pass tcp any any -> $HOME_NET any (sid:1;)', 'pass'],
  ['pass ip any any -> $HOME_NET any (sid:1;)', 'pass'],
  ['pass tcp !10.0.0.0/8 any -> $HOME_NET 1024: (sid:1;)', 'pass'],
  // The client calls from this port.
  ['pass tcp any any -> $HOME_NET 20000 (sid:1;)', 'pass'],
  ['pass tcp any any -> $HOME_NET 443 (sid:1;)', 'drop'],
  ['pass tcp any any -> $HOME_NET any (flow:to_server; sid:1;)', 'drop'],
])('%s', (rule, expected) => {
  const { frames, talks } = capture([CALL], () => CALL.from);
  const outcome = inspect({ rules: [rule], homeNet: ['10.0.0.0/8'], defaultActions: ['aws:drop_established_app_layer'], streamExceptionPolicy: 'DROP' }, frames, 'both-ways');
  expect(results({ frames, talks }, outcome).map(({ verdict, leaked }) => [verdict, leaked])).toEqual([[expected, expected === 'pass' ? 5_000 : 0]]);
});
