import { describeServiceSchema } from '@wardline/persistence/testing';
import pg from 'pg';
import { gatewaySchema } from './schema.ts';

const database = describeServiceSchema(gatewaySchema, {
  // Signing in is what tells the tenant.
  withoutTenant: ['oidc_records', 'oidc_keys'],
  values: {
    egress_subscriptions: { kind: `'stream'`, name: `'integration'`, topics: `'{calls.completed}'` },
    audit: { outcome: `'done'` },
    webhook_deliveries: { outcome: `'delivered'` },
  },
});

describe('the role for work across tenants', () => {
  const asEgress = async (sql: string): Promise<pg.QueryResult> => {
    const client = new pg.Client({ connectionString: database().adminUrl });
    await client.connect();
    try {
      await client.query('set role wardline_gateway_egress');
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };

  it.each([
    ['what an event says', 'SELECT data FROM gateway.egress_events'],
    ['a secret', 'SELECT secret_sealed FROM gateway.egress_subscriptions'],
    ['a target', 'SELECT url FROM gateway.egress_subscriptions'],
    ['who waits', 'SELECT * FROM gateway.webhook_waiting'],
    ['sign-ins', 'SELECT * FROM gateway.oidc_records'],
    ['the audit', 'SELECT * FROM gateway.audit'],
  ])('cannot read %s', async (_what, sql) => {
    await expect(asEgress(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('can neither see nor remove events that are not old', async () => {
    expect((await asEgress('SELECT position FROM gateway.egress_events')).rowCount).toBe(0);
    expect((await asEgress('DELETE FROM gateway.egress_events')).rowCount).toBe(0);
    expect((await asEgress('DELETE FROM gateway.webhook_deliveries')).rowCount).toBe(0);
  });
});
