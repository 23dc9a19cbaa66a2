/** A plan is somebody else's text: twice as long may take twice as long, and not four times. */
import { parseSignatures } from '../../review/model/aws/suricata';
import { portSet, reachOf, type Variables } from '../../review/model/aws/suricata-reach';
import { GIFTS } from '../../review/model/aws/gifts';
import { isEverything } from '../../review/model/kubernetes/calico-selector';
import { hasSetting } from '../../review/model/kubernetes/switched-off';

/** Quadratic time would be half a minute and more of this many letters; linear time is some milliseconds. */
const LETTERS = 200_000;
const MILLISECONDS = 3_000;
const many = (text: string) => text.repeat(LETTERS / text.length);
const NONE: Variables = { addresses: new Map(), ports: new Map() };

/** What finds where the answer of a query is written. */
const UNLOADED = GIFTS.find(({ type }) => type === 'aws_athena_named_query')!.inside!;

const signature = (protocolNumber: string) => parseSignatures(`pass ip any any -> any any (ip_proto:${protocolNumber}; sid:1;)`).signatures[0]!;

test.each<readonly [string, () => unknown, unknown]>([
  ['a signature that never ends its options', () => parseSignatures(`pass tcp any any -> any ${many('(')}`).unread.length, 1],
  ['a signature with a gap', () => parseSignatures(`pass tcp any${many(' ')}any -> any any`).unread.length, 1],
  ['a port of many digits', () => portSet(`${many('1')}x`, NONE), undefined],
  ['a protocol with a gap', () => reachOf(signature(`!x${many(' ')}y`), NONE, 4).traffic.boxes.length, 4],
  ['queries that never end', () => [...many("unload (x) to 's3://").matchAll(UNLOADED)].length, LETTERS / 40],
  ['a query with gaps', () => [...many(') ').matchAll(UNLOADED), ...`)${many(' ')}to`.matchAll(UNLOADED)].length, 0],
  ['values with a gap', () => hasSetting(`k8sNetworkPolicy:${many(' ')}x`, ['k8sNetworkPolicy.enabled'], 'false'), false],
  ['a selector of spaces', () => isEverything(`${many(' ')}x`), false],
])('%s', (_, read, expected) => {
  const before = performance.now();
  expect(read()).toEqual(expected);
  expect(performance.now() - before).toBeLessThan(MILLISECONDS);
});
