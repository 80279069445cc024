import type { KeyValue } from '@wardline/key-value';
import type { EventBus } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import { createPostgresDialQueue } from './adapters/postgres/postgres-dial-queue.ts';
import type { TelephonyDatabase } from './adapters/postgres/telephony-database.ts';
import type { BackgroundWork } from './app/background-work.ts';
import type { CallChanges } from './app/change-call.ts';
import { createDialPlaces, type DialLimits } from './app/dial-places.ts';
import { createDialler, type Dialler } from './app/dialler.ts';
import { createDispatchDials } from './app/dispatch-dials.ts';
import { consumeQueuedDials } from './entrypoints/queued-dials.ts';
import type { ClinicLines } from './ports/clinic-lines.ts';
import type { Clock } from './ports/clock.ts';
import type { DialAuthority } from './ports/dial-authority.ts';

/** The part of the service that makes calls: from the campaign's event to the dial command. */
export interface Outbound {
  readonly components: readonly Component[];
  readonly onOver: Dialler['onOver'];
  readonly keepPlaces: Dialler['keepPlaces'];
}

export function composeOutbound(o: {
  database: TelephonyDatabase;
  eventBus: EventBus;
  keyValue: KeyValue;
  authority: DialAuthority;
  limits: DialLimits;
  clinics: ClinicLines;
  changes: () => Pick<CallChanges, 'place'>;
  clock: Clock;
  background: BackgroundWork;
  logger: Logger;
}): Outbound {
  const { clock, logger } = o;
  const inBackground = o.background.run;
  const queue = createPostgresDialQueue(o.database);
  const places = createDialPlaces(o.keyValue, o.limits);
  const dispatch = createDispatchDials({
    ...{ queue, places, clock, logger, inBackground },
    authority: o.authority,
    clinics: o.clinics,
    changes: { place: (call, at) => o.changes().place(call, at) },
  });
  const dialler = createDialler({ dispatch, queue, places, clock, inBackground, logger });
  const consumer = consumeQueuedDials(o.eventBus, { queue, now: clock.now, onAdded: dialler.wake });
  return { components: [dialler, consumer], onOver: dialler.onOver, keepPlaces: dialler.keepPlaces };
}
