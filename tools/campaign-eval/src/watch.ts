import { setTimeout as delay } from 'node:timers/promises';
import type { SimulatorClient } from '@wardline/carrier-simulator/harness';
import type { Api } from './api.ts';
import type { Pause } from './facts.ts';
import { type Interruption, type Killable, killService } from './kill.ts';
import type { CampaignView, Manager } from './manager.ts';

const pauseMs = 8_000;
/** Each in its turn, once this part of the calls has been made. */
const pauseParts = [
  { by: 'pause', after: 1 / 2 },
  { by: 'stop', after: 2 / 3 },
] as const;
/** Nothing happens for so long: then nothing will. */
const stillMsMax = 90_000;
/** After a kill: a call whose end nobody was told of is asked after when it must long be over. */
const stillAfterKillMsMax = 11 * 60_000;

export interface WatchOptions {
  readonly api: Api;
  readonly manager: Manager;
  readonly simulator: SimulatorClient;
  readonly campaign: string;
  readonly callable: number;
  readonly minutes: number;
  readonly kill: Killable | undefined;
  readonly note: (text: string) => void;
}

export interface Watched {
  readonly state: string;
  readonly pauses: readonly Pause[];
  readonly interruptions: readonly Interruption[];
}

/** Looks on until nobody is called any more; has it paused and dialling stopped once each, and a service killed when one is named. */
export async function watch(o: WatchOptions): Promise<Watched> {
  const { api, manager, note } = o;
  const pauses: Pause[] = [];
  const interruptions: Interruption[] = [];
  const until = Date.now() + o.minutes * 60_000;
  let last = '';
  let changedMs = Date.now();
  for (;;) {
    const view = await api.get<CampaignView>(`/campaigns/${o.campaign}`);
    const { state, progress } = view;
    await manager.look(view);
    const line = lineOf(view);
    if (line !== last) {
      note(line);
      last = line;
      changedMs = Date.now();
    }
    const ended = { state, pauses, interruptions };
    if (state === 'completed' || state === 'cancelled') return ended;
    if (o.kill && interruptions.length === 0 && progress.live > 0 && progress.calls >= o.callable / 3) {
      interruptions.push(await interrupt(o, o.kill));
      changedMs = Date.now();
      continue;
    }
    const part = pauseParts[pauses.length];
    if (part && state === 'running' && progress.calls >= o.callable * part.after) {
      pauses.push(await pauseOnce(manager, part.by, note));
      changedMs = Date.now();
      continue;
    }
    const still = Date.now() - changedMs;
    const busy = progress.live > 0 || progress.queued > 0;
    if (!busy && still > ((await nobodyDue(api, o.campaign)) ? 5_000 : stillMsMax)) return ended;
    const busyMsMax = interruptions.length > 0 ? stillAfterKillMsMax : stillMsMax;
    if (busy && still > busyMsMax && !(await onThePhone(o.simulator))) {
      note(`${progress.live} live and ${progress.queued} queued, and the carrier knows of no call`);
      return ended;
    }
    if (Date.now() > until) {
      note('this takes too long');
      return ended;
    }
    await delay(1_000);
  }
}

function lineOf({ state, progress: p, holdingBack }: CampaignView): string {
  const why = holdingBack === null ? '' : ` (${holdingBack})`;
  return `${state}: ${p.calls} calls, ${p.live} live, ${p.queued} queued, ${p.waiting} waiting, ${p.settled} settled${why}`;
}

async function pauseOnce(manager: Manager, by: Pause['by'], note: (text: string) => void): Promise<Pause> {
  await (by === 'pause' ? manager.pause() : manager.stopDialling());
  const fromMs = Date.now();
  await delay(pauseMs);
  const toMs = Date.now();
  await (by === 'pause' ? manager.resume() : manager.allowDialling());
  note(`${by === 'pause' ? 'paused' : 'dialling was stopped'} for ${toMs - fromMs} ms`);
  return { by, fromMs, toMs };
}

async function interrupt({ api, campaign, note }: WatchOptions, service: Killable): Promise<Interruption> {
  note(`killing ${service}`);
  const done = await killService(service, async () => {
    try {
      await api.get(`/campaigns/${campaign}`);
      await api.get('/calls?limit=1');
      return true;
    } catch {
      // Not yet, which is what was asked.
      return false;
    }
  });
  note(`${done.process} is back after ${done.backMs - done.atMs} ms`);
  return done;
}

const onThePhone = async (simulator: SimulatorClient): Promise<boolean> =>
  (await simulator.dialled()).some((call) => call.end === null);

/** Everybody who waits, waits for another hour or another day. */
async function nobodyDue(api: Api, id: string): Promise<boolean> {
  const waiting = await api.all<{ nextCallAt: string | null }>(
    `/campaigns/${id}/recipients?state=waiting&limit=200`,
  );
  const soon = Date.now() + 5 * 60_000;
  return waiting.every((r) => r.nextCallAt === null || Date.parse(r.nextCallAt) > soon);
}

/** A call that goes on is waited for, and events travel for a moment after its end. */
export async function allOver(simulator: SimulatorClient, sinceMs: number): Promise<void> {
  for (const from = Date.now(); Date.now() - from < 120_000; await delay(500)) {
    const mine = (await simulator.dialled()).filter((t) => Date.parse(t.dialledAt) >= sinceMs);
    if (mine.every((t) => t.end !== null)) break;
  }
  await delay(5_000);
}
