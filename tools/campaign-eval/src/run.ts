import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { findRunningCopy, SimulatorClient } from '@wardline/carrier-simulator/harness';
import { demo } from '@wardline/contracts';
import { signIn } from '@wardline/staff-sign-in';
import { Api } from './api.ts';
import { callingHours, castOf, fileOf, mapping, type Part } from './cast.ts';
import { check, type Report } from './check.ts';
import { appointmentsOf, collect } from './collect.ts';
import type { Facts } from './facts.ts';
import { bookAll, describePeople } from './prepare.ts';

export interface RunOptions {
  readonly patients: number;
  readonly seed: number;
  /** The platform, when it is not the one of this folder. */
  readonly url: string | undefined;
  readonly callsAtOnce: number;
  readonly attemptsMax: number;
  readonly note: (text: string) => void;
}

export interface CampaignRun {
  readonly report: Report;
  readonly facts: Facts;
  readonly campaign: string;
  readonly seconds: number;
  readonly progress: Progress;
}

interface Progress {
  readonly recipients: number;
  readonly waiting: number;
  readonly queued: number;
  readonly live: number;
  readonly settled: number;
  readonly calls: number;
}

interface CampaignView {
  readonly id: string;
  readonly state: string;
  readonly holdingBack: string | null;
  readonly progress: Progress;
}

/** A conversation takes about so long, with the pauses between two. */
const secondsPerCall = 60;
const pauseMs = 8_000;
/** Nothing happens for so long: then nothing will. */
const stillMsMax = 90_000;

/** Makes a campaign as a hospital would, watches it, and has it checked. @throws Error when it could not even be made */
export async function runCampaign(o: RunOptions): Promise<CampaignRun> {
  const copy = findRunningCopy();
  if (!copy.simulator)
    throw new Error('this copy uses a real carrier: there are no simulated patients to call');
  const simulator = new SimulatorClient(copy.simulator);
  const clinic = demo.clinics[0];
  const base = o.url ?? new URL(copy.apiUrl).origin;
  const session = await signIn({ baseUrl: base, login: clinic.staff.login, password: clinic.staff.password });
  const api = new Api(`${new URL(base).origin}/api/v1`, () => session.accessToken());

  const minutes = Math.ceil(((o.patients / o.callsAtOnce) * secondsPerCall) / 60) + 5;
  const taken = new Set((await simulator.dialled()).map((call) => call.to));
  const now = new Date();
  let cast = castOf({ patients: o.patients, seed: o.seed, now, minutes, taken });
  // Somebody there may have been called today, or have asked for no more calls: the platform would be right not to call.
  for (let known = await knownAmong(api, cast); known.length > 0; known = await knownAmong(api, cast)) {
    for (const number of known) taken.add(number);
    cast = castOf({ patients: o.patients, seed: o.seed, now, minutes, taken });
  }
  o.note(`seed ${o.seed}: ${cast.length} patients, at most ${minutes} minutes`);
  const booked = await bookAll(api, clinic, cast, o.seed, o.note);
  await describePeople(simulator, booked, clinic);
  const refused = booked.filter((b) => b.leave === 'do-not-call').map((b) => b.number);
  if (refused.length > 0) await api.post('/do-not-call', { numbers: refused, note: 'campaign run' });

  const { id } = await api.post<CampaignView>(
    '/campaigns',
    {
      clinic: clinic.clinicId,
      name: `Reminders ${o.seed} ${new Date().toISOString().slice(0, 16)}`,
      flow: 'appointment-reminder',
      isoWeekdays: callingHours.isoWeekdays,
      fromLocalTime: callingHours.from,
      toLocalTime: callingHours.to,
      firstDay: '',
      lastDay: '',
      callsAtOnceMax: o.callsAtOnce,
      attemptsMax: o.attemptsMax,
      attemptsPerDayMax: o.attemptsMax,
      defaultRegion: 'US',
      ringSeconds: 15,
    },
    { 'idempotency-key': randomUUID() },
  );
  const query = new URLSearchParams({ ...mapping, fileName: 'reminders.csv' });
  const upload = await api.upload<{ id: string; accepted: number; refused: number; state: string }>(
    `/campaigns/${id}/recipients?${query}`,
    fileOf(booked),
  );
  o.note(`uploaded: ${upload.accepted} good rows, ${upload.refused} refused`);
  const rows = await api.all<{ line: number; code: string }>(`/imports/${upload.id}/refused-rows?limit=200`);
  const plan = await api.get<{ callable: number; notCallable: number }>(`/campaigns/${id}/dry-run`);
  o.note(`the dry run says: ${plan.callable} can be called, ${plan.notCallable} cannot`);

  const before = await appointmentsOf(
    copy.databaseAdminUrl,
    booked.map((b) => b.appointment).filter((a) => a !== ''),
  );
  const startedMs = Date.now();
  await api.post(`/campaigns/${id}/start`);
  const watched = await watch(api, id, {
    callable: plan.callable,
    minutes,
    note: o.note,
    onThePhone: async () => (await simulator.dialled()).some((call) => call.end === null),
  });
  // Whoever still waits is outside the window or somebody else's telephone: the campaign is ended for them.
  if (watched.state !== 'completed') await api.post(`/campaigns/${id}/cancel`);
  await settled(simulator, startedMs);

  const facts = await collect({
    api,
    simulator,
    databaseUrl: copy.databaseAdminUrl,
    clinic,
    campaign: id,
    booked,
    before,
    refusedRows: rows.length,
    pauses: watched.pauses,
    attemptsMax: o.attemptsMax,
    startedMs,
  });
  const report = check({ ...facts, formulas: formulasIn(await api.text(`/campaigns/${id}/results.csv`)) });
  return {
    report,
    facts,
    campaign: id,
    seconds: Math.round((Date.now() - startedMs) / 1_000),
    progress: watched.progress,
  };
}

