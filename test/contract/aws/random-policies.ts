/**
 * Random policy files for AWS: every option of the schema beside every other, and values at their edges.
 *
 * Some are refused by the reader or by the blueprints; that is part of what is tried. A policy is plain data, as a
 * person would have written it, and no code of the blueprints has a part in it.
 */
export type Written = any;

/** Where the choices come from. */
export interface Chooser {
  /** 0 .. count - 1 */
  below(count: number): number;
}

/** The same choices for the same seed, on every machine (mulberry32). */
export function chooser(seed: number): Chooser {
  let state = seed >>> 0;
  return {
    below: (count) => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
    },
  };
}

const SEGMENTS = ['app', 'app-eu', 'eu', 'vpc', 'prod', 'egress-x', 'a', 'a-b', 'b', 'member', 'a-member', 'rules', 'default-x', 'endpoint', 'secondary', 'z9', 'x'.repeat(20), 'segment-a', 'acl', 'table'];
const ENVIRONMENTS = ['prod', 'a', 'a-b', 'b', 'eu', 'e'.repeat(12), 'prod-egress', 'prod-dns', 'dns'];
const ORGANIZATIONS = ['acme', 'a', 'prod', 'o'.repeat(20), 'a-b'];
const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-7', 'us-gov-west-1'];
const HOSTS = ['api.stripe.com', 'status.stripe.com', 'sub.api.stripe.com', 'bücher.example.com', 'github.com.', 'API.GitHub.com', 'xn--bcher-kva.ch', '1.example.com', 'a-b.example.com', `${'l'.repeat(63)}.${'m'.repeat(63)}.${'n'.repeat(63)}.${'o'.repeat(49)}.example.com`, 's3.us-east-1.amazonaws.com'];
const WILDCARDS = ['*.docker.io', '*.stripe.com', '*.example.com', '*.r2.cloudflarestorage.example.com'];
const ADDRESSES = [['151.101.1.69'], ['151.101.64.0/24', '8.8.8.8/32'], ['151.101.1.69/32', '151.101.1.70'], ['9.9.9.0/25', '9.9.9.128/25'], ['1.1.1.1'], ['151.101.0.0/24', '151.101.1.69']];
const HOST_PORTS = [undefined, undefined, [443], [8443], [443, 8443], [1023], [1024], [1], [65535], [80, 443, 8080], [25, 587, 465], [53], [442, 443, 444]];
const PEER_PORTS = [[443], [5432], ['8000-8100', 9090], [1, 65535], ['1-65535'], [53], [1023, '1024-1030'], [10, 20, 30, 40, 50], ['0443'], [22]];
/** The internet may not call remote shells without the review saying so. */
const INTERNET_PORTS = [[443], [80, 443], ['8000-8100', 9090], [1, 65535], [53], [1023, '1024-1030'], ['1-21'], [123, 500]];
const SERVICES = ['object-storage', 'secrets', 'kubernetes', 'container-registry', 'database', 'queue', 'logs', 'metrics', 'session-access', 'aws:dynamodb', 'aws:s3', 'aws:rds-data', 'aws:ecr.api', 'aws:sts', 'aws:execute-api', 'google:pubsub', 'azure:redis', 'aws:dynamodb-streams', 'aws:kinesis-streams', 'aws:elasticfilesystem'];
const RANGES = ['3.5.0.0/19', '52.216.0.0/15', '54.231.0.0/16', '3.5.32.0/19', '16.182.0.0/16', '52.94.0.0/22', '3.218.180.0/23', '3.218.182.0/24', '52.119.224.0/20', '44.192.0.0/12'];
const GATEWAYS: Readonly<Record<string, readonly string[]>> = { s3: ['object-storage', 'container-registry', 'kubernetes', 'aws:s3', 'eks', 'ecs'], dynamodb: ['database', 'aws:dynamodb'] };
const KEY = (region: string) => `arn:aws:kms:${region}:123456789012:key/00000000-0000-0000-0000-000000000000`;

