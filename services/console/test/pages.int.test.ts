// The pages in a real browser, on a real gateway. WARDLINE_SCREENSHOTS=folder keeps pictures of each, light and dark.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { appointmentEvent, callEvent, SPREAD_HISTORY_SQL } from './events.ts';
import { broken, handled, other, riverside, startGateway, until, type Gateway } from './gateway.ts';

const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => existsSync(file),
);
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
const shots = process.env['WARDLINE_SCREENSHOTS'];

// Without a browser this is reported as skipped, by this name.
const describeWithBrowser = chromiumPath ? describe : describe.skip;

describeWithBrowser('the console in Chromium', () => {
  let gateway: Gateway;
  let browser: Browser;
  let page: Page;
  const consoleDir = mkdtempSync(path.join(tmpdir(), 'wardline-console-'));
  const errors: string[] = [];
  let loads = 0;

  beforeAll(async () => {
    // In a process of its own: its native parts do not run inside Jest.
    const root = path.resolve(import.meta.dirname, '..');
    const vite = path.resolve(root, '../../node_modules/vite/bin/vite.js');
    execFileSync(process.execPath, [vite, 'build', '--outDir', consoleDir, '--emptyOutDir'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    gateway = await startGateway({ consoleDir });
    browser = await chromium.launch({
      ...(chromiumPath ? { executablePath: chromiumPath } : {}),
      headless: true,
      args: flags,
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('load', () => (loads += 1));
    await page.goto(`${gateway.url}/failed-events`);
    await page.getByLabel('E-mail').fill(riverside.staff.login);
    await page.getByLabel('Password').fill(riverside.staff.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Failed events' }).waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
    rmSync(consoleDir, { recursive: true, force: true });
  });
  afterEach(() => {
    expect(errors).toEqual([]);
    expect(loads).toBe(1);
  });

  async function picture(name: string): Promise<void> {
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: path.join(shots, `console-${name}-${colorScheme}.png`) });
    }
    await page.emulateMedia({ colorScheme: 'light' });
  }

  it('says so when nothing has failed', async () => {
    await page.getByText('Nothing has failed').waitFor();
    await page.getByText('Nothing is being retried').waitFor();
    await picture('failed-events-empty');
  });

  it('shows what failed with its history and what waits, and nothing of another hospital', async () => {
    for (const key of ['appointment-7', 'call-9', 'foreign', 'slow']) broken.add(key);
    await gateway.publish(
      ...[1, 2, 3].map((n) => appointmentEvent('appointment-7', n)),
      callEvent('call-9', 1),
      appointmentEvent('foreign', 1, other.tenantId),
      ...[1, 2].map((n) => callEvent('slow', n)),
      appointmentEvent('healthy', 1),
    );
    await until(async () => {
      const { rows } = await gateway.admin.query<{ dead: number; parked: number }>(
        'select (select count(*)::int from bus.dead_letters) as dead, (select count(*)::int from bus.parked) as parked',
      );
      return rows[0]?.dead === 3 && rows[0].parked === 7;
    });
    expect(handled).toEqual(['healthy 1']);
    for (const key of ['appointment-7', 'call-9']) await gateway.admin.query(SPREAD_HISTORY_SQL, [key]);

    await page.reload();
    loads = 1;
    const given = page.getByRole('region', { name: 'Given up' });
    await given.getByRole('link', { name: 'Appointment changed' }).click();
    const detail = page.getByRole('article');
    await detail.getByRole('heading', { name: '7 attempts' }).waitFor();
    await detail.getByText('2 later events of its key wait behind it, in order.').waitFor();
    expect(await given.getByRole('listitem').count()).toBe(2);
    expect(await page.getByRole('link', { name: /Failed events/ }).textContent()).toContain('2');
    const text = await page.locator('body').innerText();
    expect(text).not.toContain('k1.bm9uY2U');
    expect(text).not.toContain('Sharma');
    await picture('failed-events');

    // By keyboard: the next one in the list.
    await given.getByRole('link', { name: 'Appointment changed' }).focus();
    const before = page.url();
    await page.keyboard.press(
      (await given.getByRole('link').first().innerText()).includes('Call') ? 'ArrowUp' : 'ArrowDown',
    );
    await page.getByRole('article', { name: 'Failed event Call completed' }).waitFor();
    await page.goto(before);
    loads = 1;
  });

  it('replays in order after the fix, once it is confirmed', async () => {
    await page.getByRole('button', { name: 'Replay…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay this event?' });
    await dialog.getByText('then the 2 events that wait behind it, in order').waitFor();
    await picture('replay');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(handled).toEqual(['healthy 1']);

    broken.delete('appointment-7');
    await page.getByRole('button', { name: 'Replay…' }).click();
    await dialog.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('It is being handled again. 2 events behind it follow.').waitFor();
    await until(async () => handled.length === 4);
    expect(handled.slice(1)).toEqual(['appointment-7 1', 'appointment-7 2', 'appointment-7 3']);
    await page.getByText('Choose an event').waitFor();
  });

  it('discards, once it is confirmed', async () => {
    await page.getByRole('link', { name: 'Call completed' }).click();
    await page.getByRole('button', { name: 'Discard…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Discard this event?' });
    await dialog.getByText('This cannot be undone.').waitFor();
    await dialog.getByRole('button', { name: 'Discard', exact: true }).click();
    await page.getByText('It is left out.').waitFor();
    await page.getByText('Nothing has failed').waitFor();
    expect(handled).toHaveLength(4);
  });

  it('tells what is being retried', async () => {
    const retried = page.getByRole('region', { name: 'Being retried' });
    await retried.getByText('carrier does not answer').first().waitFor();
    await retried.getByText('1 waiting').waitFor();
  });
});
