/** Policies whose order decides: those of the cluster's administrator, and those of Calico. */
import { calicoTest } from '../../../review/model/kubernetes/calico-selector';
import { named, pod, network, deny, admin, baseline, clusterPolicy, calls, internet } from './policy-objects';

describe("policies of the cluster's administrator", () => {
  test.each<[string, readonly object[], readonly string[]]>([
    ['an allow comes before what the namespace closes', [deny, admin(5, { egress: [{ action: 'Allow', to: [{ networks: ['8.8.8.0/24'] }] }] })], ['8.8.8.0/24 any !']],
    ['for the pods that it is for', [deny, admin(5, { subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'y' } } } }, egress: [{ action: 'Allow', to: internet }] })], []],
    ['by labels of a namespace that the input does not hold', [deny, admin(5, { subject: { namespaces: { matchLabels: { team: 't' } } }, egress: [{ action: 'Allow', to: [{ networks: ['8.8.8.0/24'] }] }] })], ['8.8.8.0/24 any !']],
    ['a deny comes before what the namespace opens', [network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.8.0.0/16' } }] }] }), admin(5, { egress: [{ action: 'Deny', to: internet }] })], []],
    ['unless a pass comes before', [network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.8.0.0/16' } }] }] }), admin(5, { egress: [{ action: 'Deny', to: internet }] }), admin(4, { egress: [{ action: 'Pass', to: [{ networks: ['8.0.0.0/8'] }] }] })], ['8.8.0.0/16 any !']],
    ['in the order of priorities', [deny, admin(5, { egress: [{ action: 'Allow', to: [{ networks: ['8.8.8.0/24'] }] }] }), admin(4, { egress: [{ action: 'Deny', to: internet }] })], []],
    ['and of the same, an allow first, or a pass', [network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.8.0.0/16' } }] }] }), admin(5, { egress: [{ action: 'Deny', to: internet }] }), { ...admin(5, { egress: [{ action: 'Pass', to: internet }] }), metadata: { name: 'z' } }], ['8.8.0.0/16 any !']],
    ['and of the same, an allow before a deny', [deny, admin(5, { egress: [{ action: 'Deny', to: internet }] }), admin(5, { egress: [{ action: 'Allow', to: [{ networks: ['8.8.8.0/24'] }] }] })], ['8.8.8.0/24 any !']],
    ['rule by rule', [deny, admin(5, { egress: [{ action: 'Deny', to: [{ networks: ['8.8.8.8/32'] }] }, { action: 'Allow', to: [{ networks: ['8.8.8.8/32'] }] }] })], []],
    ['a pass of an allow leaves it to the namespace', [deny, admin(5, { egress: [{ action: 'Pass', to: internet }, { action: 'Allow', to: [{ networks: ['8.8.8.0/24'] }] }] })], []],
    ['an allow that is perhaps for these, before a deny of a part', [deny, admin(4, { subject: { namespaces: { matchLabels: { team: 't' } } }, egress: [{ action: 'Allow', to: [{ networks: ['8.8.0.0/16'] }] }] }), admin(5, { egress: [{ action: 'Deny', to: [{ networks: ['8.8.8.0/24'] }] }] })], ['8.8.0.0/16 any !']],
    ['what is passed on before a deny is open to pods that nobody closes', [admin(4, { egress: [{ action: 'Pass', to: [{ networks: ['8.8.8.0/24'] }] }] }), admin(5, { egress: [{ action: 'Deny', to: [{ namespaces: {} }, ...internet] }] })], ['8.8.8.0/24 any !']],
    ['a pass that is perhaps for these leaves what comes after', [deny, admin(3, { subject: { namespaces: { matchLabels: { team: 't' } } }, egress: [{ action: 'Pass', to: internet }] }), admin(4, { egress: [{ action: 'Allow', to: [{ networks: ['8.8.8.0/24'] }] }] })], ['8.8.8.0/24 any !']],
    ['a deny of pods that nobody closes leaves the rest', [admin(5, { egress: [{ action: 'Deny', to: internet }] })], ['cluster any']],
    ['a deny of some ports', [deny, admin(4, { egress: [{ action: 'Deny', to: internet, ports: [{ portNumber: { protocol: 'TCP', port: 22 } }, { portRange: { protocol: 'TCP', start: 100, end: 65535 } }] }] }), admin(5, { egress: [{ action: 'Allow', to: [{ networks: ['8.8.8.0/24'] }], ports: [{ portRange: { protocol: 'TCP', start: 20, end: 110 } }] }] })], ['8.8.8.0/24 tcp/20-21 tcp/23-99 !']],
    ['a deny of a named port is not certain', [deny, admin(4, { egress: [{ action: 'Deny', to: internet, ports: [{ namedPort: 'web' }] }] }), admin(5, { egress: [{ action: 'Allow', to: [{ networks: ['8.8.8.0/24'] }] }] })], ['8.8.8.0/24 any !']],
    ['an action that nobody knows', [deny, admin(4, { egress: [{ action: 'Mirror', to: [{ networks: ['8.8.8.0/24'] }] }] })], ['8.8.8.0/24 any !']],
    ['nodes and names', [deny, admin(4, { egress: [{ action: 'Allow', to: [{ nodes: {} }, { domainNames: ['*.a.com'] }] }] })], ['*.a.com any !', 'nodes any']],
    ['the baseline decides for pods that nobody closes', [baseline({ egress: [{ action: 'Allow', to: [{ networks: ['8.8.8.0/24'] }] }, { action: 'Deny', to: [{ namespaces: {} }, ...internet] }] })], ['8.8.8.0/24 any !']],
    ['and for no others', [network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.8.0.0/16' } }] }] }), baseline({ egress: [{ action: 'Deny', to: internet }] })], ['8.8.0.0/16 any !']],
    ['the later kind, as admin', [deny, clusterPolicy('Admin', { egress: [{ action: 'Accept', to: [{ networks: ['8.8.8.0/24'] }], protocols: [{ tcp: { destinationPort: { number: 443 } } }, { udp: { destinationPort: { range: { start: 1, end: 2 } } } }] }] })], ['8.8.8.0/24 tcp/443 udp/1-2 !']],
    ['the later kind, as baseline', [clusterPolicy('Baseline', { egress: [{ action: 'Deny', to: [{ namespaces: {} }, ...internet] }] })], []],
    ['that of EKS', [deny, clusterPolicy('Admin', { egress: [{ action: 'Accept', to: [{ domainNames: ['a.com'] }], ports: [{ portNumber: { port: 443, protocol: 'TCP' } }] }] }, 'networking.k8s.aws/v1alpha1')], ['a.com tcp/443 !']],
  ])('%s', (_, objects, expected) => {
    expect(calls([pod('x'), ...objects])).toEqual(expected);
  });

  test('between pods, from both sides', () => {
    const pods = [pod('x'), pod('y'), deny];
    const open = { egress: [{ action: 'Allow', to: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'y' } } } }] }], ingress: [{ action: 'Allow', from: [{ namespaces: { matchLabels: named('a') } }] }] };
    expect(calls(pods)).toEqual([]);
    expect(calls([...pods, admin(5, open)])).toEqual(['y any']);
    expect(calls([...pods, admin(5, open), admin(4, { ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] })])).toEqual([]);
    // Pods have addresses: what is passed on by these is not refused by labels.
    const [through, refused] = [admin(3, { egress: [{ action: 'Pass', to: [{ networks: ['10.0.0.0/8'] }] }] }), admin(4, { egress: [{ action: 'Deny', to: [{ namespaces: {} }] }] })];
    const own = network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: {} }] }] });
    expect([calls([pod('x'), pod('y'), own, refused]), calls([pod('x'), pod('y'), own, refused, through])]).toEqual([[], ['y any']]);
  });

  test('subjects and peers without a selector of pods are all of them, also as early versions wrote namespaces', () => {
    const opened = { egress: [{ action: 'Allow', to: [{ networks: ['8.8.8.0/24'] }] }] };
    expect(calls([pod('x'), deny, admin(5, { subject: { pods: { namespaceSelector: {} } }, ...opened })])).toEqual(['8.8.8.0/24 any !']);
    const early = { egress: [{ action: 'Allow', to: [{ pods: { namespaces: { matchLabels: named('b') }, podSelector: { matchLabels: { app: 'y' } } } }] }] };
    expect(calls([pod('x'), pod('y'), pod('y', 'b'), deny, admin(5, early)])).toEqual(['b/y any']);
  });
});

