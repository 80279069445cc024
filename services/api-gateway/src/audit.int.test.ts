import { demo } from '@wardline/contracts';
import { createPostgresAuditTrail } from './adapters/postgres/audit-trail.ts';
import { openGatewayDatabase } from './adapters/postgres/gateway-database.ts';
import { tenantA, tenantB } from './testing/egress-fixture.ts';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase, type TestDatabase } from '@wardline/persistence/testing';
import pg from 'pg';
import { gatewaySchema } from './schema.ts';
import type { AuditEntry } from './ports/audit-trail.ts';

let server: TestDatabase;
let database: ReturnType<typeof openGatewayDatabase>;
let admin: pg.Client;
let trail: ReturnType<typeof createPostgresAuditTrail>;

beforeAll(async () => {
  server = await startTestDatabase({ services: [gatewaySchema] });
  database = openGatewayDatabase(server.url('wardline_gateway'), createRecordingLogger('api-gateway'));
  admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
});
beforeEach(async () => {
  await admin.query('TRUNCATE gateway.audit, gateway.audit_heads');
  trail = createPostgresAuditTrail(database);
});
afterAll(async () => {
  await admin?.end();
  await database?.close();
  await server?.stop();
});

const { userId } = demo.clinics[0].staff;
const line = (n: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ tenantId: tenantA, userId, role: 'manager', action: 'calls.read', subject: `call/${n}` },
  ...{ outcome: 'done', details: { n } },
  ...more,
});
const record = async (count: number, more: Partial<AuditEntry> = {}) => {
  for (let n = 1; n <= count; n++) await trail.record(line(n, more));
};

describe('the audit', () => {
  it('keeps every line, in order and without gaps, also of many at once and of two instances', async () => {
    const other = createPostgresAuditTrail(database);
    await Promise.all(Array.from({ length: 500 }, (_, n) => [trail, other, trail][n % 3]!.record(line(n))));
    const lines = await trail.list(tenantA, { limit: 500 });
    expect(lines.map(({ position }) => Number(position))).toEqual(
      Array.from({ length: 500 }, (_, n) => 500 - n),
    );
    expect(new Set(lines.map(({ subject }) => subject)).size).toBe(500);
    expect(await trail.check(tenantA)).toEqual({ lines: 500n, brokenAt: undefined });
  });

  it('shows a hospital its own lines only', async () => {
    await record(2);
    await record(1, { tenantId: tenantB });
    expect((await trail.list(tenantB, { limit: 10 })).map(({ position }) => position)).toEqual([1n]);
    expect(await trail.check(tenantB)).toEqual({ lines: 1n, brokenAt: undefined });
  });

  it('is searched by who, what, on what, and when', async () => {
    await record(3);
    await trail.record(line(9, { action: 'patients.read', subject: 'patient/9', outcome: 'refused' }));
    const found = async (filter: Partial<Parameters<typeof trail.list>[1]>) =>
      (await trail.list(tenantA, { limit: 10, ...filter })).map(({ position }) => Number(position));
    expect(await found({ action: 'patients.read' })).toEqual([4]);
    expect(await found({ subject: 'call/2' })).toEqual([2]);
    expect(await found({ subject: 'call' })).toEqual([3, 2, 1]);
    expect(await found({ outcome: 'refused' })).toEqual([4]);
    expect(await found({ userId: crypto.randomUUID() })).toEqual([]);
    expect(await found({ before: 3n, limit: 1 })).toEqual([2]);
    expect(await found({ from: new Date(Date.now() + 60_000) })).toEqual([]);
    expect(await found({ to: new Date(Date.now() + 60_000) })).toEqual([4, 3, 2, 1]);
  });

  it.each([
    ['write a line past the chain', `INSERT INTO gateway.audit SELECT * FROM gateway.audit`],
    ['change one', `UPDATE gateway.audit SET action = 'nothing'`],
    ['remove one', 'DELETE FROM gateway.audit'],
    ['move the end', 'DELETE FROM gateway.audit_heads'],
    ['empty it', 'TRUNCATE gateway.audit'],
  ])('does not let the gateway %s', async (_what, sql) => {
    await record(1);
    await expect(database.inTenant(tenantA, (tx) => tx.$executeRawUnsafe(sql))).rejects.toMatchObject({
      message: expect.stringMatching(/permission denied|42501/),
    });
  });

  it.each([
    ['a changed line', `UPDATE gateway.audit SET subject = 'call/other' WHERE position = 2`, 2n],
    ['a removed line', 'DELETE FROM gateway.audit WHERE position = 2', 2n],
    ['a removed beginning', 'DELETE FROM gateway.audit WHERE position = 1', 1n],
    ['a removed end', 'DELETE FROM gateway.audit WHERE position = 3', 3n],
    ['no lines at all', 'DELETE FROM gateway.audit', 1n],
  ])('shows %s, even one that somebody with all rights made', async (_what, sql, brokenAt) => {
    await record(3);
    await admin.query(sql);
    expect((await trail.check(tenantA)).brokenAt).toBe(brokenAt);
  });
});
