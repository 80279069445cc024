import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Scenario } from '../scenario/scenario.ts';

/**
 * The end state of a call as the database holds it, and what a scenario expects of it. The tables belong to their
 * services; this is the one file of ours that knows their columns.
 */
export interface EndState {
  readonly call:
    | {
        readonly id: string;
        readonly state: string;
        readonly outcome: string | null;
        readonly endReason: string | null;
        readonly traceId: string;
      }
    | undefined;
  readonly appointments: readonly {
    readonly id: string;
    readonly doctorId: string;
    readonly startAt: Date;
    readonly status: string;
    readonly occupies: number;
  }[];
  readonly confirmations: readonly { readonly status: string }[];
  readonly callBacks: readonly { readonly reason: string }[];
  readonly liveHolds: number;
}

export interface ExpectedSlots {
  readonly asked: { readonly doctor: string; readonly start: string } | undefined;
}

const terminal = ['completed', 'escalated', 'failed'];

/** A confirmation is sent by an event's consumer, a call is closed by a webhook: neither is instant. */
const settleMsMax = 20_000;

/** Reads until the state is what is expected, or will not become it any more. */
export async function settledEndState(
  db: Client,
  callControlId: string,
  scenario: Scenario,
): Promise<EndState> {
  for (const since = performance.now(); ; await delay(250)) {
    const state = await readEndState(db, callControlId);
    const done =
      state.call !== undefined &&
      terminal.includes(state.call.state) &&
      state.confirmations.filter(isSent).length >= scenario.expect.confirmations &&
      state.callBacks.length >= (scenario.expect.callBack === undefined ? 0 : 1);
    if (done || performance.now() - since > settleMsMax) {
      if (!done) return state;
      // A second confirmation would follow the first one closely.
      await delay(500);
      return readEndState(db, callControlId);
    }
  }
}

const isSent = (message: { status: string }) => message.status === 'sent';

async function readEndState(db: Client, callControlId: string): Promise<EndState> {
  const calls = await db.query<{
    id: string;
    state: string;
    outcome: string | null;
    endReason: string | null;
    traceId: string;
  }>(
    `SELECT id, state, outcome, end_reason AS "endReason", trace_id AS "traceId" FROM telephony.calls WHERE call_control_id = $1`,
    [callControlId],
  );
  const call = calls.rows[0];
  if (!call) return { call, appointments: [], confirmations: [], callBacks: [], liveHolds: 0 };
  const appointments = await db.query<EndState['appointments'][number]>(
    `SELECT b.id, b.doctor_id AS "doctorId", b.start_at AS "startAt", b.status,
            (SELECT count(*)::int FROM appointments.occupancy o WHERE o.booking_id = b.id) AS occupies
       FROM appointments.bookings b WHERE b.call_id = $1 ORDER BY b.created_at`,
    [call.id],
  );
  const confirmations = await db.query<{ status: string }>(
    `SELECT status FROM notifications.messages WHERE appointment_id = ANY($1::uuid[])`,
    [appointments.rows.map((a) => a.id)],
  );
  const callBacks = await db.query<{ reason: string }>(
    `SELECT reason FROM telephony.call_backs WHERE call_id = $1`,
    [call.id],
  );
  const holds = await db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM appointments.occupancy WHERE kind = 'hold' AND holder = $1 AND expires_at > now() + interval '1 hour'`,
    [call.id],
  );
  return {
    call,
    appointments: appointments.rows,
    confirmations: confirmations.rows,
    callBacks: callBacks.rows,
    liveHolds: holds.rows[0]?.n ?? 0,
  };
}

/** Everything that is not as the scenario wants it, in words. Pure. */
export function compareEndState(state: EndState, scenario: Scenario, slots: ExpectedSlots): string[] {
  const { expect } = scenario;
  if (!state.call) return ['the platform has no such call'];
  const problems: string[] = [];
  const say = (ok: boolean, problem: string) => void (ok || problems.push(problem));
  const upper = (text: string | null) => (text ?? 'none').toUpperCase().replaceAll('-', '_');
  say(
    upper(state.call.state) === expect.state,
    `call is ${upper(state.call.state)}, should be ${expect.state}`,
  );
  say(
    (expect.outcome as string[]).includes(upper(state.call.outcome)),
    `outcome is ${upper(state.call.outcome)}, should be ${expect.outcome.join(' or ')}`,
  );

  const booked = state.appointments.filter((a) => a.status === 'booked');
  if (expect.appointment === 'none') {
    say(state.appointments.length === 0, `${state.appointments.length} appointments booked, should be none`);
  } else {
    say(
      booked.length === 1 && state.appointments.length === 1,
      `${state.appointments.length} appointments of this call, should be 1`,
    );
    for (const a of booked) {
      say(a.occupies === 1, `the appointment occupies ${a.occupies} times, should be 1`);
      const isAsked =
        slots.asked !== undefined && a.startAt.getTime() === new Date(slots.asked.start).getTime();
      if (slots.asked)
        say(
          a.doctorId === slots.asked.doctor,
          `booked with doctor ${a.doctorId}, should be ${slots.asked.doctor}`,
        );
      if (expect.appointment === 'asked')
        say(isAsked, `booked for ${a.startAt.toISOString()}, should be ${slots.asked?.start}`);
      if (expect.appointment === 'another') say(!isAsked, `booked the slot that was taken`);
    }
  }
  say(
    state.confirmations.length === expect.confirmations,
    `${state.confirmations.length} confirmations, should be ${expect.confirmations}`,
  );
  say(state.confirmations.every(isSent), 'a confirmation was not sent');
  const reasons = state.callBacks.map((c) => c.reason);
  if (expect.callBack === undefined)
    say(reasons.length === 0, `on the call-back list (${reasons.join(', ')}), should not be`);
  else
    say(
      reasons.length === 1 && reasons[0] === expect.callBack,
      `call-backs: ${reasons.join(', ') || 'none'}, should be ${expect.callBack}`,
    );
  say(state.liveHolds === 0, `${state.liveHolds} holds would outlive the call by an hour`);
  return problems;
}
