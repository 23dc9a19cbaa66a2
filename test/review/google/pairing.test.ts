/** Which tags a subnet gets where no machine tells. */
import { pairByWords } from '../../../review/model/google/segments';

const candidates = (...texts: string[]) => texts.map((text) => ({ key: text, text }));
const pairs = (subnets: string[], groups: string[], common: string[] = []) => {
  const { paired, free } = pairByWords(candidates(...subnets), candidates(...groups), common);
  return { ...Object.fromEntries([...paired].map(([key, own]) => [key, [...own].sort()])), free: [...free] };
};

test('words that all share tell nothing', () => {
  expect(pairs(['acme-prod-web', 'acme-prod-db'], ['acme-prod-web-egress', 'db'])).toEqual({ 'acme-prod-web': ['acme-prod-web-egress'], 'acme-prod-db': ['db'], free: [] });
});

test('the tag with the most words in common is the one', () => {
  expect(pairs(['web', 'web-app'], ['web', 'web-app'])).toEqual({ web: ['web'], 'web-app': ['web-app'], free: [] });
});

test('a tag that fits no subnet is free', () => {
  expect(pairs(['web', 'db'], ['bastion', 'web'])).toEqual({ web: ['web'], db: [], free: ['bastion'] });
});

test('a service account is known by the part before its domain', () => {
  expect(pairs(['batch', 'web'], ['batch@shop.iam.gserviceaccount.com'])).toEqual({ batch: ['batch@shop.iam.gserviceaccount.com'], web: [], free: [] });
});