/** Numbers at which the hospital knows somebody already. */
async function knownAmong(api: Api, cast: readonly Part[]): Promise<string[]> {
  const known: string[] = [];
  for (const number of new Set(cast.map((part) => part.number).filter((n) => n !== ''))) {
    const { items } = await api.get<{ items: unknown[] }>(
      `/patients?number=${encodeURIComponent(number)}&limit=1`,
    );
    if (items.length > 0) known.push(number);
  }
  return known;
}

/** Looks on until nobody is called any more, and pauses it once in the middle. */
async function watch(
  api: Api,
  id: string,
  o: { callable: number; minutes: number; note: (text: string) => void; onThePhone: () => Promise<boolean> },
): Promise<{ state: string; progress: Progress; pauses: { fromMs: number; toMs: number }[] }> {
  const pauses: { fromMs: number; toMs: number }[] = [];
  const until = Date.now() + o.minutes * 60_000;
  let last = '';
  let changedMs = Date.now();
  for (;;) {
    const { state, progress, holdingBack } = await api.get<CampaignView>(`/campaigns/${id}`);
    const line = `${state}: ${progress.calls} calls, ${progress.live} live, ${progress.queued} queued, ${progress.waiting} waiting, ${progress.settled} settled${holdingBack === null ? '' : ` (${holdingBack})`}`;
    if (line !== last) {
      o.note(line);
      last = line;
      changedMs = Date.now();
    }
    if (state === 'completed' || state === 'cancelled') return { state, progress, pauses };
    if (pauses.length === 0 && state === 'running' && progress.calls >= o.callable / 2) {
      await api.post(`/campaigns/${id}/pause`);
      const fromMs = Date.now();
      await delay(pauseMs);
      const toMs = Date.now();
      await api.post(`/campaigns/${id}/resume`);
      pauses.push({ fromMs, toMs });
      o.note(`paused for ${toMs - fromMs} ms`);
      changedMs = Date.now();
      continue;
    }
    const still = Date.now() - changedMs;
    const busy = progress.live > 0 || progress.queued > 0;
    if (!busy && still > ((await nobodyDue(api, id)) ? 5_000 : stillMsMax))
      return { state, progress, pauses };
    if (busy && still > stillMsMax && !(await o.onThePhone())) {
      o.note(`${progress.live} live and ${progress.queued} queued, and the carrier knows of no call`);
      return { state, progress, pauses };
    }
    if (Date.now() > until) {
      o.note('this takes too long');
      return { state, progress, pauses };
    }
    await delay(1_000);
  }
}

/** Everybody who waits, waits for another hour or another day. */
async function nobodyDue(api: Api, id: string): Promise<boolean> {
  const waiting = await api.all<{ nextCallAt: string | null }>(
    `/campaigns/${id}/recipients?state=waiting&limit=200`,
  );
  const soon = Date.now() + 5 * 60_000;
  return waiting.every((r) => r.nextCallAt === null || Date.parse(r.nextCallAt) > soon);
}

/** A call that goes on is waited for, and events travel for a moment after its end. */
async function settled(simulator: SimulatorClient, sinceMs: number): Promise<void> {
  for (const from = Date.now(); Date.now() - from < 120_000; await delay(500)) {
    const mine = (await simulator.dialled()).filter((t) => Date.parse(t.dialledAt) >= sinceMs);
    if (mine.every((t) => t.end !== null)) break;
  }
  await delay(5_000);
}

/** Cells that a spreadsheet would take for formulas. A plus sign begins telephone numbers, so it is not looked for. */
export function formulasIn(csv: string): string[] {
  const cells = csv.replace(/^\uFEFF/, '').match(/"(?:[^"]|"")*"|[^,\r\n"]+/g) ?? [];
  return cells.map((cell) => cell.replace(/^"|"$/g, '')).filter((cell) => /^[=@\t]/.test(cell));
}
