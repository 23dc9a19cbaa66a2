/** The Markdown report and its picture. */
import { markdownReport, MARKDOWN_LIMITS } from '../../../review/report/markdown';
import { commentMarker } from '../../../review/report/report-name';
import { code, mermaidLabel, prose } from '../../../review/report/markdown-escape';
import { mermaid, MERMAID_LIMITS } from '../../../review/report/mermaid';
import type { ReviewResult } from '../../../review/result';
import { HOSTILE, hostileReview } from '../../fixtures/reviews/hostile';
import { withEndpoints } from '../../fixtures/reviews/endpoints';
import { largeReview } from '../../fixtures/reviews/large';
import { host, verdict } from '../../fixtures/reviews/parts';
import { clean, insideOfCluster, threeClouds } from '../../fixtures/reviews/three-clouds';

const report = markdownReport(threeClouds());

it('begins with the marker, then the change, then the network', () => {
  const lines = report.split('\n').filter(Boolean);
  expect(lines[0]).toBe(commentMarker());
  expect(lines[1]).toBe('## ❌ This change opens 2 ways out and closes 1');
  expect(lines[2]).toMatch(/^The network: ❌ 2 of 15 segments reach the internet without control, 1 cannot be judged; \d+ findings/);
  expect(lines[3]).toBe('### What this change opens and closes');
  expect(report).toContain('| 🔴 **became open** | `edge` in `aws-prod` | `anything` | route table → internet gateway → internet |  |');
  expect(report).toContain('| 🔴 **opened** | `payments` in `aws-prod` | `tls api.adyen.com:443` |  | payments-team: second card acquirer |');
  expect(report).toContain(`| changed | NAT in \`google-prod\` | \`google_compute_router_nat.main\` | | ${prose('source_subnetwork_ip_ranges_to_nat: LIST_OF_SUBNETWORKS → ALL_SUBNETWORKS_ALL_IP_RANGES; nat_ips: +')}`);
});

it('begins with the network where nothing was compared', () => {
  expect(markdownReport({ ...threeClouds(), diff: undefined as never }).split('\n').filter(Boolean)[1]).toBe('## ❌ 2 of 15 segments reach the internet without control, 1 cannot be judged');
});

it('is a few lines where a change opens nothing: what was wrong before is folded away', () => {
  const quiet = markdownReport({ ...threeClouds(), diff: { reach: [], ways: [] } }, { failure: ['8 findings of severity medium or worse'] });
  const [seen = ''] = quiet.split('<details>');
  expect(seen.split('\n').filter(Boolean)).toEqual([
    commentMarker(), '## ✅ This change opens and closes nothing', expect.stringMatching(/^The network: ❌ 2 of 15/), '**This fails:** 8 findings of severity medium or worse.',
  ]);
  // Everything stands inside of one fold, but for the notices.
  expect(quiet).toContain('<details><summary>The network as it will be</summary>\n\n<details open>');
});

it('tells the worst first, and a name that fills a comment pushes nothing out', () => {
  const change = (what: string, who: string) => ({ change: what === 'anything' ? 'became-open' as const : 'opened' as const, input: 'aws-prod', who, what, family: 4 as const });
  const noisy = Array.from({ length: 3_000 }, (_, n) => change(`tls h${n}.example:443`, 'aaa'));
  const cut = markdownReport({ ...threeClouds(), diff: { reach: [...noisy, change('anything', `zzz${'z'.repeat(70_000)}`), change('anything', 'zzzz')], ways: [] } });
  const rows = cut.split('\n').filter((line) => /^\| 🔴/.test(line));
  expect(rows[0]).toMatch(/^\| 🔴 \*\*became open\*\* \| `zzzz+…z+`/);
  expect(rows[1]).toContain('`zzzz`');
  expect(rows.length).toBeGreaterThan(100);
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(MARKDOWN_LIMITS.comment);
});

it('names places, others and reasons of a change', () => {
  const text = markdownReport({ ...clean(), diff: { ways: [], reach: [
    { change: 'became-open', input: 'aws-prod', who: 'edge', what: 'tcp/443 to the internet', family: 4, places: ['aws_instance.a', 'aws_subnet.b + aws_security_group.c', 'aws_instance.d', 'aws_instance.e'], more: 3, others: 2 },
    { change: 'became-unknown', input: 'aws-prod', who: 'edge', what: 'anything', family: 4, path: [{ address: 'aws_instance.x', kind: 'workload' }], places: ['aws_instance.x'], reasons: ['it is hidden'] },
  ] } });
  expect(text).toContain('| `edge`<br>`aws_instance.a, aws_subnet.b and 5 more`<br>2 others were open before | `tcp/443 to the internet` |');
  expect(text).toMatch(/\| 🔴 \*\*became unknown\*\* \| `edge`.*`aws_instance.x` \| `perhaps anything` \| workload → \? \| it is hidden \|/);
});

