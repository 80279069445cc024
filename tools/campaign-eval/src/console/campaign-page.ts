import type { Page } from 'playwright-core';
import type { Progress } from '../manager.ts';
import type { Counters } from './sightings.ts';
import type { Shown } from './words.ts';

/** What stands on the page of a campaign, read as a person reads it. */
export class CampaignPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Undefined: there are none on the page. */
  async counters(): Promise<Counters | undefined> {
    const figures = await figuresIn(this.#page, '.counters .figure');
    if (figures.size === 0) return undefined;
    const of = (name: string) => figures.get(name) ?? Number.NaN;
    return {
      people: of('People'),
      done: of('Done'),
      inACall: of('In a call'),
      waiting: of('Waiting'),
      callsMade: of('Calls made'),
    };
  }

  /** What it came to: results with their counts, and everybody with theirs. */
  async shown(): Promise<Shown> {
    const entries = this.#page.locator('.result-counts li');
    const names = await entries.locator('button > span:first-child').allInnerTexts();
    const counts = (await entries.locator('button > strong').allInnerTexts()).map(numberIn);
    const more = this.#page.getByRole('button', { name: 'Show more people' });
    while (await more.isVisible()) {
      const before = await this.#people().count();
      await more.click();
      await this.#people().nth(before).waitFor();
    }
    const ids = await this.#people().locator('td:nth-child(1) .row-sub').allInnerTexts();
    const results = await this.#people().locator('td:nth-child(3)').allInnerTexts();
    return {
      counts: new Map(names.map((name, i) => [name.trim(), counts[i] ?? 0])),
      people: new Map(ids.map((id, i) => [id.trim(), results[i]?.trim() ?? ''])),
    };
  }

  #people() {
    return this.#page.locator('table.recipients tbody tr');
  }
}

/** Pairs of a name and a number as the console sets them: 1,234. */
export async function figuresIn(page: Page, selector: string): Promise<ReadonlyMap<string, number>> {
  const names = await page.locator(`${selector} dt`).allInnerTexts();
  const values = await page.locator(`${selector} dd`).allInnerTexts();
  return new Map(names.map((name, i) => [name.trim(), numberIn(values[i] ?? '')]));
}

const numberIn = (text: string): number => Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', '') ?? Number.NaN);

/** The page says the same as the API. */
export const isSame = (page: Counters | undefined, told: Progress): boolean =>
  page !== undefined &&
  page.done === told.settled &&
  page.callsMade === told.calls &&
  page.inACall === told.live &&
  page.waiting === told.waiting + told.queued;
