import { loadConfig } from '@wardline/config';
import { eventBusConfigOf, eventBusVariables, type EventBusConfig } from '@wardline/event-bus';
import { keyringConfigOf, keyringVariables, type KeyringConfig } from '@wardline/field-encryption';
import { z } from 'zod';
import { defaultPolicy, type CountryRule, type DiallingPolicy, type RetryRule } from './domain/policy.ts';
import { repeatableResults, type RepeatableResult } from './domain/results.ts';

const secret = z
  .base64()
  .refine((key) => Buffer.from(key, 'base64').length >= 32, 'at least 32 bytes, base64');

const retryRule = z.strictObject({
  afterMs: z.number().int().min(0),
  nextDay: z.boolean().optional(),
  counted: z.boolean(),
});
const countryRule = z.strictObject({
  fromMinute: z.number().int().min(0).max(1440),
  toMinute: z.number().int().min(0).max(1440),
  perDayMax: z.number().int().min(1),
  perWeekMax: z.number().int().min(1),
});
/** What is named replaces what `domain/policy.ts` says; `countries` is replaced as a whole. */
const policyChange = z.strictObject({
  retry: z.partialRecord(z.enum(repeatableResults), retryRule).optional(),
  countries: z.record(z.string().length(2), countryRule).optional(),
  uncountedMax: z.number().int().min(1).optional(),
});

const schema = z.object({
  /** CampaignsService and DiallingService; 0 takes a free port. */
  WARDLINE_CAMPAIGNS_RPC_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  WARDLINE_CAMPAIGNS_HOST: z.string().default('127.0.0.1'),
  /** Postgres URL of the role `wardline_campaigns`. */
  WARDLINE_DB_CAMPAIGNS: z.url(),
  /** Needed when no event bus is handed in. */
  ...eventBusVariables,
  WARDLINE_SERVICE_KEY: secret,
  ...keyringVariables,
  /** Asked whether somebody may be called, and told of new people. */
  WARDLINE_RPC_PATIENTS: z.url(),
  /** Asked what became of a call. */
  WARDLINE_RPC_TELEPHONY: z.url(),
  /** Asked for the script of a campaign. */
  WARDLINE_RPC_BRAIN: z.url(),
  /** Milliseconds between looks at what is due. */
  WARDLINE_CAMPAIGNS_TICK_MS: z.coerce.number().int().min(20).max(60_000).default(500),
  /** JSON that changes retries and legal limits, see the README; for rehearsals and for other countries. */
  WARDLINE_CAMPAIGNS_POLICY: z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined || text.trim() === '') return {};
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(policyChange),
});

export type CampaignsConfig = Readonly<{
  host: string;
  rpcPort: number;
  databaseUrl: string;
  eventBus: EventBusConfig;
  serviceKey: string;
  keyring: KeyringConfig | undefined;
  patientsUrl: string;
  telephonyUrl: string;
  brainUrl: string;
  tickMs: number;
  policy: DiallingPolicy;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): CampaignsConfig {
  const e = loadConfig(schema, env);
  return Object.freeze({
    host: e.WARDLINE_CAMPAIGNS_HOST,
    rpcPort: e.WARDLINE_CAMPAIGNS_RPC_PORT,
    databaseUrl: e.WARDLINE_DB_CAMPAIGNS,
    eventBus: eventBusConfigOf(e),
    serviceKey: e.WARDLINE_SERVICE_KEY,
    keyring: keyringConfigOf(e),
    patientsUrl: e.WARDLINE_RPC_PATIENTS,
    telephonyUrl: e.WARDLINE_RPC_TELEPHONY,
    brainUrl: e.WARDLINE_RPC_BRAIN,
    tickMs: e.WARDLINE_CAMPAIGNS_TICK_MS,
    policy: policyOf(e.WARDLINE_CAMPAIGNS_POLICY),
  });
}

function policyOf(change: z.infer<typeof policyChange>): DiallingPolicy {
  return {
    retry: { ...defaultPolicy.retry, ...(change.retry as Partial<Record<RepeatableResult, RetryRule>>) },
    countries: (change.countries as Record<string, CountryRule> | undefined) ?? defaultPolicy.countries,
    uncountedMax: change.uncountedMax ?? defaultPolicy.uncountedMax,
  };
}
