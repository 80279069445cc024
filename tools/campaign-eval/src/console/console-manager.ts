import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { DemoStaff } from '@wardline/contracts';
import type { Page } from 'playwright-core';
import type { Api } from '../api.ts';
import type { Interruption } from '../kill.ts';
import type { CampaignView, Manager } from '../manager.ts';
import type { Camera } from './camera.ts';
import { CampaignPage, isSame } from './campaign-page.ts';
import type { Seat } from './chromium.ts';
import { makeCampaign } from './make-campaign.ts';
import { type Sighting, sightingProblems } from './sightings.ts';
import { differences } from './words.ts';

export interface ConsoleManager extends Manager {
  /** What was wrong with the pages, as far as one could see it. */
  problems(outages: readonly Interruption[]): readonly string[];
  readonly sightings: readonly Sighting[];
}

interface ConsoleManagerOptions {
  readonly seat: Seat;
  readonly user: DemoStaff;
  /** The same things by REST: what the page says is compared with it. */
  readonly api: Api;
  readonly camera: Camera;
}

/** A page that nobody touches asks every half minute when its campaign does not run. */
const atRestMsMax = 45_000;

/** A manager in front of the console. Everything goes through the page's own buttons, from the sign-in page on. */
export async function createConsoleManager({
  seat,
  user,
  api,
  camera,
}: ConsoleManagerOptions): Promise<ConsoleManager> {
  const page = await seat.signIn(user, (signInPage) => camera.take(signInPage, 'sign-in'));
  const campaignPage = new CampaignPage(page);
  const sightings: Sighting[] = [];
  const found: string[] = [];
  let id = '';
  let reloads = 0;
  let blank = 0;
  let pictured = false;
  page.on('load', () => (reloads += 1));

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  return {
    sightings,
    async prepare(settings, file) {
      const made = await makeCampaign(page, settings, file, camera);
      id = made.campaign;
      found.push(...(await prepareProblems(api, made)));
      return made;
    },
    async start() {
      await button('Start calling').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('You can pause it at any time.').waitFor();
      await camera.take(page, 'campaign-start');
      await dialog.getByRole('button', { name: 'Start calling' }).click();
      await button('Pause').waitFor();
      reloads = 0;
    },
    async pause() {
      await button('Pause').click();
      await button('Resume').waitFor();
    },
    async resume() {
      await button('Resume').click();
      await button('Pause').waitFor();
    },
    async stopDialling() {
      await button('Stop dialling').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Reason').fill('rehearsal');
      await dialog.getByRole('button', { name: 'Stop dialling now' }).click();
      await button('Allow dialling again').waitFor();
    },
    async allowDialling() {
      await button('Allow dialling again').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Allow dialling', exact: true }).click();
      await button('Stop dialling').waitFor();
    },
    async cancel() {
      await button('Cancel campaign').click();
      await button('Cancel it for good').click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    },
    async look(told) {
      const counters = await campaignPage.counters();
      if (counters) sightings.push({ atMs: Date.now(), told: told.progress, page: counters });
      else blank += 1;
      const { live, calls, recipients, settled } = told.progress;
      if (pictured || told.state !== 'running' || live === 0 || settled < 2 || calls < recipients / 3) return;
      pictured = true;
      await camera.take(page, 'campaign-running');
    },
    async results(told) {
      await untilSame(campaignPage, told, found);
      found.push(...(await endProblems(api, id, campaignPage)));
      await camera.take(page, 'campaign-done');
      const text = await downloaded(page);
      if (withoutMark(text) !== withoutMark(await api.text(`/campaigns/${id}/results.csv`)))
        found.push('the file of results that the page gives is not the one of the API');
      return text;
    },
    problems: (outages) => [
      ...found,
      ...sightingProblems(sightings, outages),
      ...(blank > 0 ? [`the progress page had no counters at ${blank} looks`] : []),
      ...(reloads > 0 ? [`the page was loaded anew ${reloads} times while the campaign ran`] : []),
    ],
  };
}

/** What the page told before the start, compared. */
async function prepareProblems(
  api: Api,
  made: Awaited<ReturnType<Manager['prepare']>>,
): Promise<readonly string[]> {
  const { imports } = await api.get<{ imports: { id: string; accepted: number; refused: number }[] }>(
    `/campaigns/${made.campaign}`,
  );
  const plan = await api.get<{ callable: number; notCallable: number }>(
    `/campaigns/${made.campaign}/dry-run`,
  );
  const last = imports[0];
  const pairs: readonly (readonly [string, number, number | undefined])[] = [
    ['rows accepted', made.accepted, last?.accepted],
    ['rows refused', made.refused, last?.refused],
    ['refused rows shown', made.refusedRows, last?.refused],
    ['people who would be called', made.callable, plan.callable],
    ['people who would not', made.notCallable, plan.notCallable],
  ];
  return pairs
    .filter(([, seen, told]) => seen !== told)
    .map(([what, seen, told]) => `${what}: the page says ${seen}, the API ${told ?? 'nothing'}`);
}

async function untilSame(page: CampaignPage, told: CampaignView, found: string[]): Promise<void> {
  for (const from = Date.now(); ; await delay(500)) {
    const seen = await page.counters();
    if (isSame(seen, told.progress)) return;
    if (Date.now() - from < atRestMsMax) continue;
    found.push(
      `the page says ${seen?.done ?? 'nothing'} done of ${seen?.callsMade ?? 'nothing'} calls in the end, the API ${told.progress.settled} of ${told.progress.calls}`,
    );
    return;
  }
}

async function endProblems(api: Api, id: string, page: CampaignPage): Promise<readonly string[]> {
  const { progress } = await api.get<CampaignView>(`/campaigns/${id}`);
  const recipients = await api.all<{ externalId: string | null; state: string; result: string | null }>(
    `/campaigns/${id}/recipients?limit=200`,
  );
  // The table of people follows the counters; a look too early is no fault.
  for (const from = Date.now(); ; await delay(500)) {
    const wrong = differences(await page.shown(), { recipients, results: progress.results });
    if (wrong.length === 0 || Date.now() - from > 10_000) return wrong;
  }
}

/** The byte order mark, which spreadsheets need, and which reading an answer as text takes away. */
const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

async function downloaded(page: Page): Promise<string> {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Results as CSV' }).click();
  return readFile(await (await saving).path(), 'utf8');
}
