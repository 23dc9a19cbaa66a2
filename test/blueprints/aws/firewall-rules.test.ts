import { allowSignatures, floorSignatures, signatureText } from '../../../blueprints/aws/firewall-rules';
import { allow } from './policies';

const sources = [
  { name: 'payments', cidrs: ['10.20.16.0/24', '10.20.17.0/24'] },
  { name: 'platform', cidrs: ['10.20.20.0/24'] },
];
const lines = (...rules: Parameters<typeof allowSignatures>[0]) => allowSignatures(rules, sources).flatMap((set) => set.signatures.map((signature) => signatureText(signature, 1)));

test('a name is recorded, then passed, from its segment alone', () => {
  expect(lines(allow('api.stripe.com'))).toEqual(['alert', 'pass'].map((action) => `${action} tls [10.20.16.0/24,10.20.17.0/24] any -> $EXTERNAL_NET 443 (`
    + 'msg:"egress allowed: tls api.stripe.com from payments"; flow:to_server; tls.sni; content:"api.stripe.com"; startswith; endswith; nocase; sid:1; rev:1;)'));
});

test('a wildcard needs a dot and something before it', () => {
  const [, pass] = lines(allow('*.docker.io', { segments: ['platform'] }));
  expect(pass).toContain('pass tls 10.20.20.0/24 any -> $EXTERNAL_NET 443');
  expect(pass).toContain('tls.sni; content:".docker.io"; endswith; nocase; bsize:>10; pcre:!"/(^|\\.)\\.|[^A-Za-z0-9._-]/";');
  expect(pass).not.toContain('startswith');
});

test('http is matched on the host header, which the engine has in lower case', () => {
  const [, pass] = lines(allow('deb.debian.org', { protocol: 'http', ports: [80] }));
  expect(pass).toContain('pass http');
  expect(pass).toContain('http.host; content:"deb.debian.org"; startswith; endswith; sid');
});

test('tcp passes both directions of a connection to listed addresses, and records its first packet', () => {
  const [alert, pass, replies] = lines(allow('sftp.partner.com', { protocol: 'tcp', ports: [22], addresses: ['203.0.113.10/32', '203.0.113.11/32'] }));
  expect(alert).toContain('flow:to_server; flags:S,CE;');
  expect(pass).toMatch(/^pass tcp \[10\.20\.16\.0\/24,10\.20\.17\.0\/24\] any -> \[203\.0\.113\.10\/32,203\.0\.113\.11\/32\] 22 \(.*flow:to_server;/);
  expect(replies).toMatch(/^pass tcp \[203\.0\.113\.10\/32,203\.0\.113\.11\/32\] 22 -> \[10\.20\.16\.0\/24,10\.20\.17\.0\/24\] any \(.*flow:to_client;/);
});

test('the floor drops udp, icmp, other protocols, other ports, other speech and other names', () => {
  const rules = [allow('api.stripe.com'), allow('deb.debian.org', { protocol: 'http', ports: [80] }), allow('sftp.partner.com', { protocol: 'tcp', ports: [22], addresses: ['203.0.113.10/32'], segments: ['platform'] })];
  const floor = floorSignatures(rules, sources).signatures.map((signature) => signatureText(signature, 1));
  expect(floor.filter((line) => !line.startsWith('drop ')).every((line) => /^alert .* (flowbits:set,egress\.(spoken|ended)|flowint:egress\.segments,\+,1); noalert;/.test(line))).toBe(true);
  expect(floor.filter((line) => /^drop tcp .* any -> any .*"; flow:to_server; sid/.test(line)).map((line) => line.split(' (')[0])).toEqual([
    'drop tcp [10.20.16.0/24,10.20.17.0/24] any -> any ![80,443]',
    // Only a tcp rule, and that one has passed its packets before: every port is unnamed.
    'drop tcp 10.20.20.0/24 any -> any any',
    'drop tcp ![10.20.16.0/24,10.20.17.0/24,10.20.20.0/24] any -> any any',
  ]);
  expect(floor.flatMap((line) => /^drop (\w+) .* any -> any (\S+) .*flow:to_server,established; ?(.*?);? sid/.exec(line)?.slice(1).join(' ') ?? [])).toEqual([
    'tcp 443 app-layer-protocol:!tls',
    'tcp 80 app-layer-protocol:!http',
    'tls 443 ssl_state:client_hello',
    'http 80 http.host; bsize:>0',
    'http 80 http.start; bsize:>0',
    'http2 80 ',
    'tcp [80,443] flowbits:isnotset,egress.spoken; stream_size:client,>,18',
    'tcp [80,443] stream_size:client,>,16384',
  ]);
  expect(floor).toContainEqual(expect.stringContaining('drop tcp any [80,443] -> [10.20.16.0/24,10.20.17.0/24] any ('));
  expect(floor).toContainEqual(expect.stringContaining('drop tcp any any -> any any (msg:"egress denied: data outside a connection"; flags:!A; dsize:>0;'));
  for (const past of ['flow:to_server,not_established; dsize:>0;', 'flow:to_server; flowbits:isset,egress.ended; dsize:>0;', 'flow:to_server; flowint:egress.segments,>,64; dsize:>0;']) {
    expect(floor).toContainEqual(expect.stringMatching(new RegExp(`^drop tcp any any -> any any \\(msg:"[^"]*"; ${past.replace(/[.>]/g, '\\$&')}`)));
  }
  expect(floor).toContainEqual(expect.stringContaining('drop ip ::/0 any -> ::/0 any'));
  for (const protocol of ['udp', 'icmp', 'ip']) expect(floor).toContainEqual(expect.stringContaining(`drop ${protocol} any any -> any any`));
});

test('two entries that ask for the same are one signature', () => {
  expect(lines(allow('api.stripe.com'), allow('api.stripe.com', { owner: 'another' }))).toHaveLength(2);
});
