import { Code } from '@connectrpc/connect';
import { demo } from '@wardline/contracts';
import { createSilentLogger } from '@wardline/observability';
import { refusalOf } from '@wardline/rpc/testing';
import { compose } from '../compose.ts';
import { minuteOf, type Clinic } from '../domain/clinic.ts';
import { startDirectory, type RunningDirectory } from '../testing/index.ts';

const [riverside, harbour] = demo.clinics;
let app: RunningDirectory;
let gateway: ReturnType<RunningDirectory['clientAs']>;
beforeAll(async () => {
  app = await startDirectory();
  gateway = app.clientAs('api-gateway');
});
afterAll(() => app?.stop());

const announced = async (
  clinicId: string,
): Promise<{ data: { name: string }; partition: number; tenant_id: string }[]> =>
  (await app.admin.query('SELECT * FROM directory.outbox WHERE key = $1 ORDER BY position', [clinicId])).rows;

describe('ResolveNumber', () => {
  it.each([riverside, harbour])(
    'finds tenant and clinic of $name without a tenant in the token',
    async (clinic) => {
      const telephony = app.clientAs('telephony-gateway').withoutTenant();
      for (const number of clinic.numbers) {
        expect(await telephony.resolveNumber({ number })).toMatchObject({
          tenantId: clinic.tenantId,
          clinicId: clinic.clinicId,
        });
      }
    },
  );

  it('does not know other numbers', async () => {
    for (const number of ['+12025550199', '', '%']) {
      expect((await refusalOf(gateway.withoutTenant().resolveNumber({ number }))).code).toBe(Code.NotFound);
    }
  });
});

describe('GetClinic and ListClinics', () => {
  it('give the clinic as it was seeded', async () => {
    const { clinic } = await gateway
      .forTenant(riverside.tenantId)
      .getClinic({ clinicId: riverside.clinicId });
    expect(clinic).toMatchObject({
      name: riverside.name,
      timeZone: riverside.timeZone,
      numbers: [...riverside.numbers],
      transferNumber: riverside.transferNumber,
      emergencyNumber: riverside.emergencyNumber,
      emergencyText: riverside.emergencyText,
      assistantName: riverside.assistantName,
    });
    expect(clinic?.doctors.map((d) => [d.name, d.acceptsBookings])).toEqual(
      riverside.doctors.map((d) => [d.name, true]),
    );
    expect(clinic?.doctors[0]?.alsoCalled).toEqual([...riverside.doctors[0]!.alsoCalled]);
    expect(clinic?.openingHours).toHaveLength(6);
    expect(clinic?.openingHours.at(-1)).toMatchObject({ isoWeekday: 6, opens: '09:00', closes: '13:00' });
  });

  it('show a tenant its own clinics and nobody else’s', async () => {
    const { clinics } = await gateway.forTenant(harbour.tenantId).listClinics({});
    expect(clinics.map((c) => c.clinicId)).toEqual([harbour.clinicId]);
    const error = await refusalOf(
      gateway.forTenant(harbour.tenantId).getClinic({ clinicId: riverside.clinicId }),
    );
    expect(error.code).toBe(Code.NotFound);
    expect((await refusalOf(gateway.withoutTenant().listClinics({}))).code).toBe(Code.PermissionDenied);
    expect(
      (await refusalOf(app.clientAs('voice-media').forTenant(riverside.tenantId).listClinics({}))).code,
    ).toBe(Code.PermissionDenied);
  });
});

