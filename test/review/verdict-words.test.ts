/** What a verdict says in words, for a person who reads the table. */
import { join } from 'node:path';
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
