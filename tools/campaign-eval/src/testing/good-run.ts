import { check, type Report } from '../check.ts';
import type { AppointmentFact, CallFact, Facts, PatientFact, RecipientFact } from '../facts.ts';

export const t0 = Date.UTC(2026, 10, 21, 15);
const spoken = (atMs: number) => ({
  date: `tuesday november the twenty ${atMs % 2 === 0 ? 'fourth' : 'fifth'}`,
  time: 'ten thirty a m',
});

export const booked = (id: string, o: Partial<AppointmentFact> = {}): AppointmentFact => ({
  id,
  doctor: 'sharma',
  startMs: t0 + 86_400_000 + Number(id.slice(1)) * 3_600_000,
  status: 'booked',
  confirmed: false,
  ...o,
});
export const patient = (n: number, wish: PatientFact['wish'], o: Partial<PatientFact> = {}): PatientFact => ({
  externalId: `P${n}`,
  name: `Patient ${n}`,
  number: `+1202555010${n}`,
  behaviour: wish,
  wish,
  leave: 'may-be-called',
  mayWait: false,
  appointment: booked(`a${n}`),
  doctor: 'sharma',
  ...o,
});
export const call = (n: number, decisions: string[], o: Partial<CallFact> = {}): CallFact => ({
  id: `c${n}`,
  number: `+1202555010${n}`,
  dialledMs: t0 + n * 1_000,
  endedMs: t0 + n * 1_000 + 30_000,
  answered: true,
  cause: 'normal_clearing',
  endedBy: 'platform',
  soundBeforeAnswerMs: 0,
  notAllowed: [],
  overlapped: [],
  decisions: decisions.map((decision) => ({
    decision,
    heard: 'tuesday november the twenty fifth at ten thirty a m',
  })),
  heard: ['will you come'],
  machine: undefined,
  transferredTo: undefined,
  ...o,
});
export const recipient = (n: number, result: string, o: Partial<RecipientFact> = {}): RecipientFact => ({
  externalId: `P${n}`,
  number: `+1202555010${n}`,
  state: 'settled',
  result,
  attempts: 1,
  calls: 1,
  dialledMs: [t0 + n * 1_000 - 300],
  ...o,
});

/** One of each, everything as it should be. */
export function good(): Facts {
  const patients = [
    patient(0, 'confirm'),
    patient(1, 'cancel'),
    patient(2, 'move'),
    patient(3, 'person'),
    patient(4, 'no-more-calls'),
    patient(5, 'nothing', { behaviour: 'machine' }),
    patient(6, 'confirm', { leave: 'do-not-call' }),
    patient(7, 'confirm', { leave: 'outside-window' }),
    patient(8, 'nothing', { behaviour: 'no-answer' }),
    patient(9, 'nothing', { leave: 'bad-row', number: '', appointment: undefined }),
  ];
  return {
    patients,
    calls: [
      call(0, ['confirm']),
      call(1, ['cancel', 'cancel-agreed']),
      call(2, ['move', 'chose', 'move-agreed']),
      call(3, ['person'], { transferredTo: '+12025550119' }),
      call(4, ['opt-out']),
      call(5, [], { machine: { overGreetingMs: 0, messageMs: 9_000, message: 'please call us back' } }),
      call(8, [], { answered: false, cause: 'timeout' }),
    ],
    recipients: [
      recipient(0, 'confirmed'),
      recipient(1, 'cancelled'),
      recipient(2, 'moved'),
      recipient(3, 'handed-over'),
      recipient(4, 'opted-out'),
      recipient(5, 'voicemail-left'),
      recipient(6, 'not-allowed', { attempts: 0, calls: 0 }),
      recipient(7, '', { state: 'waiting', result: undefined, attempts: 0, calls: 0 }),
      recipient(8, 'not-reached'),
    ],
    refusedRows: 1,
    appointments: [
      booked('a0', { confirmed: true }),
      booked('a1', { status: 'cancelled' }),
      booked('a2', { startMs: t0 + 100 * 3_600_000 + 1 }),
      ...[3, 4, 5, 6, 7, 8].map((n) => booked(`a${n}`)),
    ],
    newAppointments: [],
    callBacks: [],
    messages: [],
    optedOut: ['+12025550104'],
    pauses: [
      { by: 'pause', fromMs: t0 + 20_000, toMs: t0 + 40_000 },
      { by: 'stop', fromMs: t0 + 500_000, toMs: t0 + 520_000 },
    ],
    interruptions: [],
    attemptsMax: 1,
    spoken,
    secretWords: ['sharma'],
  };
}

export const row = (report: Report, n: number) => report.rows.find((r) => r.patient.externalId === `P${n}`)!;
export type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };
/** The good run with one thing changed. */
export function planted(change: (facts: Mutable<Facts>) => void): Report {
  const facts = good() as Mutable<Facts>;
  change(facts);
  return check(facts);
}
export const replace = <T extends { id: string }>(all: T[], id: string, change: Partial<T>): void => {
  const i = all.findIndex((one) => one.id === id);
  all[i] = { ...all[i]!, ...change };
};
export const retell = (facts: Mutable<Facts>, n: number, change: Partial<RecipientFact>): void => {
  const i = facts.recipients.findIndex((r) => r.externalId === `P${n}`);
  facts.recipients[i] = { ...facts.recipients[i]!, ...change };
};
