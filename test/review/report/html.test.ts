/** The HTML report in a real browser: what it shows, how it is used, and that nothing gets out of it. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { htmlReport } from '../../../review/report/html/page';
import { textReport } from '../../../review/report/text';
import { withEndpoints } from '../../fixtures/reviews/endpoints';
import { hostileReview } from '../../fixtures/reviews/hostile';
import { largeReview } from '../../fixtures/reviews/large';
import { host, verdict } from '../../fixtures/reviews/parts';
import { clean, insideOfCluster, threeClouds } from '../../fixtures/reviews/three-clouds';
import { Browser, describeInChromium } from './chromium';
import { lowContrast } from './contrast';

describe('the page', () => {
  it('is the same, byte for byte, for the same result', async () => {
    expect(await htmlReport(threeClouds())).toBe(await htmlReport(threeClouds()));
  });

  it('names no address to load anything from', async () => {
    const page = await htmlReport(threeClouds());
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/unsafe-inline|unsafe-eval|<link|<img|<iframe|@import|url\((?!#)/);
  });

  it('says what a gateway that stays has become', async () => {
    expect(await htmlReport(threeClouds())).toContain('<span class="tag">changed</span> NAT <code>google_compute_router_nat.main</code> <span class="quiet">in google-prod</span><p class="quiet">source_subnetwork_ip_ranges_to_nat: LIST_OF_SUBNETWORKS → ALL_SUBNETWORKS_ALL_IP_RANGES</p><p class="quiet">nat_ips: + google_compute_address.c, − google_compute_address.a</p>');
  });

  it('marks what was open, and is not known to be closed, as unknown', async () => {
    const page = await htmlReport({ ...clean(), diff: { ways: [], reach: [{ change: 'perhaps-closed', input: 'aws-prod', who: 'edge', what: 'anything', family: 4, reasons: ['it is hidden'] }] } });
    expect(page).toMatch(/<svg[^>]*unknown[^>]*>(?:(?!<\/li>).)*<span class="tag">perhaps closed<\/span><p class="quiet">it is hidden/s);
  });

  it('tells what policies let pods call', async () => {
    const page = await htmlReport({ ...clean(), ...insideOfCluster() });
    expect(page).toContain('<code>pay/app=api</code> <span class="quiet">policies let them call listed hosts alone, in aws-prod</span><p class="quiet">api.adyen.com tcp/443</p>');
    expect(page).toContain('<code>pay/app=worker</code> <span class="quiet">whom policies let them call is not known, in aws-prod</span><p class="quiet">kubernetes_manifest.n');
  });

  it('tells which names a host does not stand for, and where alone it is let through to', async () => {
    const limited = { ...host('*.example.com', 'r'), except: ['a.example.com'], addresses: ['192.0.2.0/24'] };
    const result = { ...clean(), verdicts: [verdict({ input: 'aws-prod', place: 'p', segment: 's', cloud: 'aws', verdict: 'allowlisted', hosts: [limited], witness: [] })] };
    expect(await htmlReport(result)).toContain('*.example.com (not a.example.com) (at 192.0.2.0/24)');
    expect(textReport(result, { color: false })).toContain('a.example.com) (at 192.0.2.0/24)');
  });

  it('leads from the plan of a cluster to what it says', async () => {
    const inside = insideOfCluster();
    const cluster = { ...clean(), verdicts: [], topology: { nodes: [], edges: [] }, ...inside };
    expect(await htmlReport(cluster)).toContain('No network in it; <a href="#connections">inside of clusters</a> says who may call whom.');
    expect(await htmlReport({ ...cluster, pods: [], connections: [] })).toContain('No network to judge.');
  });

  it('holds scripts that the compiler accepts', () => {
    const root = join(__dirname, '../../..');
    expect(() => execFileSync(process.execPath, [join(root, 'node_modules/typescript-7/bin/tsc'), '-p', join(root, 'review/report/html/client')], { encoding: 'utf8' })).not.toThrow();
  }, 60_000);

  it('is short for a big plan', async () => {
    const result = largeReview();
    const page = await htmlReport(result);
    expect(page.length).toBeLessThan(JSON.stringify(result).length / 4);
  }, 60_000);
});

describeInChromium('the page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => { browser = await Browser.start(); }, 60_000);
  afterAll(async () => { await browser.close(); }, 60_000);

  it('draws every way, open ones to the internet', async () => {
    const { page, errors, requests } = await browser.open(await htmlReport(threeClouds()));
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
    expect(await page.locator('h1').textContent()).toBe('2 of 15 segments reach the internet without control, 1 cannot be judged');
    expect(await page.locator('.row').count()).toBe(15);
    expect(await page.locator('figure').nth(0).locator('.way.open').count()).toBe(2);
    expect(await page.locator('figure').nth(1).locator('.way.open').count()).toBe(2);
    expect(await page.locator('figure').nth(2).locator('.way.open').count()).toBe(0);
    expect(await page.locator('figure').nth(2).locator('.lost').count()).toBe(1);
    expect(await page.locator('.arrival.open').allTextContents()).toEqual(['anything', 'anything']);
    expect(await page.locator('.stop text').first().textContent()).toContain('no route to 0.0.0.0/0');
    expect(await page.locator('.hop.firewall .allows').first().textContent()).toBe('lets 6 hosts through');
    expect(await page.locator('.hop.nat .name').first().textContent()).toBe('NAT ×3');
    await page.close();
  }, 60_000);

  it('says so when there is no way out', async () => {
    const none = { ...clean(), verdicts: clean().verdicts.filter(({ verdict }) => verdict === 'none') };
    const { page, errors } = await browser.open(await htmlReport(none));
    expect(errors).toEqual([]);
    expect(await page.locator('h1').textContent()).toBe('Nothing reaches the internet');
    expect(await page.locator('.wall .nothing').textContent()).toBe('no way here');
    await page.close();
  }, 60_000);

  it('shows the paths of a segment with every step, hosts and blocker', async () => {
    const { page } = await browser.open(await htmlReport(threeClouds()));
    await page.click('#row-0-0');
    const panel = page.locator('#panel');
    expect(await panel.locator('h2').textContent()).toBe('edge');
    expect(await panel.locator('.standing.open .steps li').allTextContents()).toEqual([
      'group aws_security_group.edge', 'network ACL aws_network_acl.public rule 100 allows', 'subnet aws_subnet.edge-b',
      'route table aws_route_table.edge-b 0.0.0.0/0 -> aws_internet_gateway.main', 'internet gateway aws_internet_gateway.main', 'the internet',
    ]);
    expect(await panel.locator('.standing.allowlisted tbody tr td').first().textContent()).toBe('auth.acme.example');
    expect(await panel.locator('.standing.none').textContent()).toContain('stopped here: no route to ::/0');
    await page.close();
  }, 60_000);

  it('is used with the keyboard alone', async () => {
    const { page } = await browser.open(await htmlReport(threeClouds()));
    const focused = () => page.evaluate('document.activeElement.id');
    await page.focus('#row-0-0');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('row-0-1');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('panel');
    expect(await page.locator('#panel-title').textContent()).toBe('payments');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Close');
    await page.keyboard.press('Escape');
    expect(await page.locator('#panel').isHidden()).toBe(true);
    expect(await focused()).toBe('row-0-1');
    await page.keyboard.press('/');
    expect(await focused()).toBe('search');
    await page.keyboard.type('docker');
    await page.keyboard.press('Enter');
    expect(await page.locator('#panel-title').textContent()).toBe('platform');
    await page.close();
  }, 60_000);

  it('reaches every segment and box with Tab, each with a name', async () => {
    const { page } = await browser.open(await htmlReport(threeClouds()));
    const unnamed = await page.evaluate("[...document.querySelectorAll('.row, .hop, .chip')].filter((one) => one.tabIndex !== 0 || one.getAttribute('role') !== 'button' || !one.getAttribute('aria-label')).length");
    expect(unnamed).toBe(0);
    expect(await page.locator('#row-0-0').getAttribute('aria-label')).toBe('edge, public tier: open IPv4 in us-east-1b; IPv6 closed; allowlisted 1 host IPv4 in us-east-1a and us-east-1c; IPv6 closed');
    await page.close();
  }, 60_000);

  it('names networks without segments by what tells them apart', async () => {
    const network = (key: string) => `module.network["net-${key}"].aws_vpc.this`;
    const places = ['a', 'b', 'c'].flatMap((key) => Array.from({ length: 10 }, (_, n) => verdict({ input: 'aws-prod', place: `p-${key}${n}`, cloud: 'aws', network: network(key), verdict: 'none' })));
    const more = ['module.hub.aws_vpc.main', 'aws_vpc.plain', 'module.spoke[7].aws_vpc.this'].map((own, n) => verdict({ input: 'aws-prod', place: `q${n}`, cloud: 'aws', network: own, verdict: 'none' }));
    const { page } = await browser.open(await htmlReport({ ...clean(), inputs: clean().inputs.slice(0, 1), verdicts: [...places, ...more], topology: { nodes: [], edges: [] } }));
    expect(await page.locator('.row').evaluateAll((rows) => rows.map((row: any) => [row.querySelector('.name').firstChild.data, row.querySelector('.note').textContent]))).toEqual([
      ['plain', 'no segment'], ['hub', 'no segment'], ['net-a', '10 places, no segment'], ['net-b', '10 places, no segment'], ['net-c', '10 places, no segment'], ['spoke[7]', 'no segment'],
    ]);
    await page.close();
  }, 60_000);

  /** Boxes that overlap another one, leave the picture, or are too small for their text. */
  const MISPLACED = `[...document.querySelectorAll('.privately')].flatMap((strip) => {
    const boxes = [...strip.querySelectorAll('.chip rect, .heading')].map((one) => one.getBoundingClientRect());
    const { left, right, bottom } = strip.closest('svg').getBoundingClientRect();
    const wall = strip.closest('svg').querySelector('.wall rect').getBoundingClientRect();
    const tight = [...strip.querySelectorAll('.chip')].filter((chip) => chip.querySelector('text').getBoundingClientRect().right > chip.querySelector('rect').getBoundingClientRect().right - 2);
    return [...boxes.filter((box, index) => box.left < left || box.right > Math.min(right, wall.left) || box.bottom > bottom
      || boxes.some((other, n) => n !== index && box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom)), ...tight].map((one) => one.textContent ?? JSON.stringify(one));
  })`;

  it.each([
    ['few', [{ names: ['s3', 'sts'], by: ['edge', 'platform'] }, { names: ['ec2'], by: [] }], ['s3by 2 of 5', 'stsby 2 of 5', 'ec2by none']],
    ['many', [{ names: Array.from({ length: 300 }, (_, n) => `com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef${n}`), by: ['edge'] }], ['300 endpointsby 1 of 5']],
    ['with long and wide names', [{ names: ['服務端點服務端點服務端點服務端點服務端點服務端點', 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0', 'W'.repeat(14), ...Array.from({ length: 11 }, (_, n) => `service-number-${n}`)], by: ['edge'] }], undefined],
  ])('endpoints, %s: each in a place of its own', async (_, endpoints, texts) => {
    const { page, errors } = await browser.open(await htmlReport(withEndpoints(threeClouds(), ...endpoints)));
    expect(errors).toEqual([]);
    expect(await page.evaluate(MISPLACED)).toEqual([]);
    if (texts) expect(await page.locator('figure').nth(0).locator('.chip text').allTextContents()).toEqual(texts);
    await page.close();
  }, 60_000);

  it('shows who reaches an endpoint, and what a segment reaches, with mouse and keyboard', async () => {
    const { page } = await browser.open(await htmlReport(withEndpoints(threeClouds(), { names: ['s3', 'sts'], by: ['edge', 'platform'] }, { names: ['kms'], by: ['platform'] })));
    const picture = page.locator('figure').nth(0);
    await picture.locator('.chip').nth(0).focus();
    expect(await picture.locator('.chip').nth(0).getAttribute('aria-label')).toBe('private endpoint kms, reached by 1 of 5 segments');
    expect(await picture.locator('.row.traced .name').evaluateAll((names) => names.map((name: any) => name.firstChild.data))).toEqual(['platform']);
    await page.keyboard.press('Enter');
    expect(await page.locator('#panel').textContent()).toContain('reached by 1 of the segments, without the internet');
    await page.locator('#panel .places button', { hasText: 'platform' }).click();
    expect(await page.locator('#panel h4', { hasText: 'Reached privately' }).textContent()).toBe('Reached privately: 3');
    await page.keyboard.press('Escape');
    await picture.locator('#row-0-0').hover();
    expect(await picture.locator('.chip.traced').count()).toBe(2);
    await page.fill('#search', 'kms');
    expect(await picture.locator('.row:not(.unmatched)').evaluateAll((found) => found.map((row: any) => row.dataset.row))).toEqual(['0-2']);
    await page.close();
  }, 60_000);

  it.each([
    ['a segment', 'reporting', ['0-3', '1-1', '2-3'], 1],
    ['a host', 'hooks.stripe', ['0-1', '1-2', '2-2'], 0],
    ['an address', 'aws_route_table.edge-b', ['0-0'], 1],
    ['nothing that is there', 'no such thing', [], 0],
  ])('finds %s', async (_, query, rows, findings) => {
    const { page } = await browser.open(await htmlReport(threeClouds()));
    await page.fill('#search', query);
    expect(await page.locator('.row:not(.unmatched)').evaluateAll((found) => found.map((row: any) => row.dataset.row))).toEqual(rows);
    expect(await page.locator('.finding:visible').count()).toBe(findings);
    expect(await page.locator('#matches').textContent()).toBe(`${rows.length} ${rows.length === 1 ? 'segment' : 'segments'}, ${findings} ${findings === 1 ? 'finding' : 'findings'}`);
    await page.close();
  }, 60_000);

  it('filters findings by severity', async () => {
    const { page } = await browser.open(await htmlReport(threeClouds()));
    for (const severity of ['critical', 'medium', 'low', 'info']) await page.uncheck(`input[value=${severity}]`);
    expect(await page.locator('.finding:visible').evaluateAll((found) => found.map((one: any) => one.dataset.severity))).toEqual(['high']);
    await page.uncheck('input[value=high]');
    expect(await page.locator('.none-shown').isVisible()).toBe(true);
    await page.close();
  }, 60_000);

  it.each(['light', 'dark'] as const)('is legible: contrast of at least 4.5 in %s', async (scheme) => {
    const { page } = await browser.open(await htmlReport(threeClouds()), scheme);
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    await page.click('#row-0-0');
    await page.mouse.move(0, 0);
    await page.evaluate('document.activeElement.blur()');
    expect(await lowContrast(page, 4.5)).toEqual([]);
    await page.click('#panel .head button');
    await page.click('#theme');
    await page.evaluate('document.activeElement.blur()');
    expect(await lowContrast(page, 4.5)).toEqual([]);
    await page.close();
  }, 60_000);

  it('keeps long addresses within their card', async () => {
    const who = ['apps', 'batch'].map((key) => `network:module.landing_zone.module.cluster.azurerm_kubernetes_cluster_node_pool.this["${key}"]`).join(', ');
    const { page } = await browser.open(await htmlReport({ ...clean(), diff: { ways: [], reach: [{ change: 'opened', input: 'aws-prod', who, what: 'tls checkout.example.com:443', family: 4 }] } }));
    expect(await page.locator('.change li').count()).toBe(1);
    expect(await page.evaluate("[...document.querySelectorAll('.change li > div')].filter((each) => each.scrollWidth > each.clientWidth).length")).toBe(0);
    await page.close();
  });

  it('fits a narrow screen', async () => {
    const { page } = await browser.open(await htmlReport({ ...threeClouds(), ...insideOfCluster() }));
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    // An icon stands beside its words, and not above them.
    expect(await page.evaluate("[...document.querySelectorAll('.change li > .icon')].filter((icon) => icon.nextElementSibling.getBoundingClientRect().left < icon.getBoundingClientRect().right).length")).toBe(0);
    expect(await page.locator('.change li > .icon').count()).toBeGreaterThan(3);
    await page.close();
  }, 60_000);

  it('lets no name run a script, load a thing or go away', async () => {
    const { page, requests, errors, dialogs } = await browser.open(await htmlReport(hostileReview(), { name: hostileReview().inputs[0]!.name }));
    const url = page.url();
    for (const target of await page.locator('.row, .hop, .chip').all()) {
      await target.dispatchEvent('click');
      await page.evaluate("document.querySelectorAll('#panel .places button').forEach((one) => one.click())");
    }
    await page.fill('#search', 'script');
    await page.waitForTimeout(200);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect({ requests, errors, dialogs, url: page.url() }).toEqual({ requests: [], errors: [], dialogs: [], url });
    expect(await page.evaluate("document.querySelectorAll('img, iframe, object, base, form, link, [onerror], [onload], a[href^=javascript]').length")).toBe(0);
    expect(await page.evaluate('document.scripts.length')).toBe(2);
    await page.close();
  }, 60_000);

  it('runs no script that is not its own, should one ever get in', async () => {
    const html = (await htmlReport(threeClouds())).replace('<main>', '<main><script>window.pwned=1</script><img src="https://evil.example/x.png"><p style="color:red" onclick="window.pwned=1">x</p>');
    const { page, requests, stopped, errors } = await browser.open(html);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(errors.join(' ')).toContain('Content Security Policy');
    expect(stopped).toEqual(requests);
    await page.close();
  }, 60_000);

  it('opens the page of a plan of ten thousand resources, and searches it (how fast is in the benchmark)', async () => {
    const { page, opened, errors } = await browser.open(await htmlReport(largeReview()));
    expect(errors).toEqual([]);
    await page.fill('#search', 'aws_route_table.service-07');
    expect(await page.locator('.row:not(.unmatched)').count()).toBe(1);
    console.log(`the 10k page opened in ${Math.round(opened)} ms`);
    await page.close();
  }, 60_000);
});
