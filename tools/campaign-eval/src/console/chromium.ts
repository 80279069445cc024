import { existsSync } from 'node:fs';
import type { DemoStaff } from '@wardline/contracts';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Fault } from './faults.ts';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const viewport = { width: 1440, height: 900 } as const;
/** Two cores do the audio of several calls at the same time: a page may take its time. */
const timeoutMs = 45_000;

/** @throws Error when this machine has no browser */
export async function openChromium(): Promise<Browser> {
  const executablePath = places.find((file) => existsSync(file));
  if (!executablePath) throw new Error(`there is no browser here; looked for ${places.join(', ')}`);
  return chromium.launch({ executablePath, headless: true, args: flags });
}

/** One person at a computer of their own: whatever goes wrong in its pages is kept. */
export class Seat {
  readonly #context: BrowserContext;
  readonly #origin: string;

  private constructor(context: BrowserContext, origin: string) {
    this.#context = context;
    this.#origin = origin;
  }

  static async open(browser: Browser, origin: string, faults: Fault[]): Promise<Seat> {
    const context = await browser.newContext({ viewport, colorScheme: 'light' });
    context.setDefaultTimeout(timeoutMs);
    listen(context, faults);
    return new Seat(context, origin);
  }

  /** From the sign-in page on. */
  async signIn(user: Pick<DemoStaff, 'login' | 'password'>, onSignInPage?: OnPage): Promise<Page> {
    const page = await this.#context.newPage();
    await page.goto(this.#origin);
    await page.getByLabel('E-mail').fill(user.login);
    await page.getByLabel('Password').fill(user.password);
    await onSignInPage?.(page);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    return page;
  }

  /** Another page of who is signed in already: the provider lets it in without a question. */
  async another(path: string): Promise<Page> {
    const page = await this.#context.newPage();
    await page.goto(`${this.#origin}${path}`);
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    return page;
  }

  close(): Promise<void> {
    return this.#context.close();
  }
}

/** One of the pages of the navigation, by its name there. */
export async function turnTo(page: Page, name: string): Promise<void> {
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: new RegExp(`^${name}\\b`) }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

export type OnPage = (page: Page) => Promise<void>;

function listen(context: BrowserContext, faults: Fault[]): void {
  const pathOf = (url: string) => new URL(url).pathname;
  const error = (text: string) => faults.push({ kind: 'page-error', atMs: Date.now(), text });
  context.on('weberror', (thrown) => void error(thrown.error().message));
  context.on('console', (message) => {
    // Of an answer that is a refusal the browser writes a line, too; that one is seen below.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      error(message.text());
  });
  context.on('response', (response) => {
    if (response.status() < 400) return;
    const method = response.request().method();
    faults.push({
      ...{ kind: 'answer', atMs: Date.now(), method },
      ...{ path: pathOf(response.url()), status: response.status() },
    });
  });
  context.on('requestfailed', (request) => {
    const error = request.failure()?.errorText ?? 'unknown';
    const method = request.method();
    faults.push({ kind: 'no-answer', atMs: Date.now(), method, path: pathOf(request.url()), error });
  });
}
