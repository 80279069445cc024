import { randomInt, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DemoClinic } from '@wardline/contracts';
import pg from 'pg';
import { heardScoreMin, phraseScore } from '../domain/hearing.ts';
import type { CallReport } from '../entrypoints/control-api.ts';
import { parseScenario, type Scenario } from '../scenario/scenario.ts';
import { chooseSlots, type SlotChoice } from './choose-slots.ts';
import { compareEndState, settledEndState, type EndState } from './end-state.ts';
import { openDesk } from './desk-play.ts';
import type { Taken } from './desk.ts';
import { fillTemplates } from './fill-templates.ts';
import { withRecordedLines } from './recorded-lines.ts';
import { clinicOf, PlatformApi, type CallDetail } from './platform-api.ts';
import type { RunningCopy } from './running-copy.ts';
import { readScenarioFile, scenarioNames } from './scenario-files.ts';
import { SimulatorClient } from './simulator-client.ts';
import { slotWords } from './slot-words.ts';

export interface CallResult {
  readonly report: CallReport;
  /** The platform's own view, from its API; absent when it never heard of the call. */
  readonly platform: CallDetail | undefined;
  readonly endState: EndState;
  /** By a supervisor, whom the harness played. */
  readonly taken: Taken | undefined;
  readonly problems: readonly string[];
  readonly wavFile: string | undefined;
}

export interface ScenarioResult {
  readonly scenario: string;
  readonly title: string;
  readonly ok: boolean;
  readonly asked: { readonly doctor: string; readonly start: string; readonly local: string } | undefined;
  readonly calls: readonly CallResult[];
  /** What is wrong with the run as a whole. */
  readonly problems: readonly string[];
}

export interface RunOptions {
  readonly copy: RunningCopy;
  readonly wavDir?: string | undefined;
  /** Distinguishes runs of the same scenario at the same time: run k of n. */
  readonly share?: { readonly k: number; readonly n: number };
}

const day = 86_400_000;

/** Runs one scenario against the running copy and judges its end state in the database. */
export async function runScenario(name: string, o: RunOptions): Promise<ScenarioResult> {
  if (!o.copy.simulator)
    throw new Error('this copy uses a real carrier: there is nobody here to place simulated calls');
  const simulator = new SimulatorClient(o.copy.simulator);
  const file = readScenarioFile(name);
  const to = typeof file['to'] === 'string' ? file['to'] : '';
  const clinic = clinicOf(to);
  const api = await PlatformApi.signIn(o.copy.apiUrl, clinic);
  const plan = await fillIn(name, file, api, clinic, o);
  const { scenario, choice } = plan;
  if (scenario.slots?.takenBeforeCall && choice) {
    const status = await api.book(choice.slot, `scenario-${randomUUID()}`);
    if (status !== 201) throw new Error(`the slot could not be taken before the call: ${status}`);
  }
  const number = clinic.numbers[0]!;
  const desk = await openDesk({ scenario, clinic, apiUrl: o.copy.apiUrl, simulator });
  const askedSlot = scenario.expect.at === 'otherSlot' ? choice?.other : choice?.slot;
  const asked = askedSlot && { doctor: askedSlot.doctor, start: askedSlot.start };
  const db = new pg.Client({ connectionString: o.copy.databaseAdminUrl });
  await db.connect();
  try {
    const calls = await Promise.all(
      Array.from({ length: scenario.callers }, async (_, k): Promise<CallResult> => {
        const from =
          scenario.callerId === 'withheld'
            ? 'anonymous'
            : `+1202555${String(randomInt(100, 200)).padStart(4, '0')}`;
        const since = new Date();
        const placed = await simulator.place({
          scenario: { ...scenario, seed: scenario.seed + k },
          to: number,
          from,
        });
        let over = false;
        const following = desk?.follow(from, () => over);
        const report = await simulator.ended(placed.id, scenario.callMsMax + 60_000);
        over = true;
        const taken = await following;
        const endState = await settledEndState(db, placed.id, scenario);
        const platform = endState.call && (await api.call(endState.call.id));
        const problems = [
          ...compareEndState(endState, scenario, { asked }),
          ...measuredProblems(report, scenario),
          ...((await desk?.problems({ report, number: from, since, taken })) ?? []),
        ];
        return {
          report,
          platform,
          endState,
          taken,
          problems,
          wavFile: o.wavDir === undefined ? undefined : await saveWav(simulator, report, o.wavDir),
        };
      }),
    );
    const problems = scenario.callers > 1 ? contestProblems(calls, asked) : [];
    return {
      scenario: scenario.name,
      title: scenario.title,
      ok: problems.length === 0 && calls.every((c) => c.problems.length === 0),
      asked: asked && { ...asked, local: slotWords(new Date(asked.start), clinic.timeZone).local },
      calls,
      problems,
    };
  } finally {
    await desk?.close();
    await db.end();
  }
}

