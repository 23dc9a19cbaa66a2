/** A real Chromium for pages that the tests write, with the network watched. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

export const EXECUTABLE = process.env['CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** `describe` where there is a Chromium. Without one: a loud line here, and a failure in CI. */
export function describeInChromium(name: string, body: () => void): void {
  if (EXECUTABLE) return describe(name, body);
  if (process.env['CI'] === 'true') {
    return describe(name, () => it('needs a Chromium', () => { throw new Error('no Chromium here: apt-get install chromium, or set CHROMIUM'); }));
  }
  console.warn(`SKIPPED, NOTHING WAS PROVED: ${name}. No Chromium here: apt-get install chromium, or set CHROMIUM.`);
  describe.skip(name, body);
}

export interface OpenedPage {
  readonly page: Page;
  /** Everything that the page asked for beyond itself. */
  readonly requests: string[];
  /** Of these, what the page's own policy stopped. */
  readonly stopped: string[];
  readonly errors: string[];
  readonly dialogs: string[];
  /** From the navigation to a picture on the screen and a page that answers, in milliseconds. */
  readonly opened: number;
}

/** Opens pages in one browser with a profile of its own; `close` takes both away. */
export class Browser {
  private constructor(private readonly folder: string, private readonly context: BrowserContext) {}

  static async start(): Promise<Browser> {
    const folder = mkdtempSync(join(tmpdir(), 'egress-review-page-'));
    const context = await chromium.launchPersistentContext(join(folder, 'profile'), { executablePath: EXECUTABLE!, headless: true, args: FLAGS, viewport: { width: 1280, height: 800 } });
    return new Browser(folder, context);
  }

  async open(html: string, scheme: 'light' | 'dark' = 'light'): Promise<OpenedPage> {
    const file = join(this.folder, `page-${Math.random().toString(36).slice(2)}.html`);
    writeFileSync(file, html);
    const url = pathToFileURL(file).href;
    const page = await this.context.newPage();
    const requests: string[] = [];
    const stopped: string[] = [];
    const errors: string[] = [];
    const dialogs: string[] = [];
    page.on('request', (request) => { if (request.url() !== url) requests.push(request.url()); });
    page.on('requestfailed', (request) => { if (request.failure()?.errorText === 'csp') stopped.push(request.url()); });
    page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('dialog', (dialog) => { dialogs.push(dialog.message()); void dialog.dismiss(); });
    await page.emulateMedia({ colorScheme: scheme });
    const start = performance.now();
    await page.goto(url, { waitUntil: 'load' });
    await page.evaluate(() => new Promise((done) => { (globalThis as any).requestAnimationFrame(() => (globalThis as any).requestAnimationFrame(done)); }));
    return { page, requests, stopped, errors, dialogs, opened: performance.now() - start };
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
