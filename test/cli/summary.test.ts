/** What the tables of `npm start` say about cost. */
import type { CostEstimate } from '../../blueprints/cost';
import type { StackSummary } from '../../stacks/egress-stack';
import { renderPlans } from '../../cli/plans';
import type { StackPlan } from '../../providers/offline/plan';
import { renderSummaries } from '../../cli/summary';

const COST: CostEstimate = {
  priceRegion: 'moon-1',
  pricesOf: '2026-11-22',
  sources: ['https://example.com/pricing/'],
  monthlyUsd: 1221.25,
  items: [
    { id: 'address', what: 'public addresses', quantity: 3, unit: 'address', monthlyUsd: 10.95, perZone: true },
    { id: 'firewall', what: 'firewall endpoints', quantity: 3, unit: 'endpoint', monthlyUsd: 865.05, perZone: true },
    { id: 'free', what: 'gateways', quantity: 3, unit: 'gateway', monthlyUsd: 0, perZone: true },
    { id: 'endpoint', what: 'interface endpoints', quantity: 33, unit: 'endpoint in a zone', monthlyUsd: 240.9, perZone: true },
    { id: 'lock', what: 'locks', quantity: 1, unit: 'lock', monthlyUsd: 104.35 },
  ],
  steps: [{ id: 'zone', what: 'zone', monthlyUsd: 372.3 }, { id: 'interface-endpoint', what: 'interface endpoint', monthlyUsd: 7.3 }],
  usage: [{ id: 'logs', what: 'logs', unit: 'GB', usd: 0.5 }],
  tradeOffs: [],
};
const STACK: StackSummary = {
  stack: 'aws-lab', cloud: 'aws', environment: 'lab', region: 'moon-1', cidr: '10.0.0.0/16',
  segments: [{ name: 'jobs', tier: 'private', hosts: [], wayOut: 'none' }],
  privateServices: [], residualRisks: [],
};

