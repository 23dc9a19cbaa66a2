import { getPublicSuffix } from 'tldts';
import { parseHostPattern } from '../../blueprints/policy/host-pattern';

/** The list as `tldts` ships it: a trie in flat arrays. Not part of its interface, so only a test looks. */
interface Trie {
  nodeFlags: ArrayLike<number>;
  edgeStart: ArrayLike<number>;
  edgeLength: ArrayLike<number>;
  edgeChild: ArrayLike<number>;
  labelText: string;
  rulesRoot: number;
}
const PRIVATE = 2;

function privateSuffixes(): string[] {
  const trie = jest.requireActual<Trie>('tldts/dist/cjs/src/data/trie.js');
  const offsets: number[] = [];
  for (let edge = 0, offset = 0; edge < trie.edgeLength.length; offset += trie.edgeLength[edge++]!) offsets.push(offset);
  const found: string[] = [];
  const walk = (node: number, labels: readonly string[]): void => {
    if (trie.nodeFlags[node]! & PRIVATE) found.push(labels.join('.'));
    for (let edge = trie.edgeStart[node]!; edge < trie.edgeStart[node + 1]!; edge++) {
      walk(trie.edgeChild[edge]!, [trie.labelText.substr(offsets[edge]!, trie.edgeLength[edge]!), ...labels]);
    }
  };
  walk(trie.rulesRoot, []);
  return found;
}

describe('the list of shared domains', () => {
  const suffixes = privateSuffixes();

  it('is read from the library', () => {
    expect(suffixes.length).toBeGreaterThan(3000);
    expect(suffixes).toEqual(expect.arrayContaining(['github.io', 's3.amazonaws.com']));
  });

  it('lets no wildcard stand over a domain where companies hand out names', () => {
    const above = new Set(suffixes.flatMap((suffix) => suffix.replace(/^\*\./, '').split('.').map((_, index, labels) => labels.slice(index).join('.'))));
    const let_through = [...above].filter((domain) => getPublicSuffix(domain) !== domain && parseHostPattern(`*.${domain}`).ok);
    expect(let_through).toEqual([]);
  });
});
