import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { directory } from '@wardline/contracts';
import { tenantOf } from '@wardline/rpc';
import { verifyPassword } from '../app/verify-password.ts';
import { saveClinic } from '../app/save-clinic.ts';
import { saveStaff } from '../app/save-staff.ts';
import { clockOf, minuteOrNaN, type StoredClinic } from '../domain/clinic.ts';
import type { DirectoryStore, PasswordHasher, TenantLookup } from '../ports/directory-store.ts';

/** Which services may ask; whoever else has a valid token is refused. */
export const allowedCallers = {
  [`${directory.DirectoryService.typeName}/*`]: [
    'telephony-gateway',
    'conversation-brain',
    'api-gateway',
    'appointments',
    'notifications',
    'campaigns',
    'standalone',
  ],
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Longer ones are not hashed: nobody types them, and they would only cost. */
const PASSWORD_LENGTH_MAX = 1024;

export function directoryRoutes(deps: {
  store: DirectoryStore;
  lookup: TenantLookup;
  passwords: PasswordHasher;
  newId: () => string;
}): (router: ConnectRouter) => void {
  return (router) => {
    router.service(directory.DirectoryService, {
      async resolveNumber({ number }) {
        const found = await deps.lookup.ofNumber(number);
        if (!found) throw new ConnectError('no clinic has this number', Code.NotFound);
        return found;
      },

      async getClinic({ clinicId }, ctx) {
        const tenantId = tenantOf(ctx);
        if (!UUID.test(clinicId)) throw new ConnectError('clinic_id must be a UUID', Code.InvalidArgument);
        const clinic = await deps.store.clinic(tenantId, clinicId);
        if (!clinic) throw noSuch('clinic');
        return { clinic: clinicMessage(clinic) };
      },

      async listClinics(_request, ctx) {
        return { clinics: (await deps.store.clinics(tenantOf(ctx))).map(clinicMessage) };
      },

      async saveClinic({ clinic }, ctx) {
        if (!clinic || !UUID.test(clinic.clinicId))
          throw new ConnectError('clinic.clinic_id must be a UUID', Code.InvalidArgument);
        const result = await saveClinic(deps, tenantOf(ctx), clinicOf(clinic));
        if (result.kind === 'saved') return { clinic: clinicMessage(result.clinic) };
        if (result.kind === 'stale')
          throw new ConnectError(
            'the clinic was changed by somebody else meanwhile: read it again',
            Code.Aborted,
          );
        throw result.kind === 'invalid' ? invalid(result.problems) : noSuch('clinic');
      },

      async listStaff(_request, ctx) {
        return { staff: await deps.store.staff(tenantOf(ctx)) };
      },

      async getStaff({ userId }, ctx) {
        if (!UUID.test(userId)) throw new ConnectError('user_id must be a UUID', Code.InvalidArgument);
        const staff = await deps.store.staffUser(tenantOf(ctx), userId);
        if (!staff) throw noSuch('user');
        return { staff };
      },

      async saveStaff({ staff, password }, ctx) {
        if (!staff || (staff.userId !== '' && !UUID.test(staff.userId)))
          throw new ConnectError(
            'staff.user_id must be a UUID, or empty for a new user',
            Code.InvalidArgument,
          );
        const { userId, login, displayName, role, active, phone } = staff;
        const wish = { userId: userId.toLowerCase(), login, displayName, role, active, phone };
        const result = await busyAsExhausted(() => saveStaff(deps, tenantOf(ctx), wish, password));
        switch (result.kind) {
          case 'saved':
            return { staff: result.staff };
          case 'invalid':
            throw invalid(result.problems);
          case 'not-found':
            throw noSuch('user');
          case 'login-taken':
            throw new ConnectError('this login belongs to somebody already', Code.AlreadyExists);
          case 'last-admin':
            throw new ConnectError(
              'the hospital would be left without an active admin: make another one first',
              Code.FailedPrecondition,
            );
          default:
            return result satisfies never;
        }
      },

      async verifyStaffPassword({ login, password }) {
        const tooLong = login.length > 320 || password.length > PASSWORD_LENGTH_MAX;
        const user = tooLong ? undefined : await busyAsExhausted(() => verifyPassword(deps, login, password));
        if (!user) throw new ConnectError('login or password is wrong', Code.Unauthenticated);
        return user;
      },
    });
  };
}

async function busyAsExhausted<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'password-checks-busy') {
      throw new ConnectError('too many sign-ins at once, try again', Code.ResourceExhausted);
    }
    throw error;
  }
}

const noSuch = (what: string) => new ConnectError(`there is no such ${what}`, Code.NotFound);
const invalid = (problems: readonly string[]) => new ConnectError(problems.join('; '), Code.InvalidArgument);

function clinicOf(message: directory.Clinic): StoredClinic {
  const { $typeName: _, openingHours, doctors, ...facts } = message;
  return {
    ...facts,
    openingHours: openingHours.map((h) => ({
      isoWeekday: h.isoWeekday,
      fromMinute: minuteOrNaN(h.opens),
      toMinute: minuteOrNaN(h.closes),
    })),
    doctors: doctors.map(({ $typeName: _name, ...doctor }) => ({
      ...doctor,
      doctorId: doctor.doctorId.toLowerCase(),
    })),
  };
}

function clinicMessage(clinic: StoredClinic) {
  const { numbers, doctors, openingHours, ...facts } = clinic;
  return {
    ...facts,
    numbers: [...numbers],
    openingHours: openingHours.map((h) => ({
      isoWeekday: h.isoWeekday,
      opens: clockOf(h.fromMinute),
      closes: clockOf(h.toMinute),
    })),
    doctors: doctors.map((doctor) => ({ ...doctor, alsoCalled: [...doctor.alsoCalled] })),
  };
}
