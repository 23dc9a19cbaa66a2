/** The options of `environments[].google`: what fits together, what does not, and the canonical form. */
import { readFileSync } from 'node:fs';
import { codes, load, policyOf } from './policies';

const CERTIFICATE = 'projects/acme-prod/locations/europe-west1/certificates/proxy';
const ATTACHMENT = 'projects/vendor/regions/europe-west1/serviceAttachments/s';

/** A policy whose Google part stands on line 9, from column 5; options begin on line 11. */
function withOptions(options: string, { services = 'privateServices: [object-storage, container-registry, kubernetes, logs]', cidr = '10.30.0.0/16', more = '' } = {}): string {
  return `organization: acme
${services}
segments:
  - { name: app, tier: private }
  - { name: edge, tier: public }
  - { name: store, tier: data }
environments:
  - name: prod
    google:
      { region: europe-west1, cidr: ${cidr}, project: acme-prod,
      ${options}
      }
${more}`;
}

const PROBLEMS: readonly (readonly [string, string, readonly string[], string])[] = [
  ['an unknown segment behind the proxy', `secureWebProxy: { segments: [apps], certificate: ${CERTIFICATE} }`, ['unknown-segment 11:36'], "'app'"],
  ['a public and a data segment behind the proxy', `secureWebProxy: { segments: [edge, store], certificate: ${CERTIFICATE} }`, ['proxy-not-private 11:36', 'proxy-not-private 11:42'], 'make the segment private'],
  ['a certificate of another region', `secureWebProxy: { segments: [app], certificate: ${CERTIFICATE.replace('west1', 'west4')} }`, ['other-region 11:55'], 'one in europe-west1'],
  ['a certificate that is none', 'secureWebProxy: { segments: [app], certificate: proxy }', ['bad-format 11:55'], 'locations/europe-west1'],
  ['no certificate', 'secureWebProxy: { segments: [app] }', ['missing-field 11:23'], "'certificate'"],
  ['a list that Google does not have', 'deny: { threatLists: [tor] }', ['unknown-value 11:29'], 'tor-exit-nodes'],
  ['a country in small letters', 'deny: { countries: [kp] }', ['bad-format 11:27'], "'KP'"],
  ['a deny of nothing', 'deny: {}', ['empty-deny 11:13'], 'threatLists'],
  ['ports that are no power of two', 'nat: { minPorts: 100 }', ['nat-ports 11:24'], 'write 128'],
  ['fewer ports at most than at least', 'nat: { minPorts: 4096, maxPorts: 1024 }', ['nat-ports 11:12'], 'larger maxPorts'],
  ['more ports than an address has', 'nat: { dynamicPorts: false, minPorts: 65536 }', ['nat-ports 11:45'], 'at most 57344'],
  ['a most of ports that never grow', 'nat: { dynamicPorts: false, maxPorts: 1024 }', ['nat-ports 11:45'], 'dynamicPorts: true'],
  ['an address twice', 'nat: { addresses: [a, a] }', ['duplicate-option 11:29'], 'keep one'],
  ['ports in quotes', 'nat: { minPorts: "64" }', ['bad-number 11:24'], 'without quotes'],
  ['a quota of nothing', 'ruleAttributeQuota: 0', ['bad-number 11:27'], '1 to'],
  ['two services of one name', `publishedServices: [{ name: s, attachment: ${ATTACHMENT}, from: [app], ports: [443] }, { name: s, attachment: ${ATTACHMENT}, from: [app], ports: [443] }]`, ['duplicate-option 11:146'], 'keep one'],
  ['a service of another region', `publishedServices: [{ name: s, attachment: ${ATTACHMENT.replace('west1', 'west4')}, from: [app], ports: [443] }]`, ['other-region 11:50'], 'europe-west1'],
  ...['999.1.1.1', '10.030.0.9', '10.30.0.0/28'].map((address) => [`a service at ${address}`, `publishedServices: [{ name: s, attachment: ${ATTACHMENT}, from: [app], ports: [443], address: ${address} }]`, ['bad-format 11:145'], '10.30.0.9'] as const),
  ['a project that shares its network with itself', 'sharedVpc: { serviceProjects: [acme-prod] }', ['one-per-project 11:38'], 'no sharing'],
  ['accounts for some segments', 'serviceAccounts: { app: a@acme-prod.iam.gserviceaccount.com }', ['segment-without-account 11:24'], 'for each segment'],
  ['one account for two segments', `serviceAccounts: { ${['app', 'edge', 'store'].map((name) => `${name}: a@acme-prod.iam.gserviceaccount.com`).join(', ')} }`, ['shared-account 11:74', 'shared-account 11:118'], 'account of its own'],
  ['an account for no segment', `serviceAccounts: { ${['app', 'edge', 'store', 'gone'].map((name) => `${name}: ${name}@acme-prod.iam.gserviceaccount.com`).join(', ')} }`, ['unknown-segment 11:170'], 'app'],
  ['a perimeter that does not say whether it holds', 'perimeter: { accessPolicy: "1" }', ['missing-field 11:18'], 'enforced'],
  ['a caller that is none', 'accepts: [{ from: internet, to: [app], ports: [443] }]', ['unknown-value 11:25'], 'health-checks'],
  ['one caller twice', 'accepts: [{ from: iap, to: [app], ports: [22] }, { from: iap, to: [app], ports: [3389] }]', ['duplicate-option 11:16'], 'keep one'],
  ['a control plane that is no /28', 'gke: [{ segment: app, pods: 100.64.0.0/16, services: 100.65.0.0/20, controlPlane: 172.16.0.0/24 }]', ['control-plane-block 11:89'], 'write a /28'],
  ['public pods', 'gke: [{ segment: app, pods: 8.0.0.0/16, services: 100.65.0.0/20 }]', ['cidr-not-private 11:35'], '100.64.0.0/10'],
  ['pods in the environment itself', 'gke: [{ segment: app, pods: 10.30.64.0/18, services: 100.65.0.0/20 }]', ['cidr-overlap 11:35'], 'a block of its own'],
  ['pods that are services, too', 'gke: [{ segment: app, pods: 100.64.0.0/16, services: 100.64.0.0/20 }]', ['cidr-overlap 11:60'], 'a block of its own'],
  ['two clusters in one segment', 'gke: [{ segment: app, pods: 100.64.0.0/16, services: 100.65.0.0/20 }, { segment: app, pods: 100.66.0.0/16, services: 100.67.0.0/20 }]', ['duplicate-option 11:88'], 'keep one'],
  ['a retention of no day', 'logs: { retentionDays: 0 }', ['bad-number 11:30'], '1 to 3650'],
  ['a member that is nobody', 'sharedVpc: { serviceProjects: [acme-payments], subnetUsers: { app: [payments] } }', ['bad-format 11:75'], 'group:'],
];

