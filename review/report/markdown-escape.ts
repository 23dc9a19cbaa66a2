/**
 * Names out of a plan, made harmless for GitHub's Markdown: no markup, no HTML, no link, no image, no
 * mention, no table cell of its own.
 */
import { printable } from '../../blueprints/policy/problems';

/** Characters of a name, and of a sentence, before its middle is left out: one that fills a comment would push everything else out of it. */
const LONGEST = { name: 240, sentence: 1_200 } as const;

/** Characters of a name's end that stay: the last part of an address tells it apart. */
const END = 60;

function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return [...[...text.slice(0, 2 * longest)].slice(0, longest - END - 1), '…', ...[...text.slice(-2 * END - 1)].slice(-END)].join('');
}

/** A name as code, where GitHub reads neither markup nor mentions. */
export function code(text: string): string {
  const visible = shortened(printable(text), LONGEST.name) || ' ';
  const longest = Math.max(0, ...[...visible.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = visible.startsWith('`') || visible.endsWith('`') ? ' ' : '';
  // A table is cut into cells before code is read, so this holds inside code, too.
  return `${fence}${pad}${visible.replaceAll('|', '\\|')}${pad}${fence}`;
}

/** A sentence that may hold names, for Markdown and for HTML inside it. A zero-width space breaks what GitHub would link or notify. */
export function prose(text: string): string {
  return shortened(printable(text), LONGEST.sentence)
    .replace(/[\\`*_{}[\]()<>#+!|~&$]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/@(?=\w)/g, '@&#8203;')
    .replace(/(&#35;)(?=\w)/g, '$1&#8203;')
    .replace(/:\/\//g, ':&#8203;//')
    .replace(/\bwww\./gi, (match) => `${match.slice(0, -1)}&#8203;.`);
}

/** A label of a Mermaid node or edge, to stand between double quotes. */
export function mermaidLabel(text: string, longest = 60): string {
  const visible = [...printable(text)];
  const cut = visible.length > longest ? [...visible.slice(0, longest - 1), '…'] : visible;
  return cut.map((character) => (/[\p{L}\p{N} .,:/…×→_-]/u.test(character) ? character : `#${character.codePointAt(0) as number};`)).join('');
}
