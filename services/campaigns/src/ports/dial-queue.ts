import type { Personal } from '@wardline/personal-data';
import type { AttemptEvent } from '../domain/attempt.ts';

export interface TurnKey {
  readonly tenantId: string;
  readonly campaignId: string;
}
export interface AttemptKey {
  readonly tenantId: string;
  readonly attemptId: string;
}

/** Why a call is not dialled. New words may appear on the wire. */
export type RefusalReason =
  | 'paused'
  | 'dialling-stopped'
  | 'do-not-call'
  | 'opted-out'
  | 'outside-window'
  | 'too-late'
  | 'number-busy'
  | 'over'
  /** Whether the person wants calls could not be asked. */
  | 'consent-unknown';

export interface AttemptFacts {
  readonly attemptId: string;
  readonly campaignId: string;
  readonly callId: string;
  readonly clinicId: string;
  readonly flowId: string;
  readonly flowVersion: number;
  readonly leavesVoicemail: boolean;
  readonly ringSeconds: number;
  readonly patientName: Personal;
  readonly patientId: string | undefined;
  readonly number: Personal;
  readonly appointmentId: string | undefined;
  readonly language: string;
  readonly state: 'queued' | 'live' | 'over';
}

export type Authorisation =
  { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly reason: RefusalReason };

/** The durable queue. Its one implementation is PostgreSQL: what it promises are transactions and an index. */
export interface DialQueue {
  /** Takes the turns of campaigns that are due; nobody else has them until `leaseUntilMs`. */
  claimTurns(nowMs: number, leaseUntilMs: number, limit: number): Promise<TurnKey[]>;
  /** Queues what is due in a campaign, completes it when nobody is left. */
  takeTurn(
    key: TurnKey,
    o: { nowMs: number; leaseUntilMs: number },
  ): Promise<{ queued: number; settled: number }>;
  /** Undefined for an unknown attempt. */
  factsOf(key: AttemptKey): Promise<AttemptFacts | undefined>;
  /**
   * Decides at the instant of dialling, in one transaction with everything that could forbid it locked against change.
   * @param outreach what patients says of the callee
   */
  authorise(
    key: AttemptKey,
    o: { nowMs: number; outreach: 'allowed' | 'refused' | 'unknown' },
  ): Promise<Authorisation>;
  /** Applies news of an attempt; 'unknown' when there is no such attempt. `eventId`: applied once. */
  apply(
    key: AttemptKey,
    news: AttemptEvent,
    o: { nowMs: number; eventId?: string },
  ): Promise<'applied' | 'known' | 'unknown'>;
  /** Handed to telephony and not dialled in time. */
  expired(nowMs: number, limit: number): Promise<AttemptKey[]>;
  /** Live calls whose end was not heard of; taken until `nextMs`. */
  claimChecks(nowMs: number, nextMs: number, limit: number): Promise<AttemptKey[]>;
}