test.each(PROBLEMS)('%s', (_, options, expected, fix) => {
  const text = withOptions(options);
  expect(codes(text)).toEqual(expected);
  const result = load(text);
  expect(result.ok ? '' : result.problems.map((problem) => problem.fix).join('\n')).toContain(fix);
});

test('a cluster in an environment that is too small for its control plane says so', () => {
  const text = withOptions('gke: [{ segment: app, pods: 100.64.0.0/16, services: 100.65.0.0/20 }]', { cidr: '10.30.0.0/18' });
  expect(codes(text)).toEqual(['control-plane-block 11:13']);
});

test('services in the peered network need a /24, which an environment of a /19 has not', () => {
  const options = 'privateServicesAccess: { from: [app], ports: [5432] }';
  expect(codes(withOptions(options, { cidr: '10.30.0.0/19' }))).toEqual(['services-block 11:30']);
  expect(codes(withOptions(options, { cidr: '10.30.0.0/18' }))).toEqual([]);
});

test.each([
  ['perimeter', '{ accessPolicy: "1", enforced: true }'],
  ['denyExternalAddresses', 'true'],
  ['sharedVpc', '{ serviceProjects: [acme-payments] }'],
  ['network', '{ name: corp }'],
])('two environments of a project that both ask for its one %s', (option, value) => {
  const second = (project: string, more = `, ${option}: ${value}`) => `  - { name: lab, google: { region: europe-west1, cidr: 10.31.0.0/16, project: ${project}${more} } }\n`;
  const text = (more: string) => withOptions(`${option}: ${value}`, { more });
  expect(codes(text(second('acme-prod')))).toEqual([expect.stringMatching(/^one-per-project 13:/)]);
  expect([codes(text(second('acme-lab'))), codes(text(second('acme-prod', '')))]).toEqual([[], []]);
});

test('two environments of a project in two networks that are there', () => {
  const more = '  - { name: lab, google: { region: europe-west1, cidr: 10.31.0.0/16, project: acme-prod, network: { name: lab } } }\n';
  expect(codes(withOptions('network: { name: corp }', { more }))).toEqual([]);
});

test('options that need private services say which', () => {
  const options = 'apis: private-service-connect, perimeter: { accessPolicy: "1", enforced: true }, gke: [{ segment: app, pods: 100.64.0.0/16, services: 100.65.0.0/20 }]';
  expect(codes(withOptions(options, { services: 'privateServices: [session-access]' }))).toEqual(['option-without-services 11:13', 'option-without-services 11:49', 'gke-without-services 11:93']);
  expect(codes(withOptions(options))).toEqual([]);
});

test('what is the default needs no private service', () => {
  expect(codes(withOptions('apis: restricted', { services: 'privateServices: []' }))).toEqual([]);
});

test.each([['google:bigquery.googleapis.com', 'google:bigquery'], ['google:BigQuery', 'google:bigquery']])('%s is no name of an API', (service, instead) => {
  const result = load(withOptions('', { services: `privateServices: ["${service}"]` }));
  expect(result.ok ? [] : result.problems.map(({ code, line, fix }) => [code, line, fix])).toEqual([['bad-service', 2, `write '${instead}'`]]);
  expect(codes(withOptions('', { services: `privateServices: ["${instead}"]` }))).toEqual([]);
});

