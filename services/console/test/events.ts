import { uuidv7, type NewEvent } from '@wardline/event-bus';
import { riverside } from './gateway.ts';

/** An appointment as events tell of it, with personal fields sealed. */
export function appointmentEvent(key: string, n: number, tenantId: string = riverside.tenantId): NewEvent {
  const sealed = { sealed: 'k1.bm9uY2U.c2VjcmV0' };
  return {
    topic: 'appointments.changed',
    type: 'wardline.events.v1.AppointmentChanged',
    key,
    subject: `appointments/${key}`,
    tenantId,
    data: {
      appointmentId: uuidv7(),
      clinicId: riverside.clinicId,
      doctorName: 'Dr. Anita Sharma',
      change: n === 1 ? 'APPOINTMENT_CHANGE_BOOKED' : 'APPOINTMENT_CHANGE_MOVED',
      start: '2026-03-03T15:30:00Z',
      patientName: sealed,
      patientPhone: sealed,
      n,
    },
  };
}

export function callEvent(key: string, n: number): NewEvent {
  return {
    topic: 'calls.completed',
    type: 'wardline.events.v1.CallCompleted',
    key,
    subject: `calls/${key}`,
    tenantId: riverside.tenantId,
    data: { callId: key, outcome: 'CALL_OUTCOME_BOOKED', endReason: 'normal_clearing', n },
  };
}

/** What a history looks like after the real delays, which nobody waits for in a test. */
export const SPREAD_HISTORY_SQL = `
  update bus.dead_letters set dead_at = now() - interval '4 minutes',
  event = jsonb_set(event, '{occurred_at}', to_jsonb(now() - interval '17 minutes 1 second')), history = (
    select jsonb_agg(jsonb_build_object('at', now() - interval '17 minutes' + s.after * interval '1 second', 'reason', reason)
                     order by s.after)
    from unnest(array[0, 0.21, 1.25, 6.3, 36.4, 157, 757]) as s (after))
  where key = $1`;
