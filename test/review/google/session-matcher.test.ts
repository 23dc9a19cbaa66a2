import { hostsOf } from '../../../review/model/google/session-matcher';

const host = (text: string) => ({ host: text });

test.each([
  ["host() == 'api.stripe.com'", [host('api.stripe.com')]],
  ['host() == "A.Example.com"', [host('a.example.com')]],
  ["host().endsWith('.debian.org')", [host('*.debian.org')]],
  ["inUrlList(host(), 'projects/p/locations/l/urlLists/u')", [{ list: 'projects/p/locations/l/urlLists/u' }]],
  ["host() == 'a.com' || host() == 'b.com'", [host('a.com'), host('b.com')]],
  ["(host() == 'a.com' || host() == 'b.com') && source.matchTag('tagValues/1')", [host('a.com'), host('b.com')]],
  ["((host() == 'a.com'))", [host('a.com')]],
  ["host() == 'a.com' && request.path == '||'", [host('a.com')]],
  ['false', []],
])('%s', (expression, expected) => {
  expect(hostsOf(expression)).toEqual(expected);
});

test.each([
  'true', '', "host() == 'a.com' || true", "host() == 'a.com' || source.matchTag('x')", "!(host() == 'a.com')", "host() != 'a.com'",
  "host().endsWith('debian.org')", "host().endsWith('.')", "host().matches('.*')", "host().contains('a.com')", "(host() == 'a.com') || (port == 1)",
])('limits nothing: %s', (expression) => {
  expect(hostsOf(expression)).toBe('any');
});
