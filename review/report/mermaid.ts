/** The picture as GitHub draws it: one Mermaid flowchart over all inputs. */
import { groupBy } from '../group-by';
import type { ReviewResult } from '../result';
import { mermaidLabel } from './markdown-escape';
import { pictures, type Picture, type PictureHop, type PictureWay } from './picture/picture';
import type { SegmentRow } from './segment-rows';
import { HOP_WORDS, VERDICT_WORDS, count, listed } from './words';

/** GitHub draws no more edges, and reads no more characters of one chart. */
export const MERMAID_LIMITS = { edges: 500, characters: 50_000 } as const;

const ARROWS: Readonly<Record<PictureWay['kind'], string>> = { open: '==>', unknown: '-.->', guarded: '-->' };

/** Colours that hold on GitHub's light and dark pages; shape and words say the same. */
const STYLES = [
  'classDef open fill:#fde4dc,stroke:#b3320b,stroke-width:3px,color:#5c1a06',
  'classDef unknown fill:#fdf0cf,stroke:#8a5a00,stroke-dasharray:5 4,color:#4a3000',
  'classDef allowlisted fill:#dcebfa,stroke:#0b5cad,color:#06305c',
  'classDef none fill:#eceff2,stroke:#6b7684,color:#2b333c',
];

/** Names of endpoints in one box before the rest is counted. */
const NAMES_SHOWN = 4;

/**
 * A flowchart without its code fence, or undefined when there is nothing to draw or too much for
 * GitHub even when put together. Private endpoints are the first to be left out.
 */
export function mermaid(result: ReviewResult, rows?: readonly SegmentRow[]): string | undefined {
  const charts = pictures(result, rows).filter((picture) => picture.rows.length > 0);
  return charts.length === 0 ? undefined : chartWithin(charts.map((picture, chart) => chartLines(picture, chart, true))) ?? chartWithin(charts.map((picture, chart) => chartLines(picture, chart, false)));
}

interface Chart {
  readonly lines: readonly string[];
  readonly edges: readonly string[];
}

function chartWithin(charts: readonly Chart[]): string | undefined {
  if (charts.reduce((sum, { edges }) => sum + edges.length, 0) > MERMAID_LIMITS.edges) return undefined;
  const text = ['flowchart LR', ...charts.flatMap(({ lines, edges }) => [...lines, ...edges]), '  internet(("internet"))', ...STYLES.map((style) => `  ${style}`)].join('\n');
  return text.length > MERMAID_LIMITS.characters ? undefined : text;
}

/** Endpoints that the same segments reach, as one box: `ecr.api, logs, s3 and 2 more`. */
function privateBoxes({ privately }: Picture): readonly { readonly names: string; readonly rows: readonly number[] }[] {
  return [...groupBy(privately, ({ rows }) => rows.join()).values()].map((hops) => ({ names: listed(hops.map(({ label }) => label), NAMES_SHOWN), rows: (hops[0] as PictureHop).rows }));
}

function chartLines(picture: Picture, chart: number, withEndpoints: boolean): Chart {
  const { input, rows, hops, ways } = picture;
  const id = (what: string, index: number) => `i${chart}${what}${index}`;
  const lost = ways.some(({ to }) => to === 'lost') ? [`    ${id('lost', 0)}{"?"}`] : [];
  const boxes = withEndpoints ? privateBoxes(picture) : [];
  const lines = [
    `  subgraph ${id('input', 0)}["${mermaidLabel(input)}"]`,
    ...rows.map((row, index) => `    ${id('s', index)}["${mermaidLabel(row.name, 48)}: ${VERDICT_WORDS[row.worst]}"]:::${row.worst}`),
    ...hops.map(({ kind, nodes, id: hop }) => `    ${id('h', hop)}{{"${mermaidLabel(HOP_WORDS[kind])}${nodes.length > 1 ? ` ×${nodes.length}` : ''}"}}`),
    ...boxes.map(({ names }, index) => `    ${id('p', index)}(["${mermaidLabel(names, 96)}"])`),
    ...lost,
    '  end',
  ];
  const onWays = ways.map(({ from, to, kind, hosts }) => {
    const source = 'row' in from ? id('s', from.row) : id('h', from.hop);
    const target = to === 'internet' ? 'internet' : to === 'lost' ? id('lost', 0) : id('h', to);
    const label = kind === 'guarded' ? count(hosts, 'host') : kind;
    return `  ${source} ${ARROWS[kind]}|"${label}"| ${target}`;
  });
  // A line with a dot at its end is no way to the internet.
  return { lines, edges: [...onWays, ...boxes.flatMap((box, index) => box.rows.map((row) => `  ${id('s', row)} --o ${id('p', index)}`))] };
}