/** A policy with one to three environments. */
export function randomPolicy(choose: Chooser): Written {
  const { pick, perhaps, some, subset } = choices(choose);
  const names = subset(SEGMENTS, 1, perhaps(20) ? 12 : 6);
  const tiers = names.map((_, index) => (index === 0 && !perhaps(10) ? 'private' : pick(['public', 'private', 'private', 'data'])));
  const segments = names.map((name, index) => ({ name, tier: tiers[index]!, ...accepts(tiers[index]!) }));

  function accepts(tier: string): { accepts?: Written[] } {
    const callers = new Map<string, Written>();
    if (tier === 'public' && !perhaps(25)) {
      for (const protocol of subset([undefined, 'udp'], 1, 2)) callers.set(`internet ${protocol}`, { from: 'internet', ports: pick(INTERNET_PORTS), ...(protocol ? { protocol } : {}) });
    }
    some(3, () => {
      const from = pick(names);
      const protocol = pick([undefined, 'tcp', 'udp']);
      callers.set(`${from} ${protocol ?? 'tcp'}`, { from, ports: pick(PEER_PORTS), ...(protocol ? { protocol } : {}) });
    });
    return callers.size > 0 ? { accepts: [...callers.values()] } : {};
  }

  const granted = names.filter((_, index) => tiers[index] === 'private');
  const rules = new Map<string, Written>();
  if (granted.length > 0 && !perhaps(10)) {
    some(8, () => {
      const protocol = pick([undefined, 'tls', 'http', 'tcp']);
      const host = protocol !== 'tcp' && perhaps(25) ? pick(WILDCARDS) : pick(HOSTS);
      const ports = pick(HOST_PORTS);
      rules.set(`${protocol ?? 'tls'} ${host}`, {
        host,
        ...(host.startsWith('*') ? { wildcard: 'shards' } : {}),
        from: subset(granted, 1, granted.length),
        ...(protocol ? { protocol } : {}),
        ...(ports ?? (protocol === 'tcp' ? [22] : undefined) ? { ports: ports ?? [22] } : {}),
        ...(protocol === 'tcp' ? { addresses: pick(ADDRESSES) } : {}),
        ...(perhaps(25) ? { clouds: pick([['aws'], ['azure'], ['aws', 'google']]) } : {}),
        ...(perhaps(20) ? { expires: pick(['2026-12-01', '2031-06-30']) } : {}),
        owner: 'team', reason: 'why',
      });
    });
  }
  const services = perhaps(85) ? subset(SERVICES, 1, 5) : [];
  return {
    organization: pick(ORGANIZATIONS),
    ...(rules.size > 0 ? { allow: [...rules.values()] } : {}),
    segments,
    ...(services.length > 0 ? { privateServices: services } : {}),
    environments: subset(ENVIRONMENTS, 1, perhaps(25) ? 3 : 1).map((name, index) => ({
      name,
      ...(perhaps(15) ? { deletionProtection: false } : {}),
      aws: randomEnvironment(choose, index, segments, granted, services),
    })),
    ...(perhaps(20) ? { state: pick<Written>([{ local: {} }, { s3: { bucket: 'acme-terraform-state', region: 'us-east-1' } }, { cloud: { organization: 'acme' } }]) } : {}),
  };
}

function choices(choose: Chooser) {
  const pick = <T>(from: readonly T[]): T => from[choose.below(from.length)]!;
  const perhaps = (percent: number) => choose.below(100) < percent;
  const some = (most: number, each: () => void) => {
    for (let left = choose.below(most + 1); left > 0; left--) each();
  };
  const subset = <T>(from: readonly T[], least: number, most: number): T[] => {
    const left = [...from];
    const count = Math.min(from.length, least + choose.below(Math.max(1, Math.min(most, from.length) - least + 1)));
    return Array.from({ length: count }, () => left.splice(choose.below(left.length), 1)[0]!);
  };
  return { pick, perhaps, some, subset };
}

/** Blocks that never overlap between environments, of every size. */
function networkBlock(choose: Chooser, index: number): string {
  const { pick } = choices(choose);
  return pick([
    [`10.${20 + index}.0.0/16`, `10.${20 + index}.128.0/17`, `10.${20 + index}.64.0/18`, `10.${20 + index}.0.0/19`, `10.${20 + index}.240.0/20`],
    [`172.${18 + index}.0.0/16`, `172.${18 + index}.16.0/20`],
    index === 0 ? ['192.168.0.0/16', '192.168.240.0/20'] : [`10.${30 + index}.0.0/18`],
    [`100.${100 + index}.0.0/16`, `100.${100 + index}.0.0/20`],
  ].flat());
}

