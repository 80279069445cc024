import type { CallTruth, SimulatorClient } from '@wardline/carrier-simulator/harness';
import type { DemoClinic } from '@wardline/contracts';
import pg from 'pg';
import type { Api } from './api.ts';
import type {
  AppointmentFact,
  CallFact,
  Facts,
  NewAppointmentFact,
  PatientFact,
  RecipientFact,
} from './facts.ts';
import { spokenAt, type Booked } from './prepare.ts';

interface RecipientView {
  readonly externalId: string | null;
  readonly number: string;
  readonly state: string;
  readonly result: string | null;
  readonly attempts: number;
  readonly calls: readonly { readonly call: string; readonly dialledAt: string | null }[];
}

/** Appointments as the database has them, not as anybody tells of them. */
export async function appointmentsOf(
  databaseUrl: string,
  ids: readonly string[],
): Promise<AppointmentFact[]> {
  return reading(databaseUrl, async (db) => {
    const { rows } = await db.query<{
      id: string;
      doctor: string;
      start: Date;
      status: string;
      confirmed: boolean;
    }>(
      `SELECT id, doctor_id AS doctor, start_at AS start, status, confirmed_at IS NOT NULL AS confirmed
         FROM appointments.bookings WHERE id = ANY($1::uuid[])`,
      [ids],
    );
    return rows.map(({ start, ...row }) => ({ ...row, startMs: start.getTime() }));
  });
}

/**
 * What was booked since: by these calls, or for these numbers by whichever call. That there are such appointments is for the
 * database to say; the names and numbers in it are sealed, so those are asked for.
 */
async function newAppointmentsOf(
  o: CollectOptions,
  by: { numbers: readonly string[]; calls: ReadonlySet<string> },
): Promise<NewAppointmentFact[]> {
  const rows = await reading(o.databaseUrl, async (db) => {
    const found = await db.query<{ id: string; call: string }>(
      `SELECT id, call_id AS call FROM appointments.bookings WHERE clinic_id = $1::uuid AND created_at >= $2`,
      [o.clinic.clinicId, new Date(o.startedMs)],
    );
    return found.rows;
  });
  const made = await appointmentsOf(
    o.databaseUrl,
    rows.map(({ id }) => id),
  );
  const found: NewAppointmentFact[] = [];
  for (const one of made) {
    const { patient } = await o.api.get<{ patient: { name: string; phone: string } }>(
      `/appointments/${one.id}`,
    );
    const ours = by.calls.has(rows.find(({ id }) => id === one.id)?.call ?? '');
    if (ours || by.numbers.includes(patient.phone))
      found.push({ ...one, number: patient.phone, name: patient.name });
  }
  return found;
}

async function messagesOf(databaseUrl: string, ids: readonly string[]): Promise<Facts['messages']> {
  return reading(databaseUrl, async (db) => {
    const { rows } = await db.query<{ appointment: string; purpose: string }>(
      `SELECT appointment_id AS appointment, purpose FROM notifications.messages WHERE appointment_id = ANY($1::uuid[])`,
      [ids],
    );
    return rows;
  });
}

async function reading<T>(databaseUrl: string, read: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    return await read(db);
  } finally {
    await db.end();
  }
}

export interface CollectOptions {
  readonly api: Api;
  readonly simulator: SimulatorClient;
  readonly databaseUrl: string;
  readonly clinic: DemoClinic;
  readonly campaign: string;
  readonly booked: readonly Booked[];
  /** The appointments before anybody was called. */
  readonly before: readonly AppointmentFact[];
  readonly refusedRows: number;
  readonly pauses: Facts['pauses'];
  readonly interruptions: Facts['interruptions'];
  readonly attemptsMax: number;
  readonly startedMs: number;
}

/** Reads everything that the checker needs; changes nothing. */
export async function collect(o: CollectOptions): Promise<Facts> {
  const ids = o.booked.map((b) => b.appointment).filter((id) => id !== '');
  const numbers = [...new Set(o.booked.map((b) => b.number).filter((n) => n !== ''))];
  const truths = (await o.simulator.dialled()).filter((t) => Date.parse(t.dialledAt) >= o.startedMs);
  const recipients = await o.api.all<RecipientView>(`/campaigns/${o.campaign}/recipients?limit=200`);
  const newAppointments = await newAppointmentsOf(o, {
    numbers,
    calls: new Set(recipients.flatMap(({ calls }) => calls.map(({ call }) => call))),
  });
  const callBacks = await o.api.get<{
    items: { callerNumber: string | null; reason: string; requestedAt: string | null }[];
  }>(`/call-backs?clinic=${o.clinic.clinicId}&limit=200`);
  const optedOut: string[] = [];
  for (const number of numbers) {
    const found = await o.api.get<{ items: { outreachAllowed: boolean }[] }>(
      `/patients?number=${encodeURIComponent(number)}`,
    );
    if (found.items.some((p) => !p.outreachAllowed)) optedOut.push(number);
  }
  return {
    patients: o.booked.map((one) => patientFact(one, o.before)),
    calls: truths.map(callFact),
    recipients: recipients.map(recipientFact),
    refusedRows: o.refusedRows,
    appointments: await appointmentsOf(o.databaseUrl, ids),
    newAppointments,
    callBacks: callBacks.items
      .filter((c) => c.requestedAt !== null && Date.parse(c.requestedAt) >= o.startedMs)
      .map((c) => ({ number: c.callerNumber ?? '', reason: c.reason })),
    messages: await messagesOf(o.databaseUrl, [...ids, ...newAppointments.map(({ id }) => id)]),
    optedOut,
    pauses: o.pauses,
    interruptions: o.interruptions,
    attemptsMax: o.attemptsMax,
    spoken: (atMs) => spokenAt(atMs, o.clinic.timeZone),
    secretWords: o.clinic.doctors.flatMap((d) => [
      d.name.split(' ').at(-1) ?? d.name,
      d.department.split(' ')[0] ?? '',
    ]),
  };
}

function patientFact(one: Booked, before: readonly AppointmentFact[]): PatientFact {
  return {
    externalId: one.externalId,
    name: one.name,
    number: one.number,
    behaviour: one.behaviour,
    wish: one.wish,
    leave: one.leave,
    mayWait: one.mayWait,
    appointment: before.find((a) => a.id === one.appointment),
    doctor: one.doctor?.id,
  };
}

function recipientFact(r: RecipientView): RecipientFact {
  return {
    externalId: r.externalId ?? '',
    number: r.number,
    state: r.state,
    result: r.result ?? undefined,
    attempts: r.attempts,
    calls: r.calls.filter((c) => c.dialledAt !== null).length,
    dialledMs: r.calls.flatMap(({ dialledAt }) => (dialledAt === null ? [] : [Date.parse(dialledAt)])),
  };
}

function callFact(t: CallTruth): CallFact {
  const dialledMs = Date.parse(t.dialledAt);
  return {
    id: t.id,
    number: t.to,
    dialledMs,
    endedMs: t.end ? dialledMs + t.end.atMs : undefined,
    answered: t.answeredAtMs !== null,
    cause: t.end?.cause ?? '',
    endedBy: t.end?.by ?? '',
    soundBeforeAnswerMs: t.soundBeforeAnswerMs,
    notAllowed: t.notAllowed,
    overlapped: t.overlapped,
    decisions: t.decisions.map(({ decision, heard }) => ({ decision, heard })),
    heard: t.heard.map(({ text }) => text),
    machine: t.machine ?? undefined,
    transferredTo: t.transfers.find((one) => one.connected)?.to,
  };
}
