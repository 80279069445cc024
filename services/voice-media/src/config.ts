import { loadConfig } from '@wardline/config';
import { z } from 'zod';

const secret = z
  .base64()
  .refine((key) => Buffer.from(key, 'base64').length >= 32, 'at least 32 bytes, base64');

const schema = z.object({
  /** Where the carrier connects; 0 takes a free port. */
  WARDLINE_MEDIA_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  WARDLINE_MEDIA_HOST: z.string().default('0.0.0.0'),
  /** Shared with telephony-gateway, which signs the tokens in stream URLs. */
  WARDLINE_STREAM_KEY: secret,
  WARDLINE_RPC_BRAIN: z.url(),
  WARDLINE_SERVICE_KEY: secret,
  WARDLINE_MEDIA_CONNECTIONS_MAX: z.coerce.number().int().min(1).max(10_000).default(250),
  /** Voice of the agent. */
  WARDLINE_VOICE: z.enum(['slt', 'rms']).default('slt'),
  /** Audio kept at the carrier ahead of the clock: more hides more jitter, and costs as much on an interruption. */
  WARDLINE_MEDIA_LEAD_MS: z.coerce.number().int().min(20).max(200).default(80),
  /** Nice value of the thread that paces frames; 0 leaves it as it is. */
  WARDLINE_MEDIA_NICE: z.coerce.number().int().min(-20).max(0).default(-10),
});

export type VoiceMediaConfig = Readonly<{
  host: string;
  mediaPort: number;
  /** Base64, at least 32 bytes. */
  streamKey: string;
  brainUrl: string;
  serviceKey: string;
  connectionsMax: number;
  voice: 'slt' | 'rms';
  leadMs: number;
  nice: number;
  /** How long an accepted socket may wait before it sends `start`. */
  startWaitMs: number;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): VoiceMediaConfig {
  const e = loadConfig(schema, env);
  return Object.freeze({
    host: e.WARDLINE_MEDIA_HOST,
    mediaPort: e.WARDLINE_MEDIA_PORT,
    streamKey: e.WARDLINE_STREAM_KEY,
    brainUrl: e.WARDLINE_RPC_BRAIN,
    serviceKey: e.WARDLINE_SERVICE_KEY,
    connectionsMax: e.WARDLINE_MEDIA_CONNECTIONS_MAX,
    voice: e.WARDLINE_VOICE,
    leadMs: e.WARDLINE_MEDIA_LEAD_MS,
    nice: e.WARDLINE_MEDIA_NICE,
    startWaitMs: 5_000,
  });
}
