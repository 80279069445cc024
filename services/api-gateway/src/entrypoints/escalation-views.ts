import { telephony } from '@wardline/contracts';
import { z } from 'zod';
import { id, instantOrNull } from './kernel/fields.ts';
import { iso, word, words } from './views.ts';

const briefingSchema = z
  .strictObject({
    patientName: z.string().describe('Empty when not known.'),
    summary: z.string(),
    details: z.array(z.strictObject({ label: z.string(), value: z.string() })),
    lines: z.array(z.strictObject({ agent: z.boolean(), text: z.string() })),
  })
  .meta({ id: 'Briefing' });

export const escalationSchema = z
  .strictObject({
    id,
    call: z.string(),
    clinic: z.string(),
    state: words(telephony.HandOffState),
    reason: z.string(),
    briefing: briefingSchema.nullable(),
    callerNumber: z.string().nullable(),
    requestedAt: instantOrNull,
    offeredAt: instantOrNull,
    acceptedAt: instantOrNull,
    connectedAt: instantOrNull,
    endedAt: instantOrNull,
    expiresAt: instantOrNull.describe('Until when it can be accepted.'),
    acceptedByUser: z.string().nullable(),
    acceptedByName: z.string().nullable(),
    declinedByUsers: z.array(z.string()).describe('It is not offered to them any more.'),
    campaign: z.string().nullable(),
  })
  .meta({ id: 'Escalation' });

export const escalationView = (h: telephony.HandOff): z.input<typeof escalationSchema> => ({
  id: h.handOffId,
  call: h.callId,
  clinic: h.clinicId,
  state: word(telephony.HandOffState, h.state),
  reason: h.reason,
  briefing: h.briefing
    ? {
        patientName: h.briefing.patientName,
        summary: h.briefing.summary,
        details: h.briefing.details.map(({ label, value }) => ({ label, value })),
        lines: h.briefing.lines.map(({ agent, text }) => ({ agent, text })),
      }
    : null,
  callerNumber: h.callerNumber || null,
  requestedAt: iso(h.requestedAt),
  offeredAt: iso(h.offeredAt),
  acceptedAt: iso(h.acceptedAt),
  connectedAt: iso(h.connectedAt),
  endedAt: iso(h.endedAt),
  expiresAt: iso(h.expiresAt),
  acceptedByUser: h.acceptedByUserId || null,
  acceptedByName: h.acceptedByName || null,
  declinedByUsers: h.declinedByUserIds,
  campaign: h.campaignId || null,
});

export const presentSchema = z
  .strictObject({ user: z.string(), displayName: z.string(), since: instantOrNull })
  .meta({ id: 'PresentSupervisor' });

export const presentView = (s: telephony.ListPresenceResponse_Supervisor): z.input<typeof presentSchema> => ({
  user: s.userId,
  displayName: s.displayName,
  since: iso(s.since),
});