it('says of what was open, and is not known to be closed, neither that all is well nor that it is bad', () => {
  const change = { change: 'perhaps-closed' as const, input: 'aws-prod', who: 'edge', what: 'anything', family: 4 as const, path: [{ address: 'aws_instance.x', kind: 'workload' as const }], reasons: ['it is hidden'] };
  const text = markdownReport({ ...clean(), diff: { ways: [], reach: [change] } });
  expect(text).toContain('## ❔ This change may close 1 way out');
  expect(text).toContain('| ❔ perhaps closed | `edge` | `anything` | workload → ? | it is hidden |');
  expect(markdownReport({ ...clean(), diff: { ways: [], reach: [change, { ...change, change: 'closed' }] } })).toContain('## ❔ This change closes 1 way out and may close 1');
  // What opens is worse.
  expect(markdownReport({ ...clean(), diff: { ways: [], reach: [change, { ...change, change: 'became-open' }] } })).toContain('## ❌ This change opens 1 way out and may close 1');
});

it('folds away what is well', () => {
  expect(markdownReport(clean())).toContain('<details><summary><b>aws-prod</b>: 4 segments</summary>');
  expect(report).toContain('<details open><summary><b>aws-prod</b>: 5 segments, 1 open or unknown</summary>');
  expect(report.match(/<details/g)).toHaveLength(report.match(/<\/details>/g)!.length);
});

it.each([['comment', 65_536], ['summary', 1_048_576]] as const)('fits into a %s and says what is left out', (target, limit) => {
  expect(MARKDOWN_LIMITS[target]).toBe(limit);
  const many = largeReview(target === 'comment' ? 10_000 : 40_000);
  const cut = markdownReport(many, { target, fullReport: 'https://ci.example/run/1' });
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
  expect(Buffer.byteLength(cut)).toBeGreaterThan(limit * 0.9);
  expect(cut).toMatch(/\d entries are left out.*All of it is in \[the full report\]\(https:\/\/ci\.example\/run\/1\)/);
  // The worst is cut last.
  expect(cut.match(/\*\*`route-bypasses-firewall`\*\*/g)).toHaveLength(many.findings.filter(({ severity }) => severity === 'critical').length);
  expect(cut.match(/<details/g)).toHaveLength(cut.match(/<\/details>/g)!.length);
});

