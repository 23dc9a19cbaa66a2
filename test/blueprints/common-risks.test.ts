/** What no network of any cloud can stop is told, for the segments that it concerns. */
import { commonRisks } from '../../blueprints/common-risks';
import { CLOUDS, type Segment } from '../../blueprints/policy/model';

const segment = (name: string, from: readonly string[]): Segment => ({
  name, slot: 4, tier: from.includes('internet') ? 'public' : 'private', accepts: from.map((caller) => ({ from: caller, ports: [{ from: 443, to: 443 }], protocol: 'tcp' })),
});
const SEGMENTS = [segment('payments', ['edge']), segment('edge', ['internet'])];
const told = (segments: readonly Segment[], sessions: readonly string[]) => commonRisks('aws', segments, sessions).map((risk) => [risk.id, ...risk.segments]);

test('answers leave where the internet is accepted; the API opens everything', () => {
  expect(told(SEGMENTS, [])).toEqual([['answers-leave', 'edge'], ['cloud-administration', 'edge', 'payments']]);
  expect(told([segment('payments', [])], [])).toEqual([['cloud-administration', 'payments']]);
});

test('sessions are told where there are any', () => {
  expect(told(SEGMENTS, ['payments'])).toContainEqual(['session-access', 'payments']);
});

test.each(CLOUDS)('%s is told in its own words', (cloud) => {
  const [answers, administration, sessions] = commonRisks(cloud, SEGMENTS, ['edge']);
  expect([answers, administration, sessions].map((risk) => risk?.id)).toEqual(['answers-leave', 'cloud-administration', 'session-access']);
  expect(administration?.summary).toContain({ aws: 'AWS', google: 'Google Cloud', azure: 'Azure' }[cloud]);
});
