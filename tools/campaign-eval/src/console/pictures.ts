import { setTimeout as delay } from 'node:timers/promises';
import type { DemoClinic } from '@wardline/contracts';
import type { Browser, Page } from 'playwright-core';
import type { Camera } from './camera.ts';
import { Seat, turnTo } from './chromium.ts';
import type { Fault } from './faults.ts';

export interface PicturesOptions {
  readonly browser: Browser;
  readonly origin: string;
  readonly clinic: DemoClinic;
  /** The seat at which the manager is signed in. */
  readonly manager: Seat;
  readonly camera: Camera;
  readonly faults: Fault[];
}

const conversationMsMax = 180_000;
const lookMs = 500;

/** Pages that show something only while calls go on. Resolves when all are taken, or `over` says that there is no more. */
export async function picturesDuring(o: PicturesOptions, over: AbortSignal): Promise<void> {
  await Promise.all([liveAndList(o), supervisorsDesk(o, over)]);
}

async function liveAndList({ manager, camera }: PicturesOptions): Promise<void> {
  const page = await manager.another('/');
  // A conversation, not a first word.
  const spoken = page.locator('.call-card').filter({ has: page.locator('.line-agent ~ .line-agent') });
  await spoken.first().waitFor({ timeout: conversationMsMax });
  await camera.take(page, 'live');
  await turnTo(page, 'Campaigns');
  await camera.take(page, 'campaigns');
  await page.close();
}

/** Sits down, takes the first call that needs a person, and leaves: the next ones find nobody, as in a run without pictures. */
async function supervisorsDesk(o: PicturesOptions, over: AbortSignal): Promise<void> {
  const supervisor = o.clinic.team.find(({ role, phone }) => role === 'supervisor' && phone !== undefined);
  if (!supervisor) throw new Error(`${o.clinic.name} has no supervisor with a telephone`);
  const seat = await Seat.open(o.browser, o.origin, o.faults);
  const page = await seat.signIn(supervisor);
  await turnTo(page, 'Escalations');
  const here = page.getByLabel('I am here');
  await here.check();
  const accept = page.getByRole('region', { name: 'Briefing' }).getByRole('button', { name: 'Accept' });
  while (!over.aborted && !(await accept.isVisible())) await delay(lookMs);
  await o.camera.take(page, 'escalations');
  if (await accept.isVisible()) {
    await accept.click();
    await accept.waitFor({ state: 'detached' });
    await o.camera.take(page, 'escalation-accepted');
  }
  await here.uncheck();
  await page.getByText('You are away').waitFor();
  await seat.close();
}

/** The rest, when everything is there. */
export async function picturesAfter(
  o: PicturesOptions,
  show: { readonly call: string | undefined; readonly day: string },
): Promise<void> {
  const page = await o.manager.another('/');
  const { camera } = o;
  await turnTo(page, 'Calls');
  await camera.take(page, 'calls');
  await turnTo(page, 'Appointments');
  await page.getByLabel('Go to a day').fill(show.day);
  await camera.take(page, 'appointments-day');
  await page.getByText('Week', { exact: true }).click();
  await page.getByLabel('The week after').waitFor();
  await camera.take(page, 'appointments-week');
  await turnTo(page, 'Messages');
  await camera.take(page, 'messages');
  await turnTo(page, 'Settings');
  await camera.take(page, 'settings');
  await page.close();
  if (show.call !== undefined) {
    const call = await o.manager.another(`/calls/${show.call}`);
    await call.locator('.line-caller').first().waitFor();
    await camera.take(call, 'call');
    await call.close();
  }
  await auditOf(o);
}

/** Not a manager's page: those who are recorded in it do not read it. */
async function auditOf({ browser, origin, clinic, camera, faults }: PicturesOptions): Promise<void> {
  const seat = await Seat.open(browser, origin, faults);
  const page: Page = await seat.signIn(clinic.staff);
  await turnTo(page, 'Audit');
  await camera.take(page, 'audit');
  await seat.close();
}
