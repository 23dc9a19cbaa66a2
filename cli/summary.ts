/** The tables of `npm start`: what each stack lets out, for a person. */
import Table from 'cli-table3';
import pc from 'picocolors';
import type { CostEstimate, CostItem } from '../blueprints/cost';
import type { ResidualRisk } from '../blueprints/egress-control';
import { compare } from '../blueprints/policy/rules';
import type { SegmentSummary, StackSummary } from '../stacks/egress-stack';
import { nameColumn } from './name-column';

/** Hosts shown per segment before the rest is counted. */
const HOSTS_SHOWN = 6;
/** Cost items shown per stack, the dearest first. */
const COSTS_SHOWN = 3;

/**
 * One table per stack, and the risks that remain: by name at each stack, and what they mean once for all of them.
 *
 * @param width columns of the terminal; long cells wrap.
 */
export function renderSummaries(stacks: readonly StackSummary[], outdir: string, width = process.stdout.columns ?? 120): string {
  const columns = Math.max(80, Math.min(width, 160));
  const tables = stacks.map((stack) => renderStack(stack, columns));
  const named = nameColumn(stacks);
  const where = stacks.map(({ stack }) => `  ${named(stack)} ${outdir}/stacks/${stack}/cdk.tf.json`);
  return [...tables, ...renderRisks(stacks, columns), pc.bold('Synthesized'), ...where].join('\n');
}

function renderStack(stack: StackSummary, width: number): string {
  if (stack.cluster) return renderCluster(stack, stack.cluster, width);
  const name = Math.max(9, ...stack.segments.map((segment) => segment.name.length + 2));
  const tier = 9;
  const free = width - name - tier - 5;
  // Hosts are what the table is for: where columns are few, the way out wraps.
  const longestHost = Math.max(18, ...stack.segments.flatMap((segment) => segment.hosts.slice(0, HOSTS_SHOWN).map((host) => host.length))) + 2;
  const wayOut = Math.max(Math.min(22, free - 20), Math.min(44, free - longestHost, Math.max(7, ...stack.segments.map((segment) => segment.wayOut.length)) + 2));
  const host = free - wayOut;
  const table = new Table({
    head: ['segment', 'tier', 'hosts it may reach', 'way out'].map((title) => pc.bold(title)),
    colWidths: [name, tier, host, wayOut],
    style: { head: [], border: [] },
  });
  table.push(...stack.segments.map((segment) => [
    segment.name,
    segment.tier,
    inCell(hosts(segment), host),
    segment.wayOut === 'none' ? pc.green('none') : inCell(segment.wayOut, wayOut),
  ]));
  const title = `${pc.bold(pc.cyan(stack.stack))}  ${stack.region}, ${stack.cidr}`;
  const services = stack.privateServices.length > 0 ? `private services: ${stack.privateServices.join(', ')}` : 'private services: none';
  return [title, table.toString(), services, ...renderCost(stack, width), ...riskNames(stack, width), ''].join('\n');
}

/** Of a cluster, who may call whom says more than its segments, which the network's table has. */
function renderCluster(stack: StackSummary, { name, cni, pods }: NonNullable<StackSummary['cluster']>, width: number): string {
  const first = Math.max(6, ...pods.map((row) => row.pods.length + 2));
  const segment = Math.max(9, ...pods.map((row) => row.segment.length + 2));
  const rest = Math.max(12, Math.floor((width - first - segment - 6) / 3));
  const table = new Table({
    head: ['pods', 'segment', 'accept', 'call', 'hosts they may reach'].map((title) => inCell(title, rest).split('\n').map((line) => pc.bold(line)).join('\n')),
    colWidths: [first, segment, rest, rest, rest],
    style: { head: [], border: [] },
  });
  const cell = (texts: readonly string[]) => (texts.length > 0 ? inCell(texts.join('\n'), rest) : pc.dim('none'));
  table.push(...pods.map((row) => [row.pods, row.segment, cell(row.accepts), cell(row.calls), cell(row.hosts)]));
  const title = `${pc.bold(pc.cyan(stack.stack))}  ${stack.region}, cluster ${name}, ${cni}`;
  return [title, pods.length > 0 ? table.toString() : 'no pods: nothing is closed in it', ...riskNames(stack, width), ''].join('\n');
}

