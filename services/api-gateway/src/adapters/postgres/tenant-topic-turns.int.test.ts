import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase, type TestDatabase } from '@wardline/persistence/testing';
import pg from 'pg';
import { gatewaySchema } from '../../schema.ts';
import { tenantA, tenantB } from '../../testing/egress-fixture.ts';
import { openGatewayDatabase, type GatewayDatabase } from './gateway-database.ts';
import { createPostgresIntegratorStore } from './integrator-store.ts';
import { createPostgresTenantTopicCursors } from './tenant-topic-cursors.ts';
import { createPostgresTenantTopicTurns } from './tenant-topic-turns.ts';

const logger = createRecordingLogger();
const topicA = { tenantId: tenantA, personal: false };
const personalA = { tenantId: tenantA, personal: true };
const topicB = { tenantId: tenantB, personal: false };
let server: TestDatabase;
let database: GatewayDatabase;
let admin: pg.Client;
beforeAll(async () => {
  server = await startTestDatabase({ services: [gatewaySchema] });
  database = openGatewayDatabase(server.url('wardline_gateway'), logger);
  admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await database?.close();
  await server?.stop();
});
const instance = () =>
  createPostgresTenantTopicTurns({ connectionString: server.url('wardline_gateway'), logger });

describe('turns', () => {
  it('are of one instance at a time, topic by topic, until it gives them back', async () => {
    const [one, two] = [instance(), instance()];
    expect(await one.take(topicA)).toBe(true);
    expect(await one.take(topicA)).toBe(true);
    expect(await two.take(topicA)).toBe(false);
    expect(await two.take(personalA)).toBe(true);
    expect(await two.take(topicB)).toBe(true);
    await one.release();
    expect(await two.take(topicA)).toBe(true);
    await two.release();
  });

  it('are lost with the connection, which the holder notices when it asks', async () => {
    const [one, two] = [instance(), instance()];
    expect(await one.take(topicA)).toBe(true);
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted`,
    );
    while (!(await two.take(topicA)));
    // The first question may meet the broken connection; the next ones a new one, which has no turn.
    const asked = await Promise.allSettled([one.take(topicA), one.take(topicA)]);
    expect(asked.filter((answer) => answer.status === 'fulfilled' && answer.value)).toEqual([]);
    await Promise.all([one.release(), two.release()]);
  });
});

describe('cursors', () => {
  it('move from where they were, or not at all', async () => {
    const cursors = createPostgresTenantTopicCursors(database);
    await cursors.open(topicA);
    expect(await cursors.advance(topicA, 0n, 5n)).toBe(true);
    expect(await cursors.advance(topicA, 0n, 7n)).toBe(false);
    await cursors.open(topicA);
    expect(await cursors.read(topicA)).toBe(5n);
    expect(await cursors.read(personalA)).toBe(0n);
  });

  it('are open while somebody has access to that very topic', async () => {
    const cursors = createPostgresTenantTopicCursors(database);
    const store = createPostgresIntegratorStore(database);
    await cursors.open(topicB);
    await cursors.open({ ...topicB, personal: true });
    const subscription = await store.add({
      ...{ id: '01930000-0000-7000-8000-000000000f01', tenantId: tenantB, kind: 'kafka', name: 'HMS' },
      ...{ topics: ['calls.changed'], personal: true, state: 'disabled', expiresAt: null, tokenHash: null },
      ...{ kafkaUsers: ['wardline-1'], createdBy: '01930000-0000-7000-8000-0000000000cc' },
    });
    expect(await cursors.listOpen()).toEqual([]);
    await store.change(tenantB, subscription.id, { state: 'active' });
    expect(await cursors.listOpen()).toEqual([{ tenantId: tenantB, personal: true }]);
    await store.change(tenantB, subscription.id, { state: 'disabled' });
    expect(await cursors.listOpen()).toEqual([]);
  });
});

describe('access that needs tidying', () => {
  it('is what broke off a while ago, or has expired', async () => {
    const store = createPostgresIntegratorStore(database);
    const add = (n: number, o: { expiresAt?: Date; state?: 'active' | 'disabled'; kafkaUsers?: string[] }) =>
      store.add({
        ...{ id: `01930000-0000-7000-8000-000000000e0${n}`, tenantId: tenantA, kind: 'kafka', name: 'HMS' },
        ...{ topics: ['calls.changed'], personal: false, state: 'active', expiresAt: null, tokenHash: null },
        ...{ kafkaUsers: ['user'], createdBy: '01930000-0000-7000-8000-0000000000cc', ...o },
      });
    const expired = await add(1, { expiresAt: new Date(Date.now() - 1_000) });
    const closed = await add(2, { state: 'disabled' });
    const rotated = await add(3, { kafkaUsers: ['old', 'new'] });
    await add(4, { expiresAt: new Date(Date.now() + 3_600_000) });
    const ids = async () => (await store.listKafkaToTidy()).map(({ id }) => id).sort();
    await admin.query(`DELETE FROM gateway.egress_subscriptions WHERE tenant_id = '${tenantB}'`);
    expect(await ids()).toEqual([expired.id]);
    await admin.query(
      `UPDATE gateway.egress_subscriptions SET state_changed_at = now() - interval '2 minutes'`,
    );
    expect(await ids()).toEqual([expired.id, closed.id, rotated.id]);
  });
});
