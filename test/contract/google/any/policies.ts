/**
 * Policy files with any options of Google Cloud together, as somebody would write them.
 *
 * Names are such that they begin and end alike, or like words of ours; blocks are of every size; the rest is
 * any value that the page of the option names. Most are accepted; what the loader refuses is no fault.
 */
import fc from 'fast-check';

/** A file as plain values, before it is text. */
export type Written = Record<string, any>;

const ORGANIZATIONS = ['acme', 'a', 'prod', 'x'.repeat(20)];
const ENVIRONMENTS = ['prod', 'a', 'eu', 'prod-eu', 'prod-nat', 'prod-psc', 'e'.repeat(12)];
/** Words of our own resources, and names that make one of another when they are joined. */
const SEGMENTS = [
  'app', 'app-eu', 'eu', 'a', 'a-b', 'b', 'c', 'a-to-b', 'b-to-c', 'to', 'to-b', 'iap', 'health-checks', 'internet-tcp', 'only-subnet', 'cluster', 'b-cluster', 'google-apis',
  'segment', 'web-proxy', 'psc', 'tls-443', 'network', 'y'.repeat(20), 'z9', 'apis', 'policy', 'hosts',
];
const HOSTS = [
  'api.stripe.com', 'stripe.com', 'status.stripe.com', 'bücher.example.com', 'github.com.', 'sub.api.github.com', 'xn--bcher-kva.ch', '1.example.com', 'DEB.debian.org',
  `${'l'.repeat(63)}.example.com`, 'a.partner.com', 'b.partner.com', 'c.partner.com',
];
const WILDCARDS = ['*.docker.io', '*.b.partner.com', '*.partner.com'];
const ADDRESSES = ['151.101.1.69', '151.101.64.0/24', '8.8.8.8', '1.1.1.0/31', '93.184.216.32/27'];
const HOST_PORTS = [undefined, undefined, undefined, [443, 8443], [443, 8443], [8443], [1, 2, 3, 4, 5], [1], [65533, 65534, 65535], [53], [22, 2222]];
const CALLED_PORTS = [[443], ['8000-8100', 9090], [1, 65535], ['1-65535'], [443, '444-450', 452], [53]];
const SERVICES = ['object-storage', 'secrets', 'kubernetes', 'container-registry', 'logs', 'database', 'queue', 'metrics', 'session-access', 'google:bigquery', 'google:run', 'aws:rds-data', 'azure:sql'];
const THREATS = ['tor-exit-nodes', 'vpn-providers', 'known-malicious-ips', 'crypto-miners', 'anon-proxies'];
const REGIONS = ['europe-west1', 'us-central1', 'northamerica-northeast1'];
/** One block for each environment; what a cluster takes besides is cut from the last. */
const BLOCKS = [['10.32', '172.16', '192.168'], ['10.96', '100.64', '172.20']] as const;

type Choose = <T>(arbitrary: fc.Arbitrary<T>) => T;

