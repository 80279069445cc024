import { rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readPrivateJson, writePrivateJson } from './private-files.ts';

const schema = z.object({
  pid: z.number().int(),
  startedAt: z.string(),
  port: z.number().int(),
  publicUrl: z.string(),
  mediaUrl: z.string(),
  databaseAdminUrl: z.string(),
  busUrl: z.string(),
  keysDir: z.string(),
  /** `platform`: every service by itself on Kafka and Redis. */
  mode: z.enum(['embedded', 'platform']).default('embedded'),
  kafka: z.looseObject({ brokers: z.array(z.string()), topicPrefix: z.string().optional() }).optional(),
  redisUrl: z.string().optional(),
  /** Present when this run uses the simulated carrier. */
  simulator: z.object({ pid: z.number().int(), url: z.string(), controlKey: z.string() }).nullable(),
  processes: z.array(z.object({ name: z.string(), pid: z.number().int() })),
});

/**
 * What is known of the running copy, for the command line tools and for the next start, which finds in it what a killed
 * run has left behind. It holds passwords, hence readable by our user only.
 */
export type RunFile = z.infer<typeof schema>;

const fileOf = (dataDir: string) => path.join(dataDir, 'run.json');

export function readRunFile(dataDir: string): RunFile | undefined {
  const stored = readPrivateJson(fileOf(dataDir));
  return stored === undefined ? undefined : schema.parse(stored);
}

export const writeRunFile = (dataDir: string, run: RunFile) => writePrivateJson(fileOf(dataDir), run);
export const removeRunFile = (dataDir: string) => rmSync(fileOf(dataDir), { force: true });
