import { Code } from '@connectrpc/connect';
import { create } from '@bufbuild/protobuf';
import { demo, directory } from '@wardline/contracts';
import { refusalOf } from '@wardline/rpc/testing';
import { startDirectory, type RunningDirectory } from '../testing/index.ts';

const [riverside, harbour] = demo.clinics;
let app: RunningDirectory;
let gateway: ReturnType<RunningDirectory['clientAs']>;
beforeAll(async () => {
  app = await startDirectory();
  gateway = app.clientAs('api-gateway');
});
afterAll(() => app?.stop());

const us = () => gateway.forTenant(riverside.tenantId);
const them = () => gateway.forTenant(harbour.tenantId);

async function clinic(): Promise<directory.Clinic> {
  const { clinic: found } = await us().getClinic({ clinicId: riverside.clinicId });
  if (!found) throw new Error('no clinic');
  return found;
}

const hours = (isoWeekday: number, opens: string, closes: string) =>
  create(directory.OpeningHoursSchema, { isoWeekday, opens, closes });

describe('SaveClinic', () => {
  it('changes hours, adds a doctor, and leaves the numbers alone', async () => {
    const before = await clinic();
    const { clinic: saved } = await us().saveClinic({
      clinic: {
        ...before,
        numbers: ['+12025550199'],
        transferNumber: '',
        openingHours: [hours(1, '10:00', '24:00')],
        doctors: [
          ...before.doctors,
          create(directory.DoctorSchema, { name: 'Dr. Grace Hopper', department: 'Surgery' }),
        ],
      },
    });
    expect(saved).toMatchObject({
      numbers: [...riverside.numbers],
      transferNumber: '',
      openingHours: [{ isoWeekday: 1, opens: '10:00', closes: '24:00' }],
      revision: before.revision + 1,
    });
    expect(saved?.doctors.at(-1)).toMatchObject({ name: 'Dr. Grace Hopper', acceptsBookings: false });
    expect(saved?.doctors.at(-1)?.doctorId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is not written over what somebody else changed meanwhile', async () => {
    const seen = await clinic();
    await us().saveClinic({ clinic: { ...seen, assistantName: 'Wendy' } });
    const late = await refusalOf(us().saveClinic({ clinic: { ...seen, assistantName: 'Wanda' } }));
    expect(late.code).toBe(Code.Aborted);
    expect((await clinic()).assistantName).toBe('Wendy');
  });

  it('names everything that is wrong, and takes no doctor of somebody else', async () => {
    const theirs = harbour.doctors[0]!;
    const seen = await clinic();
    const error = await refusalOf(
      us().saveClinic({
        clinic: {
          ...seen,
          timeZone: 'EST5',
          emergencyNumber: '911',
          openingHours: [hours(2, '9', '12:00')],
          doctors: [
            create(directory.DoctorSchema, { doctorId: theirs.doctorId, name: 'X', department: 'Y' }),
          ],
        },
      }),
    );
    expect(error.code).toBe(Code.InvalidArgument);
    for (const part of ['EST5', '911', 'weekday 2', theirs.doctorId])
      expect(error.rawMessage).toContain(part);
  });

  it('does not know the clinic of another hospital', async () => {
    const error = await refusalOf(them().saveClinic({ clinic: await clinic() }));
    expect(error.code).toBe(Code.NotFound);
  });

  it('keeps what staff have changed when the demo is seeded again', async () => {
    const before = await clinic();
    await us().saveClinic({ clinic: { ...before, emergencyText: 'Please hold.' } });
    await app.restart();
    gateway = app.clientAs('api-gateway');
    expect((await clinic()).emergencyText).toBe('Please hold.');
  });
});

describe('staff', () => {
  const wish = {
    userId: '',
    login: 'Ada@Riverside.example',
    displayName: 'Ada Lovelace',
    role: 'supervisor',
    active: true,
    phone: '+12025550173',
  };
  const password = 'correct horse battery';
  const signIn = (login: string, word: string) =>
    gateway.withoutTenant().verifyStaffPassword({ login, password: word });

  it('is made, signs in, changes, and is let in no more', async () => {
    const { staff: made } = await us().saveStaff({ staff: wish, password });
    expect(made).toMatchObject({ login: 'ada@riverside.example', generation: 1, active: true });
    const { userId } = made!;
    expect(await signIn(wish.login, password)).toMatchObject({ userId, role: 'supervisor', generation: 1 });

    const { staff: renamed } = await us().saveStaff({ staff: { ...made!, displayName: 'Ada L.' } });
    expect(renamed).toMatchObject({ displayName: 'Ada L.', generation: 1 });
    const { staff: promoted } = await us().saveStaff({ staff: { ...renamed!, role: 'manager' } });
    expect(promoted).toMatchObject({ role: 'manager', generation: 2 });
    await us().saveStaff({ staff: promoted!, password: 'another long passphrase' });
    expect((await refusalOf(signIn(wish.login, password))).code).toBe(Code.Unauthenticated);

    const { staff: gone } = await us().saveStaff({ staff: { ...promoted!, active: false } });
    expect(gone).toMatchObject({ active: false, generation: 4 });
    expect((await refusalOf(signIn(wish.login, 'another long passphrase'))).code).toBe(Code.Unauthenticated);
    expect((await us().getStaff({ userId })).staff).toMatchObject({ active: false });
  });

  it('takes no login that somebody has, wherever they work', async () => {
    const taken = { ...wish, login: harbour.staff.login };
    expect((await refusalOf(us().saveStaff({ staff: taken, password }))).code).toBe(Code.AlreadyExists);
  });

  it('names what is wrong', async () => {
    const error = await refusalOf(us().saveStaff({ staff: { ...wish, role: 'root' }, password: 'short' }));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.rawMessage).toMatch(/role.*password/);
  });

  it('keeps one admin, also when two are taken away at once', async () => {
    const { staff: first } = await us().getStaff({ userId: riverside.staff.userId });
    const away = { ...first!, active: false };
    expect((await refusalOf(us().saveStaff({ staff: away }))).code).toBe(Code.FailedPrecondition);
    const { staff: second } = await us().saveStaff({
      staff: { ...wish, login: 'second@riverside.example', role: 'admin' },
      password,
    });
    const both = await Promise.allSettled([
      us().saveStaff({ staff: away }),
      us().saveStaff({ staff: { ...second!, role: 'auditor' } }),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('lists its own hospital only', async () => {
    const { staff } = await them().listStaff({});
    expect(staff.map(({ login }) => login).sort()).toEqual(
      [harbour.staff, ...harbour.team].map(({ login }) => login).sort(),
    );
    const other = await refusalOf(them().getStaff({ userId: riverside.staff.userId }));
    expect(other.code).toBe(Code.NotFound);
    const change = { ...wish, userId: riverside.staff.userId };
    expect((await refusalOf(them().saveStaff({ staff: change, password }))).code).toBe(Code.NotFound);
  });
});