/** A policy of one or two environments on Google Cloud. */
export const policies: fc.Arbitrary<Written> = fc.gen().map((gen) => {
  const choose: Choose = (arbitrary) => gen(() => arbitrary);
  const one = <T>(values: readonly T[]): T => choose(fc.constantFrom(...values));
  const some = <T>(values: readonly T[], minLength = 1): T[] => choose(fc.subarray([...values], { minLength: Math.min(minLength, values.length) }));
  const chance = (percent: number): boolean => choose(fc.nat(99)) < percent;

  const names = choose(fc.uniqueArray(fc.constantFrom(...SEGMENTS), { minLength: 2, maxLength: 6 }));
  const tiers = names.map((_, index) => (index === 0 ? 'private' : one(['public', 'private', 'private', 'data'])));
  const granted = names.filter((_, index) => tiers[index] === 'private');
  const segments = names.map((name, index): Written => {
    const accepts = names.flatMap((from) => (chance(35) ? [{ from, ports: one(CALLED_PORTS), ...(chance(30) ? { protocol: one(['tcp', 'udp']) } : {}) }] : []));
    if (tiers[index] === 'public' && chance(70)) accepts.push({ from: 'internet', ports: one(CALLED_PORTS), ...(chance(40) ? { protocol: 'udp' } : {}) });
    return { name, tier: tiers[index], ...(accepts.length > 0 || chance(20) ? { accepts } : {}) };
  });
  const proxied = chance(45) ? some(granted) : [];
  const direct = granted.filter((name) => !proxied.includes(name));
  const services = some(SERVICES, 0);

  const allow = choose(fc.uniqueArray(fc.constantFrom(...HOSTS, ...WILDCARDS), { maxLength: 8 })).flatMap((host): Written[] => {
    const wild = host.startsWith('*');
    const protocol = wild ? one(['tls', 'http']) : one(['tls', 'tls', 'http', 'tcp']);
    // Now and then a segment that cannot have it: an error of synthesis with a way out.
    const able = chance(4) ? granted : wild ? proxied : protocol === 'tcp' ? direct : granted;
    if (able.length === 0) return [];
    const ports = one(HOST_PORTS);
    return [{
      host, from: some(able), owner: 'team', reason: 'why',
      ...(wild ? { wildcard: 'shards' } : {}),
      ...(protocol === 'tls' ? {} : { protocol }),
      ...(protocol === 'tcp' ? { addresses: some(ADDRESSES), ports: ports ?? [22] } : ports ? { ports } : {}),
      ...(chance(10) ? { clouds: one([['google'], ['aws', 'google'], ['aws']]) } : {}),
      ...(chance(10) ? { expires: '2026-11-22' } : {}),
    }];
  });

  const environments = choose(fc.uniqueArray(fc.constantFrom(...ENVIRONMENTS), { minLength: 1, maxLength: 2 })).map((name, index): Written => {
    const region = one(REGIONS);
    const project = index === 0 || chance(40) ? 'acme-prod' : 'example.com:acme-other';
    // What a project has once is asked for by its first environment.
    const alone = index === 0 || project !== 'acme-prod';
    const prefix = one([12, 14, 16, 16, 16, 18, 20]);
    const cidr = `${one(prefix < 16 ? BLOCKS[index]!.slice(0, 1) : BLOCKS[index]!)}.0.0/${prefix}`;
    const google: Written = { region, cidr, project };
    const maybe = (percent: number, option: string, value: () => unknown): void => { if (chance(percent)) google[option] = value(); };
    if (proxied.length > 0) google.secureWebProxy = { segments: proxied, certificate: `projects/${project}/locations/${region}/certificates/proxy`, ...(chance(50) ? { port: one([443, 3128, 65535]) } : {}) };
    maybe(20, 'serviceAccounts', () => Object.fromEntries(names.map((each) => [each, `${one(['app', 'eu', 'svc'])}-${names.indexOf(each)}@acme-prod.iam.gserviceaccount.com`])));
    maybe(20, 'deny', () => Object.fromEntries(some(['threatLists', 'countries']).map((kind) => [kind, some(kind === 'countries' ? ['KP', 'IR', 'US'] : THREATS)])));
    maybe(10, 'ruleAttributeQuota', () => one([1_000_000, 5_000, 5_000, 40]));
    maybe(30, 'nat', () => (chance(50)
      ? { addresses: some(['a', 'b', 'nat-a', 'partners', 'p'.repeat(20)]), ...(chance(50) ? { minPorts: one([32, 64, 2048]), maxPorts: one([4096, 65536]) } : {}) }
      : { dynamicPorts: false, minPorts: one([32, 100, 57344]) }));
    maybe(20, 'denyExternalAddresses', () => index === 0 && chance(90));
    if (services.some((service) => !/^aws|^azure|^session/.test(service))) maybe(30, 'apis', () => one(['restricted', 'private-service-connect', 'private-service-connect']));
    maybe(30, 'publishedServices', () => choose(fc.uniqueArray(fc.constantFrom('billing', 'risk', 'c', 'b-to-c', 'nat-a', 's'.repeat(20)), { minLength: 1, maxLength: 3 })).map((service) => ({
      name: service, attachment: `projects/vendor/regions/${region}/serviceAttachments/${service}`, from: some(names), ports: one([[443], [1, 65535], [8443, 9443]]),
    })));
    if (prefix <= 18) maybe(25, 'privateServicesAccess', () => ({ from: some(names), ports: one([[5432], [3306, 6379]]) }));
    if (alone && services.some((service) => !/^aws|^azure|^session/.test(service))) maybe(25, 'perimeter', () => ({ accessPolicy: '123456789012', enforced: chance(70), ...(chance(40) ? { services: ['bigquery.googleapis.com'] } : {}), ...(chance(40) ? { accessLevels: ['accessPolicies/123456789012/accessLevels/deployers'] } : {}) }));
    maybe(30, 'accepts', () => some(['health-checks', 'iap', 'passthrough-health-checks']).flatMap((from) => {
      const to = some(names);
      // Parts of what one caller may call, in entries of their own.
      return to.length > 1 && chance(40) ? [{ from, to: to.slice(1), ports: one(CALLED_PORTS) }, { from, to: to.slice(0, 1), ports: [3389] }] : [{ from, to, ports: one(CALLED_PORTS) }];
    }));
    if (alone) maybe(20, 'sharedVpc', () => ({ serviceProjects: some(['acme-payments', 'example.com:acme-two', 'acme-two']).filter((other) => index === 0 || other !== 'acme-payments'), ...(chance(60) ? { subnetUsers: { [names[0]!]: ['group:payments@acme.com', 'serviceAccount:ci@acme-prod.iam.gserviceaccount.com'] } } : {}) }));
    maybe(12, 'network', () => ({ name: 'corp-vpc', ...(chance(50) ? { dnsPolicy: chance(50) } : {}) }));
    maybe(25, 'gke', () => some(names).slice(0, 2).map((segment, place) => ({
      segment, pods: `100.${100 + index * 8 + place * 2}.0.0/16`, services: `100.${101 + index * 8 + place * 2}.0.0/20`,
      ...(prefix > 16 || chance(30) ? { controlPlane: `172.30.${index * 16 + place}.0/28` } : {}), ...(chance(30) ? { webhookPorts: [6443] } : {}),
    })));
    if (google.gke) services.push(...['container-registry', 'kubernetes', 'logs'].filter((service) => !services.includes(service)));
    maybe(20, 'logs', () => ({ retentionDays: one([1, 400, 3650]), ...(chance(50) ? { locked: chance(50) } : {}) }));
    return { name, ...(chance(20) ? { deletionProtection: chance(50) } : {}), google };
  });
  return {
    organization: one(ORGANIZATIONS), ...(allow.length > 0 ? { allow } : {}), segments, ...(services.length > 0 ? { privateServices: services } : {}), environments,
    ...(chance(30) ? { state: one([{ local: {} }, { gcs: { bucket: 'acme-terraform-state', prefix: 'network' } }, { s3: { bucket: 'acme-terraform-state', region: 'us-east-1' } }]) } : {}),
  };
});
