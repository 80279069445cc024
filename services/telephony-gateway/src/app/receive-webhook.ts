import { newTraceparent, withSpan, type Logger } from '@wardline/observability';
import { Personal } from '@wardline/personal-data';
import { isTerminal, type CallEvent } from '../domain/call.ts';
import type { CallStore, ChangeResult, NewCall, StoredCall } from '../ports/call-store.ts';
import type { CarrierControl } from '../ports/carrier-control.ts';
import type { CarrierWord } from '../ports/carrier-webhooks.ts';
import type { ClinicLines } from '../ports/clinic-lines.ts';
import type { Clock } from '../ports/clock.ts';
import type { StreamLinks } from '../ports/stream-links.ts';
import type { CallChanges } from './change-call.ts';

export type WebhookOutcome = 'applied' | 'duplicate' | 'no-call' | 'rejected';

/** The directory or the carrier could not be asked: the carrier should send the webhook again. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
  readonly code = 'try-again';
  readonly retryable = true;
}

export interface ReceiveWebhookDeps {
  readonly store: CallStore;
  readonly changes: CallChanges;
  readonly clinics: ClinicLines;
  readonly carrier: CarrierControl;
  readonly links: StreamLinks;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: Logger;
}

/** A word further from our clock than this is dated by our clock. */
const CLOCK_DIFFERENCE_MS_MAX = 5 * 60_000;

/**
 * Applies a webhook: finds the call by its leg, or makes it from the called number, and lets the state machine decide.
 * Rejects when nothing could be stored; the carrier then sends it again.
 */
export function createReceiveWebhook(
  deps: ReceiveWebhookDeps,
): (word: CarrierWord) => Promise<WebhookOutcome> {
  const { store, changes, clock, logger } = deps;

  async function receive(word: CarrierWord): Promise<WebhookOutcome> {
    const located = await store.locate(word);
    if (!located) return onUnknownLeg(word);
    if (located.leg === 'stray') return endLeg(word, 'it is another leg than the call has');
    const result = await changes.change(located, changeFor(word, located.leg === 'own'));
    const over = result.kind === 'changed' && isTerminal(result.stored.call);
    if (over && located.leg === 'own' && result.stored.call.direction === 'outbound' && speaksOfLife(word))
      await endLeg(word, 'its call is over');
    return outcomeOf(result);
  }

  /** A leg that we dialled and nobody talks on: whoever picks it up must not be left to listen to nothing. */
  async function endLeg(word: CarrierWord, reason: string): Promise<WebhookOutcome> {
    if (!speaksOfLife(word)) return ignore(word);
    const result = await deps.carrier.hangUp(word.callControlId, { commandId: word.eventId });
    logger.warn('a dialled leg is hung up', { reason, callId: word.callId, result: result.kind });
    if (result.kind === 'unavailable') throw new TryAgain('the carrier did not take the hangup');
    return 'rejected';
  }

  function changeFor(word: CarrierWord, ownLeg: boolean) {
    const now = clock.now();
    const at = Math.abs(now - word.occurredAt) > CLOCK_DIFFERENCE_MS_MAX ? now : word.occurredAt;
    const events = ownLeg
      ? ownLegEvents(word, { now, at, epochOf: deps.links.epochOf })
      : personLegEvents(word, at);
    const { callControlId, callSessionId } = word;
    return {
      at: now,
      ...(ownLeg ? { leg: { callControlId, callSessionId } } : {}),
      once: { eventId: word.eventId, eventType: word.eventType, occurredAt: word.occurredAt },
      // Two words of two legs of one call that had none, at the same instant: the second one's leg is a stray.
      decide: (stored: StoredCall) => (ownLeg && stored.callControlId !== callControlId ? [] : events),
    };
  }

  async function onUnknownLeg(word: CarrierWord): Promise<WebhookOutcome> {
    const { says } = word;
    // A leg that the carrier dialled is never the start of a caller's call; a lost stream says too little to be one.
    const mayStart =
      (says.kind === 'initiated' && says.incoming) || says.kind === 'answered' || says.kind === 'hung-up';
    if (!mayStart || word.to === undefined) return ignore(word);
    const { to } = word;
    const callId = deps.newId();
    const traceparent = newTraceparent();
    return withSpan(
      'telephony.unknown-leg',
      { 'call.id': callId },
      async () => {
        const clinic = await deps.clinics.resolve(to).catch((error: unknown) => {
          throw new TryAgain('the directory did not answer', { cause: error });
        });
        if (!clinic) return says.kind === 'initiated' ? rejectCall(word) : ignore(word);
        const call = newCall({ ...word, to }, { ...clinic, callId, traceparent });
        return outcomeOf(await changes.changeNew(call, changeFor(word, true)));
      },
      { traceparent },
    );
  }

  function ignore(word: CarrierWord): WebhookOutcome {
    logger.info('webhook of no call of ours ignored', { eventType: word.eventType, eventId: word.eventId });
    return 'no-call';
  }

  /** Nothing is stored, since there is no tenant to store it for; a failure makes the carrier ask again. */
  async function rejectCall(word: CarrierWord): Promise<WebhookOutcome> {
    const result = await deps.carrier.reject(word.callControlId, { commandId: word.eventId });
    logger.warn('call rejected: its number belongs to no clinic', {
      calledNumber: Personal.of(word.to ?? ''),
      callControlId: word.callControlId,
      result: result.kind,
    });
    if (result.kind === 'unavailable') throw new TryAgain('the carrier did not take the rejection');
    return 'rejected';
  }

  return receive;
}

