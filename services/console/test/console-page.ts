import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { riverside, startGateway, type Gateway } from './gateway.ts';

export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => existsSync(file),
);
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
const shots = process.env['WARDLINE_SCREENSHOTS'];

/** The console in a browser, signed in, in front of a gateway. */
export class ConsolePage {
  readonly errors: string[] = [];
  /** How often the page was loaded: once, whatever is clicked. */
  loads = 0;
  readonly #dir = mkdtempSync(path.join(tmpdir(), 'wardline-console-'));
  #started: { gateway: Gateway; browser: Browser; page: Page } | undefined;

  get page(): Page {
    if (!this.#started) throw new Error('not started');
    return this.#started.page;
  }

  get gateway(): Gateway {
    if (!this.#started) throw new Error('not started');
    return this.#started.gateway;
  }

  async start(env: Record<string, string>): Promise<void> {
    // In a process of its own: its native parts do not run inside Jest.
    const root = path.resolve(import.meta.dirname, '..');
    const vite = path.resolve(root, '../../node_modules/vite/bin/vite.js');
    execFileSync(process.execPath, [vite, 'build', '--outDir', this.#dir, '--emptyOutDir'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    const gateway = await startGateway({ consoleDir: this.#dir, env });
    const browser = await chromium.launch({
      ...(chromiumPath ? { executablePath: chromiumPath } : {}),
      headless: true,
      args: flags,
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    page.setDefaultTimeout(45_000);
    this.#started = { gateway, browser, page };
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('load', () => (this.loads += 1));
    await page.goto(gateway.url);
    await page.getByLabel('E-mail').fill(riverside.staff.login);
    await page.getByLabel('Password').fill(riverside.staff.password);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').waitFor();
  }

  async stop(): Promise<void> {
    await this.#started?.browser.close();
    await this.#started?.gateway.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** With WARDLINE_SCREENSHOTS=folder: the page as it is, light and dark. */
  readonly picture = async (name: string): Promise<void> => {
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme });
      await this.page.screenshot({ path: path.join(shots, `console-${name}-${colorScheme}.png`) });
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
  };
}
