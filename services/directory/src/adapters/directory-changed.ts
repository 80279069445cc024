import { create, toJson, type JsonObject } from '@bufbuild/protobuf';
import { events } from '@wardline/contracts';
import type { NewEvent } from '@wardline/event-bus';
import type { Clinic } from '../domain/clinic.ts';

const { DirectoryChangedSchema } = events;

/** The public facts of one clinic, whole: the newest event alone is enough. */
export function directoryChanged(tenantId: string, clinic: Clinic): NewEvent {
  const message = create(DirectoryChangedSchema, {
    clinicId: clinic.clinicId,
    name: clinic.name,
    timeZone: clinic.timeZone,
    doctors: clinic.doctors.map(({ doctorId, name, department, acceptsBookings }) => ({
      doctorId,
      name,
      department,
      acceptsBookings,
    })),
  });
  return {
    topic: 'directory.changed',
    type: DirectoryChangedSchema.typeName,
    key: clinic.clinicId,
    subject: `clinics/${clinic.clinicId}`,
    tenantId,
    data: toJson(DirectoryChangedSchema, message, { alwaysEmitImplicit: true }) as JsonObject,
  };
}