function newCall(
  word: CarrierWord & { to: string },
  of: Pick<NewCall, 'callId' | 'tenantId' | 'clinicId' | 'traceparent'>,
): NewCall {
  return {
    ...of,
    callControlId: word.callControlId,
    callSessionId: word.callSessionId,
    direction: 'inbound',
    callerNumber: word.from ?? Personal.of(''),
    clinicNumber: word.to,
  };
}

/** Whether a word is of a leg that may be ringing or talking. */
function speaksOfLife({ says }: CarrierWord): boolean {
  return says.kind !== 'hung-up' && says.kind !== 'stream-broken';
}

function outcomeOf(result: ChangeResult): WebhookOutcome {
  if (result.kind === 'changed') return 'applied';
  return result.kind === 'duplicate' ? 'duplicate' : 'no-call';
}

interface Times {
  readonly now: number;
  /** When the carrier says it happened. */
  readonly at: number;
  readonly epochOf: (link: string | undefined) => number | null;
}

/** Records carry the carrier's time, waits count from ours. */
function ownLegEvents({ says }: CarrierWord, { now, at, epochOf }: Times): CallEvent[] {
  switch (says.kind) {
    case 'initiated':
      return [{ type: says.incoming ? 'incoming' : 'dial-accepted' }];
    case 'answered':
      return [{ type: 'answered', at }];
    case 'detected':
      return [{ type: 'machine-detected', at: now, result: says.result }];
    case 'greeting-ended':
      return [{ type: 'greeting-ended', at: now }];
    case 'bridged':
      return [{ type: 'person-connected', at, legId: null }];
    case 'hung-up':
      return [{ type: 'hung-up', at, cause: says.cause }];
    case 'stream-broken':
      return [{ type: 'stream-broken', at: now, epoch: epochOf(says.streamUrl) }];
    default:
      return says satisfies never;
  }
}

function personLegEvents({ says, callControlId }: CarrierWord, at: number): CallEvent[] {
  switch (says.kind) {
    case 'answered':
    case 'bridged':
      return [{ type: 'person-connected', at, legId: callControlId }];
    case 'hung-up':
      return [{ type: 'person-hung-up', at, legId: callControlId, cause: says.cause }];
    case 'initiated':
    case 'detected':
    case 'greeting-ended':
    case 'stream-broken':
      return [];
    default:
      return says satisfies never;
  }
}
