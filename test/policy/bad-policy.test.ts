import { readFileSync } from 'node:fs';
import { formatProblems } from '../../blueprints/policy/problems';
import { codes, load, REST, staged, withHost, withRules } from './policies';

/** Lines 1-2 and 4 onwards of a policy whose segments are given; line 3 is the first. */
function withSegments(...segments: string[]): string {
  return `organization: acme\nsegments:\n${segments.map((each) => `  - ${each}`).join('\n')}\nenvironments: [{ name: prod, aws: { region: us-east-1, cidr: 10.0.0.0/16 } }]\n`;
}

/** A policy whose environments are given; line 4 is the first. */
function withEnvironments(...environments: string[]): string {
  return `organization: acme\nsegments: [{ name: app, tier: private }]\nenvironments:\n${environments.map((each) => `  - ${each}`).join('\n')}\n`;
}

const aws = (more: string) => withEnvironments(`{ name: prod, aws: { region: us-east-1, ${more} } }`);
const awsCidr = (cidr: string) => aws(`cidr: ${cidr}`);
const rule = (more: string) => withHost('api.acme.com', more);
const state = (text: string) => `organization: acme${REST}state: ${text}\n`;

/** A bad file, the problems that it has (`code line:column`), and a part of the first one's message or fix. */
type Bad = readonly [name: string, text: string, problems: readonly string[], part: string];

