import fc from 'fast-check';
import { check, type DomainRow, type EffectRow, type Evidence, type TopicRecord } from './check.ts';
import { timingOf } from './timing.ts';

const GROUPS = ['single', 'batch'];

/** What a run without any fault leaves behind: events of each key in order, everywhere once. */
function faultless(lengths: readonly number[]): Evidence {
  const domain: DomainRow[] = [];
  const longest = Math.max(0, ...lengths);
  for (let n = 1; n <= longest; n += 1) {
    lengths.forEach((length, index) => {
      if (n > length) return;
      domain.push({
        ...{
          eventId: `${index}/${n}`,
          tenantId: `t${index % 2}`,
          topic: `topic-${index % 3}`,
          key: `k${index}`,
        },
        ...{ n, committedAt: domain.length },
      });
    });
  }
  const records = domain.map(({ committedAt, ...row }): TopicRecord => ({
    ...row,
    ...{
      partition: Number(row.key.slice(1)) % 2,
      offset: committedAt,
      subject: `s/${row.key}`,
      sequence: row.n,
    },
  }));
  const effects = GROUPS.flatMap((group) =>
    domain.map((row): EffectRow => ({
      ...row,
      group,
      position: row.committedAt,
      committedAt: row.committedAt + 5,
    })),
  );
  return { groups: GROUPS, domain, effects, records, parked: 0, deadLetters: 0, unsent: 0 };
}

const run = fc.array(fc.integer({ min: 2, max: 8 }), { minLength: 1, maxLength: 6 }).map(faultless);
/** A run and a choice of one of its things. */
const runAndIndex = fc.tuple(run, fc.nat()).map(([evidence, nat]) => ({ evidence, nat }));
const without = <T>(list: readonly T[], index: number): T[] => list.filter((_, i) => i !== index);

