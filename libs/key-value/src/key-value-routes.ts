import { create } from '@bufbuild/protobuf';
import { durationMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from '@connectrpc/connect';
import { keyvalue } from '@wardline/contracts';
import type { KeyValue } from './key-value.ts';

/** Messages a slow subscriber may be behind; beyond it the oldest are dropped: live views want the newest. */
const BACKLOG_MAX = 1_000;

type Message = { channel: string; message: string };

/** Serves a store to the other processes of an embedded run: `routes: keyValueRoutes(store)`. */
export function keyValueRoutes(store: KeyValue): (router: ConnectRouter) => void {
  return (router) =>
    router.service(keyvalue.KeyValueService, {
      async get({ key }) {
        const value = await store.get(key);
        return create(keyvalue.GetResponseSchema, value === undefined ? {} : { value });
      },
      async set({ key, value, ttl, ifAbsent }) {
        const options = { ifAbsent, ...(ttl ? { ttlMs: durationMs(ttl) } : {}) };
        return { stored: await refusing(() => store.set(key, value, options)) };
      },
      async delete({ key }) {
        return { existed: await store.delete(key) };
      },
      async increment({ key, by, ttl }) {
        const options = ttl ? { ttlMs: durationMs(ttl) } : {};
        return { value: await refusing(() => store.increment(key, by, options)) };
      },
      async acquirePermit({ pool, holder, places, ttl }) {
        const ttlMs = ttl ? durationMs(ttl) : 0;
        return { acquired: await refusing(() => store.acquirePermit(pool, holder, { places, ttlMs })) };
      },
      async releasePermit({ pool, holder }) {
        await refusing(() => store.releasePermit(pool, holder));
        return {};
      },
      async publish({ channel, message }) {
        await refusing(() => store.publish(channel, message));
        return {};
      },
      subscribe: ({ channel }, ctx) => stream(store, channel, ctx),
    });
}

/** What the store refuses is the caller's mistake, and may be told. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) throw new ConnectError(error.message, Code.InvalidArgument);
    throw error;
  }
}

async function* stream(store: KeyValue, pattern: string, ctx: HandlerContext): AsyncGenerator<Message> {
  const backlog: Message[] = [];
  let wake = (): void => undefined;
  const onAbort = (): void => wake();
  const unsubscribe = await refusing(() =>
    store.subscribe(pattern, (channel, message) => {
      if (backlog.length >= BACKLOG_MAX) backlog.shift();
      backlog.push({ channel, message });
      wake();
    }),
  );
  ctx.signal.addEventListener('abort', onAbort);
  try {
    // Says that the subscription is in place.
    yield { channel: '', message: '' };
    while (!ctx.signal.aborted) {
      const next = backlog.shift();
      if (next) {
        yield next;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (ctx.signal.aborted || backlog.length > 0) resolve();
      });
    }
  } finally {
    ctx.signal.removeEventListener('abort', onAbort);
    await unsubscribe();
  }
}
