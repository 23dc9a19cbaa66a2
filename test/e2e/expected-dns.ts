/** Holds the live resolver against the policy: which names it answers, and what becomes of the rest. */
import type { NetworkCheck } from './expected-network';
import { resolves } from './live-dns';

/** Names of nobody's, near the policy's own and AWS's. */
const STRANGERS = ['exfiltration.example.net', 'docker.io', 'notapi.stripe.com', 'api.stripe.com.example.net', 'someone.amazonaws.com'];
const INSIDE = /\.internal$|\.(amazonaws\.com|api\.aws)$/;

export const DNS_CHECKS: readonly NetworkCheck[] = [
  {
    id: 'dns-hosts',
    claim: 'each allowed host is resolved, at any depth below a wildcard, wherever its CNAME leads',
    seen: ({ dns }, { rules }) => rules.flatMap(({ host }) => {
      const name = host.kind === 'exact' ? host.domain : `a.b.${host.domain}`;
      const rule = dns.rules.find(({ domains }) => domains.includes(host.text));
      return [
        ...(resolves(dns, name) ? [] : [`${name} is not resolved`]),
        ...(rule?.redirection === 'TRUST_REDIRECTION_DOMAIN' ? [] : [`${name} must not lead elsewhere`]),
      ];
    }),
  },
  {
    id: 'dns-strangers',
    claim: 'no other name is resolved, of whatever type',
    seen: ({ dns }, { rules }) => [
      ...STRANGERS.filter((name) => rules.every(({ host }) => host.text !== name)).flatMap((name) => ['A', 'AAAA', 'TXT', 'NS'].filter((type) => resolves(dns, name, type)).map((type) => `${name} ${type} is resolved`)),
      ...dns.rules.filter(({ action }) => action !== 'BLOCK').flatMap(({ domains }) => domains)
        .filter((domain) => !INSIDE.test(domain) && rules.every(({ host }) => host.text !== domain)).map((domain) => `${domain} is allowed`),
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
        return [`${service}.us-east-1.amazonaws.com`, `${VpcEndpointId}-0123abcd.${service}.us-east-1.vpce.amazonaws.com`];
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
    seen: ({ dns }) => (dns.logs.some(({ destination }) => /^arn:aws:logs:.*:log-group:\/acme-lab\/dns$/.test(destination)) ? [] : ['no query log']),
  },
];
