import { Personal } from '@wardline/personal-data';
import { z } from 'zod';
import type { CarrierWord, ParsedWebhook } from '../../ports/carrier-webhooks.ts';
import type { Detected } from '../../domain/call.ts';
import { callIdOf } from './client-state.ts';

/** The envelope of every webhook (Telnyx API v2): unknown fields and event types are the carrier's right. */
const envelope = z.looseObject({
  data: z.looseObject({
    id: z.string().min(1).max(100),
    event_type: z.string(),
    occurred_at: z.string(),
    payload: z.unknown(),
  }),
});

const callPayload = z.looseObject({
  call_control_id: z.string().min(1).max(400),
  call_session_id: z.string().max(400).nullish(),
  from: z.string().nullish(),
  to: z.string().nullish(),
  direction: z.string().nullish(),
  hangup_cause: z.string().nullish(),
  client_state: z.string().max(4_000).nullish(),
  result: z.string().nullish(),
  stream_url: z.string().nullish(),
  stream_params: z.looseObject({ stream_url: z.string().nullish() }).nullish(),
});
type CallPayload = z.infer<typeof callPayload>;

const saying: Record<string, (payload: CallPayload) => CarrierWord['says']> = {
  'call.initiated': ({ direction }) => ({ kind: 'initiated', incoming: direction === 'incoming' }),
  'call.answered': () => ({ kind: 'answered' }),
  'call.bridged': () => ({ kind: 'bridged' }),
  // Both families, so that the kind of detection is a setting and no more.
  'call.machine.detection.ended': detected,
  'call.machine.premium.detection.ended': detected,
  'call.machine.greeting.ended': () => ({ kind: 'greeting-ended' }),
  'call.machine.premium.greeting.ended': () => ({ kind: 'greeting-ended' }),
  'call.hangup': ({ hangup_cause: cause }) => ({ kind: 'hung-up', cause: cause ?? 'unspecified' }),
  'streaming.stopped': streamBroken,
  'streaming.failed': streamBroken,
};

/** Nobody says a word to a fax; silence may still become a person. A word that we do not know tells nothing. */
const detections: Readonly<Record<string, Detected>> = {
  human: 'human',
  human_residence: 'human',
  human_business: 'human',
  machine: 'machine',
  fax_detected: 'machine',
};

function detected({ result }: CallPayload): CarrierWord['says'] {
  const known = typeof result === 'string' && Object.hasOwn(detections, result);
  return { kind: 'detected', result: (known && detections[result]) || 'not-sure' };
}

function streamBroken(payload: CallPayload): CarrierWord['says'] {
  return {
    kind: 'stream-broken',
    streamUrl: payload.stream_url ?? payload.stream_params?.stream_url ?? undefined,
  };
}

/** What a genuine webhook says, as far as call control wants to hear it. */
export function parseWebhook(body: unknown): ParsedWebhook {
  const parsed = envelope.safeParse(body);
  if (!parsed.success) return { kind: 'malformed' };
  const { data } = parsed.data;
  const eventType = data.event_type;
  const says = Object.hasOwn(saying, eventType) ? saying[eventType] : undefined;
  if (!says) return { kind: 'ignored', eventType };
  const payload = callPayload.safeParse(data.payload);
  const occurredAt = Date.parse(data.occurred_at);
  if (!payload.success || Number.isNaN(occurredAt)) return { kind: 'malformed' };
  const { call_control_id: callControlId, call_session_id: session, from, to } = payload.data;
  const word: CarrierWord = {
    eventId: data.id,
    eventType,
    occurredAt,
    callControlId,
    callSessionId: session ?? undefined,
    callId: callIdOf(payload.data.client_state),
    from: from === undefined || from === null ? undefined : Personal.of(from),
    to: to ?? undefined,
    says: says(payload.data),
  };
  return { kind: 'word', word };
}
