import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { EgressLog } from '../ports/egress-log.ts';

type Woken = (tenantId: string) => void;

/**
 * Tells readers of the egress log that a tenant's log has grown. In the process that wrote, at once after its commit; for
 * what other processes write, by a look at the positions of the watched tenants. A signal is a hint: it may come for
 * nothing, and a reader has to look by itself when it begins to watch.
 */
export interface EgressSignal extends Component {
  wake(tenantId: string): void;
  /** @returns how to stop watching */
  watch(tenantId: string, woken: Woken): () => void;
  /** Every tenant that this process writes events of. Others' writes are not seen here. */
  watchAll(woken: Woken): () => void;
}

export function createEgressSignal(o: {
  log: Pick<EgressLog, 'positions'>;
  logger: Logger;
  everyMs?: number;
}): EgressSignal {
  const watchers = new Map<string, Set<Woken>>();
  const all = new Set<Woken>();
  const seen = new Map<string, bigint>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let stopped = true;

  const wake = (tenantId: string): void => {
    for (const woken of watchers.get(tenantId) ?? []) woken(tenantId);
  };
  async function look(): Promise<void> {
    try {
      if (watchers.size === 0) return;
      for (const [tenantId, last] of await o.log.positions([...watchers.keys()])) {
        const before = seen.get(tenantId);
        if (!watchers.has(tenantId) || before === last) continue;
        seen.set(tenantId, last);
        wake(tenantId);
      }
    } catch (err) {
      o.logger.warn('the positions of the egress log could not be read; the next look tries again', { err });
    } finally {
      plan();
    }
  }
  function plan(): void {
    if (!stopped) timer = setTimeout(() => (looking = look()), o.everyMs ?? 250);
  }

  return {
    name: 'egress signal',
    async start() {
      stopped = false;
      plan();
    },
    async close() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
    wake(tenantId) {
      wake(tenantId);
      for (const woken of all) woken(tenantId);
    },
    watch(tenantId, woken) {
      const own = watchers.get(tenantId) ?? new Set();
      watchers.set(tenantId, own);
      own.add(woken);
      return () => {
        own.delete(woken);
        if (own.size > 0 || watchers.get(tenantId) !== own) return;
        watchers.delete(tenantId);
        seen.delete(tenantId);
      };
    },
    watchAll(woken) {
      all.add(woken);
      return () => void all.delete(woken);
    },
  };
}