describe('Calico', () => {
  const calico = (spec: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name: 'c', namespace: 'a' }, spec });
  const global = (spec: object, name = 'g') => ({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name }, spec: { types: ['Egress'], ...spec } });
  const tier = (name: string, order?: number, more: object = {}) => ({ apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name }, spec: { ...(order === undefined ? {} : { order }), ...more } });
  const set = (nets: readonly string[], labels: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkSet', metadata: { name: 's', labels }, spec: { nets } });
  const to = (destination: object, action = 'Allow', more: object = {}) => ({ action, destination, ...more });
  const google = { nets: ['8.8.8.0/24'] };

  test.each<[string, readonly object[], readonly string[]]>([
    ['a policy of the cluster opens what NetworkPolicies do not', [deny, global({ egress: [to(google)] })], ['8.8.8.0/24 any !']],
    ['its order among them does not matter to an allow', [deny, global({ order: 5000, egress: [to(google)] })], ['8.8.8.0/24 any !']],
    ['and does to a deny', [network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.8.8.0/24' } }] }] }), global({ order: 5000, egress: [to({}, 'Deny')] })], ['8.8.8.0/24 any !']],
    ['which comes before them', [network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.8.8.0/24' } }] }] }), global({ order: 500, egress: [to({}, 'Deny')] })], []],
    ['rules in their order', [global({ egress: [to({ nets: ['8.8.8.8/32'] }, 'Deny'), to({ nets: ['8.8.8.8/32'] }), to({ nets: ['9.9.9.9/32'] })] })], ['9.9.9.9/32 any !']],
    ['a log decides nothing', [global({ egress: [to({}, 'Log'), to(google)] })], ['8.8.8.0/24 any !']],
    ['a policy without types and rules is for ingress', [calico({ selector: 'all()' })], ['anything any !']],
    ['one with egress alone is for egress', [calico({ egress: [to(google)] })], ['8.8.8.0/24 any !']],
    ['rules of a direction that the types leave out', [calico({ types: ['Ingress'], egress: [to(google)] })], ['anything any !']],
    ['for the pods that it selects', [deny, global({ selector: "app == 'y'", egress: [to(google)] })], []],
    ['by the namespace as a label', [deny, global({ selector: "projectcalico.org/namespace == 'a'", egress: [to(google)] })], ['8.8.8.0/24 any !']],
    ['by a namespace that is another', [deny, global({ namespaceSelector: "projectcalico.org/name == 'b'", egress: [to(google)] })], []],
    ['by labels of a namespace that nobody knows', [deny, global({ namespaceSelector: "team == 't'", egress: [to(google)] })], ['8.8.8.0/24 any !']],
    ['by an account: it may be for these', [deny, global({ serviceAccountSelector: "role == 'x'", egress: [to(google)] })], ['8.8.8.0/24 any !']],
    ['and closes nothing for certain', [global({ serviceAccountSelector: "role == 'x'" })], ['anything any !']],
    ['an expression that cannot be read', [deny, global({ selector: 'app === x', egress: [to(google)] })], ['8.8.8.0/24 any !']],
    ['ports', [global({ egress: [to({ ...google, ports: [443, '8000:8010'] }, 'Allow', { protocol: 'TCP' })] })], ['8.8.8.0/24 tcp/443 tcp/8000-8010 !']],
    ['a named port', [global({ egress: [to({ ...google, ports: ['web'] }, 'Allow', { protocol: 'TCP' })] })], ['8.8.8.0/24 tcp/any !']],
    ['a deny of a named port is not certain', [global({ egress: [to({ ...google, ports: ['web'] }, 'Deny', { protocol: 'TCP' }), to(google)] })], ['8.8.8.0/24 any !']],
    ['every port but some', [global({ egress: [to({ ...google, notPorts: [80] }, 'Allow', { protocol: 'TCP' })] })], ['8.8.8.0/24 tcp/any !']],
    ['a deny of every port but some', [global({ egress: [to({ ...google, notPorts: [80] }, 'Deny', { protocol: 'TCP' }), to(google)] })], ['8.8.8.0/24 any !']],
    ['ICMP is a way out, too', [global({ egress: [to({}, 'Allow', { protocol: 'ICMP' })] })], ['anything icmp !']],
    ['ICMP by number, of one type', [global({ egress: [to(google, 'Allow', { protocol: 1, icmp: { type: 8 } })] })], ['8.8.8.0/24 icmp !']],
    ['a protocol that is none of the usual', [global({ egress: [to(google, 'Allow', { protocol: 47 })] })], ['8.8.8.0/24 other !']],
    ['a deny of ICMP leaves the rest', [global({ egress: [to({}, 'Deny', { protocol: 'ICMP' }), to(google)] })], ['8.8.8.0/24 other sctp/any tcp/any udp/any !']],
    ['a deny of one type, or of one protocol of many, takes nothing away', [global({ egress: [to({}, 'Deny', { protocol: 'ICMP', icmp: { type: 8 } }), to({}, 'Deny', { protocol: 47 }), to(google)] })], ['8.8.8.0/24 any !']],
    ['blocks without a part', [global({ egress: [to({ nets: ['8.8.0.0/16'], notNets: ['8.8.8.0/24'] })] })], ['8.8.0.0/16 but 8.8.8.0/24 any !']],
    ['everywhere but some blocks', [global({ egress: [to({ notNets: ['10.0.0.0/8'] })] })], ['0.0.0.0/0 but 10.0.0.0/8 any !', '::/0 any !']],
    ['an empty list of ports', [global({ egress: [to({ ...google, ports: [] }, 'Allow', { protocol: 'TCP' })] })], ['8.8.8.0/24 tcp/any !']],
    ['everywhere but some pods', [global({ egress: [to({ notSelector: "app == 'y'" })] })], ['anything any !']],
    ['a deny for everywhere but some pods', [global({ egress: [to({ notSelector: "app == 'y'" }, 'Deny'), to(google)] })], ['8.8.8.0/24 any !']],
    ['what only some of the pods may', [global({ egress: [{ ...to(google), source: { selector: 'has(app)', nets: ['10.1.0.0/16'] } }] })], ['8.8.8.0/24 any !']],
    ['what only some of the pods may not', [global({ egress: [{ ...to(google, 'Deny'), source: { selector: "app == 'y'" } }, to(google)] })], ['8.8.8.0/24 any !']],
    ['a set of addresses', [set(['8.8.8.0/24'], { role: 'dns' }), global({ egress: [to({ selector: "role == 'dns'" })] })], ['8.8.8.0/24 any !', 'any namespace/role=dns any']],
    ['labels of nobody here may be those of a set', [global({ egress: [to({ selector: "role == 'dns'" })] })], ['any namespace/role=dns any', "whatever has role == 'dns' any !"]],
    ['blocks and labels: the blocks are the limit', [global({ egress: [to({ ...google, selector: "role == 'dns'" })] })], ['8.8.8.0/24 any !']],
    ['domains', [global({ egress: [to({ domains: ['a.com'] })] })], ['a.com any !']],
    ['a service that nobody knows', [calico({ egress: [to({ services: { name: 's' } })] })], ['service a/s any !']],
    ['another version of IP', [global({ egress: [to({}, 'Deny', { ipVersion: 6 }), to(google)] })], ['8.8.8.0/24 any !']],
    ['a tier that comes first', [tier('security', 100), network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.8.8.0/24' } }] }] }), global({ tier: 'security', egress: [to({ nets: ['9.9.9.9/32'] })] })], ['9.9.9.9/32 any !']],
    ['and passes on', [tier('security', 100), network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.8.8.0/24' } }] }] }), global({ tier: 'security', egress: [to({}, 'Pass')] })], ['8.8.8.0/24 any !']],
    ['or by default', [tier('security', 100, { defaultAction: 'Pass' }), network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.8.8.0/24' } }] }] }), global({ tier: 'security', egress: [to({ nets: ['9.9.9.9/32'] }, 'Deny')] })], ['8.8.8.0/24 any !']],
    ['a part that is passed on meets what comes later', [tier('security', 100), network({ podSelector: {}, policyTypes: ['Egress'], egress: [{}] }), global({ tier: 'security', egress: [to(google, 'Pass')] })], ['8.8.8.0/24 any !']],
    ['also what it shares with a later block', [tier('security', 100), global({ tier: 'security', egress: [to({ nets: ['8.8.0.0/16'], notNets: ['8.8.0.0/24'] }, 'Pass')] }), global({ egress: [to({ nets: ['8.8.0.0/20'] })] }, 'h')], ['8.8.1.0/24, 8.8.2.0/23, 8.8.4.0/22, 8.8.8.0/21 any !']],
    ['and names, whose addresses may be among it', [tier('security', 100), global({ tier: 'security', egress: [to(google, 'Pass')] }), global({ egress: [to({ domains: ['a.com'] })] }, 'h')], ['a.com any !']],
    ['of one order, by name', [global({ order: 1, egress: [to({}, 'Deny')] }, 'b'), global({ order: 1, egress: [to(google)] }, 'a')], ['8.8.8.0/24 any !']],
    ['and no other way', [global({ order: 1, egress: [to({}, 'Deny')] }, 'a'), global({ order: 1, egress: [to(google)] }, 'b')], []],
    ['sets of addresses may have those of the pods', [set(['10.0.0.0/8'], { role: 'pods' }), global({ egress: [{ ...to(google), source: { selector: "role == 'pods'" } }] })], ['8.8.8.0/24 any !']],
    ['what a rule lets only others call', [global({ egress: [{ ...to(google), source: { selector: "app == 'y'" } }] })], []],
    ['a tier that comes last is not asked about what was refused', [tier('late'), deny, global({ tier: 'late', egress: [to(google)] })], []],
    ['and is about what is passed on', [tier('late'), global({ egress: [to({}, 'Pass')] }), global({ tier: 'late', egress: [to(google)] }, 'h')], ['8.8.8.0/24 any !']],
  ])('%s', (_, objects, expected) => {
    expect(calls([pod('x'), ...objects])).toEqual(expected);
  });

  test('pods call pods, in the order of rules', () => {
    const pods = [pod('x'), pod('y'), pod('z', 'b')];
    const spec = (egress: readonly object[]) => global({ types: ['Egress'], egress });
    expect(calls([...pods, spec([to({ selector: "app == 'y'" })])])).toEqual(['y any']);
    expect(calls([...pods, spec([to({ selector: "app in {'y', 'z'}", namespaceSelector: "projectcalico.org/name == 'b'" })])])).toEqual(['b/z any']);
    expect(calls([...pods, spec([to({ selector: "app == 'y'" }, 'Deny'), to({ selector: 'has(app)' })])])).toEqual(['b/z any']);
    expect(calls([...pods, calico({ types: ['Egress'], egress: [to({ selector: 'all()' })] })])).toEqual(['y any']);
    // A deny from some ports is for few calls.
    const inward = (source: object) => global({ types: ['Ingress'], selector: "app == 'y'", ingress: [{ action: 'Deny', protocol: 'TCP', source }, { action: 'Allow' }] });
    expect([{}, { ports: [1] }].map((source) => calls([pod('y'), inward(source)], 'anything'))).toEqual([['y icmp other sctp/any udp/any'], ['y any']]);
  });

  test.each<[string, boolean | undefined]>([
    ["app == 'x'", true], ['app == "x"', true], ["app != 'x'", false], ["other != 'x'", true], ['has(app)', true], ['!has(app)', false], ["app in {'x','y'}", true], ['app in {}', false],
    ["app not in {'x'}", false], ["other not in {'x'}", true], ["app contains 'x'", true], ["tier starts with 'fr'", true], ["tier ends with 'fr'", false], ['all()', true], ['global()', false],
    ["app == 'y' || tier == 'front' && has(app)", true], ["(app == 'y' || tier == 'front') && !has(app)", false], ["! has(app) || tier starts with 'f' && app in {'x'}", true], ['!all()', false],
    ['app =', undefined], ["app == x", undefined], ["(app == 'x'", undefined], ["app == 'x' junk", undefined], ["app like 'x'", undefined], ['#', undefined],
  ])('%s is %s', (text, expected) => {
    expect(calicoTest(text)?.({ app: 'x', tier: 'front' })).toBe(expected);
  });
});
