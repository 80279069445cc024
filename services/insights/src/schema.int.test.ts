import { describeServiceSchema } from '@wardline/persistence/testing';
import pg from 'pg';
import { insightsSchema } from './schema.ts';

const database = describeServiceSchema(insightsSchema, {
  values: { calls: { ending: `'completed'`, score: '80', ended_at: `now() - interval '1 day'` } },
});

async function as(role: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: database().url(role) });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

it.each(['facts', 'scores_told'])('only ever adds to %s', (table) =>
  as(insightsSchema.role, async (client) => {
    for (const statement of [
      `UPDATE insights.${table} SET tenant_id = tenant_id`,
      `DELETE FROM insights.${table}`,
    ]) {
      await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
  }),
);

describe('the sweeper', () => {
  it('sees which calls wait for a report, and nothing of them', () =>
    as('wardline_insights_sweeper', async (client) => {
      await expect(client.query('SELECT score FROM insights.calls')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('SELECT * FROM insights.facts')).rejects.toMatchObject({ code: '42501' });
      // Those of the isolation test wait for nothing.
      expect((await client.query('SELECT call_id FROM insights.calls')).rowCount).toBe(0);
    }));
});
