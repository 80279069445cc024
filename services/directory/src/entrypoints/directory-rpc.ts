import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { directory } from '@wardline/contracts';
import { tenantOf } from '@wardline/rpc';
import { verifyPassword } from '../app/verify-password.ts';
import { clockOf, type Clinic } from '../domain/clinic.ts';
import type { DirectoryStore, PasswordHasher, TenantLookup } from '../ports/directory-store.ts';

/** Which services may ask; whoever else has a valid token is refused. */
export const allowedCallers = {
  [`${directory.DirectoryService.typeName}/*`]: [
    'telephony-gateway',
    'conversation-brain',
    'api-gateway',
    'appointments',
    'notifications',
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
        if (!clinic) throw new ConnectError('there is no such clinic', Code.NotFound);
        return { clinic: clinicMessage(clinic) };
      },

      async listClinics(_request, ctx) {
        return { clinics: (await deps.store.clinics(tenantOf(ctx))).map(clinicMessage) };
      },

      async verifyStaffPassword({ login, password }) {
        const tooLong = login.length > 320 || password.length > PASSWORD_LENGTH_MAX;
        const user = tooLong ? undefined : await verified(deps, login, password);
        if (!user) throw new ConnectError('login or password is wrong', Code.Unauthenticated);
        return user;
      },
    });
  };
}

async function verified(
  deps: { lookup: TenantLookup; passwords: PasswordHasher },
  login: string,
  password: string,
) {
  try {
    return await verifyPassword(deps, login, password);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'password-checks-busy') {
      throw new ConnectError('too many sign-ins at once, try again', Code.ResourceExhausted);
    }
    throw error;
  }
}

function clinicMessage(clinic: Clinic) {
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
