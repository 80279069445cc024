import { loadConfig } from '@wardline/config';
import { z } from 'zod';

/** What the simulator reads from its environment. It has no other way of being told anything at start. */
const schema = z.object({
  SIM_HOST: z.string().default('127.0.0.1'),
  /** 0 takes a free port; the chosen one is reported (see main.ts). */
  SIM_PORT: z.coerce.number().int().min(0).max(65535).default(0),
  /** The key a client of `/v2` must present, as the real carrier's API key. */
  TELNYX_API_KEY: z.string().min(8),
  /** Base64 of an Ed25519 private key: PKCS#8 DER, or the bare 32-byte seed. Signs the webhooks. */
  SIM_PRIVATE_KEY: z.base64(),
  SIM_WEBHOOK_URL: z.url({ protocol: /^https?$/ }),
  /** The codec of calls whose scenario names none. */
  SIM_CODEC: z.enum(['PCMU', 'PCMA']).default('PCMU'),
  /** The key a client of `/sim` must present: who starts calls is not who controls them. */
  SIM_CONTROL_KEY: z.string().min(8),
  SIM_CALLS_MAX: z.coerce.number().int().min(1).max(500).default(100),
  /** Dial commands that are taken in a second, as an account's limit has it; 0: any number. */
  SIM_CALLS_PER_SECOND: z.coerce.number().int().min(0).max(1_000).default(0),
  /** `timing` leaves the callers deaf: they react to when the agent speaks, not to what it says. */
  SIM_HEARING: z.enum(['words', 'timing']).default('words'),
  LOG_LEVEL: z.string().default('info'),
});

export type SimulatorConfig = Readonly<{
  host: string;
  port: number;
  apiKey: string;
  privateKey: string;
  webhookUrl: string;
  codec: 'PCMU' | 'PCMA';
  controlKey: string;
  callsMax: number;
  callsPerSecondMax?: number;
  hearing: 'words' | 'timing';
  logLevel: string;
}>;

/** @throws ConfigError naming every problem at once */
export function parseConfig(env: Record<string, string | undefined>): SimulatorConfig {
  const c = loadConfig(schema, env);
  return Object.freeze({
    host: c.SIM_HOST,
    port: c.SIM_PORT,
    apiKey: c.TELNYX_API_KEY,
    privateKey: c.SIM_PRIVATE_KEY,
    webhookUrl: c.SIM_WEBHOOK_URL,
    codec: c.SIM_CODEC,
    controlKey: c.SIM_CONTROL_KEY,
    callsMax: c.SIM_CALLS_MAX,
    callsPerSecondMax: c.SIM_CALLS_PER_SECOND,
    hearing: c.SIM_HEARING,
    logLevel: c.LOG_LEVEL,
  });
}
