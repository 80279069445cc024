import type { directory } from '@wardline/contracts';
import { parseTimeZone } from '@wardline/clinic-time';
import type { RpcClient } from '@wardline/rpc';
import type { ClinicFacts } from '../../domain/clinic.ts';
import type { ClinicDirectory } from '../../ports/clinic-directory.ts';

/** A clinic's facts change rarely, and every call begins with them. */
const cachedMs = 30_000;
const cachedMax = 1_000;
const deadlineMs = 2_000;

/** directory, by RPC. Answers are kept for half a minute; while directory is away an older answer serves. */
export function createRpcClinicDirectory(
  client: RpcClient<typeof directory.DirectoryService>,
  now: () => number,
): ClinicDirectory {
  const cache = new Map<string, { facts: ClinicFacts; atMs: number }>();
  return {
    async clinic(tenantId, clinicId) {
      const key = `${tenantId} ${clinicId}`;
      const known = cache.get(key);
      if (known && now() - known.atMs < cachedMs) return known.facts;
      try {
        const { clinic } = await client
          .forTenant(tenantId)
          .getClinic({ clinicId }, { timeoutMs: deadlineMs });
        if (!clinic) throw new Error('directory answered without a clinic');
        const facts = factsOf(clinic);
        if (cache.size >= cachedMax) cache.clear();
        cache.set(key, { facts, atMs: now() });
        return facts;
      } catch (error) {
        if (known) return known.facts;
        throw error;
      }
    },
  };
}

function factsOf(clinic: directory.Clinic): ClinicFacts {
  return {
    clinicId: clinic.clinicId,
    name: clinic.name,
    timeZone: parseTimeZone(clinic.timeZone),
    assistantName: clinic.assistantName,
    emergencyText: clinic.emergencyText,
    phone: clinic.numbers[0],
    callingCode: callingCodeOf(clinic.numbers[0]),
    open: openOf(clinic.openingHours),
    doctors: clinic.doctors.map((doctor) => ({
      doctorId: doctor.doctorId,
      name: doctor.name,
      department: doctor.department,
      alsoCalled: [...doctor.alsoCalled],
      acceptsBookings: doctor.acceptsBookings,
    })),
  };
}

function openOf(hours: readonly directory.OpeningHours[]): ClinicFacts['open'] {
  const minutes = (text: string): number => {
    const [hour = 0, minute = 0] = text.split(':').map(Number);
    return hour * 60 + minute;
  };
  if (hours.length === 0) return undefined;
  return {
    fromMinutes: Math.min(...hours.map(({ opens }) => minutes(opens))),
    toMinutes: Math.max(...hours.map(({ closes }) => minutes(closes))),
  };
}

/** ITU-T E.164 country codes have one to three digits; those that start with 1 or 7 have one, the listed ones two. */
const twoDigits = /^\+(20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
function callingCodeOf(number: string | undefined): string {
  if (number === undefined) return '+1';
  if (/^\+[17]/.test(number)) return number.slice(0, 2);
  return number.slice(0, twoDigits.test(number) ? 3 : 4);
}
