/** What a verdict says in words, for a person who reads the table. */
import { join } from 'node:path';
import { addressesOf, INTERNET } from '../../review/model/addresses';
import { subtract } from '../../review/model/ranges';
import { ALL_PORTS, traffic } from '../../review/model/traffic';
import { trafficWords } from '../../review/paths/traffic-words';
import { loadPlan } from '../../review/plan/load';
import { review } from '../../review/review';

test('two routes of half the internet each are told as one way to all of it', () => {
  const { verdicts } = review({ inputs: loadPlan(join(__dirname, '../fixtures/plans/aws-single-vpc.plan.json')), suppressions: [], today: '2030-01-15' });
  const told = Object.fromEntries(verdicts.filter(({ family, openTraffic }) => family === 4 && openTraffic).map(({ place, openTraffic }) => [place, openTraffic]));
  expect(told).toMatchObject({
    'aws_instance.private': ['tcp/80,443 to the internet'],
    'aws_instance.bastion': ['everything to the internet'],
  });
  expect(JSON.stringify(told)).not.toContain('more blocks');
});

describe('what is cut out of the internet is told, and not the many blocks that are left', () => {
  const words = (...cut: string[]) => trafficWords(traffic(4, [{ protocol: 'tcp', ports: ALL_PORTS, destinations: subtract(INTERNET[4], addressesOf(cut, 4)) }]));

  test.each<[string, string[], string]>([
    ['a network with addresses of the internet', ['15.0.0.0/16'], 'tcp to the internet but 15.0.0.0/16'],
    ['two of them', ['15.0.0.0/16', '51.0.0.0/8'], 'tcp to the internet but 15.0.0.0/16, 51.0.0.0/8'],
  ])('%s', (_, cut, expected) => expect(words(...cut)).toEqual([expected]));

  test('where much is cut out, what is left', () => {
    expect(words('1.0.0.0/8', '3.0.0.0/8', '5.0.0.0/8', '7.0.0.0/8', '9.0.0.0/8')[0]).toMatch(/^tcp to 2\.0\.0\.0\/8, .* more blocks$/);
  });
});
