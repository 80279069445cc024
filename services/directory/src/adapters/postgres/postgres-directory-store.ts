import { appendToOutbox } from '@wardline/event-bus';
import { createHash } from 'node:crypto';
import { isConstraintViolation } from '@wardline/persistence';
import type { Clinic, StoredClinic } from '../../domain/clinic.ts';
import { endsSessions, losesLastAdmin, type Staff, type StoredStaff } from '../../domain/staff.ts';
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

    saveClinic: (tenantId, clinic, revision) =>
      database.inTenant(tenantId, async (tx) => {
        const event = directoryChanged(tenantId, clinic);
        const publishedHash = createHash('sha256').update(JSON.stringify(event.data)).digest('hex');
        const known = await tx.clinic.findUnique({
          where: { clinicId: clinic.clinicId },
          select: { publishedHash: true, revision: true },
        });
        if (revision !== undefined && known?.revision !== revision) return { kind: 'stale' };
        await write(tx, tenantId, clinic, { publishedHash, revision: (known?.revision ?? 0) + 1 });
        if (known?.publishedHash === publishedHash) return { kind: 'saved', published: false };
        await appendToOutbox(tx, 'directory', event);
        return { kind: 'saved', published: true };
      }),

    async saveTenant(tenantId, name) {
      await database.inTenant(tenantId, (tx) =>
        tx.tenant.upsert({ where: { tenantId }, create: { tenantId, name }, update: { name } }),
      );
    },
    staff: (tenantId) =>
      database.inTenant(
        tenantId,
        (tx) =>
          tx.staffUser.findMany({ orderBy: [{ displayName: 'asc' }, { userId: 'asc' }], omit: secrets }),
        read,
      ),
    async staffUser(tenantId, userId) {
      const find = (tx: DirectoryTx) => tx.staffUser.findUnique({ where: { userId }, omit: secrets });
      return (await database.inTenant(tenantId, find, read)) ?? undefined;
    },
    async saveStaff(tenantId, staff, passwordHash) {
      try {
        return await database.inTenant(tenantId, (tx) => writeStaff(tx, tenantId, staff, passwordHash));
      } catch (error) {
        if (isConstraintViolation(error, 'unique', 'staff_users_login_key')) return { kind: 'login-taken' };
        throw error;
      }
    },
  };
}

const secrets = { tenantId: true, passwordHash: true } as const;

async function writeStaff(
  tx: DirectoryTx,
  tenantId: string,
  staff: Staff,
  passwordHash: string | undefined,
): Promise<{ kind: 'saved'; staff: StoredStaff } | { kind: 'last-admin' }> {
  const { userId, ...facts } = staff;
  const before = await tx.staffUser.findUnique({ where: { userId } });
  const others = await tx.staffUser.count({
    where: { role: 'admin', active: true, userId: { not: userId } },
  });
  if (losesLastAdmin(before ?? undefined, staff, others)) return { kind: 'last-admin' };
  if (!before) {
    if (passwordHash === undefined) throw new TypeError('a new user needs a password');
    const made = await tx.staffUser.create({
      data: { userId, tenantId, ...facts, passwordHash },
      omit: secrets,
    });
    return { kind: 'saved', staff: made };
  }
  const ends = endsSessions(before, staff, passwordHash !== undefined);
  const saved = await tx.staffUser.update({
    where: { userId },
    data: {
      ...facts,
      ...(passwordHash === undefined ? {} : { passwordHash }),
      generation: before.generation + (ends ? 1 : 0),
    },
    omit: secrets,
  });
  return { kind: 'saved', staff: saved };
}

/** One query after the other: a transaction has one connection, and Prisma would load relations on it all at once. */
async function clinicsWhere(tx: DirectoryTx, where: { clinicId?: string }): Promise<StoredClinic[]> {
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
  { clinicId, numbers, openingHours, doctors, ...clinic }: Clinic,
  version: { publishedHash: string; revision: number },
): Promise<void> {
  const data = { tenantId, ...clinic, ...version };
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
