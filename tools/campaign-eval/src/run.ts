import { findRunningCopy, SimulatorClient } from '@wardline/carrier-simulator/harness';
import { demo, type DemoClinic } from '@wardline/contracts';
import { signIn } from '@wardline/staff-sign-in';
import { Api } from './api.ts';
import { callingHours, castOf, fileOf, type Part } from './cast.ts';
import { check, type Report } from './check.ts';
import { appointmentsOf, collect } from './collect.ts';
import type { Facts } from './facts.ts';
import type { Killable } from './kill.ts';
import { createApiManager, type CampaignSettings, type CampaignView } from './manager.ts';
import { bookAll, describePeople } from './prepare.ts';
import type { Flow } from './roles.ts';
import { letTimePass } from './time-passed.ts';
import { allOver, watch } from './watch.ts';

export interface RunOptions {
  /** What the campaign is about. */
  readonly flow: Flow;
  readonly patients: number;
  readonly seed: number;
  /** The platform, when it is not the one of this folder. */
  readonly url: string | undefined;
  readonly callsAtOnce: number;
  readonly attemptsMax: number;
  /** The manager sits in front of the console; `pictures` is where pictures of it go, if anywhere. */
  readonly browser: { readonly pictures: string | undefined } | undefined;
  readonly kill: Killable | undefined;
  readonly note: (text: string) => void;
}

export interface CampaignRun {
  readonly report: Report;
  readonly facts: Facts;
  readonly campaign: string;
  readonly seconds: number;
}

/** A conversation takes about so long, with the pauses between two; a new time takes longer than a yes. */
const secondsPerCall: Readonly<Record<Flow, number>> = { 'appointment-reminder': 60, 'no-show-recovery': 90 };
const campaignName: Readonly<Record<Flow, string>> = {
  'appointment-reminder': 'Reminders for next week',
  'no-show-recovery': 'Missed last week',
};
const killMinutes = 12;

/** Makes a campaign as a hospital would, watches it, and has it checked. @throws Error when it could not even be made */
export async function runCampaign(o: RunOptions): Promise<CampaignRun> {
  const copy = findRunningCopy();
  if (!copy.simulator)
    throw new Error('this copy uses a real carrier: there are no simulated patients to call');
  const simulator = new SimulatorClient(copy.simulator);
  const clinic = demo.clinics[0];
  const { origin } = new URL(o.url ?? copy.apiUrl);
  const { login, password } = clinic.staff;
  const session = await signIn({ baseUrl: origin, login, password });
  const api = new Api(`${origin}/api/v1`, () => session.accessToken());

  const minutes =
    Math.ceil(((o.patients / o.callsAtOnce) * secondsPerCall[o.flow]) / 60) + 5 + (o.kill ? killMinutes : 0);
  const cast = await castFor(o, { api, simulator, clinic, minutes });
  o.note(`seed ${o.seed}: ${cast.length} patients, at most ${minutes} minutes`);
  const made = await bookAll(api, clinic, cast, o.seed, o.note);
  const booked = o.flow === 'no-show-recovery' ? await letTimePass(copy.databaseAdminUrl, made) : made;
  await describePeople(simulator, booked, clinic);
  const refused = booked.filter((b) => b.leave === 'do-not-call').map((b) => b.number);
  if (refused.length > 0) await api.post('/do-not-call', { numbers: refused, note: 'campaign run' });

  // A browser is needed by few runs, and not everybody who runs this has one.
  const seen = o.browser
    ? await (
        await import('./console/console-run.ts')
      ).openConsole({ origin, clinic, api, pictures: o.browser.pictures })
    : undefined;
  try {
    const manager = seen?.manager ?? createApiManager(api);
    const plan = await manager.prepare(settingsOf(o, clinic), {
      name: 'patients.csv',
      text: fileOf(booked),
    });
    const { campaign } = plan;
    o.note(`uploaded: ${plan.accepted} good rows, ${plan.refused} refused`);
    o.note(`the plan says: ${plan.callable} can be called, ${plan.notCallable} cannot`);

    const before = await appointmentsOf(
      copy.databaseAdminUrl,
      booked.map((b) => b.appointment).filter((a) => a !== ''),
    );
    const startedMs = Date.now();
    await manager.start();
    seen?.started();
    const watched = await watch({
      ...{ api, manager, simulator, campaign, minutes, callable: plan.callable },
      ...{ kill: o.kill, note: o.note },
    });
    // Whoever still waits is outside the window or somebody else's telephone: the campaign is ended for them.
    if (watched.state !== 'completed') await manager.cancel();
    await allOver(simulator, startedMs);
    const csv = await manager.results(await api.get<CampaignView>(`/campaigns/${campaign}`));

    const facts = await collect({
      ...{ api, simulator, clinic, campaign, booked, before, startedMs },
      databaseUrl: copy.databaseAdminUrl,
      refusedRows: plan.refusedRows,
      pauses: watched.pauses,
      interruptions: watched.interruptions,
      attemptsMax: o.attemptsMax,
    });
    const seconds = Math.round((Date.now() - startedMs) / 1_000);
    await seen?.finished({ campaign, booked });
    const report = check({
      ...facts,
      formulas: formulasIn(csv),
      consoleProblems: seen?.problems(watched.interruptions) ?? [],
    });
    return { report, facts, campaign, seconds };
  } finally {
    await seen?.close();
  }
}

const settingsOf = (o: RunOptions, clinic: DemoClinic): CampaignSettings => ({
  clinic: clinic.clinicId,
  name: `${campaignName[o.flow]}, ${o.seed}`,
  flow: o.flow,
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
});

/** Patients whom the hospital does not know yet, at numbers that are nobody else's. */
async function castFor(
  o: RunOptions,
  by: { api: Api; simulator: SimulatorClient; clinic: DemoClinic; minutes: number },
): Promise<Part[]> {
  const { clinic } = by;
  const taken = new Set((await by.simulator.dialled()).map((call) => call.to));
  for (const number of [...clinic.numbers, clinic.transferNumber, clinic.emergencyNumber]) taken.add(number);
  for (const { phone } of clinic.team) if (phone !== undefined) taken.add(phone);
  const now = new Date();
  for (;;) {
    const cast = castOf({
      flow: o.flow,
      patients: o.patients,
      seed: o.seed,
      now,
      minutes: by.minutes,
      taken,
    });
    // Somebody there may have been called today, or have asked for no more calls: the platform would be right not to call.
    const known = await knownAmong(by.api, cast);
    if (known.length === 0) return cast;
    for (const number of known) taken.add(number);
  }
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

/** Cells that a spreadsheet would take for formulas. A plus sign begins telephone numbers, so it is not looked for. */
export function formulasIn(csv: string): string[] {
  const cells = csv.replace(/^\uFEFF/, '').match(/"(?:[^"]|"")*"|[^,\r\n"]+/g) ?? [];
  return cells.map((cell) => cell.replace(/^"|"$/g, '')).filter((cell) => /^[=@\t]/.test(cell));
}
