import { loadConfig } from '@wardline/config';
import { eventBusConfigOf, eventBusVariables, type EventBusConfig } from '@wardline/event-bus';
import { keyringConfigOf, keyringVariables, type KeyringConfig } from '@wardline/field-encryption';
import { keyValueVariables, type KeyValueEnvironment } from '@wardline/key-value';
import { z } from 'zod';

const REAL_CARRIER = 'https://api.telnyx.com/v2';
const port = z.coerce.number().int().min(0).max(65_535);
const secret = z
  .base64()
  .refine((key) => Buffer.from(key, 'base64').length >= 32, 'at least 32 bytes, base64');

const schema = z
  .object({
    /** CallControlService; 0 takes a free port. */
    WARDLINE_TELEPHONY_RPC_PORT: port.default(0),
    /** The carrier's webhooks, as api-gateway forwards them; 0 takes a free port. */
    WARDLINE_TELEPHONY_HTTP_PORT: port.default(0),
    /** Address of both listeners. Only api-gateway and our own services talk to them. */
    WARDLINE_TELEPHONY_HOST: z.string().default('127.0.0.1'),
    /** Postgres URL of the role `wardline_telephony`. */
    WARDLINE_DB_TELEPHONY: z.url(),
    WARDLINE_SERVICE_KEY: secret,
    /** Signs the media stream's tokens; voice-media has the same. */
    WARDLINE_STREAM_KEY: secret,
    WARDLINE_RPC_DIRECTORY: z.url(),
    ...keyringVariables,
    /** What the carrier can reach of voice-media: http(s) or ws(s), with or without a path. */
    WARDLINE_MEDIA_PUBLIC_URL: z.url({ protocol: /^(http|ws)s?$/ }),
    TELNYX_API_KEY: z.string().min(1),
    /** Base64 of the 32 bytes of an Ed25519 public key, as the carrier's portal shows it. */
    TELNYX_PUBLIC_KEY: z
      .base64()
      .refine((key) => Buffer.from(key, 'base64').length === 32, 'must be 32 bytes, base64'),
    TELNYX_API_BASE: z.url({ protocol: /^https?$/ }).default(REAL_CARRIER),
    /** The Call Control application that calls are made with, as the carrier's portal names it. Without it the real carrier makes none. */
    TELNYX_CONNECTION_ID: z.string().min(1).max(100).optional(),
    /** DiallingService of campaigns, which allows every single call that is made. Without it no calls are made. */
    WARDLINE_RPC_CAMPAIGNS: z.url().optional(),
    /** Calls that we made and that are not over, of all hospitals. */
    WARDLINE_OUTBOUND_CALLS_MAX: z.coerce.number().int().min(0).max(1_000).default(20),
    /** The same, of one hospital. */
    WARDLINE_OUTBOUND_CALLS_PER_TENANT_MAX: z.coerce.number().int().min(0).max(1_000).default(10),
    /** Calls begun within any second, over all instances: what the carrier's account allows. */
    WARDLINE_OUTBOUND_CALLS_PER_SECOND: z.coerce.number().int().min(1).max(100).default(1),
    /** Needed for calls that we make, when none are handed in. */
    ...eventBusVariables,
    ...keyValueVariables,
    /** How long supervisors have to take a caller who asks for a person. */
    WARDLINE_HAND_OFF_SECONDS: z.coerce.number().int().min(5).max(60).default(30),
    LOG_LEVEL: z.string().default('info'),
  })
  .refine((c) => (c.WARDLINE_MASTER_KEY === undefined) === (c.WARDLINE_KEYS_DIR === undefined), {
    path: ['WARDLINE_KEYS_DIR'],
    message: 'belongs together with WARDLINE_MASTER_KEY: set both or none',
  })
  .refine((c) => c.WARDLINE_STREAM_KEY !== c.WARDLINE_SERVICE_KEY, {
    path: ['WARDLINE_STREAM_KEY'],
    message: 'must not be WARDLINE_SERVICE_KEY: stream tokens travel through the carrier',
  })
  .refine((c) => c.TELNYX_API_BASE !== REAL_CARRIER || /^(http|ws)s:/.test(c.WARDLINE_MEDIA_PUBLIC_URL), {
    path: ['WARDLINE_MEDIA_PUBLIC_URL'],
    message: 'must be https or wss with the real carrier: callers’ voices travel on it',
  });

export type OutboundConfig = Readonly<{
  campaignsUrl: string;
  callsMax: number;
  callsPerTenantMax: number;
  callsPerSecondMax: number;
}>;

export type TelephonyConfig = Readonly<{
  host: string;
  rpcPort: number;
  httpPort: number;
  databaseUrl: string;
  serviceKey: string;
  streamKey: string;
  directoryUrl: string;
  keyring: KeyringConfig | undefined;
  mediaPublicUrl: string;
  telnyx: Readonly<{ apiKey: string; publicKey: string; apiBase: string; connectionId: string }>;
  /** The name of the variable without which no calls are made, when they are not. */
  outbound: OutboundConfig | { readonly missing: string };
  eventBus: EventBusConfig;
  keyValue: KeyValueEnvironment;
  handOffMs: number;
  logLevel: string;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): TelephonyConfig {
  const e = loadConfig(schema, env);
  return Object.freeze({
    host: e.WARDLINE_TELEPHONY_HOST,
    rpcPort: e.WARDLINE_TELEPHONY_RPC_PORT,
    httpPort: e.WARDLINE_TELEPHONY_HTTP_PORT,
    databaseUrl: e.WARDLINE_DB_TELEPHONY,
    serviceKey: e.WARDLINE_SERVICE_KEY,
    streamKey: e.WARDLINE_STREAM_KEY,
    directoryUrl: e.WARDLINE_RPC_DIRECTORY,
    keyring: keyringConfigOf(e),
    mediaPublicUrl: e.WARDLINE_MEDIA_PUBLIC_URL,
    telnyx: {
      apiKey: e.TELNYX_API_KEY,
      publicKey: e.TELNYX_PUBLIC_KEY,
      apiBase: e.TELNYX_API_BASE,
      connectionId: e.TELNYX_CONNECTION_ID ?? 'wardline',
    },
    outbound: outboundOf(e),
    eventBus: eventBusConfigOf(e),
    keyValue: e,
    handOffMs: e.WARDLINE_HAND_OFF_SECONDS * 1_000,
    logLevel: e.LOG_LEVEL,
  });
}

/** A service that only takes calls starts without what making them needs. */
function outboundOf(e: z.infer<typeof schema>): TelephonyConfig['outbound'] {
  if (e.WARDLINE_RPC_CAMPAIGNS === undefined) return { missing: 'WARDLINE_RPC_CAMPAIGNS' };
  if (e.TELNYX_CONNECTION_ID === undefined && e.TELNYX_API_BASE === REAL_CARRIER)
    return { missing: 'TELNYX_CONNECTION_ID' };
  return {
    campaignsUrl: e.WARDLINE_RPC_CAMPAIGNS,
    callsMax: e.WARDLINE_OUTBOUND_CALLS_MAX,
    callsPerTenantMax: e.WARDLINE_OUTBOUND_CALLS_PER_TENANT_MAX,
    callsPerSecondMax: e.WARDLINE_OUTBOUND_CALLS_PER_SECOND,
  };
}
