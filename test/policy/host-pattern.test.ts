import { covers, matches, parseHostPattern } from '../../blueprints/policy/host-pattern';
import type { HostPattern } from '../../blueprints/policy/model';

function pattern(text: string): HostPattern {
  const parsed = parseHostPattern(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.code} ${parsed.problem.message}`);
  return parsed.pattern;
}

describe('a host that can be allowed', () => {
  it.each([
    ['api.stripe.com', 'exact', 'api.stripe.com'],
    ['API.Stripe.COM.', 'exact', 'api.stripe.com'],
    ['example.com', 'exact', 'example.com'],
    ['*.docker.io', 'subdomains', 'docker.io'],
    ['*.Docker.IO.', 'subdomains', 'docker.io'],
    ['*.acme.co.uk', 'subdomains', 'acme.co.uk'],
    ['*.acme.github.io', 'subdomains', 'acme.github.io'],
    ['*.bucket.s3.amazonaws.com', 'subdomains', 'bucket.s3.amazonaws.com'],
    ['bücher.ch', 'exact', 'xn--bcher-kva.ch'],
    ['*.faß.de', 'subdomains', 'xn--fa-hia.de'],
    ['XN--BCHER-KVA.ch', 'exact', 'xn--bcher-kva.ch'],
    ['a。b.com', 'exact', 'a.b.com'],
    ['r3---sn.googlevideo.com', 'exact', 'r3---sn.googlevideo.com'],
    ['1.1.1.1.example.com', 'exact', '1.1.1.1.example.com'],
    [`${'a'.repeat(63)}.com`, 'exact', `${'a'.repeat(63)}.com`],
  ])('%s', (text, kind, domain) => {
    expect(pattern(text)).toEqual({ kind, domain, text: kind === 'exact' ? domain : `*.${domain}` });
  });
});

describe('a host that cannot', () => {
  it.each([
    ['', 'host-empty'],
    ['*', 'host-wildcard-all', "such as '*.docker.io'"],
    ['*.', 'host-wildcard-all'],
    ['*.*', 'host-wildcard-all'],
    ['**', 'host-wildcard-all'],
    ['*.com', 'host-wildcard-suffix', "'*.example.com'"],
    ['*.com.', 'host-wildcard-suffix'],
    ['*.COM', 'host-wildcard-suffix'],
    ['*.co.uk', 'host-wildcard-suffix'],
    ['*.anything.ck', 'host-wildcard-suffix'],
    ['*.nosuchtld', 'host-wildcard-suffix'],
    ['*foo.com', 'host-wildcard-partial', "'*.foo.com'"],
    ['*com', 'host-wildcard-partial', 'one by one'],
    ['foo.*.com', 'host-wildcard-middle', 'one by one'],
    ['api.*.acme.com', 'host-wildcard-middle', "'*.acme.com'"],
    ['foo*.acme.com', 'host-wildcard-middle', "'*.acme.com'"],
    ['acme.*', 'host-wildcard-middle', 'one by one'],
    ['*.*.com', 'host-wildcard-many', 'one by one'],
    ['*.*.acme.com', 'host-wildcard-many', "'*.acme.com'"],
    ['https://api.stripe.com/v1', 'host-url', "'api.stripe.com'"],
    ['https://*.docker.io', 'host-url', "'*.docker.io'"],
    ['https://me:secret@api.stripe.com:8443/x?y#z', 'host-url', "'api.stripe.com'"],
    ['api.stripe.com/v1', 'host-path', "'api.stripe.com'"],
    ['api.stripe.com?x=1', 'host-path'],
    ['api.stripe.com\\x', 'host-path'],
    ['me@api.stripe.com', 'host-userinfo', "'api.stripe.com'"],
    ['api.stripe.com:8443', 'host-port', 'ports: [8443]'],
    ['*.docker.io:5000', 'host-port', "'*.docker.io'"],
    ['10.0.0.1', 'host-ip-address', 'protocol: tcp'],
    ['8.8.8.8', 'host-ip-address'],
    ['*.8.8.8.8', 'host-ip-address'],
    ['127.1', 'host-ip-address'],
    ['2130706433', 'host-ip-address'],
    ['0x7f000001', 'host-ip-address'],
    ['0x7f.0.0.0x1', 'host-ip-address'],
    ['0177.0.0.01', 'host-ip-address'],
    ['１２７.０.０.１', 'host-ip-address'],
    ['::1', 'host-ip-address'],
    ['[2001:db8::1]', 'host-ip-address'],
    ['2001:db8::1', 'host-ip-address'],
    ['com', 'host-single-label'],
    ['intranet', 'host-single-label', "'intranet.example.com'"],
    ['co.uk', 'host-public-suffix'],
    ['localhost', 'host-not-public'],
    ['app.localhost', 'host-not-public'],
    ['printer.local', 'host-not-public'],
    ['metadata.google.internal', 'host-not-public'],
    ['*.internal', 'host-not-public'],
    ['a.test', 'host-not-public'],
    ['a.example', 'host-not-public'],
    ['a.invalid', 'host-not-public'],
    ['x.onion', 'host-not-public'],
    ['router.home.arpa', 'host-not-public'],
    ['my_host.com', 'host-underscore'],
    ['a..com', 'host-empty-label'],
    ['.docker.io', 'host-leading-dot', "'*.docker.io'"],
    ['a.com..', 'host-empty-label'],
    ['api stripe.com', 'host-space'],
    [' api.stripe.com', 'host-space'],
    ['api.stripe.com\n', 'host-unprintable'],
    ['api\u0000.stripe.com', 'host-unprintable'],
    ['api\u200b.stripe.com', 'host-unprintable'],
    ['\u202eapi.stripe.com', 'host-unprintable'],
    ['api\u00ad.stripe.com', 'host-unprintable'],
    ['\ud800.com', 'host-unprintable'],
    ['api%41.stripe.com', 'host-character'],
    ['api,stripe.com', 'host-character'],
    ['＊.com', 'host-character'],
    ['-a.com', 'host-hyphen'],
    ['a-.com', 'host-hyphen'],
    ['xn--a.com', 'host-punycode'],
    ['xn--zz--.com', 'host-hyphen'],
    ['☃.com', 'host-character'],
    ['a⑴.com', 'host-idn'], // becomes a(1).com
    ['a.ab﹡.com', 'host-character'],
    ['xn--abc.com', 'host-punycode'],
    [`${'a'.repeat(64)}.com`, 'host-label-too-long', '63'],
    [`${'a.'.repeat(126)}com`, 'host-too-long', '253'],
    ['a'.repeat(1_000_000), 'host-too-long', '253'],
  ])('%j: %s', (text, code, fix = '') => {
    const parsed = parseHostPattern(text);
    expect(parsed).toMatchObject({ ok: false, problem: { code } });
    if (!parsed.ok) expect(parsed.problem.fix).toContain(fix);
  });

  it.each([
    '*.github.io', '*.s3.amazonaws.com', '*.s3.us-east-1.amazonaws.com', '*.blob.core.windows.net', '*.core.windows.net',
    '*.windows.net', '*.cloudfront.net', '*.amazonaws.com', '*.us-east-1.amazonaws.com', '*.execute-api.us-east-1.amazonaws.com',
    '*.compute.amazonaws.com', '*.googleapis.com', '*.storage.googleapis.com', '*.run.app', '*.azurewebsites.net', '*.vault.azure.net',
    '*.azure.com', '*.nip.io', '*.fastly.net', '*.ssl.fastly.net', '*.vercel.app', '*.ngrok.io', '*.r2.dev', '*.web.app', '*.pkg.dev',
  ])('%s: anybody can get a name there', (text) => {
    expect(parseHostPattern(text)).toMatchObject({ ok: false, problem: { code: 'host-wildcard-shared' } });
  });
});

describe('a host to look at twice', () => {
  it.each([
    ['s3.amazonaws.com', 'host-shared-tenant'],
    ['storage.googleapis.com', 'host-shared-tenant'],
    ['github.io', 'host-shared-tenant'],
    ['api.stripe.con', 'host-unknown-suffix'],
    ['*.stripe.con', 'host-unknown-suffix'],
    ['pаypal.com', 'host-mixed-script'], // the first a is Cyrillic
  ])('%s: %s', (text, code) => {
    expect(parseHostPattern(text)).toMatchObject({ ok: true, warnings: [{ code }] });
  });

  it('warns of nothing else', () => {
    for (const text of ['api.stripe.com', '*.docker.io', 'bücher.ch', 'bucket.s3.amazonaws.com']) {
      expect(parseHostPattern(text)).toMatchObject({ ok: true, warnings: [] });
    }
  });
});

describe('matches', () => {
  it.each([
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'a.b.c.example.com', true],
    ['*.example.com', 'A.EXAMPLE.COM.', true],
    ['*.example.com', '_dmarc.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'example.com.', false],
    ['*.example.com', '.example.com', false],
    ['*.example.com', 'a..example.com', false],
    ['*.example.com', 'notexample.com', false],
    ['*.example.com', 'a.example.com.evil.net', false],
    ['*.example.com', 'a.example.com..', false],
    ['*.example.com', '', false],
    ['*.bücher.ch', 'shop.BÜCHER.ch', true],
    ['*.bücher.ch', 'shop.xn--bcher-kva.ch', true],
    ['example.com', 'example.com', true],
    ['example.com', 'Example.Com.', true],
    ['example.com', 'a.example.com', false],
    ['example.com', 'example.com.evil.net', false],
    ['example.com', 'exampleXcom', false],
    ['example.com', 'ｅxample%2ecom', false],
  ])('%s and %s: %s', (text, host, expected) => {
    expect(matches(pattern(text), host)).toBe(expected);
  });
});

describe('covers', () => {
  it.each([
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', '*.a.example.com', true],
    ['*.example.com', '*.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.a.example.com', '*.example.com', false],
    ['*.a.example.com', 'a.example.com', false],
    ['example.com', 'example.com', true],
    ['a.example.com', '*.a.example.com', false],
    ['*.example.com', 'notexample.com', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(covers(pattern(one), pattern(other))).toBe(expected);
  });
});
