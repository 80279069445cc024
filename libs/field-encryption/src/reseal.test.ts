import { Personal } from '@wardline/personal-data';
import { createFieldCipher } from './field-cipher.ts';
import { createResealRounds, resealBatchRows, resealTenant, type SealedRows } from './reseal.ts';
import { createMemoryKeyring } from './testing/index.ts';

const a = '01930000-0000-7000-8000-00000000a001';
const b = '01930000-0000-7000-8000-00000000b001';

/** Rows in memory; `batches` says who was passed over, batch by batch. */
function setUp(rowsPerTenant: number) {
  const keyring = createMemoryKeyring();
  const cipher = createFieldCipher(keyring);
  const seal = (tenantId: string) => cipher.seal(tenantId, Personal.of('Maria'), 'test.name');
  const rows = new Map([a, b].map((t) => [t, Array.from({ length: rowsPerTenant }, () => seal(t))]));
  const batches: string[] = [];
  const store: SealedRows = {
    tenants: () => Promise.resolve([a, b]),
    resealBatch(tenantId, { afterId, limit }) {
      batches.push(tenantId);
      const own = rows.get(tenantId) ?? [];
      const from = afterId === undefined ? 0 : Number(afterId) + 1;
      const to = Math.min(from + limit, own.length);
      let resealed = 0;
      for (let i = from; i < to; i++) {
        if (!cipher.needsReseal(tenantId, own[i]!)) continue;
        own[i] = seal(tenantId);
        resealed += 1;
      }
      return Promise.resolve({
        resealed,
        examined: to - from,
        lastId: to > from ? String(to - 1) : undefined,
      });
    },
  };
  return { keyring, cipher, store, batches };
}

it('goes on until a batch is not full', async () => {
  const { keyring, store, batches } = setUp(2 * resealBatchRows);
  keyring.rotate(a);
  expect(await resealTenant(store, a)).toBe(2 * resealBatchRows);
  expect(batches).toEqual([a, a, a]);
});

it('passes over everybody at first and then only over those whose key has changed', async () => {
  const { keyring, cipher, store, batches } = setUp(3);
  const round = createResealRounds(store, cipher);
  expect(await round()).toBe(0);
  expect(batches.splice(0)).toEqual([a, b]);
  expect(await round()).toBe(0);
  expect(batches.splice(0)).toEqual([]);
  keyring.rotate(b);
  expect(await round()).toBe(3);
  expect(batches.splice(0)).toEqual([b]);
  expect(await round()).toBe(0);
  expect(batches.splice(0)).toEqual([]);
});

it('takes up again what a stop has interrupted', async () => {
  const { cipher, store, batches } = setUp(3);
  const round = createResealRounds(store, cipher);
  await round(AbortSignal.abort());
  expect(batches).toEqual([]);
  await round();
  expect(batches).toEqual([a, b]);
});
