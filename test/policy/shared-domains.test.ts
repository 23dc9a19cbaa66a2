import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getPublicSuffix } from 'tldts';
import { parseHostPattern } from '../../blueprints/policy/host-pattern';
import { HOSTED_BELOW, HOSTED_BELOW_AT_ANY_DEPTH } from '../../blueprints/policy/shared-domains';

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
  const load = createRequire(__filename);
  const trie: Trie = load(join(dirname(load.resolve('tldts/package.json')), 'dist/cjs/src/data/trie.js'));
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
  it('lets no wildcard stand over one of its own domains', () => {
    const above = [...HOSTED_BELOW, ...HOSTED_BELOW_AT_ANY_DEPTH].flatMap((domain) => domain.split('.').map((_, index, labels) => labels.slice(index).join('.')).slice(1));
    expect([...new Set(above)].filter((domain) => domain.includes('.') && parseHostPattern(`*.${domain}`).ok)).toEqual([]);
  });

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

  it.each([
    'acme.com', 's3.amazonaws.com', 'oss-cn-hangzhou.aliyuncs.com', 's3.us-west-004.backblazeb2.com', 'objectstorage.us-ashburn-1.oraclecloud.com', 's3.eu-central-1.wasabisys.com',
    'westeurope.cloudapp.azure.com', 'documents.azure.com', 'westeurope.data.azurecr.io', 'bc.googleusercontent.com', 'eu-west-1.snowflakecomputing.com', 'mongodb.net', 'slack.com', 'oastify.com', 'm.pipedream.net',
    'oast.fun', 'c.oast.pro', 'dnslog.cn', 'burpcollaborator.net', 'devtunnels.ms', 'euw.devtunnels.ms', 'share.zrok.io', 'xip.io', 'mooo.com', 'ingest.sentry.io', 'sentry.io',
    'crm.dynamics.com', 'signalr.net', 'eventgrid.azure.net', 'azconfig.io', 'obs.cn-north-1.myhuaweicloud.com', 'databricks.com', 'onmicrosoft.com',
  ])('%s', (domain) => {
    expect(parseHostPattern(`*.${domain}`)).toMatchObject(domain === 'acme.com' ? { ok: true } : { ok: false, problem: { code: 'host-wildcard-shared' } });
  });

  it('leaves to a customer what is below its own name', () => {
    expect(['*.acme.s3.amazonaws.com', '*.acme.r2.cloudflarestorage.com', '*.acme.azurewebsites.net'].map((text) => parseHostPattern(text).ok)).toEqual([true, true, true]);
  });
});
