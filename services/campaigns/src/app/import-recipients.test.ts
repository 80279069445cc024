import type { OpenImport } from '../ports/recipient-import.ts';
import type { TableReader } from '../ports/table-reader.ts';
import { importRecipients, REFUSED_KEPT_MAX } from './import-recipients.ts';

it('is heard of by the database all the while, even when there is nothing to store any more', async () => {
  const rows = REFUSED_KEPT_MAX + 5_000;
  const tables: TableReader = {
    fileBytesMax: 1_000,
    inspect: () => Promise.reject(new Error('not asked for')),
    async *read() {
      yield { line: 1, cells: ['name', 'phone'] };
      for (let line = 2; line <= rows + 1; line += 1) yield { line, cells: ['Ada', 'no number'] };
    },
  };
  const told: string[] = [];
  const target: OpenImport = {
    campaign: { defaultRegion: 'US', clinicZone: 'America/New_York' },
    add: ({ length }) => Promise.resolve(length),
    refuse: async ({ length }) => void (length > 0 && told.push(`refused ${length}`)),
    goOn: async () => void told.push('goes on'),
    commit: () => Promise.resolve(true),
    abandon: () => Promise.resolve(),
  };
  const outcome = await importRecipients(
    {
      imports: {
        open: () => Promise.resolve({ kind: 'open', import: target }),
        refusedRows: () => Promise.resolve([]),
      },
      phones: { parse: () => ({ kind: 'invalid', problem: 'it is none' }) },
      ...{ tables, newId: () => 'import', now: () => 0 },
    },
    'tenant',
    { campaignId: 'c', mapping: {}, fileName: 'x', bytes: undefined, chunks: (async function* () {})() },
  );
  expect(outcome).toMatchObject({ kind: 'imported', import: { rows, refused: rows, state: 'refused' } });
  expect(told.filter((what) => what === 'refused 500')).toHaveLength(REFUSED_KEPT_MAX / 500);
  expect(told.filter((what) => what === 'goes on').length).toBeGreaterThanOrEqual(5_000 / 500);
});
