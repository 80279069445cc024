import type { KeyValue } from '@wardline/key-value';
import { createLogger } from '@wardline/observability';
import { PassThrough } from 'node:stream';
import type { LiveEntry } from '../domain/live-history.ts';
import { createLiveFeed } from './live-feed.ts';

/** Only what the feed uses of the port. */
function channel() {
  let listener: (channel: string, message: string) => void = () => {};
  const keyValue = {
    subscribe: async (_channel: string, on: typeof listener) => {
      listener = on;
      return async () => {};
    },
    publish: async (name: string, message: string) => listener(name, message),
  } as Partial<KeyValue> as KeyValue;
  return { keyValue, say: (name: string, message: string) => listener(name, message) };
}

const logger = createLogger({ service: 'test', destination: new PassThrough() });

const messages = (entries: readonly LiveEntry[] | undefined) => entries?.map(({ message }) => message);

describe('live feed', () => {
  it('shows a message to the viewers of its tenant and to nobody else', async () => {
    const { keyValue } = channel();
    const feed = createLiveFeed({ keyValue, logger });
    await feed.start();
    const seen: Record<string, LiveEntry[]> = { a: [], b: [] };
    feed.watch('tenant-a', (entry) => seen['a']?.push(entry));
    feed.watch('tenant-b', (entry) => seen['b']?.push(entry));
    await feed.publish('tenant-a', { kind: 'call', callId: 'c1' });
    expect([messages(seen['a']), messages(seen['b'])]).toEqual([[{ kind: 'call', callId: 'c1' }], []]);
    await feed.close();
  });

  it('goes on after a message that is not JSON, or says nothing', async () => {
    const { keyValue, say } = channel();
    const feed = createLiveFeed({ keyValue, logger });
    await feed.start();
    const seen: LiveEntry[] = [];
    feed.watch('tenant-a', (entry) => seen.push(entry));
    for (const text of ['{', 'null', '[]', '{}']) say('live:tenant-a', text);
    await feed.publish('tenant-a', { kind: 'line' });
    expect(messages(seen)).toEqual([{ kind: 'line' }]);
    await feed.close();
  });

  it('tells who comes back what it has missed, while it still knows', async () => {
    let at = 0;
    const { keyValue } = channel();
    const feed = createLiveFeed({ keyValue, logger, now: () => at });
    await feed.start();
    const first = feed.watch('tenant-a', () => {});
    first?.leave();
    await feed.publish('tenant-a', { kind: 'call', callId: 'c1' });
    await feed.publish('tenant-b', { kind: 'call', callId: 'c2' });
    const again = feed.watch('tenant-a', () => {}, first?.present);
    expect(messages(again?.missed)).toEqual([{ kind: 'call', callId: 'c1' }]);
    // A position of one hospital is none of another.
    expect(feed.watch('tenant-b', () => {}, first?.present)?.missed).toBeUndefined();
    again?.leave();
    at = 11 * 60_000;
    feed.forget();
    expect(feed.watch('tenant-a', () => {}, first?.present)?.missed).toBeUndefined();
    await feed.close();
  });

  it('has room for a bounded number of viewers, and a place is free again once', () => {
    const feed = createLiveFeed({ keyValue: channel().keyValue, logger, viewersMax: 1 });
    const place = feed.watch('tenant-a', () => {});
    expect(feed.watch('tenant-b', () => {})).toBeUndefined();
    place?.leave();
    place?.leave();
    expect(feed.watch('tenant-b', () => {})).toBeDefined();
    expect(feed.watch('tenant-b', () => {})).toBeUndefined();
  });
});
