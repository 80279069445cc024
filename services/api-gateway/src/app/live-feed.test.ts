import type { KeyValue } from '@wardline/key-value';
import { createLogger } from '@wardline/observability';
import { PassThrough } from 'node:stream';
import { createLiveFeed, type LiveMessage } from './live-feed.ts';

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

describe('live feed', () => {
  it('shows a message to the viewers of its tenant and to nobody else', async () => {
    const { keyValue } = channel();
    const feed = createLiveFeed({ keyValue, logger });
    await feed.start();
    const seen: Record<string, LiveMessage[]> = { a: [], b: [] };
    feed.watch('tenant-a', (message) => seen.a?.push(message));
    feed.watch('tenant-b', (message) => seen.b?.push(message));
    await feed.publish('tenant-a', { kind: 'call', callId: 'c1' });
    expect(seen).toEqual({ a: [{ kind: 'call', callId: 'c1' }], b: [] });
  });

  it('goes on after a message that is not JSON', async () => {
    const { keyValue, say } = channel();
    const feed = createLiveFeed({ keyValue, logger });
    await feed.start();
    const seen: LiveMessage[] = [];
    feed.watch('tenant-a', (message) => seen.push(message));
    say('live:tenant-a', '{');
    await feed.publish('tenant-a', { kind: 'line' });
    expect(seen).toEqual([{ kind: 'line' }]);
  });

  it('has room for a bounded number of viewers, and a place is free again once', () => {
    const feed = createLiveFeed({ keyValue: channel().keyValue, logger, viewersMax: 1 });
    const leave = feed.watch('tenant-a', () => {});
    expect(feed.watch('tenant-b', () => {})).toBeUndefined();
    leave?.();
    leave?.();
    expect(feed.watch('tenant-b', () => {})).toBeDefined();
    expect(feed.watch('tenant-b', () => {})).toBeUndefined();
  });
});
