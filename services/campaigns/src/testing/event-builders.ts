import { create, toJson, type DescMessage, type JsonObject, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { events, type DemoClinic } from '@wardline/contracts';
import type { NewEvent, TopicName } from '@wardline/event-bus';

function eventOf<S extends DescMessage>(
  topic: TopicName,
  schema: S,
  o: { tenantId: string; key: string; subject: string },
  data: MessageInitShape<S>,
): NewEvent {
  return {
    topic,
    type: schema.typeName,
    ...o,
    data: toJson(schema, create(schema, data), { alwaysEmitImplicit: true }) as JsonObject,
  };
}

/** What the directory announces about a clinic. */
export function directoryChanged(
  clinic: Pick<DemoClinic, 'tenantId' | 'clinicId' | 'name' | 'timeZone'>,
): NewEvent {
  const { tenantId, clinicId, name, timeZone } = clinic;
  return eventOf(
    'directory.changed',
    events.DirectoryChangedSchema,
    { tenantId, key: clinicId, subject: `clinics/${clinicId}` },
    { clinicId, name, timeZone },
  );
}

interface CallEndFacts {
  tenantId: string;
  callId: string;
  attemptId: string;
  campaignId?: string;
  clinicId?: string;
  atMs: number;
}

export function callCompleted(o: CallEndFacts & { outcome: events.CallOutcome }): NewEvent {
  const { tenantId, callId, attemptId, campaignId = '', clinicId = '', outcome } = o;
  return eventOf(
    'calls.completed',
    events.CallCompletedSchema,
    { tenantId, key: callId, subject: `calls/${callId}` },
    {
      ...{ callId, attemptId, campaignId, clinicId, outcome },
      direction: events.CallDirection.OUTBOUND,
      endReason: 'normal_clearing',
      endedAt: timestampFromMs(o.atMs),
    },
  );
}

export function callFailed(o: CallEndFacts & { failureReason: string }): NewEvent {
  const { tenantId, callId, attemptId, campaignId = '', clinicId = '', failureReason } = o;
  return eventOf(
    'calls.failed',
    events.CallFailedSchema,
    { tenantId, key: callId, subject: `calls/${callId}` },
    {
      ...{ callId, attemptId, campaignId, clinicId, failureReason },
      direction: events.CallDirection.OUTBOUND,
      failedAt: timestampFromMs(o.atMs),
    },
  );
}

export function callEscalated(o: CallEndFacts): NewEvent {
  const { tenantId, callId, attemptId, campaignId = '', clinicId = '' } = o;
  return eventOf(
    'calls.escalated',
    events.CallEscalatedSchema,
    { tenantId, key: callId, subject: `calls/${callId}` },
    {
      ...{ callId, attemptId, campaignId, clinicId },
      reason: 'caller-asked',
      endedAt: timestampFromMs(o.atMs),
    },
  );
}

export function patientChanged(o: {
  tenantId: string;
  patientId: string;
  numberKeys?: string[];
  outreachAllowed: boolean;
  blockedNumberKeys?: string[];
  optedOutInCall?: string;
}): NewEvent {
  const { tenantId, patientId, numberKeys = [], outreachAllowed, blockedNumberKeys = [] } = o;
  const { optedOutInCall = '' } = o;
  return eventOf(
    'patients.changed',
    events.PatientChangedSchema,
    { tenantId, key: patientId, subject: `patients/${patientId}` },
    { patientId, numberKeys, outreachAllowed, blockedNumberKeys, optedOutInCall },
  );
}

export function appointmentChanged(o: {
  tenantId: string;
  appointmentId: string;
  change: events.AppointmentChange;
  callId?: string;
}): NewEvent {
  const { tenantId, appointmentId, change, callId = '' } = o;
  return eventOf(
    'appointments.changed',
    events.AppointmentChangedSchema,
    { tenantId, key: appointmentId, subject: `appointments/${appointmentId}` },
    { appointmentId, change, callId },
  );
}
