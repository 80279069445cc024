import { events, type dialogue, type telephony } from '@wardline/contracts';
import { z } from 'zod';
import { id, instantOrNull } from './kernel/fields.ts';
import { iso, word, wordOrNull, words } from './views.ts';

const callFields = {
  id,
  clinic: z.string(),
  direction: words(events.CallDirection),
  state: words(events.CallState),
  outcome: words(events.CallOutcome).nullable(),
  callerNumber: z.string().nullable().describe('E.164; null when it was withheld.'),
  initiatedAt: instantOrNull,
  answeredAt: instantOrNull,
  endedAt: instantOrNull,
  endReason: z.string().nullable(),
  traceId: z.string().nullable(),
  campaign: z.string().nullable(),
  clinicNumber: z.string().nullable(),
};
export const callSchema = z.strictObject(callFields).meta({ id: 'Call' });

export const callView = (c: telephony.Call): z.input<typeof callSchema> => ({
  id: c.callId,
  clinic: c.clinicId,
  direction: word(events.CallDirection, c.direction),
  state: word(events.CallState, c.state),
  outcome: wordOrNull(events.CallOutcome, c.outcome),
  callerNumber: c.callerNumber || null,
  initiatedAt: iso(c.initiatedAt),
  answeredAt: iso(c.answeredAt),
  endedAt: iso(c.endedAt),
  endReason: c.endReason || null,
  traceId: c.traceId || null,
  campaign: c.campaignId || null,
  clinicNumber: c.clinicNumber || null,
});

export const lineSchema = z
  .strictObject({
    sequence: z.int(),
    speaker: z.enum(['agent', 'caller', 'unknown']),
    text: z.string(),
    confidence: z.number(),
    at: instantOrNull,
    interrupted: z.boolean(),
  })
  .meta({ id: 'TranscriptLine' });

export const lineView = (l: dialogue.TranscriptLine): z.input<typeof lineSchema> => ({
  sequence: l.sequence,
  speaker: l.speaker === 1 ? 'agent' : l.speaker === 2 ? 'caller' : 'unknown',
  text: l.text,
  confidence: l.confidence,
  at: iso(l.at),
  interrupted: l.interrupted,
});

export const callDetailSchema = z
  .strictObject({ ...callFields, transcript: z.array(lineSchema) })
  .meta({ id: 'CallWithTranscript' });

export const callBackSchema = z
  .strictObject({
    id,
    call: z.string(),
    clinic: z.string(),
    reason: z.string(),
    note: z.string(),
    callerNumber: z.string().nullable(),
    requestedAt: instantOrNull,
    completedAt: instantOrNull.describe('Null while it is open.'),
    completedByName: z.string().nullable(),
  })
  .meta({ id: 'CallBack' });

export const callBackView = (b: telephony.CallBack): z.input<typeof callBackSchema> => ({
  id: b.callBackId,
  call: b.callId,
  clinic: b.clinicId,
  reason: b.reason,
  note: b.note,
  callerNumber: b.callerNumber || null,
  requestedAt: iso(b.requestedAt),
  completedAt: iso(b.completedAt),
  completedByName: b.completedByName || null,
});
