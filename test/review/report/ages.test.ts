/** What every report says of findings that are new, were there before, or are gone. */
import { htmlReport } from '../../../review/report/html/page';
import { junitReport } from '../../../review/report/junit';
import { markdownReport } from '../../../review/report/markdown';
import { sarifReport } from '../../../review/report/sarif';
import { textReport } from '../../../review/report/text';
import type { ReviewResult } from '../../../review/result';
import { dated, threeClouds, withChanges } from '../../fixtures/reviews/three-clouds';
import { Browser, describeInChromium } from './chromium';
import { sarifValidator } from './schemas';

const result = dated();
const quiet: ReviewResult = { ...result, diff: { reach: [], ways: [] } };

/** Where texts stand, in their order. */
const order = (text: string, ...parts: readonly string[]) => {
  const places = parts.map((part) => text.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
};

describe('the terminal', () => {
  const text = textReport(result, { color: false });

  it('has new ones whole and first, then what is gone, the network, and old ones by check', () => {
    order(text, 'What this change opens and closes', 'What this change brings: 3 new findings (1 critical, 1 high, 1 medium)', '  ● route-bypasses-firewall  aws_route_table.edge-b', 'was low; said before: it led nowhere', 'not the same thing in the same place as before (subnet_id)',
      '1 finding of before is gone', '  ● medium  nat-for-all-subnets  aws_vpc.main', 'aws-prod  plan, 148 resources, Terraform 1.11.4, compared with its prior state', '2 findings (1 low, 1 info) that were there before', '  ● low  flow-logs-missing  azurerm_virtual_network.main', 'new: firewall-protection-off');
    expect(text).toContain('5 findings (1 critical, 1 high, 1 medium, 1 low, 1 info): 3 new, 2 old; 1 suppressed, 1 of them new');
    expect(text.split('What this change brings')).toHaveLength(2);
    expect(text).not.toContain('the network keeps no flow log');
  });

  it('has all of them whole where nothing was compared', () => {
    expect(textReport(threeClouds(), { color: false })).toContain('the network keeps no flow log');
  });
});

describe('Markdown', () => {
  const report = markdownReport(result);

  it('has new ones whole before everything that was there, and these in a fold', () => {
    order(report, '### What this change opens and closes', '### New findings', '- **critical** **`route-bypasses-firewall`**', '<br>Was low; said before: it led nowhere<br>**Fix:**', '### New, and suppressed', '<b>1 finding</b> of before is gone', '<b>aws-prod</b>', '<details><summary><b>2 findings (1 low, 1 info)</b> that were there before</summary>', '| low | `flow-logs-missing` | `azurerm_virtual_network.main`');
    expect(report).toContain('## ❌ This change opens 2 ways out, closes 1, brings 3 findings (1 critical, 1 high, 1 medium) and takes away 1');
  });

  it('shows new ones also where no way opens, and says by its mark how bad they are', () => {
    const [seen = ''] = markdownReport(quiet).split('<details>');
    expect(seen).toContain('## ⚠️ This change opens no way out, brings 3 findings (1 critical, 1 high, 1 medium) and takes away 1');
    expect(seen).toContain('### New findings');
    const mild: ReviewResult = { ...quiet, suppressed: [], absent: [], findings: result.findings.slice(3).map((finding) => ({ ...finding, baselineState: 'new' })) };
    expect(markdownReport(mild)).toContain('## ✅ This change opens no way out and brings 2 findings (1 low, 1 info)');
  });

  it('says nothing of ages where nothing was compared', () => {
    expect(markdownReport(threeClouds())).not.toMatch(/New findings|there before|gone/);
  });
});

test('what seems to be renamed is a hint in every report for people', async () => {
  const advice = 'the same in all but its name: if it is renamed, a moved block keeps it';
  expect(textReport(withChanges(), { color: false, width: 180 })).toContain(`? perhaps renamed: aws_instance.old → aws_instance.new (${advice})`);
  expect(markdownReport(withChanges())).toContain(`| perhaps renamed | \`aws_instance.old\` | \`aws_instance.new\` | | ${advice} |`);
  expect(await htmlReport(withChanges())).toContain(`<code>aws_instance.old</code> → <code>aws_instance.new</code> <span class="quiet">in aws-prod</span><p class="quiet">${advice}</p>`);
});

describe('SARIF', () => {
  const runs = (from: ReviewResult) => JSON.parse(sarifReport(from)).runs;

  it('has a baseline state on every result, keeps to the schema, and leaves out what is gone', () => {
    expect(sarifValidator()(JSON.parse(sarifReport(result)))).toEqual([]);
    const [found, opened] = runs(result);
    expect(found.results.map(({ ruleId, baselineState }: { ruleId: string; baselineState: string }) => `${baselineState} ${ruleId}`)).toEqual(['new route-bypasses-firewall', 'new default-outbound-access', 'new verdict-unknown', 'unchanged flow-logs-missing', 'updated wildcard-host', 'new firewall-protection-off']);
    expect(found.results[0].message.text).toContain('. Was low; said before: it led nowhere. Fix:');
    expect(opened.results.every(({ baselineState }: { baselineState: string }) => baselineState === 'new')).toBe(true);
    expect(JSON.stringify(found.results)).not.toContain('nat-for-all-subnets');
  });

  it('has one on all results of a run or on none, and what nobody knows to be old is new', () => {
    const { baselineState: _, ...undated } = result.findings[0]!;
    expect(runs(threeClouds())[0].results.some((each: object) => 'baselineState' in each)).toBe(false);
    expect(runs({ ...result, findings: [...result.findings.slice(1), undated] })[0].results.filter(({ ruleId }: { ruleId: string }) => ruleId === undated.rule).map(({ baselineState }: { baselineState: string }) => baselineState)).toEqual(['new']);
  });
});

describe('JUnit', () => {
  const failed = (options: Parameters<typeof junitReport>[1]) => [...junitReport(result, { allowUnknown: true, ...options }).matchAll(/name="([^"]+)" time="0">\s*<failure/g)].map(([, name]) => name);

  it('fails on what fails the command', () => {
    expect(failed({ failOn: { newSeverity: 'low' } })).toEqual(['route-bypasses-firewall', 'default-outbound-access']);
    expect(failed({ failOn: { newSeverity: 'low' }, allowUnknown: false })).toEqual(['route-bypasses-firewall', 'default-outbound-access', 'verdict-unknown', 'every-verdict-known']);
    expect(failed({ failOn: { newSeverity: 'critical' } })).toEqual(['route-bypasses-firewall']);
    expect(failed({ failOn: {} })).toEqual([]);
    expect(junitReport(result)).toContain('new: critical (certain) aws_route_table.edge-b');
  });
});

describe('the page', () => {
  it('marks new ones, has them first, and lists what is gone', async () => {
    order(await htmlReport(result), '1 finding of before is gone', 'data-age="new"', '<span class="tag new">new</span>', 'was low; said before: it led nowhere', 'data-age="there before"');
    expect(await htmlReport(threeClouds())).not.toContain('value="there before"');
  });
});

describeInChromium('the page in a browser', () => {
  it('filters by age', async () => {
    const browser = await Browser.start();
    try {
      const { page } = await browser.open(await htmlReport(result));
      const shown = () => page.locator('.finding:visible .rule').allTextContents();
      expect(await shown()).toHaveLength(5);
      await page.getByRole('checkbox', { name: 'there before 2' }).uncheck();
      expect(await shown()).toEqual(['route-bypasses-firewall', 'default-outbound-access', 'verdict-unknown']);
      await page.getByRole('checkbox', { name: 'new 3' }).uncheck();
      expect(await page.locator('.none-shown').isVisible()).toBe(true);
    } finally {
      await browser.close();
    }
  }, 60_000);
});
