import { sharedKeys } from '@wardline/contracts';
import type { KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import { setTimeout as pause } from 'node:timers/promises';
import type { OpenStreams } from '../ports/open-streams.ts';

/** A store that was lost with us, as that of an embedded run, has been told anew by then: it is said every second. */
const toldAfterMs = 1_500;
const askAgainMs = 100;

/** What conversation-brain says of the streams that it holds. */
export function createKeyValueOpenStreams(o: {
  keyValue: Pick<KeyValue, 'get'>;
  logger: Logger;
}): OpenStreams {
  const { keyValue, logger } = o;
  const startedAt = performance.now();
  const ask = async (name: string): Promise<boolean> => {
    try {
      return (await keyValue.get(name)) !== undefined;
    } catch (err) {
      logger.debug('nobody can be asked who is listened to', { err });
      return false;
    }
  };
  return {
    async isOpen({ tenantId, callId }, epoch) {
      const name = sharedKeys.openStream(tenantId, callId, epoch);
      while (performance.now() - startedAt < toldAfterMs) {
        if (await ask(name)) return true;
        await pause(askAgainMs);
      }
      return ask(name);
    },
  };
}
