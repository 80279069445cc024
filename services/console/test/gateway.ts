// A real gateway with a real database and a real log of events; only the directory that knows the staff is a small one.
import { Code, ConnectError } from '@connectrpc/connect';
import { compose, parseConfig } from '@wardline/api-gateway';
import { gatewaySchema } from '@wardline/api-gateway/schema';
import { demo, directory } from '@wardline/contracts';
import {
  appendToOutbox,
  busSchema,
  createPostgresLog,
  type NewEvent,
  type Outcome,
} from '@wardline/event-bus';
import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger } from '@wardline/observability';
import { startTestDatabase } from '@wardline/persistence/testing';
import { createRpcServer, createServiceTokens } from '@wardline/rpc';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

export const [riverside, other] = demo.clinics;
const key = Buffer.alloc(32, 7).toString('base64');
const nowhere = 'http://127.0.0.1:9';

/** Handlers fail for these keys until they are taken from here. */
export const broken = new Set<string>();
/** Keys of events that were handled, in order. */
export const handled: string[] = [];

export async function startGateway(o: { consoleDir: string; env?: Record<string, string> }) {
  const logger = createSilentLogger();
  const keysDir = mkdtempSync(path.join(tmpdir(), 'wardline-keys-'));
  const database = await startTestDatabase({ services: [busSchema, gatewaySchema] });
  const staff = createRpcServer({
    service: 'directory',
    port: 0,
    tokens: createServiceTokens({ key, service: 'directory' }),
    logger,
    routes: (router) =>
      router.service(directory.DirectoryService, {
        verifyStaffPassword: ({ login, password }) => {
          const clinic = demo.clinics.find((c) => c.staff.login === login);
          if (clinic?.staff.password !== password) throw new ConnectError('wrong', Code.Unauthenticated);
          const { userId, displayName, role } = clinic.staff;
          return { tenantId: clinic.tenantId, userId, displayName, role, generation: 1 };
        },
        getStaff: ({ userId }) => {
          const found = demo.clinics.find((c) => c.staff.userId === userId)?.staff;
          if (!found) throw new ConnectError('nobody', Code.NotFound);
          const { login, displayName, role, phone = '' } = found;
          return { staff: { userId, login, displayName, role, phone, active: true, generation: 1 } };
        },
        listClinics: () => ({
          clinics: [{ clinicId: riverside.clinicId, name: riverside.name, timeZone: riverside.timeZone }],
        }),
      }),
  });
  await staff.start();
  const log = createPostgresLog({
    connectionString: database.url(busSchema.role),
    logger,
    retryDelaysMs: [1, 1, 1, 1, 1, 1],
  });
  const consumer = log.subscribe({
    group: 'notifications',
    topics: ['appointments.changed', 'calls.completed'],
    handle: async (event): Promise<Outcome> => {
      if (broken.has('slow') && event.key === 'slow')
        return { kind: 'retry', reason: 'carrier does not answer', afterMs: 3_600_000 };
      if (broken.has(event.key)) return { kind: 'retry', reason: 'handler failed: ECONNREFUSED' };
      handled.push(`${event.key} ${String(event.data['n'])}`);
      return { kind: 'ok' };
    },
  });
  const gateway = compose(
    parseConfig({
      WARDLINE_PORT: '0',
      WARDLINE_HOST: '127.0.0.1',
      WARDLINE_DB_GATEWAY: database.url(gatewaySchema.role),
      WARDLINE_DB_BUS: database.url(busSchema.role),
      WARDLINE_SERVICE_KEY: key,
      WARDLINE_MASTER_KEY: key,
      WARDLINE_KEYS_DIR: keysDir,
      WARDLINE_RPC_DIRECTORY: staff.baseUrl,
      WARDLINE_RPC_APPOINTMENTS: nowhere,
      WARDLINE_RPC_TELEPHONY: nowhere,
      WARDLINE_RPC_BRAIN: nowhere,
      WARDLINE_RPC_NOTIFICATIONS: nowhere,
      WARDLINE_RPC_CAMPAIGNS: nowhere,
      WARDLINE_RPC_PATIENTS: nowhere,
      WARDLINE_RPC_INSIGHTS: nowhere,
      WARDLINE_HTTP_TELEPHONY: nowhere,
      WARDLINE_CONSOLE_DIR: o.consoleDir,
      ...o.env,
    }),
    { logger, eventBus: log, keyValue: createMemoryKeyValue() },
  );
  await log.relay.start();
  await consumer.start();
  await gateway.start();
  const admin = new pg.Client({ connectionString: database.adminUrl });
  const writer = new pg.Client({ connectionString: database.url(gatewaySchema.role) });
  for (const client of [admin, writer]) {
    client.on('error', () => undefined); // The server may be stopped first.
    await client.connect();
  }
  return {
    url: `http://127.0.0.1:${gateway.port}`,
    admin,
    async publish(...events: NewEvent[]): Promise<void> {
      for (const event of events) {
        await writer.query('begin');
        await writer.query(`select set_config('wardline.tenant_id', $1, true)`, [event.tenantId]);
        await appendToOutbox(
          { $executeRawUnsafe: async (sql, ...values) => (await writer.query(sql, values)).rowCount ?? 0 },
          gatewaySchema.schema,
          event,
        );
        await writer.query('commit');
      }
    },
    async stop(): Promise<void> {
      await gateway.stop();
      await consumer.close();
      await log.relay.close();
      await staff.close();
      await Promise.all([admin.end(), writer.end()]);
      await database.stop();
      rmSync(keysDir, { recursive: true, force: true });
    },
  };
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>;
