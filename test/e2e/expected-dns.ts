/** Holds the live resolver against the policy: which names it answers, and what becomes of the rest. */
import type { AwsEnvironment } from '../../blueprints/policy/model';
import type { NetworkCheck } from './expected-network';
import { resolves } from './live-dns';

/** Names of nobody's, near the policy's own and AWS's. */
const STRANGERS = ['exfiltration.example.net', 'docker.io', 'notapi.stripe.com', 'api.stripe.com.example.net', 'someone.amazonaws.com'];
/** What clients ask for, where it is not the name of the service. */
const CALLED: Readonly<Record<string, string>> = { 'ecs-agent': 'ecs-a-1.us-east-1.amazonaws.com', 'ecs-telemetry': 'ecs-t-1.us-east-1.amazonaws.com', 'eks-auth': 'eks-auth.us-east-1.api.aws' };
const INSIDE = /\.internal$|\.(amazonaws\.com|api\.aws)$/;

export const DNS_CHECKS: readonly NetworkCheck[] = [
  {
    id: 'dns-hosts',
    claim: 'each allowed host is resolved, at any depth below a wildcard, and CNAMEs are treated as the policy says',
    seen: ({ dns }, { rules, environment }) => rules.flatMap(({ host }) => {
      const name = host.kind === 'exact' ? host.domain : `a.b.${host.domain}`;
      const rule = dns.rules.find(({ domains }) => domains.includes(host.text));
      return [
        ...(resolves(dns, name) ? [] : [`${name} is not resolved`]),
        ...(rule?.redirection === (environment.dnsRedirection === 'inspect' ? 'INSPECT_REDIRECTION_DOMAIN' : 'TRUST_REDIRECTION_DOMAIN') ? [] : [`${name}: ${rule?.redirection}`]),
      ];
    }),
  },
  {
    id: 'dns-strangers',
    claim: 'no other name is resolved, of whatever type',
    seen: ({ dns }, { rules, environment }) => [
      ...STRANGERS.filter((name) => rules.every(({ host }) => host.text !== name)).flatMap((name) => ['A', 'AAAA', 'TXT', 'NS'].filter((type) => resolves(dns, name, type)).map((type) => `${name} ${type} is resolved`)),
      ...dns.rules.filter(({ action }) => action !== 'BLOCK').flatMap(({ domains }) => domains)
        .filter((domain) => !INSIDE.test(domain) && rules.every(({ host }) => host.text !== domain) && !isPrivate(environment, domain)).map((domain) => `${domain} is allowed`),
    ],
  },
  {
    id: 'dns-endpoints',
    claim: 'the names of private endpoints and instances are resolved',
    seen: ({ dns, endpoints }) => [
      'ip-10-20-16-10.ec2.internal', 'bucket.s3.us-east-1.amazonaws.com', '123456789012.dkr.ecr.us-east-1.amazonaws.com',
      // moto's own names of endpoints are not AWS's.
      ...endpoints.filter(({ VpcEndpointType }) => VpcEndpointType !== 'GatewayLoadBalancer').flatMap(({ VpcEndpointId, ServiceName }) => {
        const service = ServiceName!.split('.').slice(3).reverse().join('.');
        return [CALLED[service] ?? `${service}.us-east-1.amazonaws.com`, `${VpcEndpointId}-0123abcd.${service}.us-east-1.vpce.amazonaws.com`];
      }),
    ].filter((name) => !resolves(dns, name)).map((name) => `${name} is not resolved`),
  },
  {
    id: 'dns-https',
    claim: 'HTTPS records are kept back, and the name itself is not denied',
    seen: ({ dns }) => {
      const rule = dns.rules.find(({ type }) => type === 'TYPE65');
      return [
        ...(resolves(dns, 'api.stripe.com', 'TYPE65') ? ['api.stripe.com TYPE65 is resolved'] : []),
        ...(rule?.response === 'NODATA' ? [] : [`the answer is ${rule?.response}`]),
      ];
    },
  },
  {
    id: 'dns-fails-closed',
    claim: 'nothing is resolved while DNS Firewall is out of order',
    seen: ({ dns }) => (dns.failOpen === 'DISABLED' ? [] : [`fail open is ${dns.failOpen ?? 'not decided'}`]),
  },
  {
    id: 'dns-log',
    claim: 'queries are on record',
    seen: ({ dns }, { name, environment: { logs } }) => {
      const wanted = logs.destination === 'firehose' ? [logs.streamArn, '']
        : logs.destination === 's3' ? ['bucketArn' in logs ? logs.bucketArn : `arn:aws:s3:::${name}-egress-logs-`, '']
          : ['arn:aws:logs:', `:log-group:/${name}/dns`];
      return dns.logs.some(({ destination }) => destination.startsWith(wanted[0]!) && destination.endsWith(wanted[1]!)) ? [] : [`queries go to ${dns.logs.map(({ destination }) => destination).join() || 'no place'}`];
    },
  },
];

function isPrivate({ privateZones = [] }: AwsEnvironment, domain: string): boolean {
  return privateZones.some((zone) => domain === zone || domain === `*.${zone}`);
}
