import { uuidv7 } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import type { KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import type { ConnectRouter } from '@connectrpc/connect';
import { createKeyValueLiveNotes } from './adapters/key-value-live-notes.ts';
import { createPostgresHandOffStore } from './adapters/postgres/postgres-hand-off-store.ts';
import { createPostgresPresence } from './adapters/postgres/postgres-presence.ts';
import type { TelephonyDatabase } from './adapters/postgres/telephony-database.ts';
import type { BackgroundWork } from './app/background-work.ts';
import type { CallChanges } from './app/change-call.ts';
import { createExpireHandOffs, createHandOffFollower } from './app/follow-hand-off.ts';
import { createHandOffWaits } from './app/hand-off-waits.ts';
import { createRequestHandOff } from './app/request-hand-off.ts';
import { createHandOffDesk } from './app/work-hand-off.ts';
import { handOffRoutes } from './entrypoints/hand-off-service.ts';
import type { ClinicLines } from './ports/clinic-lines.ts';
import type { Clock } from './ports/clock.ts';

/** How long a request does not notice what another instance has stored. */
const POLL_MS = 500;

/** The part of the composition root that hands calls to people. `changes` needs it and is needed by it. */
export function composeHandOffs(o: {
  /** How long supervisors have to accept. */
  offerMs: number;
  database: TelephonyDatabase;
  cipher: FieldCipher;
  clock: Clock;
  clinics: ClinicLines;
  /** Without one, consoles learn of hand-offs when they ask. */
  keyValue: KeyValue | undefined;
  changes: () => CallChanges;
  background: BackgroundWork;
  logger: Logger;
}) {
  const { clock, changes, logger } = o;
  const store = createPostgresHandOffStore(o.database, o.cipher);
  const waits = createHandOffWaits({ clock, pollMs: POLL_MS });
  const { expire, expireDue } = createExpireHandOffs({ store, changes, clock });
  const follow = createHandOffFollower({
    live: o.keyValue ? createKeyValueLiveNotes(o.keyValue, logger) : { handOff: () => {} },
    ...{ waits, clock, expire, inBackground: o.background.run },
  });
  return {
    store,
    /** Belongs after the RPC server: requests that wait are let go before the server waits for them. */
    waits,
    expireDue,
    follow,
    routes: (router: ConnectRouter) =>
      handOffRoutes({
        request: createRequestHandOff({
          ...{ store, clinics: o.clinics, waits, clock, logger, offerMs: o.offerMs },
          newId: uuidv7,
          changes: changes(),
        }),
        desk: createHandOffDesk({ store, changes: changes(), clock }),
        presence: createPostgresPresence(o.database),
        ...{ store, clock },
      })(router),
  };
}
