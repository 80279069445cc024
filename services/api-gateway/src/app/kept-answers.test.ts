import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createMemoryKeyValue } from '@wardline/key-value';
import { tenantA, tenantB } from '../testing/egress-fixture.ts';
import { createKeptAnswers } from './kept-answers.ts';

const build = () => {
  const keyValue = createMemoryKeyValue();
  const seen: string[] = [];
  const set: typeof keyValue.set = (key, value, options) => {
    seen.push(`${key} ${value}`);
    return keyValue.set(key, value, options);
  };
  const cipher = createFieldCipher(createMemoryKeyring());
  const kept = createKeptAnswers({ keyValue: { ...keyValue, set }, cipher });
  let times = 0;
  const work = async () => ({ status: 201, body: { name: 'Mrs Miller', times: (times += 1) } });
  const by = { tenantId: tenantA, userId: 'u', endpoint: 'e', key: 'k', request: { name: 'Mrs Miller' } };
  return { kept, work, by, seen, times: () => times };
};

describe('kept answers', () => {
  it('are given again for the same key and request, and the work is done once', async () => {
    const { kept, work, by, times } = build();
    const first = await kept.once(by, work);
    expect(first).toMatchObject({ kind: 'answer', replayed: false, answer: { body: { times: 1 } } });
    expect(await kept.once(by, work)).toEqual({ ...first, replayed: true });
    expect(times()).toBe(1);
  });

  it('belong to one user, endpoint and hospital', async () => {
    const { kept, work, by } = build();
    await kept.once(by, work);
    for (const other of [{ userId: 'v' }, { endpoint: 'f' }, { key: 'l' }, { tenantId: tenantB }])
      expect(await kept.once({ ...by, ...other }, work)).toMatchObject({ replayed: false });
  });

  it('are not given for another request, nor while the first is under way', async () => {
    const { kept, work, by } = build();
    const gate = Promise.withResolvers<void>();
    const first = kept.once(by, () => gate.promise.then(work));
    await Promise.resolve();
    expect(await kept.once(by, work)).toEqual({ kind: 'under-way' });
    expect(await kept.once({ ...by, request: {} }, work)).toEqual({ kind: 'other-request' });
    gate.resolve();
    await first;
    expect(await kept.once({ ...by, request: {} }, work)).toEqual({ kind: 'other-request' });
  });

  it('are none of what failed: it may be tried again', async () => {
    const { kept, work, by } = build();
    await expect(kept.once(by, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await kept.once(by, work)).toMatchObject({ kind: 'answer', replayed: false });
  });

  it('lie sealed', async () => {
    const { kept, work, by, seen } = build();
    await kept.once(by, work);
    expect(seen.length).toBe(2);
    expect(seen.join()).not.toContain('Miller');
  });
});
