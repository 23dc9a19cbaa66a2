/** The probes, and the world that they are asked in. Addresses are examples; what counts is which of them are alike. */
import type { Questions } from './table';
import type { World } from './world';

const WORLD: World = {
  names: {
    'api.stripe.com': ['198.137.150.20'],
    // An allowed name that leads where a threat list says not to go.
    'status.stripe.com': ['185.220.101.1'],
    'registry-1.docker.io': ['3.94.224.37'],
    'deb.debian.org': ['151.101.2.132'],
    // Another customer of the same cdn.
    'evil.example': ['151.101.2.132'],
    'storage.googleapis.com': ['142.250.74.27'],
    'europe-docker.pkg.dev': ['142.250.74.82'],
    'gcr.io': ['142.250.74.83'],
    'us.gcr.io': ['142.250.74.83'],
  },
  countries: { '8.8.8.8': 'US', '1.1.1.1': 'AU', '175.45.176.1': 'KP', '151.101.64.9': 'KP' },
  threats: { '185.220.101.1': ['iplist-tor-exit-nodes'] },
};

/** Asked of every stack, of those that have no proxy or cluster, too. */
export const QUESTIONS: Questions = {
  world: WORLD,
  destinations: [
    { label: '8.8.8.8:443', to: '8.8.8.8', port: 443 },
    { label: '1.1.1.1:53', to: '1.1.1.1', protocol: 'udp', port: 53 },
    { label: 'IPv6', to: '2001:4860:4860::8888', port: 443 },
    { label: 'half of the world', to: '203.0.112.9', port: 443 },
    { label: 'VIP', to: '199.36.153.4', port: 443 },
    { label: 'VIP, ssh', to: '199.36.153.4', port: 22 },
    { label: 'VIP, private', to: '199.36.153.8', port: 443 },
    { label: 'storage by name', to: 'storage.googleapis.com', port: 443 },
    { label: 'images by name', to: 'europe-docker.pkg.dev', port: 443 },
    { label: 'old images by name', to: 'us.gcr.io', port: 443 },
    { label: 'old images by apex', to: 'gcr.io', port: 443 },
    { label: 'api.stripe.com', to: 'api.stripe.com', port: 443 },
    { label: 'api.stripe.com, ssh', to: 'api.stripe.com', port: 22 },
    { label: 'deb.debian.org', to: 'deb.debian.org', port: 80 },
    { label: 'its neighbour', to: 'evil.example', port: 80 },
    { label: 'registry-1.docker.io', to: 'registry-1.docker.io', port: 443 },
    { label: 'sftp by address', to: '151.101.64.9', port: 22 },
    { label: 'a peered address', to: '172.31.9.9', port: 443 },
    { label: 'status.stripe.com', to: 'status.stripe.com', port: 443 },
    { label: 'a country', to: '175.45.176.1', port: 443 },
    { label: 'a threat', to: '185.220.101.1', port: 443 },
    { label: 'PSC for apis', to: '10.30.3.1', port: 443 },
    { label: 'PSC billing', to: '10.30.0.184', port: 8443 },
    { label: 'PSC billing, ssh', to: '10.30.0.184', port: 22 },
    { label: 'an address beside it', to: '10.30.0.99', port: 8443 },
    { label: 'PSC risk', to: '10.30.0.77', port: 443 },
    { label: 'PSC risk, ssh', to: '10.30.0.77', port: 22 },
    { label: 'peered services', to: '10.30.8.9', port: 5432 },
    { label: 'peered services, ssh', to: '10.30.8.9', port: 22 },
    { label: 'proxy, ssh', to: '10.30.0.2', port: 22 },
    { label: 'a pod', to: '100.64.7.7', port: 9999 },
    { label: 'the control plane', to: '10.30.12.162', port: 443 },
    { label: 'the control plane, ssh', to: '10.30.12.162', port: 22 },
    { label: 'the whole block', to: '10.30.250.9', port: 443 },
  ],
  callers: {
    'a load balancer': '35.191.0.10',
    'a passthrough check': '209.85.152.9',
    iap: '35.235.240.9',
    'the internet': '203.0.113.9',
    'another private network': '192.168.7.7',
    'a pod': '100.64.7.7',
    'the control plane': '10.30.12.162',
  },
  ports: ['tcp/22', 'tcp/80', 'tcp/443', 'tcp/3389', 'tcp/5432', 'tcp/7946', 'udp/7946', 'tcp/8050', 'tcp/8443', 'tcp/9', 'tcp/9090', 'tcp/10250', 'tcp/15017'],
  hosts: [
    { host: 'registry-1.docker.io', port: 443 },
    { host: 'docker.io', port: 443 },
    { host: 'evildocker.io', port: 443 },
    { host: 'a.b.docker.io', port: 443 },
    { host: 'registry-1.docker.io', port: 22 },
    { host: 'status.stripe.com', port: 8443 },
    { host: 'api.stripe.com', port: 443 },
    { host: 'deb.debian.org', port: 80 },
    { host: 'evil.example', port: 443 },
  ],
  names: ['evil.example', 'api.stripe.com', 'storage.googleapis.com', 'us.gcr.io', 'europe-docker.pkg.dev'],
};
