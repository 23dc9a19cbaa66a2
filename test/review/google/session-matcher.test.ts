import { hostsOf, limitsOf } from '../../../review/model/google/session-matcher';

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

test.each([
  ["inIpRange(source.ip, '10.0.0.0/24') && destination.port == 443 && host() == 'a.com'", { sources: ['10.0.0.0/24'], ports: [443] }],
  ["(inIpRange(source.ip, '10.0.0.0/24') || inIpRange(source.ip, \"10.1.0.0/24\")) && (destination.port == 443 || destination.port == 8443)", { sources: ['10.0.0.0/24', '10.1.0.0/24'], ports: [443, 8443] }],
  ["destination.port == 443 || host() == 'a.com'", {}],
  ["(destination.port == 443 || host() == 'a.com') && destination.port == 80", { ports: [80] }],
  ["!inIpRange(source.ip, '10.0.0.0/24')", {}],
  ["inIpRange(destination.ip, '10.0.0.0/24')", {}],
  ['true', {}],
])('%s is limited to callers and ports', (expression, expected) => {
  expect(limitsOf(expression)).toEqual(expected);
});
