import type { KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import type { LiveView } from '../../ports/live-view.ts';

/** A recogniser revises itself many times a second; eyes follow about five. */
const partialEveryMs = 200;

/**
 * Publishes to `live:<tenantId>`. Partials are coalesced per call: the newest is sent at most every 200 ms, and a final
 * line drops one that still waits.
 */
export function createKeyValueLiveView(keyValue: KeyValue, logger: Logger): LiveView & { close(): void } {
  const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; newest: string | undefined }>();

  const publish = (tenantId: string, message: string): void => {
    keyValue
      .publish(`live:${tenantId}`, message)
      .catch((err: unknown) => logger.debug('a live line found no way out', { err }));
  };

  function sent(tenantId: string, callId: string): void {
    const timer = setTimeout(() => {
      const newest = waiting.get(callId)?.newest;
      waiting.delete(callId);
      if (newest === undefined) return;
      publish(tenantId, newest);
      sent(tenantId, callId);
    }, partialEveryMs);
    waiting.set(callId, { timer, newest: undefined });
  }

  return {
    partial(tenantId, callId, { turn, text }) {
      const message = JSON.stringify({ kind: 'partial', callId, turn, text });
      const pending = waiting.get(callId);
      if (pending) pending.newest = message;
      else {
        publish(tenantId, message);
        sent(tenantId, callId);
      }
    },
    line(tenantId, callId, line) {
      const pending = waiting.get(callId);
      if (pending) pending.newest = undefined;
      const { sequence, speaker, text, confidence, atMs, interrupted } = line;
      const at = new Date(atMs).toISOString();
      publish(
        tenantId,
        JSON.stringify({ kind: 'line', callId, sequence, speaker, text, confidence, at, interrupted }),
      );
    },
    close() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
