import { sharedKeys } from '@wardline/contracts';
import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger } from '@wardline/observability';
import { createKeyValueOpenStreams } from './open-streams.ts';

const key = sharedKeys.openStream('tenant-1', 'call-1', 2);

function setUp() {
  let ms = 0;
  let beat = (): void => {};
  const keyValue = createMemoryKeyValue({ now: () => ms });
  const away = { is: false };
  const store: Pick<typeof keyValue, 'set' | 'delete'> = {
    set: (...args) => (away.is ? Promise.reject(new Error('away')) : keyValue.set(...args)),
    delete: (...args) => keyValue.delete(...args),
  };
  const streams = createKeyValueOpenStreams(store, createSilentLogger(), (_, work) => {
    beat = work;
    return () => {
      beat = () => {};
    };
  });
  const pass = (byMs: number): void => {
    for (const end = ms + byMs; ms < end;) {
      ms += 100;
      if (ms % 1_000 === 0) beat();
    }
  };
  return { keyValue, streams, away, pass, isOpen: async () => (await keyValue.get(key)) !== undefined };
}

it('says that a stream is open for as long as it is, and no longer', async () => {
  const { keyValue, streams, pass, isOpen } = setUp();
  const release = streams.hold('tenant-1', 'call-1', 2);
  for (let half = 0; half < 20; half++) {
    pass(500);
    expect(await isOpen()).toBe(true);
  }
  expect(await keyValue.get(sharedKeys.openStream('tenant-1', 'call-1', 1))).toBeUndefined();
  release();
  release();
  expect(await isOpen()).toBe(false);
  pass(5_000);
  expect(await isOpen()).toBe(false);
});

it('keeps one open that another connection has taken over', async () => {
  const { streams, pass, isOpen } = setUp();
  const older = streams.hold('tenant-1', 'call-1', 2);
  const newer = streams.hold('tenant-1', 'call-1', 2);
  older();
  pass(5_000);
  expect(await isOpen()).toBe(true);
  newer();
  expect(await isOpen()).toBe(false);
});

it('leaves no stream open whose process did not live to end it', async () => {
  const { streams, pass, isOpen } = setUp();
  streams.hold('tenant-1', 'call-1', 2);
  streams.close();
  pass(2_900);
  expect(await isOpen()).toBe(true);
  pass(200);
  expect(await isOpen()).toBe(false);
});

it('says it anew to a store that was away', async () => {
  const { streams, away, pass, isOpen } = setUp();
  away.is = true;
  streams.hold('tenant-1', 'call-1', 2);
  pass(5_000);
  expect(await isOpen()).toBe(false);
  away.is = false;
  pass(1_000);
  expect(await isOpen()).toBe(true);
});
