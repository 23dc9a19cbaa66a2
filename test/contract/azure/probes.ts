/**
 * What the full policy's stack (`test/fixtures/policies/full.yaml`) has to answer, by verdict. Each
 * line was held against the policy by hand: a change here is a change of what is promised.
 */
export const GOLDEN: Readonly<Record<string, readonly string[]>> = {
  'denied outbound by deny-all-outbound': [
    'edge -> tcp 8.8.8.8:443', 'edge -> udp 1.1.1.1:53', 'edge -> tcp 200.0.0.1:443', 'edge -> tcp 9.9.9.9:443', 'edge -> tcp 20.60.0.1:443',
    'edge -> tcp edge:443', 'edge -> tcp ledger:5432', 'edge -> tcp payments:22', 'edge -> tcp platform:9090', 'edge -> tcp endpoint:22',
    'edge -> tls api.stripe.com:443', 'edge -> tls evil-stripe.com:443', 'edge -> tls status.stripe.com:8443', 'edge -> tls registry-1.docker.io:443',
    'edge -> tls docker.io:443', 'edge -> http deb.debian.org:80', 'edge -> tls deb.debian.org:443', 'edge -> tls malware.example:443',
    'edge -> tls time.windows.com:443', 'edge -> tls update.microsoft.com:443', 'edge -> tls business.example:443', 'edge -> tcp 151.101.1.69:22',
    'edge -> tcp 151.101.1.69:443', 'edge -> tcp hub:22', 'edge -> udp 8.8.8.8:443', 'edge -> udp ledger:5432', 'edge -> udp payments:8443',
    'edge -> tcp platform:7946', 'edge -> udp platform:7946', 'ledger -> tcp 8.8.8.8:443', 'ledger -> udp 1.1.1.1:53', 'ledger -> tcp 200.0.0.1:443',
    'ledger -> tcp 9.9.9.9:443', 'ledger -> tcp 20.60.0.1:443', 'ledger -> tcp edge:443', 'ledger -> tcp ledger:5432', 'ledger -> tcp payments:8443',
    'ledger -> tcp payments:22', 'ledger -> tcp platform:9090', 'ledger -> tcp reporting:8443', 'ledger -> tcp endpoint:22',
    'ledger -> tls api.stripe.com:443', 'ledger -> tls evil-stripe.com:443', 'ledger -> tls status.stripe.com:8443',
    'ledger -> tls registry-1.docker.io:443', 'ledger -> tls docker.io:443', 'ledger -> http deb.debian.org:80', 'ledger -> tls deb.debian.org:443',
    'ledger -> tls malware.example:443', 'ledger -> tls time.windows.com:443', 'ledger -> tls update.microsoft.com:443',
    'ledger -> tls business.example:443', 'ledger -> tcp 151.101.1.69:22', 'ledger -> tcp 151.101.1.69:443', 'ledger -> tcp hub:22',
    'ledger -> udp 8.8.8.8:443', 'ledger -> udp ledger:5432', 'ledger -> udp payments:8443', 'ledger -> tcp platform:7946',
    'ledger -> udp platform:7946', 'payments -> udp 1.1.1.1:53', 'payments -> tcp edge:443', 'payments -> tcp payments:8443',
    'payments -> tcp payments:22', 'payments -> tcp reporting:8443', 'payments -> tcp endpoint:22', 'payments -> http deb.debian.org:80',
    'payments -> tcp hub:22', 'payments -> udp 8.8.8.8:443', 'payments -> udp ledger:5432', 'payments -> udp payments:8443',
    'payments -> tcp platform:7946', 'payments -> udp platform:7946', 'platform -> udp 1.1.1.1:53', 'platform -> tcp edge:443',
    'platform -> tcp ledger:5432', 'platform -> tcp payments:8443', 'platform -> tcp payments:22', 'platform -> tcp platform:9090',
    'platform -> tcp reporting:8443', 'platform -> tcp endpoint:22', 'platform -> tcp 151.101.1.69:22', 'platform -> tcp hub:22',
    'platform -> udp 8.8.8.8:443', 'platform -> udp ledger:5432', 'platform -> udp payments:8443', 'reporting -> tcp 8.8.8.8:443',
    'reporting -> udp 1.1.1.1:53', 'reporting -> tcp 200.0.0.1:443', 'reporting -> tcp 9.9.9.9:443', 'reporting -> tcp 20.60.0.1:443',
    'reporting -> tcp edge:443', 'reporting -> tcp payments:8443', 'reporting -> tcp payments:22', 'reporting -> tcp platform:9090',
    'reporting -> tcp reporting:8443', 'reporting -> tcp endpoint:22', 'reporting -> tls api.stripe.com:443', 'reporting -> tls evil-stripe.com:443',
    'reporting -> tls status.stripe.com:8443', 'reporting -> tls registry-1.docker.io:443', 'reporting -> tls docker.io:443',
    'reporting -> http deb.debian.org:80', 'reporting -> tls deb.debian.org:443', 'reporting -> tls malware.example:443',
    'reporting -> tls time.windows.com:443', 'reporting -> tls update.microsoft.com:443', 'reporting -> tls business.example:443',
    'reporting -> tcp 151.101.1.69:22', 'reporting -> tcp 151.101.1.69:443', 'reporting -> tcp hub:22', 'reporting -> udp 8.8.8.8:443',
    'reporting -> udp ledger:5432', 'reporting -> udp payments:8443', 'reporting -> tcp platform:7946', 'reporting -> udp platform:7946',
    'endpoint -> tcp 8.8.8.8:443', 'endpoint -> tcp ledger:5432',
  ],
  'no IPv6 in the network': [
    'edge -> tcp [2001:db8::1]:443', 'ledger -> tcp [2001:db8::1]:443', 'payments -> tcp [2001:db8::1]:443', 'platform -> tcp [2001:db8::1]:443',
    'reporting -> tcp [2001:db8::1]:443',
  ],
  'delivered': [
    'edge -> tcp payments:8443', 'edge -> tcp reporting:8443', 'edge -> tcp endpoint:443', 'ledger -> tcp endpoint:443',
    'payments -> tcp ledger:5432', 'payments -> tcp platform:9090', 'payments -> tcp endpoint:443', 'platform -> tcp endpoint:443',
    'platform -> tcp platform:7946', 'platform -> udp platform:7946', 'reporting -> tcp ledger:5432', 'reporting -> tcp endpoint:443',
  ],
  'answered by Azure': [
    'edge -> tcp metadata:80', 'ledger -> tcp metadata:80', 'payments -> tcp metadata:80', 'platform -> tcp metadata:80',
    'reporting -> tcp metadata:80',
  ],
  'denied outbound by deny-platform-dns': [
    'edge -> udp platform-dns:53', 'edge -> tcp platform-dns:53', 'ledger -> udp platform-dns:53', 'ledger -> tcp platform-dns:53',
    'payments -> udp platform-dns:53', 'payments -> tcp platform-dns:53', 'platform -> udp platform-dns:53', 'platform -> tcp platform-dns:53',
    'reporting -> udp platform-dns:53', 'reporting -> tcp platform-dns:53',
  ],
  'answered by the firewall': [
    'edge -> udp hub:53', 'ledger -> udp hub:53', 'payments -> udp hub:53', 'platform -> udp hub:53', 'reporting -> udp hub:53',
  ],
  'denied by the firewall: deny-all/deny-all': [
    'payments -> tcp 8.8.8.8:443', 'payments -> tcp 200.0.0.1:443', 'payments -> tcp 9.9.9.9:443', 'payments -> tcp 20.60.0.1:443',
    'payments -> tls evil-stripe.com:443', 'payments -> tls registry-1.docker.io:443', 'payments -> tls docker.io:443',
    'payments -> tls deb.debian.org:443', 'payments -> tls time.windows.com:443', 'payments -> tls update.microsoft.com:443',
    'payments -> tls business.example:443', 'payments -> tcp 151.101.1.69:443', 'platform -> tcp 8.8.8.8:443', 'platform -> tcp 200.0.0.1:443',
    'platform -> tcp 9.9.9.9:443', 'platform -> tcp 20.60.0.1:443', 'platform -> tls api.stripe.com:443', 'platform -> tls evil-stripe.com:443',
    'platform -> tls docker.io:443', 'platform -> tls deb.debian.org:443', 'platform -> tls time.windows.com:443',
    'platform -> tls update.microsoft.com:443', 'platform -> tls business.example:443', 'platform -> tcp 151.101.1.69:443',
  ],
  'out by the firewall: allow-hosts/tls-443': [
    'payments -> tls api.stripe.com:443', 'platform -> tls registry-1.docker.io:443',
  ],
  'out by the firewall: allow-hosts/tls-8443': [
    'payments -> tls status.stripe.com:8443', 'platform -> tls status.stripe.com:8443',
  ],
  'denied by the firewall: threat intelligence': [
    'payments -> tls malware.example:443', 'platform -> tls malware.example:443',
  ],
  'out by the firewall: allow-addresses/tcp-22': [
    'payments -> tcp 151.101.1.69:22',
  ],
  'out by the firewall: allow-hosts/http-80': [
    'platform -> http deb.debian.org:80',
  ],
  'internet': [
    'next hop in edge for 8.8.8.8', 'next hop in edge for 200.0.0.1', 'next hop in edge for 9.9.9.9', 'next hop in edge for 20.60.0.1',
  ],
  'denied by the firewall: no rule': [
    'firewall for edge -> udp 1.1.1.1:53', 'firewall for edge -> tcp 8.8.8.8:22', 'firewall for edge -> tcp 20.60.0.1:1433',
    'firewall for ledger -> udp 1.1.1.1:53', 'firewall for ledger -> tcp 8.8.8.8:22', 'firewall for ledger -> tcp 20.60.0.1:1433',
    'firewall for payments -> udp 1.1.1.1:53', 'firewall for payments -> tcp 8.8.8.8:22', 'firewall for payments -> tcp 20.60.0.1:1433',
    'firewall for platform -> udp 1.1.1.1:53', 'firewall for platform -> tcp 8.8.8.8:22', 'firewall for platform -> tcp 20.60.0.1:1433',
    'firewall for reporting -> udp 1.1.1.1:53', 'firewall for reporting -> tcp 8.8.8.8:22', 'firewall for reporting -> tcp 20.60.0.1:1433',
  ],
  'public answer by the firewall': [
    'edge resolves api.stripe.com', 'ledger resolves api.stripe.com', 'payments resolves api.stripe.com', 'platform resolves api.stripe.com',
    'reporting resolves api.stripe.com',
  ],
  'private answer by the firewall': [
    'edge resolves acme.blob.core.windows.net', 'ledger resolves acme.blob.core.windows.net', 'payments resolves acme.blob.core.windows.net',
    'platform resolves acme.blob.core.windows.net', 'reporting resolves acme.blob.core.windows.net',
  ],
  'no public address': [
    'public address in edge', 'public address in ledger', 'public address in payments', 'public address in platform', 'public address in reporting',
    'public address in endpoint', 'public address in hub',
  ],
  'denied inbound by deny-all-inbound': [
    'stranger -> tcp edge:443', 'stranger -> tcp edge:22', 'internet -> tcp edge:22', 'balancer -> tcp edge:22', 'stranger -> tcp ledger:443',
    'stranger -> tcp ledger:22', 'internet -> tcp ledger:443', 'internet -> tcp ledger:22', 'balancer -> tcp ledger:22',
    'stranger -> tcp payments:443', 'stranger -> tcp payments:22', 'internet -> tcp payments:443', 'internet -> tcp payments:22',
    'balancer -> tcp payments:22', 'stranger -> tcp platform:443', 'stranger -> tcp platform:22', 'internet -> tcp platform:443',
    'internet -> tcp platform:22', 'balancer -> tcp platform:22', 'stranger -> tcp reporting:443', 'stranger -> tcp reporting:22',
    'internet -> tcp reporting:443', 'internet -> tcp reporting:22', 'balancer -> tcp reporting:22', 'stranger -> tcp endpoint:443',
  ],
  'in, and answered': [
    'internet -> tcp edge:443',
  ],
  'none': [
    'next hop in ledger for 8.8.8.8', 'next hop in ledger for 200.0.0.1', 'next hop in ledger for 9.9.9.9', 'next hop in ledger for 20.60.0.1',
    'next hop in reporting for 8.8.8.8', 'next hop in reporting for 200.0.0.1', 'next hop in reporting for 9.9.9.9',
    'next hop in reporting for 20.60.0.1', 'zones that nobody finds', 'next hop in endpoint for 8.8.8.8', 'next hop in endpoint for 200.0.0.1',
    'networks of others', 'translations by the firewall', 'access from outside to the archive', 'access from outside to the workspace',
    'access from outside to workspaces of others by the monitor scope',
  ],
  'the firewall': [
    'next hop in payments for 8.8.8.8', 'next hop in payments for 200.0.0.1', 'next hop in payments for 9.9.9.9',
    'next hop in payments for 20.60.0.1', 'next hop in platform for 8.8.8.8', 'next hop in platform for 200.0.0.1',
    'next hop in platform for 9.9.9.9', 'next hop in platform for 20.60.0.1',
  ],
  'acme-prod-logs-scope in 5, acme-prod-object-storage-flow-logs in 1': [
    'names of the endpoints',
  ],
  'not shared': [
    'routes of gateways',
  ],
  'the one of the policy': [
    'subscription',
  ],
  'archived for 365 days, analysed every 10 minutes': [
    'record of flows in the hub', 'record of flows in the spoke',
  ],
  'tables of their own: AZFWApplicationRule AZFWDnsQuery AZFWFqdnResolveFailure AZFWIdpsSignature AZFWNatRule AZFWNetworkRule AZFWThreatIntel': [
    'record of decisions of the firewall',
  ],
  '6 of 6 groups': [
    'record of rules of the security groups',
  ],
  '365 days': [
    'record of the workspace',
  ],
  'blobs 30 days, containers 30 days, encrypted twice': [
    'record of the archive, once deleted',
  ],
  'refused by a lock': [
    'deletion of the firewall', 'deletion of the archive', 'deletion of the workspace',
  ],
};

/** Every probe with its verdict. */
export const PROBES: readonly (readonly [string, string])[] = Object.entries(GOLDEN).flatMap(([verdict, probes]) => probes.map((probe) => [probe, verdict] as const));