/** Words with single spaces and without colours, as wrapping is not what these tests are about. */
function text(over: Partial<StackSummary>, width = 160): string {
  return renderSummaries([{ ...STACK, ...over }], 'out', width).replace(/\u001b\[\d+m/g, '').replace(/\s+/g, ' ');
}

test('one line with the total, its day and region, and the three dearest items', () => {
  expect(text({ cost: COST })).toContain(
    'cost: about $1,221 a month before traffic (moon-1 list prices of 2026-11): '
    + 'firewall endpoints 3 x $288, interface endpoints 33 x $7.30, locks 1 x $104, and 1 more',
  );
});

test('a zone and an endpoint more or less', () => {
  expect(text({ cost: COST })).toContain('per zone: $372, per interface endpoint: $7.30');
});

test('another region is told apart from the one of the prices', () => {
  expect(text({ cost: COST, region: 'mars-2' })).toContain('(moon-1 list prices of 2026-11, not those of mars-2)');
});

test('a trade-off stands below the figure that it bought', () => {
  expect(text({ cost: { ...COST, tradeOffs: ['one zone: when it fails, all fails'] } })).toContain('! One zone: when it fails, all fails.');
});

test('nothing that costs while it stands still is $0, with nothing after it', () => {
  const cost = { ...COST, monthlyUsd: 0, items: [], steps: [] };
  expect(text({ cost })).toContain('cost: about $0 a month before traffic (moon-1 list prices of 2026-11) residual risks');
});

test('a cloud without prices says nothing about cost', () => {
  expect(text({})).not.toMatch(/cost|\$/);
});

test('of a cluster, who may call whom', () => {
  const cluster = { name: 'acme-lab', cni: 'cilium', pods: [{ pods: 'payments/api', segment: 'payments', accepts: ['api-gateway/* tcp/8443'], calls: ['segment ledger tcp/5432'], hosts: ['api.stripe.com:443'] }] };
  const shown = text({ stack: 'aws-lab-kubernetes', cluster });
  expect(shown).toContain('aws-lab-kubernetes moon-1, cluster acme-lab, cilium');
  for (const part of ['payments/api', 'api-gateway/* tcp/8443', 'segment ledger tcp/5432', 'api.stripe.com:443']) expect(shown).toContain(part);
});

const lines = (over: Partial<StackSummary>, width: number) => renderSummaries([{ ...STACK, ...over }], 'out', width).replace(/\u001b\[\d+m/g, '').split('\n');
const column = (shown: readonly string[], index: number) => shown.filter((line) => line.startsWith('│')).map((line) => line.split('│')[index + 1]!.trim()).join('');

test('on a narrow terminal hosts stay whole, the way out wraps, and nothing is cut off', () => {
  const hosts = ['production.docker.com:443', `${'deep.'.repeat(14)}example.com:443`];
  const wayOut = 'firewall endpoint and NAT gateway of the zone, internet gateway';
  const shown = lines({ segments: [{ name: 'jobs', tier: 'private', hosts, wayOut }] }, 80);
  expect(shown.filter((line) => line.length > 80)).toEqual([]);
  expect(shown.join()).not.toContain('…');
  expect(shown.some((line) => line.includes(` ${hosts[0]} `))).toBe(true);
  expect(column(shown, 2)).toBe(`hosts it may reach${hosts.join('')}`);
  expect(column(shown, 3).replaceAll(' ', '')).toBe(`wayout${wayOut.replaceAll(' ', '')}`);
});

test('names of pods that a column is too narrow for go on in the next line; a cluster without pods has no empty table', () => {
  const pods = [{ pods: 'payments/api', segment: 'payments', accepts: ['monitoring-and-alerting/prometheus tcp/9090'], calls: ['segment ledger tcp/5432'], hosts: ['production.cloudflare.docker.com:443'] }];
  const shown = lines({ cluster: { name: 'acme-lab', cni: 'cilium', pods } }, 80);
  expect(shown.filter((line) => line.length > 80)).toEqual([]);
  expect(column(shown, 2)).toBe('acceptmonitoring-and-alerting/prometheustcp/9090');
  expect(column(shown, 4).replaceAll(' ', '')).toBe('hoststheymayreachproduction.cloudflare.docker.com:443');
  expect(lines({ cluster: { name: 'acme-lab', cni: 'cilium', pods: [] } }, 80)).toContain('no pods: nothing is closed in it');
});

test('a risk is explained once, with all the stacks and segments that have it', () => {
  const risk = { id: 'sni-spoofing', summary: 'a name is believed', mitigation: 'inspect TLS', segments: ['jobs'] };
  const segments = ['jobs', 'web'].map((name) => ({ name, tier: 'private' as const, hosts: [], wayOut: 'none' }));
  const stacks = [
    { ...STACK, segments, residualRisks: [risk] },
    { ...STACK, segments, stack: 'aws-live', residualRisks: [risk] },
    { ...STACK, segments, stack: 'azure-lab', residualRisks: [{ ...risk, segments: ['jobs', 'web'] }, { ...risk, id: 'answers-leave' }] },
    { ...STACK, segments, stack: 'google-lab', residualRisks: [{ ...risk, summary: 'names are not read' }] },
  ];
  const shown = renderSummaries(stacks, 'out', 160).replace(/\u001b\[\d+m/g, '').replace(/\s+/g, ' ');
  expect(shown).toContain('residual risks: sni-spoofing, answers-leave google-lab');
  expect(shown).toContain('! sni-spoofing (jobs of aws-lab, aws-live; every segment of azure-lab): A name is believed. → Inspect TLS.');
  expect(shown).toContain('! sni-spoofing (jobs of google-lab): Names are not read.');
  expect(shown.match(/A name is believed/g)).toHaveLength(2);
});

test('no line is wider than the terminal', () => {
  const lines = renderSummaries([{ ...STACK, cost: COST }], 'out', 80).split('\n').filter((line) => line.includes('$'));
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(line.replace(/\u001b\[\d+m/g, '').length).toBeLessThanOrEqual(80);
});

test('names of stacks are one column, however long they are', () => {
  const stacks = ['aws-lab', 'google-production1-kubernetes'];
  const lines = renderSummaries(stacks.map((stack) => ({ ...STACK, stack })), 'out').split('\n').filter((line) => line.endsWith('.tf.json'));
  expect(lines.map((line) => line.indexOf('out/stacks/'))).toEqual([32, 32]);
  const plan = { ok: true, add: 1, change: 0, destroy: 0, seconds: 1, warnings: [] } as unknown as StackPlan;
  const planned = renderPlans(stacks.map((stack) => ({ ...plan, stack })), 'out', false).split('\n').filter((line) => line.endsWith('.json'));
  expect(new Set(planned.map((line) => line.indexOf('out/plans/'))).size).toBe(1);
});