test('a host that the zones of the private services answer is a warning, where there are any', () => {
  const warned = (host: string, { more = '', services = 'privateServices: [logs]' } = {}) => load(withOptions('', { services: `${services}\nallow: [{ host: ${host}, from: [app], owner: x, reason: x${more} }]` })).warnings.map(({ code }) => code);
  expect([warned('fonts.googleapis.com'), warned('gcr.io'), warned('europe-docker.pkg.dev')]).toEqual([['host-answered-inside'], ['host-answered-inside'], ['host-answered-inside']]);
  expect([warned('fonts.googleapis.com', { services: 'privateServices: [session-access]' }), warned('fonts.googleapis.com', { more: ', clouds: [aws, azure]' }), warned('notgcr.io')]).not.toContainEqual(expect.arrayContaining(['host-answered-inside']));
});

test('two environments of a project whose addresses would have one name', () => {
  const text = (first: string, region = 'europe-west1', project = 'acme-prod') => withOptions(first, {
    more: `  - { name: prod-nat, google: { region: ${region}, cidr: 10.31.0.0/16, project: ${project}, publishedServices: [{ name: s, attachment: ${ATTACHMENT.replace('europe-west1', region)}, from: [app], ports: [443] }] } }\n`,
  });
  expect(codes(text('nat: { addresses: [x, nat-a] }'))).toEqual(['names-collide 11:29']);
  expect(codes(text('nat: { addresses: [psc-s] }'))).toEqual(['names-collide 11:26']);
  expect([codes(text('nat: { addresses: [nat-c] }')), codes(text('nat: { addresses: [nat-a] }', 'europe-west4')), codes(text('nat: { addresses: [nat-a] }', 'europe-west1', 'acme-nat'))]).toEqual([[], [], []]);
});

test('an environment in the network that another one makes', () => {
  const more = '  - { name: lab, google: { region: europe-west1, cidr: 10.31.0.0/16, project: acme-prod, network: { name: acme-prod } } }\n';
  expect(codes(withOptions('', { more }))).toEqual([expect.stringMatching(/^one-per-project 13:/)]);
});

test('pods must not overlap another environment', () => {
  const more = '  - { name: lab, google: { region: europe-west1, cidr: 100.64.0.0/16, project: acme-lab } }\n';
  expect(codes(withOptions('gke: [{ segment: app, pods: 100.64.0.0/14, services: 100.68.0.0/20 }]', { more }))).toEqual(['cidr-overlap 13:56']);
});

test('two environments of a project whose subnets would have one name', () => {
  const text = (project: string, name: string) => `organization: acme
segments: [{ name: app, tier: private }, { name: eu-app, tier: private }]
environments:
  - { name: prod, google: { region: europe-west1, cidr: 10.30.0.0/16, project: acme-prod } }
  - { name: ${name}, google: { region: europe-west1, cidr: 10.31.0.0/16, project: ${project} } }
`;
  expect(codes(text('acme-prod', 'prod-eu'))).toEqual(['names-collide 5:13']);
  expect([codes(text('acme-eu-prod', 'prod-eu')), codes(text('acme-prod', 'prod-us')), codes(text('acme-prod', 'produce'))]).toEqual([[], [], []]);
});

test('every code is explained in docs/policy.md', () => {
  const page = readFileSync('docs/policy.md', 'utf8');
  const used = new Set(PROBLEMS.flatMap(([, , expected]) => expected.map((each) => each.split(' ')[0]!)));
  for (const code of [...used, 'option-without-services', 'gke-without-services', 'names-collide', 'one-per-project', 'services-block']) expect(page).toContain(`\`${code}\``);
});

test('defaults are filled in, lists sorted, and what is the default stays away', () => {
  const { environments } = policyOf(withOptions(`
      apis: restricted, denyExternalAddresses: false, nat: {}, deny: { countries: [SY, KP] },
      accepts: [{ from: iap, to: [store, app], ports: [3389, 22] }, { from: health-checks, to: [app], ports: ["8000-8100", 8101] }],
      gke: [{ segment: app, pods: 100.64.0.0/16, services: 100.65.0.0/20 }], logs: { retentionDays: 30 }, network: { name: corp }`));
  expect(environments[0]!.google).toEqual({
    cloud: 'google', region: 'europe-west1', cidr: '10.30.0.0/16', project: 'acme-prod',
    nat: { addresses: ['a', 'b'], dynamicPorts: true, minPorts: 64, maxPorts: 4096 },
    deny: { threatLists: [], countries: ['KP', 'SY'] },
    accepts: [{ from: 'health-checks', to: ['app'], ports: [{ from: 8000, to: 8101 }] }, { from: 'iap', to: ['app', 'store'], ports: [{ from: 22, to: 22 }, { from: 3389, to: 3389 }] }],
    gke: [{ segment: 'app', pods: '100.64.0.0/16', services: '100.65.0.0/20', webhookPorts: [8443, 9443, 15017] }],
    logs: { retentionDays: 30, locked: false },
    network: { name: 'corp', dnsPolicy: true },
  });
});
