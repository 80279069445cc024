import { sharedKeys } from '@wardline/contracts';
import type { KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import type { OpenStreams } from '../../ports/open-streams.ts';

/** How often it is said anew. */
const everyMs = 1_000;
/** Two may be lost. Ours ends with us: a stream whose brain was killed is open again once another has taken it over. */
const ttlMs = 3_000;

/** A key per stream that ends by itself when nobody says anew that it is open. */
export function createKeyValueOpenStreams(
  keyValue: Pick<KeyValue, 'set' | 'delete'>,
  logger: Logger,
  /** Returns what ends it. */
  every: (ms: number, work: () => void) => () => void = interval,
): OpenStreams & { close(): void } {
  /** A connection that broke and the one that took over have the same name for a moment. */
  const held = new Set<{ readonly key: string }>();
  const lost = (err: unknown): void => logger.debug('who is listened to could not be said', { err });
  const say = ({ key }: { key: string }): void => void keyValue.set(key, '1', { ttlMs }).catch(lost);
  const stop = every(everyMs, () => held.forEach(say));
  return {
    hold(tenantId, callId, epoch) {
      const stream = { key: sharedKeys.openStream(tenantId, callId, epoch) };
      held.add(stream);
      say(stream);
      return () => {
        if (!held.delete(stream)) return;
        const others = [...held].some(({ key }) => key === stream.key);
        if (!others) keyValue.delete(stream.key).catch(lost);
      };
    },
    close() {
      stop();
      held.clear();
    },
  };
}

function interval(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms).unref();
  return () => clearInterval(timer);
}
