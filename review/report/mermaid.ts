/** The picture as GitHub draws it: one Mermaid flowchart over all inputs. */
import type { ReviewResult } from '../result';
import { mermaidLabel } from './markdown-escape';
import { pictures, type Picture, type PictureWay } from './picture/picture';
import type { SegmentRow } from './segment-rows';
import { HOP_WORDS, VERDICT_WORDS, count } from './words';

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

/**
 * A flowchart without its code fence, or undefined when there is nothing to draw or too much for
 * GitHub even when put together.
 */
export function mermaid(result: ReviewResult, rows?: readonly SegmentRow[]): string | undefined {
  const charts = pictures(result, rows).filter((picture) => picture.rows.length > 0);
  const edges = charts.reduce((sum, { ways }) => sum + ways.length, 0);
  if (charts.length === 0 || edges > MERMAID_LIMITS.edges) return undefined;
  const lines = ['flowchart LR', ...charts.flatMap(chartLines), '  internet(("internet"))', ...STYLES.map((style) => `  ${style}`)];
  const text = lines.join('\n');
  return text.length > MERMAID_LIMITS.characters ? undefined : text;
}

function chartLines({ input, rows, hops, ways }: Picture, chart: number): readonly string[] {
  const id = (what: string, index: number) => `i${chart}${what}${index}`;
  const lost = ways.some(({ to }) => to === 'lost') ? [`    ${id('lost', 0)}{"?"}`] : [];
  return [
    `  subgraph ${id('input', 0)}["${mermaidLabel(input)}"]`,
    ...rows.map((row, index) => `    ${id('s', index)}["${mermaidLabel(row.name, 48)}: ${VERDICT_WORDS[row.worst]}"]:::${row.worst}`),
    ...hops.map(({ kind, nodes, id: hop }) => `    ${id('h', hop)}{{"${mermaidLabel(HOP_WORDS[kind])}${nodes.length > 1 ? ` ×${nodes.length}` : ''}"}}`),
    ...lost,
    '  end',
    ...ways.map(({ from, to, kind, hosts }) => {
      const source = 'row' in from ? id('s', from.row) : id('h', from.hop);
      const target = to === 'internet' ? 'internet' : to === 'lost' ? id('lost', 0) : id('h', to);
      const label = kind === 'guarded' ? count(hosts, 'host') : kind;
      return `  ${source} ${ARROWS[kind]}|"${label}"| ${target}`;
    }),
  ];
}
