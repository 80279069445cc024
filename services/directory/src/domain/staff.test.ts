import { endsSessions, losesLastAdmin, problemsOfStaff, type Staff } from './staff.ts';

const staff: Staff = {
  userId: '',
  login: 'ada@riverside.example',
  displayName: 'Ada',
  role: 'supervisor',
  active: true,
  phone: '+12025550171',
};

describe('a staff user', () => {
  it('has no problems as they should be', () => {
    expect(problemsOfStaff(staff, 'a long passphrase')).toEqual([]);
    expect(problemsOfStaff({ ...staff, phone: '' }, undefined)).toEqual([]);
  });

  it.each<[string, Partial<Staff>, string | undefined]>([
    ['login', { login: 'ada' }, undefined],
    ['display_name', { displayName: '' }, undefined],
    ['role', { role: 'root' }, undefined],
    ['phone', { phone: '2025550171' }, undefined],
    ['password', {}, 'short'],
    ['password', {}, ''],
  ])('is told what is wrong with the %s', (field, wrong, password) => {
    expect(problemsOfStaff({ ...staff, ...wrong }, password)).toEqual([expect.stringContaining(field)]);
  });
});

it('ends sessions when password, role or being active changes, not for a name or a number', () => {
  expect(endsSessions(staff, staff, true)).toBe(true);
  expect(endsSessions(staff, { ...staff, role: 'admin' }, false)).toBe(true);
  expect(endsSessions(staff, { ...staff, active: false }, false)).toBe(true);
  expect(endsSessions(staff, { ...staff, displayName: 'Ada L.', phone: '' }, false)).toBe(false);
});

it('keeps one active admin', () => {
  const admin = { ...staff, role: 'admin' };
  expect(losesLastAdmin(admin, { ...admin, active: false }, 0)).toBe(true);
  expect(losesLastAdmin(admin, staff, 0)).toBe(true);
  expect(losesLastAdmin(admin, staff, 1)).toBe(false);
  expect(losesLastAdmin(admin, { ...admin, displayName: 'A' }, 0)).toBe(false);
  expect(losesLastAdmin({ ...admin, active: false }, staff, 0)).toBe(false);
  expect(losesLastAdmin(undefined, staff, 0)).toBe(false);
});