async function fillIn(
  name: string,
  file: Record<string, unknown>,
  api: PlatformApi,
  clinic: DemoClinic,
  o: RunOptions,
): Promise<{ scenario: Scenario; choice: SlotChoice | undefined }> {
  // Templates stand only in texts, so the file can be checked before they are filled in.
  const draft = parseScenario(file, name);
  const values: Record<string, string> = { clinic: clinic.name };
  let choice: SlotChoice | undefined;
  if (draft.slots) {
    const wanted = draft.slots;
    const doctor = clinic.doctors.find((d) => d.name.includes(wanted.doctor));
    if (!doctor) throw new Error(`${clinic.name} has no doctor "${wanted.doctor}"`);
    const from = new Date(Date.now() + day);
    const free = await api.freeSlots({
      doctorId: doctor.doctorId,
      from,
      to: new Date(from.getTime() + wanted.withinDays * day),
    });
    choice = chooseSlots(free, {
      zone: clinic.timeZone,
      startsAt: wanted.startsAt,
      daysOfMonth: wanted.daysOfMonth,
      other: wanted.other,
      share: o.share ?? shareOf(name, wanted.doctor),
      random: Math.random,
    });
    if (!choice) throw new Error(`${doctor.name} has no free slot that this scenario needs`);
    Object.assign(values, {
      doctor: `doctor ${doctor.name.split(' ').at(-1)}`,
      department: doctor.department.toLowerCase(),
    });
    for (const [key, slot] of [
      ['slot', choice.slot],
      ['otherSlot', choice.other],
    ] as const) {
      if (!slot) continue;
      for (const [word, text] of Object.entries(slotWords(new Date(slot.start), clinic.timeZone)))
        values[`${key}.${word}`] = text;
    }
  }
  const filled = await withRecordedLines(fillTemplates(file, values));
  return { scenario: parseScenario(filled, name), choice };
}

/** The scenarios that want the same doctor share that doctor's days. */
function shareOf(name: string, doctor: string): { k: number; n: number } {
  const sharing = scenarioNames().filter((other) => {
    const slots = readScenarioFile(other)['slots'];
    return typeof slots === 'object' && slots !== null && Reflect.get(slots, 'doctor') === doctor;
  });
  return { k: Math.max(0, sharing.indexOf(name)), n: Math.max(1, sharing.length) };
}

function measuredProblems(report: CallReport, scenario: Scenario): string[] {
  const problems: string[] = [];
  if (scenario.expect.interruptionMeasured && report.metrics.interruptions.length === 0)
    problems.push('the caller never spoke over the agent');
  if (report.metrics.agentSegments.length < scenario.expect.agentTurnsMin)
    problems.push(
      `the agent spoke ${report.metrics.agentSegments.length} times, should be ${scenario.expect.agentTurnsMin} or more`,
    );
  if (report.end?.reason === 'dead-air' || report.end?.reason === 'call-too-long')
    problems.push(`the caller gave up: ${report.end.reason}`);
  const heard = report.timeline.filter((t) => t.who === 'agent' && t.untilMs !== undefined);
  for (const phrase of scenario.expect.told ?? [])
    if (!heard.some(({ text }) => phraseScore(text, phrase) >= heardScoreMin))
      problems.push(`the caller was never told "${phrase}"`);
  for (const v of new Set(report.violations)) problems.push(`broke the carrier's protocol: ${v}`);
  return problems;
}

/** Of several callers for one slot exactly one may have got it. */
function contestProblems(calls: readonly CallResult[], asked: { start: string } | undefined): string[] {
  const starts = calls.flatMap((c) => c.endState.appointments.map((a) => a.startAt.getTime()));
  const winners = starts.filter((s) => asked !== undefined && s === new Date(asked.start).getTime());
  const problems: string[] = [];
  if (winners.length !== 1)
    problems.push(`${winners.length} callers got the slot that both asked for, should be 1`);
  if (new Set(starts).size !== starts.length) problems.push('two callers were given the same time');
  return problems;
}

async function saveWav(simulator: SimulatorClient, report: CallReport, dir: string): Promise<string> {
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, `${report.scenario}-${report.callLegId.slice(0, 8)}.wav`);
  writeFileSync(file, await simulator.audio(report.id));
  return file;
}