it('tells what policies let pods call, the worst first', () => {
  const lines = markdownReport({ ...clean(), ...insideOfCluster() }).split('\n');
  expect(lines).toContain('<details><summary><b>aws-prod</b>: what policies let 4 kinds of pods call on the internet</summary>');
  expect(lines.filter((line) => /^\| `pay\/app=\w+` \| [^`]/.test(line))).toEqual([
    '| `pay/app=web` | **addresses** | `0.0.0.0/0 any` |',
    `| \`pay/app=worker\` | **not known** | ${prose('kubernetes_manifest.n: NetworkPolicy of crd.antrea.io is not read')} |`,
    '| `pay/app=api` | listed hosts | `api.adyen.com tcp/443` |',
    '| `pay/app=batch` | nobody |  |',
  ]);
});

it('holds a link only where it was given one', () => {
  expect(markdownReport(largeReview(), { fullReport: 'javascript:alert(1)' })).not.toMatch(/\]\(/);
});

describe('the Mermaid picture', () => {
  it('draws open, guarded and unknown ways apart', () => {
    const chart = mermaid(threeClouds())!;
    expect(chart).toContain('==>|"open"| internet');
    expect(chart).toContain('-->|"6 hosts"| internet');
    expect(chart).toContain('-.->|"unknown"|');
  });

  it('joins segments with what they reach privately, one box for what the same ones reach', () => {
    const chart = mermaid(withEndpoints(threeClouds(), { names: ['sts', 'ecr.api', 'logs', 'kms', 'ec2'], by: ['edge', 'platform'] }, { names: ['s3'], by: ['ledger'] }))!;
    expect(chart).toContain('i0p0(["ec2, ecr.api, kms and 2 more"])');
    expect(chart).toContain('i0p1(["s3"])');
    expect(chart.match(/i0s\d+ --o i0p\d+/g)).toEqual(['i0s0 --o i0p0', 'i0s2 --o i0p0', 'i0s4 --o i0p1']);
  });

  it('leaves the endpoints out before the ways', () => {
    // Many segments, each reaching as many sets of endpoints as make the chart too large.
    const verdicts = Array.from({ length: 60 }, (_, n) => verdict({ input: 'aws-prod', place: `p${n}`, segment: `s${n}`, cloud: 'aws', verdict: 'allowlisted', hosts: [host('a.example', 'r')], witness: [] }));
    const endpoints = Array.from({ length: 12 }, (_, n) => ({ names: [`e${n}`], by: verdicts.flatMap(({ segment }, row) => (row % 12 === n ? [] : [segment!])) }));
    const chart = mermaid(withEndpoints({ ...clean(), inputs: clean().inputs.slice(0, 1), verdicts, topology: { nodes: [], edges: [] } }, ...endpoints))!;
    expect(chart.match(/--o/g)).toBeNull();
    expect(chart.match(/internet$/gm)?.length).toBe(60);
  });

  it('stays below the limits of GitHub for a big plan, and is left out when it cannot', () => {
    const chart = mermaid(largeReview())!;
    expect(chart.split('\n').filter((line) => /(==|-\.-|--)>/.test(line)).length).toBeLessThanOrEqual(MERMAID_LIMITS.edges);
    expect(chart.length).toBeLessThanOrEqual(MERMAID_LIMITS.characters);
    const crowd: ReviewResult = {
      ...clean(), topology: { nodes: [], edges: [] },
      verdicts: Array.from({ length: 600 }, (_, n) => verdict({ input: 'aws-prod', place: `p${n}`, segment: `s${n}`, cloud: 'aws', verdict: 'allowlisted', hosts: [host('a.example', 'r')], witness: [] })),
    };
    expect(mermaid(crowd)).toBeUndefined();
    expect(markdownReport(crowd)).not.toContain('mermaid');
  });
});

describe('names out of a plan', () => {
  const hostile = markdownReport(hostileReview(), { target: 'summary' });

  it('are code or text in every place', () => {
    // What is neither in code nor in our chart is what GitHub reads as markup.
    const outside = hostile.replace(/```mermaid[\s\S]*?\n```/g, '').replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
    // The first hit alone: the whole report in a failure would bury it.
    expect(/<(?!\/?(details|summary|b|br)\b|!-- egress-review -->).{0,40}/.exec(outside)?.[0]).toBeUndefined();
    expect(/.{0,40}(@\w|\]\(|!\[|https?:\/\/|www\.|-->(?!\n\n## )).{0,40}/.exec(outside)?.[0]).toBeUndefined();
    expect(/.{0,40}(?<!&)#(?=\d)/.exec(outside)?.[0]).toBeUndefined();
    expect(hostile.split('\n').filter((line) => line.startsWith('# '))).toEqual([]);
  });

  it('make no cell, no line and no fence of their own', () => {
    // As many cells as the table has columns.
    let columns = 0;
    for (const line of hostile.split('\n').filter((text) => text.startsWith('|'))) {
      const cells = line.replaceAll('\\|', '').split('|').length - 2;
      if (/^\|(---\|)+$/.test(line)) columns = cells;
      else if (columns > 0 && !/^\| (\| who|segment|pods|from) /.test(line)) expect(cells).toBe(columns);
    }
    expect(columns).toBe(3);
    expect(hostile.split('\n').filter((line) => line.startsWith('```'))).toEqual(['```mermaid', '```']);
  });

  it('stay inside their label in the chart', () => {
    const chart = mermaid(hostileReview())!;
    for (const line of chart.split('\n')) expect(line.match(/"/g)?.length ?? 0).toBeLessThanOrEqual(2);
    expect(chart).not.toMatch(/[<`]|javascript:|https:/);
  });

  it.each(['`', '``', '`a', 'a|b', '', 'a\nb', '\\`', HOSTILE])('code(%j) is one run of code on one line', (text) => {
    const made = code(text);
    const fence = /^`+/.exec(made)![0];
    expect(made).not.toContain('\n');
    expect(made.slice(fence.length, -fence.length).split(new RegExp(`(?<!\`)${fence}(?!\`)`))).toHaveLength(1);
    expect(made.replaceAll('\\|', '')).not.toContain('|');
  });

  it('prose and labels hold no mark of their own', () => {
    expect(prose('<b> [a](b) *c* _d_ `e` @f https://g #1 www.h')).toBe('&#60;b&#62; &#91;a&#93;&#40;b&#41; &#42;c&#42; &#95;d&#95; &#96;e&#96; @&#8203;f https:&#8203;//g &#35;&#8203;1 www&#8203;.h');
    expect(mermaidLabel('a"];b-->c')).toBe('a#34;#93;#59;b--#62;c');
  });
});
