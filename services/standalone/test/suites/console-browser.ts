import { demo } from '@wardline/contracts';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import type { RunningCopy } from '../../src/testing/running-copy.ts';

export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => existsSync(file),
);

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function describeConsoleInBrowser(copy: RunningCopy): void {
  // Without a browser this is reported as skipped, by this name.
  const describeWithBrowser = chromiumPath ? describe : describe.skip;
  describeWithBrowser('the console in Chromium', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({
        ...(chromiumPath ? { executablePath: chromiumPath } : {}),
        headless: true,
        args: flags,
      });
    });
    afterAll(() => browser?.close());

    it('shows a transcript while the call goes on, then the appointment and the message, without a reload', async () => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`http://127.0.0.1:${copy.run.port}/`);
      await page.getByLabel('E-mail').fill(demo.clinics[0].staff.login);
      await page.getByLabel('Password').fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      await page.getByLabel('Password').fill(demo.clinics[0].staff.password);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
      await page.getByText('Connected', { exact: true }).waitFor();
      await page.waitForLoadState('load');
      let loads = 0;
      page.on('load', () => (loads += 1));

      const call = copy.call('--scenario', 'plain-booking');
      const card = page.locator('.call-card').first();
      await card.waitFor({ timeout: 60_000 });
      await card.locator('.line-agent').first().waitFor({ timeout: 60_000 });
      await card.locator('.line-caller').first().waitFor({ timeout: 60_000 });
      const shots = process.env.WARDLINE_SCREENSHOTS;
      if (shots) {
        mkdirSync(shots, { recursive: true });
        await card.locator('.line-caller').nth(2).waitFor({ timeout: 60_000 });
        await page.screenshot({ path: path.join(shots, 'console-live.png') });
      }
      const result = await call;
      if (result.code !== 0) throw new Error(`${result.stdout}\n${result.stderr}`);
      await page.locator('.message', { hasText: 'Riverside Clinic' }).first().waitFor({ timeout: 30_000 });
      await page.locator('.row', { hasText: 'By phone' }).first().waitFor({ timeout: 30_000 });
      await page.locator('.badge', { hasText: 'Booked' }).first().waitFor({ timeout: 30_000 });
      if (shots) await page.screenshot({ path: path.join(shots, 'console-after.png') });
      expect(loads).toBe(0);
      expect(errors).toEqual([]);
    }, 300_000);
  });
}
