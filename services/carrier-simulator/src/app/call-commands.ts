import { z } from 'zod';

/** Bodies of Call Control commands, as far as they matter here; fields the carrier has and we do not are let pass. */
const base64 = z.base64('must be base64');
const codec = z.enum(['PCMU', 'PCMA', 'G722', 'OPUS', 'AMR-WB', 'L16', 'default']);
const e164OrSip = z.string().regex(/^(\+\d{8,15}|sip:.+)$/, 'must be in +E164 format or a SIP URI');

const common = {
  client_state: base64.optional(),
  command_id: z.string().min(1).max(255).optional(),
  webhook_url: z.url().optional(),
};

const streaming = {
  stream_url: z.url({ protocol: /^wss?$/, error: 'must be a ws:// or wss:// URL' }).optional(),
  stream_track: z.enum(['inbound_track', 'outbound_track', 'both_tracks']).default('inbound_track'),
  stream_codec: codec.optional(),
  stream_bidirectional_mode: z.enum(['mp3', 'rtp']).default('mp3'),
  stream_bidirectional_codec: codec.exclude(['default']).default('PCMU'),
  stream_bidirectional_sampling_rate: z.literal([8000, 16000, 22050, 24000, 48000]).default(8000),
  stream_bidirectional_target_legs: z.enum(['both', 'self', 'opposite']).default('opposite'),
  stream_auth_token: z.string().max(4000).optional(),
  custom_parameters: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
};

export const commandBodies = {
  answer: z.object({ ...common, ...streaming }),
  reject: z.object({ ...common, cause: z.enum(['CALL_REJECTED', 'USER_BUSY']) }),
  hangup: z.object(common),
  transfer: z.object({
    ...common,
    to: e164OrSip,
    from: e164OrSip.optional(),
    timeout_secs: z.number().int().min(5).max(600).default(30),
    time_limit_secs: z.number().int().min(30).max(14_400).optional(),
    target_leg_client_state: base64.optional(),
  }),
  streaming_start: z.object({ ...common, ...streaming, stream_url: streaming.stream_url.unwrap() }),
  streaming_stop: z.object({ ...common, stream_id: z.string().optional() }),
} as const;

export type CommandName = keyof typeof commandBodies;
export type CommandBody<N extends CommandName> = z.infer<(typeof commandBodies)[N]>;
export type StreamingBody = z.infer<z.ZodObject<typeof streaming>>;

export const dialBody = z.object({
  ...common,
  ...streaming,
  connection_id: z.string().min(1),
  to: z.union([z.string(), z.array(z.string()).min(1)]),
  from: e164OrSip,
  timeout_secs: z.number().int().min(5).max(600).default(30),
  /** Set to false, an unanswered call ends with `no_answer` instead of `timeout`. */
  retry_on_timeout: z.boolean().optional(),
  time_limit_secs: z.number().int().min(30).max(14_400).default(14_400),
  answering_machine_detection: z
    .enum(['premium', 'detect', 'detect_beep', 'detect_words', 'greeting_end', 'disabled'])
    .default('disabled'),
});

export type DialBody = z.infer<typeof dialBody>;

export const isCommandName = (name: string): name is CommandName => Object.hasOwn(commandBodies, name);
