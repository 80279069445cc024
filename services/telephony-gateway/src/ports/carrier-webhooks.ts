import type { Detected } from '../domain/call.ts';
import type { Personal } from '@wardline/personal-data';

/** What a verified webhook says, in our words. Numbers are E.164 as the carrier gives them. */
export interface CarrierWord {
  readonly eventId: string;
  readonly eventType: string;
  readonly occurredAt: number;
  readonly callControlId: string;
  readonly callSessionId: string | undefined;
  /** Of a call that we made, as the carrier quotes our dial. */
  readonly callId: string | undefined;
  readonly from: Personal | undefined;
  readonly to: string | undefined;
  readonly says:
    | { readonly kind: 'initiated'; readonly incoming: boolean }
    | { readonly kind: 'answered' }
    | { readonly kind: 'bridged' }
    | { readonly kind: 'detected'; readonly result: Detected }
    | { readonly kind: 'greeting-ended' }
    | { readonly kind: 'hung-up'; readonly cause: string }
    | { readonly kind: 'stream-broken'; readonly streamUrl: string | undefined };
}

export type SignedHeaders = Readonly<Record<string, string | string[] | undefined>>;
export type Verified =
  | { readonly kind: 'genuine'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly reason: string }
  /** Signed by the carrier, yet no JSON. */
  | { readonly kind: 'unreadable' };

export type ParsedWebhook =
  | { readonly kind: 'word'; readonly word: CarrierWord }
  | { readonly kind: 'ignored'; readonly eventType: string }
  | { readonly kind: 'malformed' };
