import { z } from 'zod';
import type { NumberedChunk } from '../pipeline/order-chunks.ts';

/**
 * Telnyx's media WebSocket, both directions (developers.telnyx.com, media streaming). Numbers come as strings; a carrier
 * that sends them as numbers is understood too.
 */
export type CarrierEvent =
  | { readonly type: 'media'; readonly chunk: NumberedChunk }
  /** Our own audio, or another leg's, played back to us. */
  | { readonly type: 'other-track' }
  | {
      readonly type: 'start';
      readonly callControlId: string;
      readonly encoding: string;
      readonly sampleRateHz: number;
      readonly channels: number;
    }
  | { readonly type: 'dtmf'; readonly digit: string }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'stop' }
  | { readonly type: 'carrier-error'; readonly code: number | undefined; readonly title: string | undefined }
  | { readonly type: 'connected' }
  | { readonly type: 'unknown' };

export type ParsedFrame =
  CarrierEvent | { readonly type: 'malformed'; readonly code: 1007 | 1008; readonly reason: string };

/**
 * The one message that comes fifty times a second, in the order of keys in which Telnyx writes it. Anchored and without
 * escapes, so it matches valid JSON only; all else takes the way through JSON.parse.
 */
const mediaShape =
  /^\{"event":"media"(?:,"sequence_number":"\d{1,15}")?,"media":\{"track":"(inbound|outbound)","chunk":"(\d{1,15})"(?:,"timestamp":"\d{1,15}")?,"payload":"([A-Za-z0-9+/]+={0,2})"\}(?:,"stream_id":"[\w:.-]{1,128}")?\}$/;

const numeric = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);
const digitShape = /^[0-9*#A-D]$/;

const schemas = {
  start: z.object({
    start: z.object({
      call_control_id: z.string(),
      media_format: z.object({
        encoding: z.string(),
        sample_rate: numeric.default(8_000),
        channels: numeric.default(1),
      }),
    }),
  }),
  media: z.object({
    media: z.object({ track: z.string().default('inbound'), chunk: numeric.optional(), payload: z.string() }),
  }),
  dtmf: z.object({ dtmf: z.object({ digit: z.string().regex(digitShape) }) }),
  mark: z.object({ mark: z.object({ name: z.string().max(256) }) }),
  error: z.object({
    error: z.object({ code: z.number().optional(), title: z.string().optional() }).optional(),
    payload: z.object({ code: z.number().optional(), title: z.string().optional() }).optional(),
  }),
} as const;

/** Never throws. `data` is one text message, at most 64 KB. */
export function parseCarrierFrame(data: Buffer): ParsedFrame {
  const fast = mediaShape.exec(data.toString('latin1'));
  if (fast !== null) {
    const [, track, chunk, payload] = fast;
    return track === 'inbound' ? mediaEvent(Number(chunk), payload ?? '') : { type: 'other-track' };
  }
  let message: unknown;
  try {
    message = JSON.parse(data.toString('utf8'));
  } catch {
    // The parser's text would quote the frame.
    return { type: 'malformed', code: 1007, reason: 'frame is not JSON' };
  }
  const event = typeof message === 'object' && message !== null ? Reflect.get(message, 'event') : undefined;
  if (typeof event !== 'string') return { type: 'malformed', code: 1008, reason: 'frame names no event' };
  return parseEvent(event, message);
}

function parseEvent(event: string, message: unknown): ParsedFrame {
  switch (event) {
    case 'media': {
      const parsed = schemas.media.safeParse(message);
      if (!parsed.success) return wrongShape('media');
      const { track, chunk, payload } = parsed.data.media;
      return track === 'inbound' || track === 'inbound_track'
        ? mediaEvent(chunk, payload)
        : { type: 'other-track' };
    }
    case 'start': {
      const parsed = schemas.start.safeParse(message);
      if (!parsed.success) return wrongShape('start');
      const { call_control_id: callControlId, media_format: format } = parsed.data.start;
      const { encoding, sample_rate: sampleRateHz, channels } = format;
      return { type: 'start', callControlId, encoding, sampleRateHz, channels };
    }
    case 'dtmf': {
      const parsed = schemas.dtmf.safeParse(message);
      return parsed.success ? { type: 'dtmf', digit: parsed.data.dtmf.digit } : wrongShape('dtmf');
    }
    case 'mark': {
      const parsed = schemas.mark.safeParse(message);
      return parsed.success ? { type: 'mark', name: parsed.data.mark.name } : wrongShape('mark');
    }
    case 'error': {
      const parsed = schemas.error.safeParse(message);
      const detail = parsed.success ? (parsed.data.error ?? parsed.data.payload) : undefined;
      return { type: 'carrier-error', code: detail?.code, title: detail?.title };
    }
    case 'stop':
      return { type: 'stop' };
    case 'connected':
      return { type: 'connected' };
    default:
      return { type: 'unknown' };
  }
}

function wrongShape(event: string): ParsedFrame {
  return { type: 'malformed', code: 1008, reason: `${event} event has the wrong shape` };
}

function mediaEvent(chunk: number | undefined, base64: string): ParsedFrame {
  const payload = Buffer.from(base64, 'base64');
  // Node skips what is not base64; a payload that shrinks by that was never one.
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const lengthExpected = Math.floor(((base64.length - padding) * 3) / 4);
  if (payload.length === 0 || payload.length !== lengthExpected) {
    return { type: 'malformed', code: 1007, reason: 'media payload is not base64' };
  }
  return { type: 'media', chunk: { chunk, payload } };
}

export function mediaMessage(frame: Uint8Array): string {
  const base64 = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64');
  return `{"event":"media","media":{"payload":"${base64}"}}`;
}

export const clearMessage = '{"event":"clear"}';

export function markMessage(name: string): string {
  return JSON.stringify({ event: 'mark', mark: { name } });
}

/** @returns undefined for what is not G.711 at 8 kHz mono */
export function codecNameOf(start: Extract<CarrierEvent, { type: 'start' }>): 'PCMU' | 'PCMA' | undefined {
  if (start.sampleRateHz !== 8_000 || start.channels !== 1) return undefined;
  switch (start.encoding.toLowerCase()) {
    case 'pcmu':
    case 'audio/x-mulaw':
    case 'audio/pcmu':
      return 'PCMU';
    case 'pcma':
    case 'audio/x-alaw':
    case 'audio/pcma':
      return 'PCMA';
    default:
      return undefined;
  }
}
