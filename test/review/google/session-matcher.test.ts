import { parseMatcher, reached, type HostPorts, type Meaning } from '../../../review/model/google/session-matcher';

const LISTED: Readonly<Record<string, readonly string[]>> = { repositories: ['a.com', '*.b.com'] };
const meaning = (calls: ReturnType<Meaning['calls']>): Meaning => ({ calls: () => calls, listed: (name) => LISTED[name] ?? [] });
const text = (found: readonly HostPorts[]) => found.map(({ host, ports }) => [host, ...ports].join(':'));
const may = (expression: string, calls: ReturnType<Meaning['calls']> = 'maybe') => text(reached(parseMatcher(expression), meaning(calls), 'may'));
const must = (expression: string, calls: ReturnType<Meaning['calls']> = 'maybe') => text(reached(parseMatcher(expression), meaning(calls), 'must'));

test.each([
  ["host() == 'api.stripe.com'", ['api.stripe.com']],
  ['host() == "A.Example.com"', ['a.example.com']],
  ["host().endsWith('.debian.org')", ['*.debian.org']],
  ["inUrlList(host(), 'repositories')", ['a.com', '*.b.com']],
  ["host() == 'a.com' || host() == 'b.com'", ['a.com', 'b.com']],
  ["(host() == 'a.com' || host() == 'b.com') && source.matchTag('tagValues/1')", ['a.com', 'b.com']],
  ["((host() == 'a.com'))", ['a.com']],
  ["host() == 'a.com' && request.path == '||'", ['a.com']],
  ["inUrlList(host(), 'repositories') && host().endsWith('.b.com')", ['*.b.com']],
  ["host() == 'a.com' && host() == 'b.com'", []],
  ["!(host() != 'a.com' || destination.port != 443)", ['a.com:443']],
  ["destination.port == 443 && (host() == 'a.com' || destination.port == 80)", ['a.com:443']],
  ['false', []],
  ['!true', []],
])('%s', (expression, expected) => {
  expect(may(expression)).toEqual(expected);
});

test.each([
  'true', "host() == 'a.com' || true", "host() == 'a.com' || source.matchTag('x')", "!(host() == 'a.com')", "host() != 'a.com'", "!inUrlList(host(), 'repositories')",
  "host().endsWith('debian.org')", "host().endsWith('.')", "host().matches('.*')", "host().contains('a.com')", "(host() == 'a.com') || (port == 1)", "host() == 'a.com' && false ? false : true",
])('limits nothing: %s', (expression) => {
  expect(may(expression)).toContain('*');
});

test.each([
  ['host() == "a.com"', ['a.com']],
  ["host().endsWith('b.com')", ['.b.com']],
  ["host().endsWith('')", ['*']],
  ["inUrlList(host(), 'repositories')", ['a.com', '*.b.com']],
  ["host() == 'a.com' || host().matches('.*')", ['a.com']],
  ["host() == 'a.com' && request.path == '/'", []],
  ["host() != 'a.com'", []],
  ["host() == 'a.com' && destination.port == 443", ['a.com:443']],
])('sure of %s', (expression, expected) => {
  expect(must(expression)).toEqual(expected);
});

test.each(["source.matchTag('tagValues/1')", 'source.matchServiceAccount("x@p.iam.gserviceaccount.com")', "inIpRange(source.ip, '10.0.0.0/24')"])('%s asks who calls', (expression) => {
  expect((['yes', 'no', 'maybe'] as const).map((calls) => [may(expression, calls), must(expression, calls)])).toEqual([[['*'], ['*']], [[], []], [['*'], []]]);
  expect((['yes', 'no', 'maybe'] as const).map((calls) => [may(`!${expression}`, calls), must(`!${expression}`, calls)])).toEqual([[[], []], [['*'], ['*']], [['*'], []]]);
});

test.each(["inIpRange(destination.ip, '10.0.0.0/24')", "destination.port >= 443"])('%s is not understood', (expression) => {
  expect([may(expression), must(expression)]).toEqual([['*'], []]);
});
