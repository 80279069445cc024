import type { DemoClinic } from '@wardline/contracts';
import type { Api } from '../api.ts';
import type { Interruption } from '../kill.ts';
import type { Booked } from '../prepare.ts';
import { createCamera } from './camera.ts';
import { openChromium, Seat } from './chromium.ts';
import { createConsoleManager, type ConsoleManager } from './console-manager.ts';
import { faultsIn, type Fault } from './faults.ts';
import { picturesAfter, picturesDuring } from './pictures.ts';

/** A run whose manager sits in front of the console. */
export interface ConsoleRun {
  readonly manager: ConsoleManager;
  /** Calls go on from now. */
  started(): void;
  /** Everything is over: the last pictures. */
  finished(o: { readonly campaign: string; readonly booked: readonly Booked[] }): Promise<void>;
  /** What a reader of the report must know of the pages. */
  problems(outages: readonly Interruption[]): readonly string[];
  close(): Promise<void>;
}

export interface ConsoleRunOptions {
  readonly origin: string;
  readonly clinic: DemoClinic;
  readonly api: Api;
  /** Where pictures go; without it none are taken. */
  readonly pictures: string | undefined;
}

/** @throws Error when there is no browser, or the manager cannot sign in */
export async function openConsole({ origin, clinic, api, pictures }: ConsoleRunOptions): Promise<ConsoleRun> {
  const user = clinic.team.find(({ role }) => role === 'manager');
  if (!user) throw new Error(`${clinic.name} has no manager`);
  const browser = await openChromium();
  const faults: Fault[] = [];
  const missing: string[] = [];
  const camera = createCamera(pictures);
  try {
    const seat = await Seat.open(browser, origin, faults);
    const manager = await createConsoleManager({ seat, user, api, camera });
    const taking = { browser, origin, clinic, manager: seat, camera, faults };
    const over = new AbortController();
    let during: Promise<void> = Promise.resolve();
    const orMissing = (work: Promise<void>) =>
      work.catch((error: unknown) => {
        missing.push(
          `a picture could not be taken: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
    return {
      manager,
      started() {
        if (pictures !== undefined) during = orMissing(picturesDuring(taking, over.signal));
      },
      async finished({ campaign, booked }) {
        over.abort();
        await during;
        if (pictures === undefined) return;
        const call = await callToShow(api, campaign);
        await orMissing(picturesAfter(taking, { call, day: busiestDay(booked, clinic.timeZone) }));
      },
      problems: (outages) => [...manager.problems(outages), ...faultsIn(faults, outages), ...missing],
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** The one in which most was said. */
async function callToShow(api: Api, campaign: string): Promise<string | undefined> {
  const recipients = await api.all<{ result: string | null; calls: { call: string }[] }>(
    `/campaigns/${campaign}/recipients?limit=200`,
  );
  const of = (result: string) => recipients.find((r) => r.result === result && r.calls.length > 0)?.calls[0];
  return (of('moved') ?? of('cancelled') ?? of('confirmed'))?.call;
}

/** "2026-11-24": when most of them have their appointments, by the clinic's calendar. */
export function busiestDay(booked: readonly Booked[], timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const counts = new Map<string, number>();
  for (const { slot } of booked) {
    if (!slot) continue;
    const day = format.format(new Date(slot.start));
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? format.format(new Date());
}
