import { meter } from '@wardline/observability';
import pg from 'pg';

const metrics = meter('event-bus');
const waiting = metrics.createObservableGauge('wardline.outbox.waiting', {
  description: 'Committed events that are not published yet, counted up to a bound',
  unit: '{event}',
});
const age = metrics.createObservableGauge('wardline.outbox.oldest_age', {
  description: 'How long the oldest of them has been waiting',
  unit: 's',
});
export const publishedEvents = metrics.createCounter('wardline.events.published', {
  description: 'Events published by a relay of this process',
  unit: '{event}',
});

/** Counting further would cost more than knowing is worth. */
const COUNT_MAX = 10_000;

/** Tells the meters, per schema, how many events wait in its outbox and how old the oldest is. */
export function reportOutboxLag(enabled: boolean): {
  measure(client: pg.Client, schemas: readonly string[]): Promise<void>;
  end(): void;
} {
  let last: { schema: string; count: number; ageSeconds: number }[] = [];
  const observeWaiting = (result: { observe(value: number, attributes: { schema: string }): void }): void => {
    for (const { schema, count } of last) result.observe(count, { schema });
  };
  const observeAge = (result: { observe(value: number, attributes: { schema: string }): void }): void => {
    for (const { schema, ageSeconds } of last) result.observe(ageSeconds, { schema });
  };
  if (enabled) {
    waiting.addCallback(observeWaiting);
    age.addCallback(observeAge);
  }
  return {
    async measure(client, schemas) {
      if (!enabled || schemas.length === 0) return;
      const { rows } = await client.query<{ schema: string; count: number; age_seconds: number }>(
        schemas.map(lagSql).join(' union all '),
      );
      last = rows.map((row) => ({ schema: row.schema, count: row.count, ageSeconds: row.age_seconds }));
    },
    end() {
      waiting.removeCallback(observeWaiting);
      age.removeCallback(observeAge);
    },
  };
}

function lagSql(schema: string): string {
  return `(select ${pg.escapeLiteral(schema)} as schema, count(*)::integer as count,
    coalesce(extract(epoch from now() - min(occurred_at)), 0)::float8 as age_seconds
    from (select occurred_at from ${pg.escapeIdentifier(schema)}.outbox order by position limit ${COUNT_MAX}) as oldest)`;
}
