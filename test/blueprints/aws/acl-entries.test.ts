import { aclEntries, tooManyEntries, type AclEntry, type AclRole } from '../../../blueprints/aws/acl-entries';

const VPC = '10.20.0.0/16';
const https = [{ protocol: 'tcp' as const, ports: [{ from: 443, to: 443 }] }];
const text = (entries: readonly AclEntry[]) => entries.map(({ direction, protocol, ports, cidr }) => `${direction} ${protocol}/${ports.from}-${ports.to} ${cidr}`).sort();

test.each<AclRole>(['isolated', 'data'])('%s subnets exchange packets with the network alone', (role) => {
  expect(text(aclEntries(role, [VPC]))).toEqual(['egress all/0-0 10.20.0.0/16', 'ingress all/0-0 10.20.0.0/16']);
});

test('a public subnet takes its ports from the internet and sends nothing there but replies', () => {
  expect(text(aclEntries('public', [VPC], https))).toEqual([
    'egress all/0-0 10.20.0.0/16',
    'egress tcp/1024-65535 0.0.0.0/0',
    'ingress all/0-0 10.20.0.0/16',
    'ingress tcp/443-443 0.0.0.0/0',
  ]);
});

test('firewall and nat subnets pass on what private subnets may send, and the replies', () => {
  expect(text(aclEntries('transit', [VPC], https))).toEqual([
    'egress tcp/1024-65535 10.20.0.0/16',
    'egress tcp/443-443 0.0.0.0/0',
    'ingress tcp/1024-65535 0.0.0.0/0',
    'ingress tcp/443-443 10.20.0.0/16',
  ]);
});

test('neighbouring ports share an entry', () => {
  const ports = [8080, 8081, 8082].map((port) => ({ from: port, to: port }));
  expect(text(aclEntries('private', [VPC], [{ protocol: 'tcp', ports }]))).toContain('egress tcp/8080-8082 0.0.0.0/0');
});

test('an entry keeps its number when others come', () => {
  const numberOf = (entries: readonly AclEntry[]) => entries.find((entry) => entry.direction === 'egress' && entry.ports.from === 443)!.number;
  const more = [{ protocol: 'tcp' as const, ports: [80, 443, 5000, 9000].map((port) => ({ from: port, to: port })) }];
  expect(numberOf(aclEntries('private', [VPC], more))).toBe(numberOf(aclEntries('private', [VPC], https)));
});

test('says which direction is over the quota, counting the final deny', () => {
  const ports = Array.from({ length: 19 }, (_, index) => ({ from: 1000 + 2 * index, to: 1000 + 2 * index }));
  expect(tooManyEntries(aclEntries('private', [VPC], [{ protocol: 'tcp', ports }]), 20)).toBe('21 egress entries, and 20 fit');
  expect(tooManyEntries(aclEntries('private', [VPC], [{ protocol: 'tcp', ports }]), 21)).toBeUndefined();
  expect(tooManyEntries(aclEntries('private', [VPC], https), 20)).toBeUndefined();
});
