import type { KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import type { LiveNotes } from '../ports/live-notes.ts';

/** Publishes to `live:<tenantId>`, where api-gateway listens for the consoles. */
export function createKeyValueLiveNotes(keyValue: Pick<KeyValue, 'publish'>, logger: Logger): LiveNotes {
  return {
    handOff(tenantId, { handOffId, callId, state }) {
      keyValue
        .publish(`live:${tenantId}`, JSON.stringify({ kind: 'hand-off', handOffId, callId, state }))
        .catch((err: unknown) => logger.debug('a live note found no way out', { err }));
    },
  };
}
