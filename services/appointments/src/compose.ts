import { demo } from '@wardline/contracts';
import { createEventBus, uuidv7, type EventBus } from '@wardline/event-bus';
import {
  createConfiguredCipher,
  createResealRounds,
  resealTenant,
  type FieldCipher,
} from '@wardline/field-encryption';
import type { Logger } from '@wardline/observability';
import { createRpcServer, createServiceTokens } from '@wardline/rpc';
import { composeLifecycle } from '@wardline/service-runtime';
import { openAppointmentsDatabase } from './adapters/postgres/appointments-database.ts';
import { createPostgresAppointmentBook } from './adapters/postgres/postgres-appointment-book.ts';
import { createPostgresBookingChanges } from './adapters/postgres/postgres-booking-changes.ts';
import {
  createPostgresBookings,
  createPostgresSealedBookings,
} from './adapters/postgres/postgres-bookings.ts';
import {
  createPostgresClinicReadModel,
  createPostgresScheduleStore,
} from './adapters/postgres/postgres-clinics.ts';
import { createPostgresSweeper } from './adapters/postgres/postgres-sweeper.ts';
import { seedDemo } from './app/seed-demo.ts';
import type { AppointmentsConfig } from './config.ts';
import { allowedCallers, appointmentsRoutes } from './entrypoints/appointments-rpc.ts';
import { housekeeping } from './entrypoints/housekeeping.ts';
import { consumeDirectory } from './entrypoints/directory-events.ts';

export { parseConfig, type AppointmentsConfig } from './config.ts';
export { appointmentsSchema } from './schema.ts';

/** Adapters that several services of one process share; what is absent is made from the configuration. */
export interface AppointmentsDeps {
  readonly logger: Logger;
  readonly eventBus?: EventBus;
  readonly cipher?: FieldCipher;
  /** Milliseconds since 1970; another clock only in tests. */
  readonly now?: () => number;
}

export function compose(config: AppointmentsConfig, deps: AppointmentsDeps) {
  const { logger } = deps;
  const now = deps.now ?? Date.now;
  const cipher = deps.cipher ?? createConfiguredCipher(config.keyring);
  const eventBus = deps.eventBus ?? createEventBus(config.eventBus, { logger, service: 'appointments' });
  const database = openAppointmentsDatabase(config.databaseUrl, logger, config.poolSizeMax);
  const book = createPostgresAppointmentBook({ database, cipher });
  const schedules = createPostgresScheduleStore(database);
  const sealed = createPostgresSealedBookings({ database, cipher });
  const rpc = createRpcServer({
    service: 'appointments',
    host: config.host,
    port: config.rpcPort,
    tokens: createServiceTokens({ key: config.serviceKey, service: 'appointments' }),
    logger,
    allow: allowedCallers,
    routes: appointmentsRoutes({
      book,
      bookings: createPostgresBookings(database, cipher),
      changes: createPostgresBookingChanges({ database, cipher }),
      cipher,
      newId: uuidv7,
      now,
    }),
  });

  const lifecycle = composeLifecycle(
    [
      {
        name: 'database',
        start: () => (config.demo ? seedDemo(schedules, demo.clinics) : Promise.resolve()),
        close: () => database.close(),
      },
      consumeDirectory(eventBus, createPostgresClinicReadModel(database)),
      housekeeping({
        sweeper: createPostgresSweeper(database),
        reseal: createResealRounds(sealed, cipher),
        logger,
      }),
      rpc,
    ],
    logger,
  );
  return {
    ...lifecycle,
    /** The port that AppointmentsService listens on, once started. */
    get rpcPort(): number {
      return rpc.port;
    },
    /** Days off and extra hours, for whoever plans. */
    schedules,
    /** Moves a tenant's rows to its current key now rather than within a minute; answers how many it moved. */
    reseal: (tenantId: string): Promise<number> => resealTenant(sealed, tenantId),
  };
}
