import { loadConfig } from '@wardline/config';
import path from 'node:path';
import { z } from 'zod';

/** The checkout that this file belongs to. */
export const checkout = path.resolve(import.meta.dirname, '../../..');

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z
  .object({
    WARDLINE_PORT: port.default(8080),
    WARDLINE_HOST: z.string().default('0.0.0.0'),
    WARDLINE_MEDIA_PORT: port.optional(),
    WARDLINE_DATA: z.string().optional(),
    WARDLINE_PUBLIC_URL: z.url().optional(),
    WARDLINE_MEDIA_PUBLIC_URL: z.url().optional(),
    TELNYX_API_KEY: z.string().min(1).optional(),
    TELNYX_PUBLIC_KEY: z.string().min(1).optional(),
    TELNYX_API_BASE: z.url().optional(),
    WARDLINE_DEMO: z.stringbool().default(true),
    WARDLINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .superRefine((e, ctx) => {
    // The carrier is either wholly real or wholly simulated: half of it would be a platform that answers nobody.
    const carrier = [
      'TELNYX_API_KEY',
      'TELNYX_PUBLIC_KEY',
      'WARDLINE_PUBLIC_URL',
      'WARDLINE_MEDIA_PUBLIC_URL',
    ] as const;
    const wantsCarrier = e.TELNYX_API_KEY ?? e.TELNYX_PUBLIC_KEY ?? e.TELNYX_API_BASE;
    if (wantsCarrier === undefined) return;
    for (const name of carrier) {
      // A carrier on this machine reaches us where everybody on it does.
      if (e[name] !== undefined || (name.endsWith('_PUBLIC_URL') && isLoopback(e.TELNYX_API_BASE))) continue;
      ctx.addIssue({
        code: 'custom',
        path: [name],
        message:
          'is needed with a carrier: set it, or unset all TELNYX_* variables to use the simulated carrier',
      });
    }
  });

function isLoopback(url: string | undefined): boolean {
  return url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

export interface Carrier {
  readonly apiKey: string;
  readonly publicKey: string;
  readonly apiBase: string;
  readonly publicUrl: string;
  readonly mediaPublicUrl: string;
}

export type StandaloneConfig = Readonly<{
  host: string;
  /** Public port; 0 takes a free one. */
  port: number;
  mediaPort: number | undefined;
  dataDir: string;
  publicUrl: string | undefined;
  mediaPublicUrl: string | undefined;
  /** Undefined: the simulated carrier. */
  carrier: Readonly<{ apiKey: string; publicKey: string; apiBase: string }> | undefined;
  demo: boolean;
  logLevel: string;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): StandaloneConfig {
  const e = loadConfig(schema, env);
  return Object.freeze({
    host: e.WARDLINE_HOST,
    port: e.WARDLINE_PORT,
    mediaPort: e.WARDLINE_MEDIA_PORT,
    dataDir: path.resolve(e.WARDLINE_DATA ?? path.join(checkout, '.wardline')),
    publicUrl: e.WARDLINE_PUBLIC_URL,
    mediaPublicUrl: e.WARDLINE_MEDIA_PUBLIC_URL,
    carrier:
      e.TELNYX_API_KEY && e.TELNYX_PUBLIC_KEY
        ? {
            apiKey: e.TELNYX_API_KEY,
            publicKey: e.TELNYX_PUBLIC_KEY,
            apiBase: e.TELNYX_API_BASE ?? 'https://api.telnyx.com/v2',
          }
        : undefined,
    demo: e.WARDLINE_DEMO,
    logLevel: e.WARDLINE_LOG_LEVEL,
  });
}
