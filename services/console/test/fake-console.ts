import axe from 'axe-core';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { buildConsole, chromiumFlags, chromiumPath } from './built-console.ts';
import { FakeHospital } from './fake/hospital.ts';
import { until } from './until.ts';

const shots = process.env['WARDLINE_SCREENSHOTS'];

interface OpenOptions {
  /** Makes the hospital what it has to be before anybody signs in. */
  readonly arrange?: (hospital: FakeHospital) => void;
  /** Runs in each page before anything of the page does. */
  readonly before?: string;
  readonly colorScheme?: 'light' | 'dark';
}

/** The console in a browser in front of a fake hospital; each `open` is a new hospital and a browser that knows nothing. */
export class FakeConsole {
  /** What broke in the page since it was opened. */
  readonly errors: string[] = [];
  #built: ReturnType<typeof buildConsole> | undefined;
  #browser: Browser | undefined;
  #open: { hospital: FakeHospital; context: BrowserContext; page: Page } | undefined;

  get page(): Page {
    if (!this.#open) throw new Error('not opened');
    return this.#open.page;
  }

  get hospital(): FakeHospital {
    if (!this.#open) throw new Error('not opened');
    return this.#open.hospital;
  }

  async start(): Promise<void> {
    this.#built = buildConsole();
    this.#browser = await chromium.launch({
      ...(chromiumPath ? { executablePath: chromiumPath } : {}),
      headless: true,
      args: chromiumFlags,
    });
  }

  async stop(): Promise<void> {
    await this.close();
    await this.#browser?.close();
    this.#built?.remove();
  }

  /** Signs in at an address of the console and waits until its page is there. */
  async open(address: string, o: OpenOptions = {}): Promise<Page> {
    await this.close();
    if (!this.#built || !this.#browser) throw new Error('not started');
    const hospital = new FakeHospital({ consoleDir: this.#built.dir });
    o.arrange?.(hospital);
    await hospital.start();
    const context = await this.#browser.newContext({
      viewport: { width: 1440, height: 900 },
      colorScheme: o.colorScheme ?? 'light',
    });
    if (o.before) await context.addInitScript({ content: o.before });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => this.errors.push(error.message));
    this.#open = { hospital, context, page };
    await page.goto(hospital.url + address);
    await this.signIn();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await until(async () => hospital.viewers > 0);
    return page;
  }

  async signIn(): Promise<void> {
    await this.page.getByLabel('E-mail').fill('jordan@riverside.example');
    await this.page.getByLabel('Password').fill('riverside-demo');
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  async close(): Promise<void> {
    await this.#open?.context.close();
    await this.#open?.hospital.stop();
    this.#open = undefined;
    this.errors.length = 0;
  }

  /** With WARDLINE_SCREENSHOTS=folder: the page as it is, light and large, dark and small. */
  async picture(name: string): Promise<void> {
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    for (const [colorScheme, width, height] of [
      ['light', 1440, 900],
      ['dark', 1024, 700],
    ] as const) {
      await this.page.emulateMedia({ colorScheme });
      await this.page.setViewportSize({ width, height });
      await this.page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))');
      await this.page.screenshot({ path: path.join(shots, `console-${name}-${colorScheme}.png`) });
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
    await this.page.setViewportSize({ width: 1440, height: 900 });
  }

  /** What WCAG 2.1 A and AA find wrong with the page as it is, in both colours: names, roles, contrast. */
  async violations(): Promise<string[]> {
    const found: string[] = [];
    await this.page.evaluate(axe.source);
    for (const colorScheme of ['light', 'dark'] as const) {
      // Contrast is measured on what stands still.
      await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const results = (await this.page.evaluate(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })`,
      )) as axe.AxeResults;
      for (const { id, nodes } of results.violations)
        for (const { html, failureSummary } of nodes)
          found.push(`${colorScheme} ${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`);
    }
    await this.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
    return found;
  }
}
