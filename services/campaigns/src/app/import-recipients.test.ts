import type { OpenImport } from '../ports/recipient-import.ts';
import type { TableReader } from '../ports/table-reader.ts';
import { importRecipients, REFUSED_KEPT_MAX } from './import-recipients.ts';

/** An import that takes everything and says what it was told. */
function recording() {
  const told: string[] = [];
  const target: OpenImport = {
    campaign: { defaultRegion: 'US', clinicZone: 'America/New_York' },
    add: ({ length }) => Promise.resolve(length),
    refuse: async ({ length }) => void (length > 0 && told.push(`refused ${length}`)),
    goOn: async () => void told.push('goes on'),
    commit: async () => told.push('committed') > 0,
    abandon: async () => void told.push('abandoned'),
  };
  const deps = {
    imports: {
      open: () => Promise.resolve({ kind: 'open' as const, import: target }),
      refusedRows: () => Promise.resolve([]),
    },
    phones: {
      isRegion: () => true,
      parse: () => ({ kind: 'invalid' as const, problem: 'it is none' }),
    },
    newId: () => 'import',
    now: () => 0,
  };
  return { told, deps };
}
const file = { campaignId: 'c', mapping: {}, fileName: 'x', bytes: undefined };

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
  const { told, deps } = recording();
  const outcome = await importRecipients({ ...deps, tables }, 'tenant', { ...file, chunks: nothing() });
  expect(outcome).toMatchObject({ kind: 'imported', import: { rows, refused: rows, state: 'refused' } });
  expect(told.filter((what) => what === 'refused 500')).toHaveLength(REFUSED_KEPT_MAX / 500);
  expect(told.filter((what) => what === 'goes on').length).toBeGreaterThanOrEqual(5_000 / 500);
});

it('is given up when its file stands still', async () => {
  const { told, deps } = recording();
  const tables: TableReader = {
    fileBytesMax: 1_000,
    inspect: () => Promise.reject(new Error('not asked for')),
    async *read(chunks) {
      let line = 0;
      for await (const _chunk of chunks) yield { line: (line += 1), cells: ['name', 'phone'] };
    },
  };
  const chunks = async function* () {
    yield Buffer.from('name,phone');
    await new Promise(() => undefined);
  };
  await expect(
    importRecipients({ ...deps, tables, stillMsMax: 20 }, 'tenant', { ...file, chunks: chunks() }),
  ).rejects.toMatchObject({ code: 'file-cut-off' });
  expect(told).toEqual(['abandoned']);
});

async function* nothing(): AsyncGenerator<Uint8Array> {}
