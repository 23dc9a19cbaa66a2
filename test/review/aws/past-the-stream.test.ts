/** What a client sends past the stream, and the rules that drop it: each of them taken away, weakened, or written otherwise. */
import { review } from './reviewed';
import { broken, rules } from './breaks';

const FIRST = ['data outside of connections', 3] as const;
const BEFORE = ['data before a connection', 15] as const;
const ENDED = ['data after the end of a connection', 17] as const;
const COUNTED = ['segments without end', 19] as const;

/** What the check says is missing where the rule of this number is another one. */
function missing(...changes: readonly (readonly [sid: number, by: (text: string) => string | undefined])[]): readonly string[] {
  const { findings } = review(broken(rules((lines) => lines.flatMap((text) => {
    const change = changes.find(([sid]) => text.includes(`sid:${sid};`));
    return change ? change[1](text) ?? [] : [text];
  }))));
  return findings.filter(({ rule }) => rule === 'firewall-floor-missing').flatMap(({ message }) => message.split('default action: ')[1]!.split(', '));
}
const gone = (): undefined => undefined;
const to = (from: string, by: string) => (text: string): string => {
  expect(text).toContain(from);
  return text.replace(from, by);
};

test.each([FIRST, BEFORE, ENDED, COUNTED])('%s: without its drop', (what, sid) => {
  expect(missing([sid, gone])).toEqual([what]);
  expect(missing([sid, to('drop', 'alert')])).toEqual([what]);
  expect(missing([sid, to('drop', 'reject')])).toEqual([]);
  expect(missing([sid, to('dsize:>0', 'dsize:>100')])).toEqual([what]);
  expect(missing([sid, to('tcp any', 'tcp 10.0.1.0/25')])).toEqual(sid === 3 ? [] : [what]);
  expect(missing([sid, to('dsize:>0;', 'dsize:>0; content:"x";')])).toEqual([what]);
});

test.each<[string, string, number, string, string]>([
  ['a connection that stands', FIRST[0], 3, 'flags:!A;', 'flow:established;'],
  ['other flags', FIRST[0], 3, 'flags:!A', 'flags:!S'],
  ['a connection that stands', BEFORE[0], 15, 'not_established', 'established'],
  ['what servers send', BEFORE[0], 15, 'to_server', 'to_client'],
  ['another port', BEFORE[0], 15, '-> any any', '-> any 80'],
  ['what nobody notes', ENDED[0], 17, 'isset,ended', 'isset,other'],
  ['what is not noted', ENDED[0], 17, 'isset', 'isnotset'],
  ['two notes at once', ENDED[0], 17, 'flowbits:isset,ended', 'flowbits:isset,ended; flowbits:isset,other'],
  ['a connection that stands', ENDED[0], 17, 'flow:to_server', 'flow:to_server,established'],
  ['resets alone are noted', ENDED[0], 16, '*FR', '*R'],
  ['both at once are noted', ENDED[0], 16, '*FR', '+FR'],
  ['noted after another note', ENDED[0], 16, 'flowbits:set,ended', 'flowbits:isset,other; flowbits:set,ended'],
  ['noted on another port', ENDED[0], 16, '-> any any', '-> any 80'],
  ['what nobody counts', COUNTED[0], 19, 'segments,>', 'others,>'],
  ['fewer than so many', COUNTED[0], 19, '>,64', '<,64'],
  ['as many as another counter', COUNTED[0], 19, '>,64', '>,others'],
  ['what servers send is counted', COUNTED[0], 18, 'to_server', 'to_client'],
  ['nothing is added', COUNTED[0], 18, '+,1', '+,0'],
  ['set and not added', COUNTED[0], 18, '+,1', '=,1'],
])('does not hold for %s: %s', (_, what, sid, from, by) => {
  expect(missing([sid, to(from, by)])).toEqual([what]);
});

test.each<[string, number, string, string]>([
  ['whatever the direction', 15, 'to_server,not_established', 'not_established'],
  ['other names', 18, 'segments,+', 'segments , +'],
  ['whatever the order', 16, '*FR', '*RF'],
  ['from a number on', 19, '>,64', '>=,64'],
])('holds %s', (_, sid, from, by) => {
  expect(missing([sid, to(from, by)])).toEqual([]);
});

test('of a policy of which no rule looks at names nothing is counted', () => {
  const { findings } = review(broken(rules(() => ['pass tcp 10.0.1.0/24 any -> 203.0.113.9/32 443 (sid:1; rev:1;)', 'drop ip any any -> any any (sid:2; rev:1;)'])));
  expect(findings.filter(({ rule }) => rule === 'firewall-floor-missing').map(({ message }) => message).join()).not.toMatch(/before a connection|after the end|segments/);
});
