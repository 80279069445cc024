import { create, toJson, type JsonObject } from '@bufbuild/protobuf';
import { appointments, demo, events, type DemoClinic } from '@wardline/contracts';
import { FakeEventBus } from '@wardline/event-bus/testing';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase } from '@wardline/persistence/testing';
import { createTestClients } from '@wardline/rpc/testing';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { compose } from '../compose.ts';
import { appointmentsSchema } from '../schema.ts';

/**
 * The whole service as it runs, with a real database and real RPC over a socket; only the event bus is in memory, so
 * that a test says itself when an event arrives. Demo clinics are in place.
 */
export async function startAppointments(o: { poolSizeMax?: number; deadlineMs?: number } = {}) {
  const database = await startTestDatabase({ services: [appointmentsSchema] });
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  const serviceKey = randomBytes(32).toString('base64');
  const keyring = createMemoryKeyring();
  const cipher = createFieldCipher(keyring);
  const bus = new FakeEventBus();
  const logger = createRecordingLogger('appointments');
  const clock = { offsetMs: 0 };
  const service = compose(
    {
      host: '127.0.0.1',
      rpcPort: 0,
      databaseUrl: database.url('wardline_appointments'),
      poolSizeMax: o.poolSizeMax ?? 8,
      eventBus: { databaseUrl: undefined, kafka: undefined },
      serviceKey,
      keyring: undefined,
      demo: true,
    },
    { logger, eventBus: bus, cipher, now: () => Date.now() + clock.offsetMs },
  );
  await service.start();
  for (const clinic of demo.clinics) bus.publish(directoryChanged(clinic));
  await bus.idle();

  const clients = createTestClients(appointments.AppointmentsService, {
    ...{ callee: 'appointments', serviceKey, port: () => service.rpcPort },
    defaultDeadlineMs: o.deadlineMs ?? 30_000,
  });
  const brain = clients.clientAs('conversation-brain');
  return {
    service,
    database,
    /** Superuser: what is really in the tables. */
    admin,
    bus,
    cipher,
    keyring,
    logger,
    /** Moves the service's clock; the database's stays. */
    clock,
    clientAs: clients.clientAs,
    /** As the conversation-brain, for one tenant. */
    as: (tenantId: string) => brain.forTenant(tenantId),
    async stop(): Promise<void> {
      clients.close();
      await service.stop();
      await admin.end();
      await database.stop();
    },
  };
}

export type RunningAppointments = Awaited<ReturnType<typeof startAppointments>>;

/** What the directory announces about a clinic. */
export function directoryChanged(
  clinic: Pick<DemoClinic, 'tenantId' | 'clinicId' | 'name' | 'timeZone' | 'doctors'>,
) {
  const message = create(events.DirectoryChangedSchema, {
    clinicId: clinic.clinicId,
    name: clinic.name,
    timeZone: clinic.timeZone,
    doctors: clinic.doctors.map(({ doctorId, name, department }) => ({
      doctorId,
      name,
      department,
      acceptsBookings: true,
    })),
  });
  return {
    topic: 'directory.changed' as const,
    type: events.DirectoryChangedSchema.typeName,
    key: clinic.clinicId,
    subject: `clinics/${clinic.clinicId}`,
    tenantId: clinic.tenantId,
    data: toJson(events.DirectoryChangedSchema, message, { alwaysEmitImplicit: true }) as JsonObject,
  };
}
