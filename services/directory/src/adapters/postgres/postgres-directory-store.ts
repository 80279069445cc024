import { appendToOutbox } from '@wardline/event-bus';
import { createHash } from 'node:crypto';
import type { Clinic } from '../../domain/clinic.ts';
import type { DirectoryStore } from '../../ports/directory-store.ts';
import { directoryChanged } from '../directory-changed.ts';
import type { DirectoryDatabase, DirectoryTx } from './directory-database.ts';

const read = { isolation: 'ReadCommitted' } as const;

export function createPostgresDirectoryStore(database: DirectoryDatabase): DirectoryStore {
  return {
    async clinic(tenantId, clinicId) {
      const [found] = await database.inTenant(tenantId, (tx) => clinicsWhere(tx, { clinicId }), read);
      return found;
    },
    clinics: (tenantId) => database.inTenant(tenantId, (tx) => clinicsWhere(tx, {}), read),

    saveClinic: (tenantId, clinic) =>
      database.inTenant(tenantId, async (tx) => {
        const event = directoryChanged(tenantId, clinic);
        const publishedHash = createHash('sha256').update(JSON.stringify(event.data)).digest('hex');
        const known = await tx.clinic.findUnique({
          where: { clinicId: clinic.clinicId },
          select: { publishedHash: true },
        });
        await write(tx, tenantId, clinic, publishedHash);
        if (known?.publishedHash === publishedHash) return { published: false };
        await appendToOutbox(tx, 'directory', event);
        return { published: true };
      }),

    async saveTenant(tenantId, name) {
      await database.inTenant(tenantId, (tx) =>
        tx.tenant.upsert({ where: { tenantId }, create: { tenantId, name }, update: { name } }),
      );
    },
    async hasStaffUser(tenantId, userId) {
      return (await database.inTenant(tenantId, (tx) => tx.staffUser.count({ where: { userId } }), read)) > 0;
    },
    async addStaffUser(user) {
      await database.inTenant(user.tenantId, (tx) => tx.staffUser.create({ data: user }));
    },
  };
}

async function clinicsWhere(tx: DirectoryTx, where: { clinicId?: string }): Promise<Clinic[]> {
  const rows = await tx.clinic.findMany({
    where,
    orderBy: { name: 'asc' },
    include: {
      numbers: { orderBy: { number: 'asc' } },
      openingHours: { orderBy: [{ isoWeekday: 'asc' }, { fromMinute: 'asc' }] },
      doctors: { orderBy: { position: 'asc' } },
    },
  });
  return rows.map(
    ({ tenantId: _tenant, publishedHash: _hash, numbers, openingHours, doctors, ...clinic }) => ({
      ...clinic,
      numbers: numbers.map((n) => n.number),
      openingHours: openingHours.map(({ isoWeekday, fromMinute, toMinute }) => ({
        isoWeekday,
        fromMinute,
        toMinute,
      })),
      doctors: doctors.map(({ doctorId, name, department, alsoCalled, acceptsBookings }) => ({
        doctorId,
        name,
        department,
        alsoCalled,
        acceptsBookings,
      })),
    }),
  );
}

async function write(
  tx: DirectoryTx,
  tenantId: string,
  clinic: Clinic,
  publishedHash: string,
): Promise<void> {
  const { clinicId, numbers, openingHours, doctors, ...facts } = clinic;
  const data = { tenantId, ...facts, publishedHash };
  await tx.clinic.upsert({ where: { clinicId }, create: { clinicId, ...data }, update: data });
  // Only what is gone is deleted: a number that stays is never without an owner, not even for a moment.
  await tx.clinicNumber.deleteMany({ where: { clinicId, number: { notIn: [...numbers] } } });
  for (const number of numbers) {
    await tx.clinicNumber.upsert({
      where: { number },
      create: { number, tenantId, clinicId },
      update: { clinicId },
    });
  }
  await tx.openingHours.deleteMany({ where: { clinicId } });
  await tx.openingHours.createMany({ data: openingHours.map((hours) => ({ tenantId, clinicId, ...hours })) });
  await tx.doctor.deleteMany({ where: { clinicId, doctorId: { notIn: doctors.map((d) => d.doctorId) } } });
  for (const [position, { doctorId, alsoCalled, ...doctor }] of doctors.entries()) {
    const row = { tenantId, clinicId, position, alsoCalled: [...alsoCalled], ...doctor };
    await tx.doctor.upsert({ where: { doctorId }, create: { doctorId, ...row }, update: row });
  }
}
