import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildConsole, chromiumFlags, chromiumPath } from './built-console.ts';
import { riverside, startGateway, type Gateway } from './gateway.ts';

const shots = process.env['WARDLINE_SCREENSHOTS'];

/** The console in a browser, signed in, in front of a gateway. */
export class ConsolePage {
  readonly errors: string[] = [];
  /** How often the page was loaded since it was last signed in: never, whatever is clicked. */
  loads = 0;
  #built: ReturnType<typeof buildConsole> | undefined;
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
    this.#built = buildConsole();
    const gateway = await startGateway({ consoleDir: this.#built.dir, env });
    const browser = await chromium.launch({
      ...(chromiumPath ? { executablePath: chromiumPath } : {}),
      headless: true,
      args: chromiumFlags,
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
    await this.#arrived();
  }

  /** Loads an address anew, or the present one; the provider lets the page in again without a question. */
  async load(address: string = this.page.url()): Promise<void> {
    await this.page.goto(address);
    await this.#arrived();
  }

  async #arrived(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await this.page.waitForLoadState('load');
    this.loads = 0;
  }

  async stop(): Promise<void> {
    await this.#started?.browser.close();
    await this.#started?.gateway.stop();
    this.#built?.remove();
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
