import { takeOnce, uuidv7 } from '@wardline/event-bus';
import type { ClinicReadModel, ScheduleStore } from '../../ports/clinic-read-model.ts';
import type { AppointmentsDatabase } from './appointments-database.ts';

const CONSUMER = 'appointments';

export function createPostgresClinicReadModel(database: AppointmentsDatabase): ClinicReadModel {
  return {
    apply: (tenantId, { eventId, sequence, clinic }) =>
      database.inTenant(tenantId, async (tx) => {
        if (!(await takeOnce(tx, 'appointments', CONSUMER, eventId))) return 'known';
        const id = { tenantId_clinicId: { tenantId, clinicId: clinic.clinicId } };
        const known = await tx.clinic.findUnique({ where: id });
        // The event carries the whole clinic, so an older one has nothing to add.
        if (known && known.sourceSequence >= BigInt(sequence)) return 'known';
        const facts = { name: clinic.name, timeZone: clinic.timeZone, sourceSequence: BigInt(sequence) };
        await tx.clinic.upsert({
          where: id,
          create: { tenantId, clinicId: clinic.clinicId, ...facts },
          update: facts,
        });
        await tx.doctor.updateMany({
          where: { clinicId: clinic.clinicId, doctorId: { notIn: clinic.doctors.map((d) => d.doctorId) } },
          data: { acceptsBookings: false },
        });
        for (const { doctorId, ...doctor } of clinic.doctors) {
          const data = { clinicId: clinic.clinicId, ...doctor };
          await tx.doctor.upsert({
            where: { tenantId_doctorId: { tenantId, doctorId } },
            create: { tenantId, doctorId, ...data },
            update: data,
          });
        }
        return 'applied';
      }),
  };
}

export function createPostgresScheduleStore(database: AppointmentsDatabase): ScheduleStore {
  return {
    define: (tenantId, { clinicId, doctorId, service, weekly }) =>
      database.inTenant(tenantId, async (tx) => {
        const { serviceId, ...facts } = service;
        await tx.service.upsert({
          where: { tenantId_serviceId: { tenantId, serviceId } },
          create: { tenantId, serviceId, clinicId, ...facts },
          update: { clinicId, ...facts },
        });
        await tx.doctorService.upsert({
          where: { tenantId_doctorId: { tenantId, doctorId } },
          create: { tenantId, doctorId, serviceId },
          update: { serviceId },
        });
        await tx.workingHours.deleteMany({ where: { doctorId } });
        await tx.workingHours.createMany({ data: weekly.map((hours) => ({ tenantId, doctorId, ...hours })) });
      }),

    async addException(tenantId, { date, ...exception }) {
      await database.inTenant(tenantId, (tx) =>
        tx.scheduleException.create({
          data: { id: uuidv7(), tenantId, onDate: new Date(`${date}T00:00:00Z`), ...exception },
        }),
      );
    },
  };
}
