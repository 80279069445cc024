import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensurePostgres } from '@wardline/embedded-postgres';
import { busSchema, provisionTopics, topics } from '@wardline/event-bus';
import { startKafka } from '@wardline/local-infrastructure';
import { createSilentLogger } from '@wardline/observability';
import { migrate } from '@wardline/persistence';
import pg from 'pg';
import { benchSchema, TOPICS } from './load.ts';

/** A Postgres and a one-node Kafka for one run, with the topics of the load. */
export interface Installation {
  readonly brokers: readonly string[];
  readonly busUrl: string;
  readonly parkingUrl: string;
  readonly serviceUrl: string;
  readonly admin: pg.Client;
  /** Processes whose CPU time is that of the broker and of the database. */
  readonly brokerPids: readonly number[];
  readonly postgresPid: number;
  stop(): Promise<void>;
}

export async function startInstallation(say: (line: string) => void): Promise<Installation> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-bench-'));
  say('starting Postgres (durable: fsync and synchronous_commit on) and Kafka');
  const [postgres, kafka] = await Promise.all([
    // Commit times are what latency is measured by, from the commit of the cause to the commit of the effect.
    ensurePostgres({ dataDir: path.join(dir, 'pg'), port: 0, settings: { track_commit_timestamp: 'on' } }),
    startKafka({ brokers: 1 }),
  ]);
  const services = [busSchema, benchSchema];
  const roles = services.flatMap((s) => [s.role, ...(s.extraRoles ?? [])]);
  const passwords = Object.fromEntries(roles.map((role) => [role, randomBytes(12).toString('hex')]));
  const logger = createSilentLogger();
  await migrate({ adminUrl: postgres.adminUrl, services, rolePasswords: passwords, logger });
  const declaration = Object.fromEntries(TOPICS.map((topic) => [topic, topics[topic]]));
  await provisionTopics({ brokers: kafka.brokers }, { logger, declaration });
  const admin = new pg.Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  const url = (role: string) => `postgresql://${role}:${passwords[role]}@127.0.0.1:${postgres.port}/postgres`;
  return {
    brokers: kafka.brokers,
    busUrl: url('wardline_bus'),
    parkingUrl: url('wardline_parking'),
    serviceUrl: url(benchSchema.role),
    admin,
    brokerPids: kafka.nodes.flatMap((node) => node.pid ?? []),
    postgresPid: postgres.pid,
    async stop() {
      await admin.end();
      await Promise.all([postgres.stop(), kafka.stop()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