function hosts(segment: SegmentSummary): string {
  if (segment.hosts.length === 0) return pc.dim('none');
  const shown = segment.hosts.slice(0, HOSTS_SHOWN);
  const more = segment.hosts.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function renderCost({ cost, region }: StackSummary, width: number): readonly string[] {
  if (!cost) return [];
  const dearest = cost.items.filter((item) => item.monthlyUsd > 0).sort((a, b) => b.monthlyUsd - a.monthlyUsd);
  const shown = dearest.slice(0, COSTS_SHOWN).map(product);
  const more = dearest.length - shown.length;
  const items = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
  const total = `cost: about ${dollars(cost.monthlyUsd)} a month before traffic (${prices(cost, region)})${items ? `: ${items}` : ''}`;
  const steps = cost.steps.map((step) => `per ${step.what}: ${dollars(step.monthlyUsd)}`).join(', ');
  return [
    ...wrap(total, width - 2).map((line, index) => (index === 0 ? line : `  ${line}`)),
    ...(steps ? [`  ${steps}`] : []),
    ...cost.tradeOffs.flatMap((tradeOff) => hanging(`${pc.yellow('!')} `, sentence(tradeOff), width)),
  ];
}

function prices({ priceRegion, pricesOf }: CostEstimate, region: string): string {
  return `${priceRegion} list prices of ${pricesOf.slice(0, 'YYYY-MM'.length)}${region === priceRegion ? '' : `, not those of ${region}`}`;
}

function product({ what, quantity, monthlyUsd }: CostItem): string {
  return `${what} ${quantity} x ${dollars(monthlyUsd / quantity)}`;
}

/** Whole dollars from ten on: more digits would promise what an estimate cannot keep. */
function dollars(usd: number): string {
  const digits = usd > 0 && usd < 10 ? 2 : 0;
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

function riskNames({ residualRisks }: StackSummary, width: number): readonly string[] {
  const names = residualRisks.length > 0 ? residualRisks.map(({ id }) => id).join(', ') : 'none known';
  return wrap(`residual risks: ${names}`, width - 2).map((line, index) => (index === 0 ? line : `  ${line}`));
}

/** Each risk once, with the stacks and segments that have it; clouds that differ in the words have one each. */
function renderRisks(stacks: readonly StackSummary[], width: number): readonly string[] {
  const told = new Map<string, { readonly risk: ResidualRisk; readonly where: Map<string, string[]> }>();
  for (const stack of stacks) {
    for (const risk of stack.residualRisks) {
      const key = JSON.stringify([risk.id, risk.summary, risk.mitigation]);
      const { where } = told.get(key) ?? told.set(key, { risk, where: new Map() }).get(key)!;
      const segments = segmentsOf(risk, stack);
      where.set(segments, [...(where.get(segments) ?? []), stack.stack]);
    }
  }
  if (told.size === 0) return [];
  const sorted = [...told.values()].sort((a, b) => compare(a.risk.id, b.risk.id));
  return [
    pc.bold('Residual risks, and what to do about them'),
    ...sorted.flatMap(({ risk, where }) => [
      ...hanging(`${pc.yellow('!')} `, `${risk.id} (${[...where].map(([segments, names]) => `${segments} of ${names.join(', ')}`).join('; ')}): ${sentence(risk.summary)}`, width),
      ...hanging(`${pc.dim('→')} `, sentence(risk.mitigation), width - 2).map((line) => `  ${line}`),
    ]),
    '',
  ];
}

function segmentsOf(risk: ResidualRisk, stack: StackSummary): string {
  return risk.segments.length === 0 || risk.segments.length === stack.segments.length ? 'every segment' : risk.segments.join(', ');
}

function sentence(text: string): string {
  const full = /[.!?]$/.test(text) ? text : `${text}.`;
  return full.charAt(0).toUpperCase() + full.slice(1);
}

/** Wraps with the lines after the first one indented below its text; the mark is two columns wide. */
function hanging(mark: string, text: string, width: number): readonly string[] {
  return wrap(text, width - 4).map((line, index) => (index === 0 ? `  ${mark}${line}` : `    ${line}`));
}

/** Lines for a column, which has a blank on both sides. A name that is too long goes on in the next line: cut off, it might be another. */
function inCell(text: string, column: number): string {
  const width = column - 2;
  const pieces = (word: string): readonly string[] => {
    if (word.length <= width) return [word];
    const joint = Math.max(...['/', '.', '-', ':'].map((mark) => word.lastIndexOf(mark, width - 1))) + 1;
    const end = joint > width / 3 ? joint : width;
    return [word.slice(0, end), ...pieces(word.slice(end))];
  };
  return text.split('\n').flatMap((line) => wrap(line.split(' ').flatMap(pieces).join(' '), width)).join('\n');
}

function wrap(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1] as string;
    if (line && line.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}