it('finds nothing where nothing is wrong, in whatever order the evidence is read', () => {
  fc.assert(
    fc.property(run, fc.infiniteStream(fc.nat()), (evidence, random) => {
      const shuffle = <T>(list: readonly T[]): T[] =>
        list
          .map((one) => ({ one, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
      const verdict = check({
        ...evidence,
        ...{ domain: shuffle(evidence.domain), effects: shuffle(evidence.effects) },
        records: shuffle(evidence.records),
      });
      expect(verdict).toEqual({
        ...{ ok: true, produced: evidence.domain.length, lost: 0, doubled: 0, outOfOrder: 0, invented: 0 },
        ...{ waiting: 0, redelivered: 0, findings: [] },
      });
    }),
  );
});

it('finds an effect that was not made', () => {
  fc.assert(
    fc.property(runAndIndex, ({ evidence, nat }) => {
      const effects = without(evidence.effects, nat % evidence.effects.length);
      expect(check({ ...evidence, effects })).toMatchObject({
        ok: false,
        lost: 1,
        doubled: 0,
        outOfOrder: 0,
      });
    }),
  );
});

it('finds an event that is not in its topic', () => {
  fc.assert(
    fc.property(runAndIndex, ({ evidence, nat }) => {
      const records = without(evidence.records, nat % evidence.records.length);
      expect(check({ ...evidence, records })).toMatchObject({ ok: false, lost: 1, doubled: 0 });
    }),
  );
});

it('finds an effect made twice', () => {
  fc.assert(
    fc.property(runAndIndex, ({ evidence, nat }) => {
      const again = evidence.effects[nat % evidence.effects.length];
      if (!again) throw new Error('unreachable');
      const effects = [...evidence.effects, { ...again, position: 1_000_000 }];
      expect(check({ ...evidence, effects })).toMatchObject({
        ok: false,
        lost: 0,
        doubled: 1,
        outOfOrder: 0,
      });
    }),
  );
});

it('finds two effects of a key in the wrong order', () => {
  fc.assert(
    fc.property(runAndIndex, fc.constantFrom('position', 'committedAt'), ({ evidence, nat }, how) => {
      const later = evidence.effects.filter((effect) => effect.n > 1);
      const second = later[nat % later.length];
      const first = evidence.effects.find(
        (e) => e.group === second?.group && e.key === second.key && e.n === second.n - 1,
      );
      if (!first || !second) throw new Error('unreachable');
      const effects = evidence.effects.map((effect) => {
        if (effect === first) return { ...effect, [how]: second[how] };
        return effect === second ? { ...effect, [how]: first[how] } : effect;
      });
      const verdict = check({ ...evidence, effects });
      expect(verdict).toMatchObject({ ok: false, lost: 0, doubled: 0 });
      expect(verdict.outOfOrder).toBeGreaterThanOrEqual(1);
    }),
  );
});

it('finds two records of a key in the wrong order', () => {
  fc.assert(
    fc.property(runAndIndex, ({ evidence, nat }) => {
      const later = evidence.records.filter((record) => record.n > 1);
      const second = later[nat % later.length];
      const first = evidence.records.find((r) => r.key === second?.key && r.n === second.n - 1);
      if (!first || !second) throw new Error('unreachable');
      const records = evidence.records.map((record) => {
        if (record === first) return { ...record, offset: second.offset };
        return record === second ? { ...record, offset: first.offset } : record;
      });
      const verdict = check({ ...evidence, records });
      expect(verdict).toMatchObject({ ok: false, lost: 0, doubled: 0 });
      expect(verdict.outOfOrder).toBeGreaterThanOrEqual(1);
    }),
  );
});

it('counts a record that came again, and lets it be', () => {
  fc.assert(
    fc.property(runAndIndex, ({ evidence, nat }) => {
      const again = evidence.records[nat % evidence.records.length];
      if (!again) throw new Error('unreachable');
      const records = [...evidence.records, { ...again, offset: 1_000_000 }];
      expect(check({ ...evidence, records })).toMatchObject({ ok: true, redelivered: 1, outOfOrder: 0 });
    }),
  );
});

const evidence = faultless([3, 3]);
const [record] = evidence.records;
const [effect] = evidence.effects;
if (!record || !effect) throw new Error('unreachable');

it.each<[string, Partial<Evidence>, object]>([
  [
    'a gap in the sequence of a subject',
    { records: evidence.records.map((r) => (r.n === 3 && r.key === 'k0' ? { ...r, sequence: 4 } : r)) },
    { outOfOrder: 1 },
  ],
  [
    'a key in two partitions',
    { records: evidence.records.map((r) => (r.n === 3 && r.key === 'k0' ? { ...r, partition: 7 } : r)) },
    { outOfOrder: 1 },
  ],
  [
    'a record that came again under another number',
    { records: [...evidence.records, { ...record, offset: 100, sequence: 9 }] },
    { redelivered: 1, outOfOrder: 1 },
  ],
  [
    'a record of a transaction that was rolled back',
    { records: [...evidence.records, { ...record, offset: 100, eventId: 'x', n: 4, sequence: 4 }] },
    { invented: 1 },
  ],
  [
    'an effect for another tenant',
    { effects: evidence.effects.map((e) => (e === effect ? { ...e, tenantId: 'other' } : e)) },
    { invented: 1 },
  ],
  ['a parked event', { parked: 1 }, { waiting: 1 }],
  ['a dead letter', { deadLetters: 2 }, { waiting: 2 }],
  ['an outbox that was never emptied', { unsent: 3 }, { waiting: 3 }],
  ['a run in which nothing happened', { domain: [], effects: [], records: [] }, { produced: 0 }],
])('finds %s', (_what, change, counts) => {
  expect(check({ ...evidence, ...change })).toMatchObject({ ok: false, ...counts });
});

it('measures from commit to effect, and the longest silence', () => {
  const at = [0, 100, 200, 1_000, 1_100];
  const domain = at.map((committedAt, i): DomainRow => ({
    ...{ eventId: `${i}`, tenantId: 't', topic: 'topic', key: 'k', n: i + 1, committedAt },
  }));
  const effects = domain.map((row): EffectRow => ({
    ...{ ...row, group: 'g', position: row.n, committedAt: row.committedAt + (row.n === 3 ? 600 : 10) },
  }));
  expect(timingOf('g', domain, effects)).toEqual({ p50: 10, p99: 600, max: 600, longestStallMs: 690 });
});
