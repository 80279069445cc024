import { problemsOf, type Clinic, type StoredClinic } from '../domain/clinic.ts';
import type { DirectoryStore } from '../ports/directory-store.ts';

export type SaveClinicResult =
  | { readonly kind: 'saved'; readonly clinic: StoredClinic }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'stale' };

/** Changes a clinic's facts, whole; its numbers stay. Doctors with an empty id are new. */
export async function saveClinic(
  deps: { store: DirectoryStore; newId: () => string },
  tenantId: string,
  wish: StoredClinic,
): Promise<SaveClinicResult> {
  const present = await deps.store.clinic(tenantId, wish.clinicId);
  if (!present) return { kind: 'not-found' };
  const known = new Set(present.doctors.map(({ doctorId }) => doctorId));
  const strangers = wish.doctors.filter(({ doctorId }) => doctorId !== '' && !known.has(doctorId));
  const clinic: Clinic = {
    ...wish,
    numbers: present.numbers,
    doctors: wish.doctors.map((doctor) => ({ ...doctor, doctorId: doctor.doctorId || deps.newId() })),
  };
  const problems = [
    ...problemsOf(clinic),
    ...strangers.map(
      ({ doctorId }) => `doctor ${doctorId} is not of this clinic; leave the id of a new one empty`,
    ),
  ];
  if (problems.length > 0) return { kind: 'invalid', problems };
  const result = await deps.store.saveClinic(tenantId, clinic, wish.revision);
  if (result.kind === 'stale') return result;
  const saved = await deps.store.clinic(tenantId, wish.clinicId);
  return saved ? { kind: 'saved', clinic: saved } : { kind: 'not-found' };
}