function randomEnvironment(choose: Chooser, index: number, segments: readonly Written[], granted: readonly string[], services: readonly string[]): Written {
  const { pick, perhaps, subset } = choices(choose);
  const region = pick(REGIONS);
  const letters = subset(['a', 'b', 'c', 'd', 'e', 'f'], 1, 4).map((letter) => `${region}${letter}`);
  const zones = pick<Written>([undefined, 1, 2, 3, 4, letters, letters]);
  const used: readonly string[] = Array.isArray(zones) ? zones : ['a', 'b', 'c', 'd'].slice(0, zones ?? 3).map((letter) => `${region}${letter}`);
  const cidr = networkBlock(choose, index);
  const names = segments.map(({ name }) => name as string);
  const closed = segments.filter(({ tier }) => tier !== 'public').map(({ name }) => name as string);
  const own = perhaps(15);
  const gateway = () => ({
    ranges: subset(RANGES, 1, 4),
    ...(perhaps(50) && closed.length > 0 ? { segments: subset(closed, 1, closed.length) } : {}),
    ...(perhaps(40) ? { interfaceEndpoint: perhaps(50) } : {}),
  });
  const presets = perhaps(30) ? subset(['ecs', 'eks', 'lambda', 'ssm'], 1, 4) : [];
  // A gateway for a service that nobody asked for is refused, which one in ten is enough to try.
  const fitting = ['s3', 'dynamodb'].filter((service) => perhaps(5) || [...services, ...presets].some((word) => GATEWAYS[service]!.includes(word)));
  const inspected = perhaps(50) ? granted : subset(granted, 1, 2);
  return {
    region,
    ...(zones === undefined ? {} : { zones }),
    cidr,
    ...(perhaps(40) ? { account: '123456789012' } : {}),
    ...(perhaps(40) ? {
      firewall: {
        ...(perhaps(40) ? { rules: pick(['suricata', 'domain-lists', 'domain-lists']) } : {}),
        ...(perhaps(30) ? { tcpIdleTimeoutSeconds: pick([60, 350, 6000]) } : {}),
        ...(perhaps(40) && inspected.length > 0 ? {
          tlsInspection: {
            certificateAuthority: `arn:aws:acm:${region}:123456789012:certificate/00000000-0000-0000-0000-000000000000`,
            segments: inspected,
            ...(perhaps(50) ? { revocation: { revoked: pick(['drop', 'reject', 'pass']), unknown: pick(['drop', 'reject', 'pass']) } } : {}),
          },
        } : {}),
      },
    } : {}),
    ...(perhaps(40) ? {
      logs: pick<Written>([
        {}, { destination: 'cloudwatch', retentionDays: 400 }, { destination: 's3' }, { destination: 's3', retentionDays: 3653 },
        { destination: 's3', bucket: 'arn:aws:s3:::acme-security-logs' }, { destination: 'firehose', stream: `arn:aws:firehose:${region}:123456789012:deliverystream/siem` },
      ]),
    } : {}),
    ...(perhaps(30) ? { kmsKey: pick(['create', KEY(region)]) } : {}),
    ...(presets.length > 0 ? { endpointPresets: presets } : {}),
    ...(fitting.length > 0 && perhaps(50) ? { gatewayEndpoints: Object.fromEntries(subset(fitting, 1, 2).map((service) => [service, gateway()])) } : {}),
    ...(perhaps(75) ? { aclEntries: pick([40, 40, 40, 30, 20]) } : {}),
    ...(perhaps(75) ? { rulesPerGroup: pick([500, 500, 200, 60]) } : {}),
    ...(perhaps(20) ? { organizationId: 'o-a1b2c3d4e5' } : {}),
    ...(perhaps(20) ? { readableBuckets: subset(['al2023-repos-us-east-1-de612dc2', 'amazon-ssm-eu-west-1', 'a.b-c'], 1, 3) } : {}),
    ...(perhaps(25) ? { privateZones: subset(['corp.example.com', 'example.com', '_tcp.corp.example.com', 'acme.internal', '10.in-addr.arpa'], 1, 3) } : {}),
    ...(perhaps(30) ? { dnsRedirection: pick(['trust', 'inspect']) } : {}),
    ...(perhaps(30) ? { egressZones: perhaps(50) ? 1 + choose.below(used.length) : subset(used, 1, used.length) } : {}),
    ...(perhaps(25) ? { blockPublicAccess: pick(['account', 'exclusions']) } : {}),
    ...(!own && perhaps(25) ? {
      secondaryCidrs: Object.fromEntries(subset(names, 1, 4).map((name, position) => [name, pick([`100.${70 + index * 8 + position}.0.0/16`, `100.${70 + index * 8 + position}.255.192/26`, ...(cidr.startsWith('10.') || perhaps(5) ? [`10.${200 + index * 8 + position}.0.0/20`, `10.${200 + index * 8 + position}.16.0/24`] : [])])])),
    } : {}),
    ...(own ? { existingNetwork: existingNetwork(choose, cidr, segments, used) } : {}),
  };
}

/** Subnets as large as fit, from the low end; what is free is at the high end. */
function existingNetwork(choose: Chooser, cidr: string, segments: readonly Written[], zones: readonly string[]): Written {
  const { perhaps, pick } = choices(choose);
  const [base, bits] = cidr.split('/') as [string, string];
  const first = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const text = (number: number) => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
  const length = pick([26, 27, 28]);
  const id = (kind: string, number: number) => `${kind}-${number.toString(16).padStart(17, '0')}`;
  let next = 0;
  const free = pick([24, 23, 22]);
  return {
    vpcId: id('vpc', 1),
    ...(perhaps(85) ? { internetGatewayId: id('igw', 1) } : {}),
    freeCidr: `${text(first + 2 ** (32 - Number(bits)) - 2 ** (32 - free))}/${free}`,
    ...(perhaps(40) ? { emptyDefaults: perhaps(50) } : {}),
    subnets: Object.fromEntries(segments.map(({ name }) => [name, Object.fromEntries(zones.map((zone) => {
      const number = next++;
      return [zone, { id: id('subnet', number + 1), cidr: `${text(first + number * 2 ** (32 - length))}/${length}` }];
    }))])),
  };
}