const YAML: readonly Bad[] = [
  ['an empty file', '', ['empty-file 1:1'], 'holds no policy'],
  ['comments only', '# nothing\n', ['empty-file 1:1'], 'holds no policy'],
  ['a list', '- a\n', ['not-a-map 1:1'], 'holds a list'],
  ['a word', 'hello', ['not-a-map 1:1'], 'holds a single value'],
  ['an open bracket', 'organization: [acme\n', ['yaml-syntax 1:15'], "'[' is opened here"],
  ['a list in a map that ends first', 'organization: { a: [b }\n', ['yaml-syntax 1:20'], "'[' is opened here"],
  ['an open quote', `organization: "acme${REST}`, ['yaml-syntax 1:15'], 'quote is opened here'],
  ['a quote inside of quotes', "organization: 'it's'\n", ['yaml-syntax 1:19'], 'a quote inside of them twice'],
  ['a tab', 'organization: acme\nsegments:\n\t- a\n', ['yaml-tab 3:1'], 'indent with spaces'],
  ['a tab, and what follows from it', 'organization: acme\nallow:\n\t- host: a.acme.com\n\t  from: [app]\n', ['yaml-tab 3:1'], 'indent with spaces'],
  ['a tab after spaces', `organization: acme${REST.replace('    aws', '  \taws')}`, ['yaml-tab 9:3'], 'indent with spaces'],
  ['a space of word processors', `organization: acme${REST.replace('    aws', '\u00a0\u00a0  aws')}`, ['yaml-space 9:1'], 'U+00A0'],
  ['a dash of word processors', `organization: acme${REST.replace('- name: prod', '– name: prod')}`, ['yaml-syntax 8:3'], 'looks like a hyphen'],
  ['a dash without a space', `organization: acme${REST.replace('- name: prod', '-name: prod')}`, ['yaml-syntax 8:3'], "write '- '"],
  ['a line too far right', `organization: acme${REST.replace('    google', '     google')}`, ['yaml-indent 10:6'], 'indent it by 4 spaces, as the other keys are'],
  ['a line too far left', `organization: acme${REST.replace('    google', '   google')}`, ['yaml-indent 10:4'], 'indent it by 4 spaces, as the other keys are'],
  ['an entry too far right', `organization: acme${REST.replace('  - { name: jobs', '   - { name: jobs')}`, ['yaml-indent 5:4'], 'indent it by 2 spaces, as the other entries are'],
  ['a key without its entry', `organization: acme${REST.replace('    aws', '  aws')}`, ['yaml-indent 9:3'], "write '- ' before it"],
  ['an entry among keys', `organization: acme${REST.replace('    aws', '    aws: {}\n    - aws')}`, ['yaml-indent 10:5'], 'remove the dash'],
  ['a key without its colon', `organization acme${REST}`, ['yaml-syntax 1:1'], "write 'organization: acme'"],
  ['a colon without its space', `organization:acme${REST}`, ['yaml-syntax 1:13'], "write 'organization: acme'"],
  ['a colon in a text', 'organization: acme: ltd\n', ['yaml-syntax 1:19'], 'put the text in quotes'],
  ['a character that YAML keeps', 'organization: @acme\n', ['yaml-syntax 1:15'], 'put the text in quotes'],
  ['a block of lines on the same line', 'organization: > acme\n', ['yaml-syntax 1:17'], 'begins a block of lines'],
  ['a comment without its space', 'organization: "acme"#x\n', ['yaml-syntax 1:21'], 'put a space before it'],
  ['a template', `organization: {{ name }}${REST}`, ['yaml-syntax 1:15'], 'render the template'],
  ['a merge key', 'a: &a { b: c }\nd: { <<: *a }\n', ['yaml-merge 2:6'], 'write the keys out'],
  ['an entry without its dash', `organization: acme${REST.replace('    aws', '    name: other\n    name: third\n    aws')}`, ['yaml-duplicate-key 9:5'], "write '- ' before it"],
  ['a port in octal', withSegments('{ name: app, tier: private, accepts: [{ from: app, ports: [0443] }] }'), ['yaml-number 3:64'], 'write 443'],
  ['a port in hexadecimal', withSegments('{ name: app, tier: private, accepts: [{ from: app, ports: [0x1bb] }] }'), ['yaml-number 3:64'], 'write 443'],
  ['a conflict of git', `organization: acme\n<<<<<<< HEAD\nallow: []\n=======\n>>>>>>> theirs${REST}`, ['yaml-conflict 2:1'], 'keep the right lines'],
  ['an asterisk without quotes', withHost('*'), ['yaml-alias 3:13'], 'put text that begins with it in quotes'],
  ['a wildcard without quotes', withHost('*.acme.com'), ['yaml-alias 3:13'], 'put it in quotes: "*.acme.com"'],
  ['two documents', `organization: acme${REST}---\norganization: b\n`, ['yaml-multiple-documents 12:1'], 'keep one document'],
  ['a key twice', `organization: acme\norganization: b${REST}`, ['yaml-duplicate-key 2:1'], 'twice'],
  ['an alias without anchor', `organization: *nobody${REST}`, ['yaml-alias 1:15'], '&nobody'],
  ['an anchor in itself', 'organization: &a [*a]\n', ['yaml-too-deep 1:19'], 'nested too deeply'],
  ['anchors that multiply', `a: &a [1,2,3,4,5,6,7,8,9]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join()}]\n`).join('')}`, ['yaml-alias-limit 6:8'], 'repeat too many'],
  ['ten thousand brackets', '['.repeat(10_000), ['yaml-too-deep 1:1'], 'nested too deeply'],
  ['a tag', `organization: !!binary acme${REST}`, ['yaml-tag 1:15'], 'remove the tag'],
  ['a key that is a list', `? [a]\n: b${REST}`, ['yaml-key 1:3'], 'not text'],
];

const SHAPE: readonly Bad[] = [
  ['an unknown key', `organisation: acme${REST}`, ['unknown-key 1:1'], "did you mean 'organization'"],
  ['an unknown key in a rule', rule('wildcad: x'), ['unknown-key 3:66'], "did you mean 'wildcard'"],
  ['a key of another tool', withEnvironments('{ name: prod, azure: { location: westeurope, cidr: 10.0.0.0/16, subscription: 00000000-0000-0000-0000-000000000000 } }'), ['unknown-key 4:28'], "did you mean 'region'"],
  ['a missing field', withRules('{ host: a.com, from: [app], reason: x }'), ['missing-field 3:5'], "add 'owner'"],
  ['a missing choice', withSegments('{ name: app }'), ['missing-field 3:5'], 'public, private, data'],
  ['a number for a name', `organization: 123${REST}`, ['wrong-type 1:15'], '"123"'],
  ['a number that YAML rounds', aws('cidr: 10.0.0.0/16, account: 012345678901'), ['wrong-type 4:73'], '"012345678901"'],
  ['a boolean for a name', withSegments('{ name: true, tier: private }'), ['wrong-type 3:13'], 'put it in quotes: "true"'],
  ['text for a list', withRules('{ host: a.acme.com, from: app, owner: x, reason: x }'), ['wrong-type 3:31'], '[app]'],
  ['a list for text', withRules('{ host: [a.acme.com], from: [app], owner: x, reason: x }'), ['wrong-type 3:13'], 'without brackets'],
  ['nothing after a key', `organization: acme\nallow:${REST}`, ['empty-value 2:1'], 'write []'],
  ['an empty list', withRules('{ host: a.acme.com, from: [], owner: x, reason: x }'), ['empty-list 3:31'], 'at least one'],
  ['no environments', 'organization: acme\nsegments: [{ name: app, tier: private }]\nenvironments: []\n', ['empty-list 3:15'], 'at least one'],
  ['an unknown choice', withSegments('{ name: app, tier: privat }'), ['unknown-value 3:24'], "did you mean 'private'"],
  ['text for a map of anything', 'organization: acme\nsegments: [{ name: app, tier: private, pods: [{ name: api, labels: app=api }] }]\nenvironments: [{ name: prod, aws: { region: us-east-1, cidr: 10.0.0.0/16 } }]\n', ['wrong-type 2:68'], 'write a map'],
  ['a field of another cloud', withEnvironments('{ name: prod, aws: { region: us-east-1, cidr: 10.0.0.0/16, cluster: { cni: cilium, system: app, resourceGroup: x } } }'), ['unknown-key 4:116'], 'is for another cloud'],
  ['a zone for a region', withEnvironments('{ name: prod, aws: { region: us-east-1a, cidr: 10.0.0.0/16 } }'), ['bad-format 4:34'], "write the region, 'us-east-1', and not one of its zones"],
  ['a zone for a region of google', withEnvironments('{ name: prod, google: { region: europe-west1-b, cidr: 10.0.0.0/16, project: acme-prod } }'), ['bad-format 4:37'], "write the region, 'europe-west1', and not one of its zones"],
  ['two regions', withEnvironments('{ name: prod, aws: { region: [us-east-1, us-west-2], cidr: 10.0.0.0/16 } }'), ['wrong-type 4:34'], 'another region is an environment of its own'],
  ['a bad organization', `organization: Acme Corp${REST}`, ['bad-name 1:15'], "'acme-corp'"],
  ['a long segment name', withSegments('{ name: abcdefghijklmnopqrstu, tier: private }'), ['bad-name 3:13'], '1-20 characters'],
  ['a double hyphen', withSegments('{ name: a--b, tier: private }'), ['bad-name 3:13'], "'a-b'"],
  ['a long environment name', withEnvironments('{ name: production-eu, aws: { region: us-east-1, cidr: 10.0.0.0/16 } }'), ['bad-name 4:13'], '1-12 characters'],
];

const RULES: readonly Bad[] = [
  ['the whole internet', withHost('"*"'), ['host-wildcard-all 3:13'], 'whole internet'],
  ['a whole top-level domain', withHost('"*.com"'), ['host-wildcard-suffix 3:13'], "public suffix 'com'"],
  ['a whole registry', withHost('"*.co.uk"'), ['host-wildcard-suffix 3:13'], "'*.example.co.uk'"],
  ['a glued wildcard', withHost('"*foo.com"'), ['host-wildcard-partial 3:13'], "'notfoo.com'"],
  ["everybody's buckets", withHost('"*.s3.amazonaws.com"'), ['host-wildcard-shared 3:13'], 'anybody'],
  ['a URL', withHost('"https://api.acme.com/v1"'), ['host-url 3:13'], "'api.acme.com'"],
  ['an IP address', withHost('10.1.2.3'), ['host-ip-address 3:13'], 'protocol: tcp'],
  ['escape sequences', withHost('"a\\e[31m.com"'), ['host-unprintable 3:13'], 'cannot be seen'],
  ['a wildcard without a reason', withHost('"*.acme.com"'), ['wildcard-without-reason 3:13'], 'wildcard: <why'],
  ['a reason without a wildcard', rule('wildcard: because'), ['reason-without-wildcard 3:76'], "'*.api.acme.com'"],
  ['a wildcard over tcp', withHost('"*.acme.com"', 'wildcard: x, protocol: tcp, ports: [22], addresses: [8.8.8.8]'), ['wildcard-tcp 3:13'], 'no name travels'],
  ['tcp without addresses', rule('protocol: tcp, ports: [22]'), ['tcp-without-addresses 3:76'], 'addresses: [<public IPv4>]'],
  ['tcp without ports', rule('protocol: tcp, addresses: [8.8.8.8]'), ['tcp-without-ports 3:76'], 'no default'],
  ['addresses for tls', rule('addresses: [8.8.8.8]'), ['addresses-without-tcp 3:77'], 'protocol: tcp'],
  ['a private address', rule('protocol: tcp, ports: [22], addresses: [10.0.0.1]'), ['address-not-public 3:106'], 'not a public address'],
  ['a multicast address', rule('protocol: tcp, ports: [22], addresses: [239.1.1.1]'), ['address-not-public 3:106'], 'not a public address'],
  ['the metadata address', rule('protocol: tcp, ports: [22], addresses: [169.254.169.254]'), ['address-not-public 3:106'], 'not a public address'],
  ['a wide block', rule('protocol: tcp, ports: [22], addresses: [8.8.0.0/16]'), ['address-too-wide 3:106'], 'at most a /24'],
  ['the internet as a block', rule('protocol: tcp, ports: [22], addresses: [0.0.0.0/0]'), ['address-not-public 3:106'], 'not a public address'],
  ['an address inside a block', rule('protocol: tcp, ports: [22], addresses: [8.8.8.8/24]'), ['cidr-host-bits 3:106'], "'8.8.8.0/24'"],
  ['an address twice', rule('protocol: tcp, ports: [22], addresses: [8.8.8.8, 8.8.8.8/32]'), ['duplicate-address 3:115'], 'twice'],
  ['an address in a block of the same rule', rule('protocol: tcp, ports: [22], addresses: [8.8.8.8, 8.8.8.0/24]'), ['covered-address 3:106'], 'is in 8.8.8.0/24 already'],
  ["the addresses of Google's APIs", rule('protocol: tcp, ports: [443], addresses: [199.36.153.8/30, 199.36.153.5]'), ['address-not-public 3:107', 'address-not-public 3:124'], 'not a public address'],
  ['an IPv6 address', rule('protocol: tcp, ports: [22], addresses: ["2001:db8::1"]'), ['cidr-syntax 3:106'], 'IPv6'],
  ['port 0', rule('ports: [0]'), ['port-range 3:74'], '1 to 65535'],
  ['port 65536', rule('ports: [65536]'), ['port-range 3:74'], '1 to 65535'],
  ['half a port', rule('ports: [44.3]'), ['port-syntax 3:74'], 'not a port'],
  ['a range of ports', rule('ports: ["80-90"]'), ['port-syntax 3:74'], 'one by one'],
  ['a port in quotes', rule('ports: ["443"]'), ['port-syntax 3:74'], 'without quotes'],
  ['a port twice', rule('ports: [443, 443]'), ['duplicate-port 3:79'], 'twice'],
  ['a date that does not exist', rule('expires: 2031-02-30'), ['bad-date 3:75'], 'YYYY-MM-DD'],
  ['a date with a time', rule('expires: 2031-02-03T00:00:00Z'), ['bad-date 3:75'], 'YYYY-MM-DD'],
  ['a rule that has expired', rule('expires: 2030-01-14'), ['expired 3:75'], 'yesterday'],
  ['an empty owner', withRules('{ host: a.acme.com, from: [app], owner: " ", reason: x }'), ['empty-text 3:45'], 'is empty'],
  ['a long reason', withRules(`{ host: a.acme.com, from: [app], owner: x, reason: ${'x'.repeat(201)} }`), ['long-text 3:56'], 'at most 200'],
  ['a reason with an escape', withRules('{ host: a.acme.com, from: [app], owner: x, reason: "a\\e[2J" }'), ['unprintable-text 3:56'], 'cannot be seen'],
  ['an unknown segment', withRules('{ host: a.acme.com, from: [apps], owner: x, reason: x }'), ['unknown-segment 3:32'], "did you mean 'app'"],
  ['the internet as a caller', withRules('{ host: a.acme.com, from: [internet], owner: x, reason: x }'), ['unknown-segment 3:32'], 'segments: edge, app'],
  ['a data segment', withRules('{ host: a.acme.com, from: [store], owner: x, reason: x }'), ['data-segment-egress 3:32'], 'never reaches the internet'],
  ['a public segment', withRules('{ host: a.acme.com, from: [edge], owner: x, reason: x }'), ['public-segment-egress 3:32'], 'move the workload'],
  ['a caller twice', withRules('{ host: a.acme.com, from: [app, app], owner: x, reason: x }'), ['duplicate-from 3:37'], 'twice'],
  ['an unknown cloud', rule('clouds: [gcp]'), ['unknown-value 3:75'], 'aws, google, azure'],
  ['a cloud twice', rule('clouds: [aws, aws]'), ['duplicate-cloud 3:80'], 'twice'],
  ['an unknown environment', rule('environments: [prd]'), ['unknown-environment 3:81'], "did you mean 'prod'"],
  ['an environment twice', rule('environments: [prod, prod]'), ['duplicate-environment 3:87'], 'twice'],
  ['no environment', rule('environments: []'), ['empty-list 3:80'], 'leave the whole line out'],
];

const TOGETHER: readonly Bad[] = [
  ['a host twice', withRules('{ host: a.acme.com, from: [app], owner: x, reason: x }', '{ host: A.ACME.com., from: [jobs, app], owner: y, reason: y }'), ['duplicate-rule 4:13'], 'allow[0] (line 3)'],
  [
    'a host that a wildcard covers',
    withRules('{ host: a.b.acme.com, from: [app], owner: x, reason: x }', '{ host: "*.acme.com", wildcard: x, from: [app], owner: y, reason: y }'),
    ['covered-by-wildcard 3:13'],
    "'*.acme.com' in allow[1] (line 4)",
  ],
  [
    'a wildcard that a wildcard covers',
    withRules('{ host: "*.acme.com", wildcard: x, from: [app], owner: y, reason: y }', '{ host: "*.b.acme.com", wildcard: x, from: [app], owner: x, reason: x }'),
    ['covered-by-wildcard 4:13'],
    "'*.acme.com' in allow[0] (line 3)",
  ],
  ['a host twice in one environment', staged('{ host: a.acme.com, from: [app], owner: x, reason: x }', '{ host: a.acme.com, from: [app], environments: [staging], owner: y, reason: y }'), ['duplicate-rule 4:13'], 'or environments'],
  [
    'a host that a wildcard of one environment covers',
    staged('{ host: a.acme.com, from: [app], owner: x, reason: x }', '{ host: "*.acme.com", wildcard: x, from: [app], environments: [staging], owner: y, reason: y }'),
    ['covered-by-wildcard 3:13'],
    'part their environments',
  ],
  [
    'a host of one environment that a wildcard of all of them covers',
    staged('{ host: "*.acme.com", wildcard: x, from: [app], owner: y, reason: y }', '{ host: a.acme.com, from: [app], environments: [staging], owner: x, reason: x }'),
    ['covered-by-wildcard 4:13'],
    'remove this rule or the wildcard, or part their environments',
  ],
  [
    'a host that a wildcard covers, where neither names environments',
    staged('{ host: "*.acme.com", wildcard: x, from: [app], owner: y, reason: y }', '{ host: a.acme.com, from: [app], owner: x, reason: x }'),
    ['covered-by-wildcard 4:13'],
    'remove this rule, or the wildcard',
  ],
];

const SEGMENTS: readonly Bad[] = [
  ['a segment twice', withSegments('{ name: app, tier: private }', '{ name: app, tier: data }'), ['duplicate-segment 4:13'], 'segments[0] (line 3)'],
  ['a reserved name', withSegments('{ name: firewall, tier: private }'), ['reserved-name 3:13'], 'reserved'],
  ['an infrastructure name', withSegments('{ name: control-plane, tier: private }'), ['reserved-name 3:13'], 'reserved'],
  ['the internet in a private segment', withSegments('{ name: app, tier: private, accepts: [{ from: internet, ports: [443] }] }'), ['internet-not-public 3:51'], 'this one is private'],
  ['the internet in a data segment', withSegments('{ name: db, tier: data, accepts: [{ from: internet, ports: [443] }] }'), ['internet-not-public 3:47'], 'this one is data'],
  ['an unknown caller', withSegments('{ name: app, tier: private, accepts: [{ from: edg, ports: [443] }] }', '{ name: edge, tier: public }'), ['unknown-segment 3:51'], "did you mean 'edge'"],
  ['a reversed range', withSegments('{ name: app, tier: private, accepts: [{ from: app, ports: ["90-80"] }] }'), ['port-reversed 3:64'], '"80-90"'],
  ['a range beyond the last port', withSegments('{ name: app, tier: private, accepts: [{ from: app, ports: ["1-70000"] }] }'), ['port-range 3:64'], '65535'],
  ['overlapping ports', withSegments('{ name: app, tier: private, accepts: [{ from: app, ports: ["80-90", 85] }] }'), ['overlapping-ports 3:73'], '80-90'],
  ['overlapping entries', withSegments('{ name: app, tier: private, accepts: [{ from: app, ports: [80] }, { from: app, ports: [80] }] }'), ['overlapping-ports 3:92'], 'same caller'],
  ['61 segments', withSegments(...Array.from({ length: 61 }, (_, index) => `{ name: s${index}, tier: private }`)), ['too-many-segments 63:5'], '60 blocks'],
];

const ENVIRONMENTS: readonly Bad[] = [
  ['an environment twice', withEnvironments('{ name: prod, aws: { region: us-east-1, cidr: 10.0.0.0/16 } }', '{ name: prod, aws: { region: us-east-1, cidr: 10.1.0.0/16 } }'), ['duplicate-environment 5:13'], 'environments[0] (line 4)'],
  ['no cloud but a setting', withEnvironments('{ name: prod, deletionProtection: false }'), ['environment-without-cloud 4:5'], 'add aws, google or azure'],
  ['a setting that is no boolean', withEnvironments('{ name: prod, deletionProtection: "no", aws: { region: us-east-1, cidr: 10.0.0.0/16 } }'), ['wrong-type 4:39'], 'true or false'],
  ['an endpoint for a service that is not listed', withEnvironments(`{ name: prod, azure: { region: westeurope, cidr: 10.0.0.0/16, subscription: 00000000-0000-0000-0000-000000000000, privateEndpoints: { secrets: [/subscriptions/0/resourceGroups/r/providers/Microsoft.KeyVault/vaults/v] } } }`), ['endpoint-without-service 4:148'], "add 'secrets' to privateServices"],
  ['an endpoint for what is no resource', withEnvironments('{ name: prod, azure: { region: westeurope, cidr: 10.0.0.0/16, subscription: 00000000-0000-0000-0000-000000000000, privateEndpoints: { secrets: [my-vault] } } }'), ['endpoint-without-service 4:148', 'bad-format 4:149'], 'not among'],
  ['no cloud', withEnvironments('{ name: prod }'), ['environment-without-cloud 4:5'], 'add aws, google or azure'],
  ['no CIDR', awsCidr('10.0.0.0'), ['cidr-syntax 4:51'], "'10.0.0.0/16'"],
  ['not a CIDR', awsCidr('10.0.0/16'), ['cidr-syntax 4:51'], 'such as 10.20.0.0/16'],
  ['an octet too large', awsCidr('10.0.300.0/16'), ['cidr-syntax 4:51'], 'not an IPv4 block'],
  ['leading zeros', awsCidr('010.0.0.0/16'), ['cidr-syntax 4:51'], 'not an IPv4 block'],
  ['host bits', awsCidr('10.0.0.1/16'), ['cidr-host-bits 4:51'], "'10.0.0.0/16'"],
  ['a public range', awsCidr('8.8.0.0/16'), ['cidr-not-private 4:51'], '10.0.0.0/8'],
  ['a range too small', awsCidr('10.0.0.0/21'), ['cidr-too-small 4:51'], '64 blocks of at least /26 need /20 or larger'],
  ['a range too large for AWS', awsCidr('10.0.0.0/15'), ['cidr-too-large 4:51'], 'at most a /16'],
  ['a range too large', withEnvironments('{ name: prod, google: { region: europe-west1, cidr: 10.0.0.0/11, project: acme-prod } }'), ['cidr-too-large 4:57'], 'at most a /12'],
  [
    'overlapping clouds',
    withEnvironments('{ name: prod, aws: { region: us-east-1, cidr: 10.0.0.0/16 }, google: { region: europe-west1, cidr: 10.0.16.0/20, project: acme-prod } }'),
    ['cidr-overlap 4:104'],
    '10.0.0.0/16 of prod on aws, environments[0].aws.cidr (line 4)',
  ],
  ['overlapping environments', withEnvironments('{ name: prod, aws: { region: us-east-1, cidr: 10.0.16.0/20 } }', '{ name: dev, aws: { region: us-east-1, cidr: 10.0.0.0/16 } }'), ['cidr-overlap 5:50'], 'of prod on aws'],
  [
    'overlaps with what is not the neighbour',
    withEnvironments(...['10.0.0.0/16', '10.0.16.0/20', '10.0.64.0/20'].map((cidr, index) => `{ name: e${index}, aws: { region: us-east-1, cidr: ${cidr} } }`)),
    ['cidr-overlap 5:49', 'cidr-overlap 6:49'],
    'of e0 on aws',
  ],
  ['a zone as a region', withEnvironments('{ name: prod, aws: { region: us-east-1a, cidr: 10.0.0.0/16 } }'), ['bad-format 4:34'], 'us-east-1'],
  ['a google region with dashes', withEnvironments('{ name: prod, google: { region: europe-west-1, cidr: 10.0.0.0/16, project: acme-prod } }'), ['bad-format 4:37'], 'europe-west1'],
  ['an azure region in words', withEnvironments('{ name: prod, azure: { region: West Europe, cidr: 10.0.0.0/16, subscription: 00000000-0000-0000-0000-000000000000 } }'), ['bad-format 4:36'], 'westeurope'],
  ['five zones', aws('cidr: 10.0.0.0/16, zones: 5'), ['bad-zones 4:71'], '1 to 4'],
  ['no zones', aws('cidr: 10.0.0.0/16, zones: []'), ['bad-zones 4:71'], '1-4 names'],
  ['a region of China', aws('cidr: 10.0.0.0/16').replace('us-east-1', 'cn-north-1'), ['other-partition 4:34'], 'us-gov-west-1'],
  ['a region of the sovereign cloud', aws('cidr: 10.0.0.0/16').replace('us-east-1', 'eusc-de-east-1'), ['other-partition 4:34'], 'partition'],
  ['an isolated region', aws('cidr: 10.0.0.0/16').replace('us-east-1', 'us-isob-east-1'), ['other-partition 4:34'], 'partition'],
  ['a zone of another region', aws('cidr: 10.0.0.0/16, zones: [us-east-1a, us-east-2b]'), ['zone-not-in-region 4:84'], "'us-east-1a'"],
  ['a zone twice', aws('cidr: 10.0.0.0/16, zones: [us-east-1a, us-east-1a]'), ['duplicate-zone 4:84'], 'twice'],
  ['an azure zone 4', withEnvironments('{ name: prod, azure: { region: westeurope, zones: [4], cidr: 10.0.0.0/16, subscription: 00000000-0000-0000-0000-000000000000 } }'), ['bad-zones 4:56'], '1, 2 or 3'],
  ['a short account', aws('cidr: 10.0.0.0/16, account: "123"'), ['bad-format 4:73'], 'twelve digits'],
  ['a bad project', withEnvironments('{ name: prod, google: { region: europe-west1, cidr: 10.0.0.0/16, project: Acme } }'), ['bad-format 4:79'], 'acme-prod'],
  ['a bad subscription', withEnvironments('{ name: prod, azure: { region: westeurope, cidr: 10.0.0.0/16, subscription: acme } }'), ['bad-format 4:81'], '00000000-'],
];

const REMAINDER: readonly Bad[] = [
  ['an unknown service', `organization: acme\nprivateServices: [object-strage]${REST}`, ['unknown-service 2:19'], "did you mean 'object-storage'"],
  ['a service by the name of a cloud, with a digit', `organization: acme\nprivateServices: [s3]${REST}`, ['bad-service 2:19'], "did you mean 'object-storage'? write one of"],
  ['a service by the name of a cloud', `organization: acme\nprivateServices: [keyvault]${REST}`, ['unknown-service 2:19'], "did you mean 'secrets'? services: "],
  ['a service that no name is near', `organization: acme\nprivateServices: [kinesis-streams]${REST}`, ['unknown-service 2:19'], "such as 'aws:kinesis-streams'"],
  ['a service of an unknown cloud', `organization: acme\nprivateServices: ["gcp:x"]${REST}`, ['bad-service 2:19'], 'aws:rds-data'],
  ['a service twice', `organization: acme\nprivateServices: [logs, logs]${REST}`, ['duplicate-service 2:25'], 'twice'],
  ['a state that is a word', state('local'), ['wrong-type 12:8'], '{ local: {} }'],
  ['no state', state('{}'), ['state-choice 12:8'], 'names no place'],
  ['two states', state('{ local: {}, gcs: { bucket: acme-state } }'), ['state-choice 12:8'], 'local, gcs'],
  ['an unknown state', state('{ s4: { bucket: x } }'), ['unknown-key 12:10'], "did you mean 's3'"],
  ['a bucket with a slash', state('{ s3: { bucket: a/b, region: us-east-1 } }'), ['bad-format 12:24'], 'acme-terraform-state'],
];

describe.each([
  ['yaml', YAML],
  ['shape', SHAPE],
  ['allow rules', RULES],
  ['rules together', TOGETHER],
  ['segments', SEGMENTS],
  ['environments', ENVIRONMENTS],
  ['services and state', REMAINDER],
])('a bad file: %s', (_, table) => {
  it.each(table)('%s', (_name, text, expected, part) => {
    const result = load(text);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(codes(text)).toEqual(expected);
    expect(formatProblems(result.problems)[0]).toContain(part);
  });
});

describe('a policy with one line moved', () => {
  const lines = readFileSync('test/fixtures/policies/example.yaml', 'utf8').split('\n');
  const said = lines.flatMap((line, index) => {
    if (/^\s*(#|$)/.test(line)) return [];
    const result = load([...lines.slice(0, index), ` ${line}`, ...lines.slice(index + 1)].join('\n'));
    return result.ok || !result.problems.some(({ code }) => code.startsWith('yaml-')) ? [] : [{ moved: index + 1, result }];
  });
  // A line that may begin something deeper is right by itself; the one after it is then too far left.
  const next = (moved: number) => lines.findIndex((line, index) => index >= moved && !/^\s*(#|$)/.test(line)) + 1;

  it('is told by one problem, at that line or the next', () => {
    expect(said.length).toBeGreaterThan(40);
    for (const { moved, result } of said) {
      expect(result.problems).toHaveLength(1);
      expect([moved, next(moved)]).toContain(result.problems[0]!.line);
    }
  });

  it('is shown, with a caret at its first character', () => {
    const result = load('organization: acme\nallow:\n  - host: a.acme.com\n     from: [app]\n');
    expect(result.ok ? [] : formatProblems(result.problems)).toEqual([[
      'egress.yaml:4:6 the line is indented by 5 spaces, and fits no line before it → indent it by 4 spaces, as the other keys are',
      '  4 |      from: [app]',
      '    |      ^',
    ].join('\n')]);
  });

  it('is cut where it is long, and has no character that cannot be seen', () => {
    const result = load(`organization: ${'x'.repeat(500)}: \u001b[31m\n`);
    expect(result.ok ? '' : formatProblems(result.problems)[0]).toBe([
      "egress.yaml:1:515 the text holds a colon and a space, which makes it a key → put the text in quotes",
      `  1 | …${'x'.repeat(60)}: \\u{1b}[31m`,
      `    | ${' '.repeat(61)}^`,
    ].join('\n'));
  });
});

describe('every message', () => {
  const problems = [YAML, SHAPE, RULES, TOGETHER, SEGMENTS, ENVIRONMENTS, REMAINDER].flat().flatMap(([, text]) => {
    const result = load(text);
    return result.ok ? [] : result.problems;
  });

  it('is lower case, has a way out and a stable code, and no machine path', () => {
    for (const problem of problems) {
      expect(problem.message).toMatch(/^['a-z0-9]/);
      expect(problem.fix).toMatch(/\S/);
      expect(problem.code).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
      expect(problem.file).toBe('egress.yaml');
    }
  });

  it('is explained in docs/policy.md', () => {
    const page = readFileSync('docs/policy.md', 'utf8');
    expect([...new Set(problems.map(({ code }) => code))].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it('can be printed: nothing in it steers a terminal', () => {
    for (const line of formatProblems(problems).flatMap((text) => text.split('\n'))) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  });
});

describe('several problems', () => {
  const text = [
    'organization: Acme',
    'allow:',
    '  - host: "*.com"',
    '    from: [paymnts, store]',
    '    owner: ""',
    '    expires: 2020-01-01',
    '  - { host: 12, from: app, ports: [0, 443, 443], owner: x, reason: x }',
    'segments:',
    '  - { name: app, tier: privat }',
    '  - { name: payments, tier: private }',
    '  - { name: store, tier: data }',
    '  - { name: store, tier: data }',
    'environments:',
    '  - { name: prod, aws: { region: nowhere, cidr: 10.0.0.0/24 } }',
    '  - { name: dev, aws: { region: us-east-1, cidr: 10.0.0.0/16 } }',
    'nonsense: 1',
  ].join('\n');

  it('come at once, of shape and of meaning, in the order of the file', () => {
    expect(codes(text)).toEqual([
      'bad-name 1:15',
      'missing-field 3:5',
      'host-wildcard-suffix 3:11',
      'unknown-segment 4:12',
      'data-segment-egress 4:21',
      'empty-text 5:12',
      'expired 6:14',
      'wrong-type 7:13',
      'wrong-type 7:23',
      'port-range 7:36',
      'duplicate-port 7:44',
      'unknown-value 9:24',
      'duplicate-segment 12:13',
      'bad-format 14:34',
      'cidr-too-small 14:49',
      'cidr-overlap 15:50',
      'unknown-key 16:1',
    ]);
  });

  it('are lines with a place, the path, the value, what is wrong and the way out', () => {
    const result = load(text);
    expect(result.ok ? [] : formatProblems(result.problems).slice(2, 4)).toEqual([
      "egress.yaml:3:11 allow[0].host '*.com': is every host under the public suffix 'com' → name a domain, such as '*.example.com'",
      "egress.yaml:4:12 allow[0].from[0] 'paymnts': is not a segment → did you mean 'payments'? segments: app, payments, store",
    ]);
  });

  it('are reported once where an anchor repeats them', () => {
    const repeated = withRules('{ host: a.acme.com, from: &who [nobody], owner: x, reason: x }', '{ host: b.acme.com, from: *who, owner: x, reason: x }');
    expect(codes(repeated)).toEqual(['unknown-segment 3:37']);
  });
});
