import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

/** Takes pictures of pages; one that nobody asked for takes none. */
export interface Camera {
  /** `console-<name>.png`: the page from its top, as it is at that moment. */
  take(page: Page, name: string): Promise<void>;
}

/** Words that pass by: "Started. …" and the like would hide what is beside them. */
const toast = '.mantine-Notifications-root [role="status"]';

export function createCamera(dir: string | undefined): Camera {
  if (dir === undefined) return { take: async () => undefined };
  mkdirSync(dir, { recursive: true });
  return {
    async take(page, name) {
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
      await page.locator(toast).first().waitFor({ state: 'detached' });
      // What was filled in last may have been scrolled to.
      await page.evaluate('window.scrollTo(0, 0)');
      await page.screenshot({ path: path.join(dir, `console-${name}.png`), animations: 'disabled' });
    },
  };
}
