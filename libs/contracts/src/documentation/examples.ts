import { create, toJson, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { demo } from '../demo.ts';
import * as events from '../events.ts';

export type JsonObject = { [name: string]: unknown };

/** An event as an integrator with the personal scope receives it: a CloudEvent in JSON. */
export interface ExampleEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: JsonObject;
  readonly tenantid: string;
  readonly topic: string;
  readonly partitionkey: string;
  readonly sequence: string;
  readonly traceparent: string;
}

const [riverside] = demo.clinics;
const [sharma, brown] = riverside.doctors;
const callId = '0199d1c2-7a10-7c3e-9f51-3f2b6c1d0e01';
const campaignId = '0199d1b1-11aa-7b22-8c33-4d5566778801';
const recipientId = '0199d1b1-2f40-7c11-9d22-5e6677889901';
const appointmentId = '0199d1c3-02b4-7e19-8a44-90c1d2e3f401';
const at = (time: string) => timestampFromDate(new Date(`2026-03-02T${time}Z`));

/** Values for the personal fields of an example, by JSON name. Invented; the number is reserved for fiction. */
const personal: Readonly<Record<string, string>> = {
  patientName: 'Ada Lovelace',
  patientPhone: '+12025550143',
};

function example<Schema extends DescMessage>(o: {
  topic: string;
  /** Two digits, for its id. */
  number: string;
  schema: Schema;
  key: string;
  subject: string;
  time: string;
  sequence: number;
  data: MessageInitShape<Schema>;
}): [type: string, event: ExampleEvent] {
  const data = toJson(o.schema, create(o.schema, o.data), { alwaysEmitImplicit: true }) as JsonObject;
  for (const field of o.schema.fields) {
    const opened = field.message?.typeName === events.EncryptedTextSchema.typeName;
    if (opened) data[field.jsonName] = personal[field.jsonName];
  }
  const event: ExampleEvent = {
    specversion: '1.0',
    id: `0199d1c4-5e6f-7081-92a3-0000000000${o.number}`,
    source: '/wardline',
    type: o.schema.typeName,
    subject: o.subject,
    time: `2026-03-02T${o.time}Z`,
    datacontenttype: 'application/json',
    data,
    tenantid: riverside.tenantId,
    topic: o.topic,
    partitionkey: o.key,
    sequence: String(o.sequence),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  return [o.schema.typeName, event];
}

const ofCall = { key: callId, subject: `calls/${callId}` };
const call = { callId, clinicId: riverside.clinicId };
const initiatedAt = at('15:04:05.120');
const { CallDirection, CallOutcome, CallState } = events;

/** One example per event, by the full name of its message. One call and its booking, so that they read as a story. */
export const examples: ReadonlyMap<string, ExampleEvent> = new Map([
  example({
    ...ofCall,
    topic: 'calls.initiated',
    number: '01',
    schema: events.CallInitiatedSchema,
    time: '15:04:05.120',
    sequence: 1,
    data: { ...call, direction: CallDirection.INBOUND, initiatedAt },
  }),
  example({
    ...ofCall,
    topic: 'calls.changed',
    number: '02',
    schema: events.CallChangedSchema,
    time: '15:04:06.480',
    sequence: 3,
    data: {
      ...call,
      fromState: CallState.RINGING,
      toState: CallState.ACTIVE,
      reason: 'answered',
      changedAt: at('15:04:06.480'),
    },
  }),
  example({
    ...ofCall,
    topic: 'calls.completed',
    number: '03',
    schema: events.CallCompletedSchema,
    time: '15:05:39.980',
    sequence: 1,
    data: {
      ...call,
      direction: CallDirection.INBOUND,
      outcome: CallOutcome.BOOKED,
      endReason: 'we-hung-up',
      initiatedAt,
      answeredAt: at('15:04:06.480'),
      endedAt: at('15:05:39.980'),
      talkTime: durationFromMs(93_500),
    },
  }),
  example({
    ...ofCall,
    topic: 'calls.failed',
    number: '04',
    schema: events.CallFailedSchema,
    time: '15:04:35.120',
    sequence: 1,
    data: {
      ...call,
      direction: CallDirection.INBOUND,
      failureReason: 'never-answered',
      initiatedAt,
      failedAt: at('15:04:35.120'),
    },
  }),
  example({
    ...ofCall,
    topic: 'calls.escalated',
    number: '05',
    schema: events.CallEscalatedSchema,
    time: '15:08:10.250',
    sequence: 1,
    data: {
      ...call,
      reason: 'caller-asked',
      initiatedAt,
      transferredAt: at('15:04:50.000'),
      endedAt: at('15:08:10.250'),
    },
  }),
  example({
    topic: 'appointments.changed',
    number: '06',
    schema: events.AppointmentChangedSchema,
    key: appointmentId,
    subject: `appointments/${appointmentId}`,
    time: '15:05:21.730',
    sequence: 1,
    data: {
      appointmentId,
      clinicId: riverside.clinicId,
      clinicName: riverside.name,
      doctorId: sharma?.doctorId ?? '',
      doctorName: sharma?.name ?? '',
      serviceId: sharma?.serviceId ?? '',
      change: events.AppointmentChange.BOOKED,
      start: timestampFromDate(new Date('2026-03-03T15:30:00Z')),
      end: timestampFromDate(new Date('2026-03-03T16:00:00Z')),
      timeZone: riverside.timeZone,
      channel: events.BookingChannel.PHONE,
      callId,
    },
  }),
  example({
    topic: 'directory.changed',
    number: '07',
    schema: events.DirectoryChangedSchema,
    key: riverside.clinicId,
    subject: `clinics/${riverside.clinicId}`,
    time: '09:00:00.000',
    sequence: 4,
    data: {
      clinicId: riverside.clinicId,
      name: riverside.name,
      timeZone: riverside.timeZone,
      doctors: [sharma, brown].map((doctor) => ({
        doctorId: doctor?.doctorId ?? '',
        name: doctor?.name ?? '',
        department: doctor?.department ?? '',
        acceptsBookings: true,
      })),
    },
  }),
  example({
    topic: 'campaigns.changed',
    number: '08',
    schema: events.CampaignChangedSchema,
    key: campaignId,
    subject: `campaigns/${campaignId}`,
    time: '14:00:00.000',
    sequence: 2,
    data: {
      campaignId,
      clinicId: riverside.clinicId,
      name: 'Reminders for Tuesday',
      flowId: 'appointment-reminder',
      state: events.CampaignState.RUNNING,
      recipients: 200,
      changedAt: at('14:00:00.000'),
    },
  }),
  example({
    topic: 'campaigns.settled',
    number: '09',
    schema: events.RecipientSettledSchema,
    key: recipientId,
    subject: `recipients/${recipientId}`,
    time: '14:06:12.300',
    sequence: 1,
    data: {
      recipientId,
      campaignId,
      clinicId: riverside.clinicId,
      result: events.RecipientResult.CONFIRMED,
      attempts: 1,
      appointmentId,
      patientId: '0199d1b0-4c55-7a0b-b1de-5e6f7a8b9c01',
      settledAt: at('14:06:12.300'),
    },
  }),
  example({
    ...ofCall,
    topic: 'insights.scored',
    number: '10',
    schema: events.CallScoredSchema,
    time: '15:05:41.000',
    sequence: 1,
    data: { ...call, score: 90, reasons: ['not-understood'], rulesVersion: 1, scoredAt: at('15:05:41.000') },
  }),
]);
