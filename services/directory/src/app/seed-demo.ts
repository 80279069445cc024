import type { DemoClinic, DemoStaff } from '@wardline/contracts';
import { minuteOf, problemsOf, type Clinic } from '../domain/clinic.ts';
import type { DirectoryStore, PasswordHasher } from '../ports/directory-store.ts';

/** Puts the demo hospitals in place where they are not. Repeating it changes and announces nothing. */
export async function seedDemo(
  deps: { store: DirectoryStore; passwords: PasswordHasher },
  clinics: readonly DemoClinic[],
): Promise<void> {
  for (const demo of clinics) {
    const clinic = clinicOf(demo);
    const problems = problemsOf(clinic);
    if (problems.length > 0) throw new Error(`demo clinic ${demo.name}: ${problems.join('; ')}`);
    await deps.store.saveTenant(demo.tenantId, demo.tenantName);
    // What staff have changed since stays as they changed it.
    if (!(await deps.store.clinic(demo.tenantId, clinic.clinicId)))
      await deps.store.saveClinic(demo.tenantId, clinic);
    for (const staff of [demo.staff, ...demo.team]) await seedStaff(deps, demo.tenantId, staff);
  }
}

async function seedStaff(
  { store, passwords }: { store: DirectoryStore; passwords: PasswordHasher },
  tenantId: string,
  { password, phone = '', ...staff }: DemoStaff,
): Promise<void> {
  // A hash takes its time and has a new salt each time: only for a user who is not there.
  if (await store.staffUser(tenantId, staff.userId)) return;
  const login = staff.login.toLowerCase();
  await store.saveStaff(tenantId, { ...staff, login, phone, active: true }, await passwords.hash(password));
}

function clinicOf(demo: DemoClinic): Clinic {
  return {
    clinicId: demo.clinicId,
    name: demo.name,
    timeZone: demo.timeZone,
    language: demo.language,
    numbers: demo.numbers,
    transferNumber: demo.transferNumber,
    emergencyNumber: demo.emergencyNumber,
    emergencyText: demo.emergencyText,
    assistantName: demo.assistantName,
    openingHours: demo.opening.flatMap((hours) =>
      hours.isoWeekdays.map((isoWeekday) => ({
        isoWeekday,
        fromMinute: minuteOf(hours.from),
        toMinute: minuteOf(hours.to),
      })),
    ),
    doctors: demo.doctors.map(({ doctorId, name, department, alsoCalled }) => ({
      doctorId,
      name,
      department,
      alsoCalled,
      acceptsBookings: true,
    })),
  };
}
