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

/** One query after the other: a transaction has one connection, and Prisma would load relations on it all at once. */
async function clinicsWhere(tx: DirectoryTx, where: { clinicId?: string }): Promise<Clinic[]> {
  const clinics = await tx.clinic.findMany({
    where,
    orderBy: { name: 'asc' },
    omit: { tenantId: true, publishedHash: true },
  });
  const numbers = await tx.clinicNumber.findMany({ where, orderBy: { number: 'asc' } });
  const hours = await tx.openingHours.findMany({
    where,
    orderBy: [{ isoWeekday: 'asc' }, { fromMinute: 'asc' }],
    omit: { tenantId: true },
  });
  const doctors = await tx.doctor.findMany({ where, orderBy: { position: 'asc' }, omit: { tenantId: true } });
  return clinics.map((clinic) => {
    const its = <T extends { clinicId: string }>(rows: T[]): Omit<T, 'clinicId'>[] =>
      rows.filter((row) => row.clinicId === clinic.clinicId).map(({ clinicId: _, ...rest }) => rest);
    return {
      ...clinic,
      numbers: its(numbers).map(({ number }) => number),
      openingHours: its(hours),
      doctors: its(doctors).map(({ position: _, ...doctor }) => doctor),
    };
  });
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