describe('VerifyStaffPassword', () => {
  const verify = (login: string, password: string) =>
    gateway.withoutTenant().verifyStaffPassword({ login, password });

  it('names the tenant of whoever has the right password, whatever the login’s case', async () => {
    const { staff } = harbour;
    expect(await verify(` ${staff.login.toUpperCase()} `, staff.password)).toMatchObject({
      tenantId: harbour.tenantId,
      userId: staff.userId,
      displayName: staff.displayName,
      role: staff.role,
    });
  });

  it.each([
    ['a wrong password', riverside.staff.login, harbour.staff.password],
    ['no password', riverside.staff.login, ''],
    ['an unknown user', 'nobody@riverside.example', riverside.staff.password],
    ['no user', '', ''],
    ['a password without end', riverside.staff.login, 'x'.repeat(5000)],
  ])('refuses %s with the same words', async (_name, login, password) => {
    const error = await refusalOf(verify(login, password));
    expect([error.code, error.rawMessage]).toEqual([Code.Unauthenticated, 'login or password is wrong']);
  });

  it('stores and logs no password', async () => {
    const { rows } = await app.admin.query('SELECT * FROM directory.staff_users');
    expect(rows).toHaveLength(demo.clinics.flatMap(({ team }) => [1, ...team]).length);
    for (const { staff } of demo.clinics) {
      expect(JSON.stringify(rows)).not.toContain(staff.password);
      expect(app.logger.text()).not.toContain(staff.password);
    }
  });
});

describe('directory.changed', () => {
  const clinicOf = (tenantId: string): Promise<Clinic> =>
    gateway
      .forTenant(tenantId)
      .listClinics({})
      .then(({ clinics: [c] }) => ({
        ...c!,
        openingHours: c!.openingHours.map((h) => ({
          isoWeekday: h.isoWeekday,
          fromMinute: minuteOf(h.opens),
          toMinute: minuteOf(h.closes),
        })),
      }));

  it('is announced once per clinic at the first seed and not at the next ones', async () => {
    for (const clinic of demo.clinics) {
      const before = await announced(clinic.clinicId);
      expect(before).toHaveLength(1);
      expect(before[0]).toMatchObject({
        tenant_id: clinic.tenantId,
        data: { name: clinic.name, timeZone: clinic.timeZone },
      });
    }
    const again = compose(app.config, { logger: createSilentLogger() });
    await again.start();
    await again.stop();
    for (const clinic of demo.clinics) expect(await announced(clinic.clinicId)).toHaveLength(1);
  });

  it('is announced when public facts change, and not for what others need not know', async () => {
    const clinic = await clinicOf(harbour.tenantId);
    const {
      $typeName: _a,
      $unknown: _b,
      ...facts
    } = clinic as Clinic & { $typeName?: string; $unknown?: unknown };
    const doctors = facts.doctors.map(({ doctorId, name, department, alsoCalled, acceptsBookings }) => ({
      doctorId,
      name,
      department,
      alsoCalled,
      acceptsBookings,
    }));
    const saved = { ...facts, doctors };
    expect(
      await app.service.saveClinic(harbour.tenantId, { ...saved, emergencyText: 'Please hold.' }),
    ).toEqual({ kind: 'saved', published: false });
    const away = doctors.map((d, i) => ({ ...d, acceptsBookings: i > 0 }));
    expect(await app.service.saveClinic(harbour.tenantId, { ...saved, doctors: away })).toEqual({
      kind: 'saved',
      published: true,
    });
    expect(await announced(harbour.clinicId)).toHaveLength(2);
  });

  it('does not take a number from another tenant, and then announces nothing', async () => {
    const clinic = await clinicOf(harbour.tenantId);
    const thief: Clinic = {
      clinicId: '01930000-0000-7000-8000-00000000b012',
      name: 'Second',
      timeZone: clinic.timeZone,
      language: clinic.language,
      numbers: [riverside.numbers[0]!],
      transferNumber: clinic.transferNumber,
      emergencyNumber: clinic.emergencyNumber,
      emergencyText: '',
      assistantName: '',
      openingHours: [],
      doctors: [],
    };
    await expect(app.service.saveClinic(harbour.tenantId, thief)).rejects.toThrow();
    expect(await announced(thief.clinicId)).toEqual([]);
    expect(await gateway.withoutTenant().resolveNumber({ number: riverside.numbers[0]! })).toMatchObject({
      tenantId: riverside.tenantId,
    });
  });
});
