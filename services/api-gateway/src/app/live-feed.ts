import type { KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';

/** What moves on the console. Ids and transcript text of the viewer's own hospital; details are fetched over REST. */
export type LiveMessage = { readonly kind: string } & Readonly<Record<string, unknown>>;

type Viewer = (message: LiveMessage) => void;

const prefix = 'live:';

/**
 * Hands live messages to the viewers of the tenant that they belong to. One subscription serves all viewers. The
 * channel is ephemeral by design: a viewer who was away fetches the present state over REST and goes on from there.
 */
export function createLiveFeed(o: { keyValue: KeyValue; logger: Logger; viewersMax?: number }) {
  const viewersMax = o.viewersMax ?? 500;
  const viewers = new Map<string, Set<Viewer>>();
  let unsubscribe: (() => Promise<void>) | undefined;
  let count = 0;

  function deliver(channel: string, text: string): void {
    const own = viewers.get(channel.slice(prefix.length));
    if (!own) return;
    let message: LiveMessage;
    try {
      message = JSON.parse(text) as LiveMessage;
    } catch (err) {
      o.logger.warn('live message is not JSON', { err });
      return;
    }
    for (const viewer of own) viewer(message);
  }

  return {
    name: 'live feed',
    async start(): Promise<void> {
      unsubscribe = await o.keyValue.subscribe(`${prefix}*`, deliver);
    },
    async close(): Promise<void> {
      await unsubscribe?.();
      unsubscribe = undefined;
    },
    /** @returns how to leave, or undefined when there are too many viewers already */
    watch(tenantId: string, viewer: Viewer): (() => void) | undefined {
      if (count >= viewersMax) return undefined;
      const own = viewers.get(tenantId) ?? new Set();
      viewers.set(tenantId, own);
      own.add(viewer);
      count += 1;
      return () => {
        if (!own.delete(viewer)) return;
        count -= 1;
        if (own.size === 0 && viewers.get(tenantId) === own) viewers.delete(tenantId);
      };
    },
    publish(tenantId: string, message: LiveMessage): Promise<void> {
      return o.keyValue.publish(`${prefix}${tenantId}`, JSON.stringify(message));
    },
  };
}

export type LiveFeed = ReturnType<typeof createLiveFeed>;
