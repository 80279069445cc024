import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type Client } from '@connectrpc/connect';
import type { keyvalue } from '@wardline/contracts';
import type { Logger } from '@wardline/observability';
import { assertPermit, assertSizes, assertTtl, type KeyValue, type Unsubscribe } from './key-value.ts';

type KeyValueClient = Client<typeof keyvalue.KeyValueService>;

/** `createRpcClient(KeyValueService, …)`, or the client it gives; keys name their tenant, so calls need none. */
export type KeyValueRpcClient = KeyValueClient | { withoutTenant(): KeyValueClient };

export interface RemoteKeyValueOptions {
  logger?: Logger;
  /** Waits between attempts to subscribe again, the last one repeated. */
  reconnectDelaysMs?: readonly number[];
}

const RECONNECT_DELAYS_MS = [50, 100, 250, 500, 1_000];

/**
 * Key-value of another process, over RPC. A subscription outlives a restart of the server: it is made again until it is
 * ended; what was published meanwhile is lost, as with any subscriber that was not there.
 */
export function createRemoteKeyValue(
  client: KeyValueRpcClient,
  options: RemoteKeyValueOptions = {},
): KeyValue {
  const rpc = 'withoutTenant' in client ? client.withoutTenant() : client;
  const delaysMs = options.reconnectDelaysMs ?? RECONNECT_DELAYS_MS;
  const open = new Set<Unsubscribe>();
  const ttlOf = (ttlMs: number | undefined) => (ttlMs === undefined ? {} : { ttl: durationFromMs(ttlMs) });

  async function subscribe(
    pattern: string,
    on: (channel: string, message: string) => void,
  ): Promise<Unsubscribe> {
    assertSizes(pattern);
    const ended = new AbortController();
    const inPlace = Promise.withResolvers<void>();
    const running = keepSubscribed(pattern, on, ended.signal, inPlace);
    const unsubscribe = async (): Promise<void> => {
      open.delete(unsubscribe);
      ended.abort();
      await running;
    };
    open.add(unsubscribe);
    await inPlace.promise;
    return unsubscribe;
  }

  async function keepSubscribed(
    pattern: string,
    on: (channel: string, message: string) => void,
    signal: AbortSignal,
    inPlace: PromiseWithResolvers<void>,
  ): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      try {
        for await (const { channel, message } of rpc.subscribe({ channel: pattern }, { signal })) {
          failures = 0;
          inPlace.resolve();
          // Nothing after the end, also not what had arrived before it.
          if (signal.aborted) return;
          if (channel !== '') on(channel, message);
        }
      } catch (error) {
        if (!signal.aborted) options.logger?.warn('key-value subscription lost', { err: error });
      }
      if (!signal.aborted) await wait(delaysMs[Math.min(failures, delaysMs.length - 1)] ?? 1_000, signal);
      failures += 1;
    }
    inPlace.resolve();
  }

  return {
    async get(key) {
      return (await refused(rpc.get({ key }))).value;
    },
    async set(key, value, { ttlMs, ifAbsent = false } = {}) {
      assertSizes(key, value);
      assertTtl(ttlMs);
      return (await refused(rpc.set({ key, value, ifAbsent, ...ttlOf(ttlMs) }))).stored;
    },
    async delete(key) {
      return (await refused(rpc.delete({ key }))).existed;
    },
    async increment(key, by = 1, { ttlMs } = {}) {
      assertSizes(key);
      assertTtl(ttlMs);
      if (!Number.isInteger(by)) throw new RangeError('the sum is not a whole number of 32 bits');
      return (await refused(rpc.increment({ key, by, ...ttlOf(ttlMs) }))).value;
    },
    async acquirePermit(pool, holder, options) {
      assertPermit(pool, holder, options);
      const { places, ttlMs } = options;
      return (await refused(rpc.acquirePermit({ pool, holder, places, ...ttlOf(ttlMs) }))).acquired;
    },
    async releasePermit(pool, holder) {
      assertPermit(pool, holder);
      await refused(rpc.releasePermit({ pool, holder }));
    },
    async publish(channel, message) {
      assertSizes(channel, message);
      await refused(rpc.publish({ channel, message }));
    },
    subscribe,
    async close() {
      await Promise.all([...open].map((unsubscribe) => unsubscribe()));
    },
  };
}

/** The store's refusals keep their type across the wire. */
async function refused<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConnectError && error.code === Code.InvalidArgument) {
      throw new RangeError(error.rawMessage, { cause: error });
    }
    throw error;
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
