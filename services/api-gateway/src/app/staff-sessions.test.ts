import { MemorySessionStore } from '../testing/memory-session-store.ts';
import type { StaffIdentity } from './staff-directory.ts';
import { createStaffSessions } from './staff-sessions.ts';

const robin: StaffIdentity = {
  tenantId: 'tenant-a',
  userId: 'user-1',
  displayName: 'Robin',
  role: 'frontdesk',
  generation: 1,
};

describe('staff sessions', () => {
  const build = () => {
    const clock = { now: new Date('2026-11-21T10:00:00Z') };
    const store = new MemorySessionStore();
    const staff = createStaffSessions({
      store,
      verifyPassword: async (login, password) =>
        login === 'robin' && password === 'right' ? robin : undefined,
      sessionHours: 12,
      now: () => clock.now,
    });
    return { clock, store, staff };
  };

  it('opens one for the right password only, and finds it by its token', async () => {
    const { staff } = build();
    expect(await staff.open('robin', 'wrong')).toBeUndefined();
    const opened = await staff.open('robin', 'right');
    expect(await staff.find(opened?.token)).toMatchObject({ tenantId: 'tenant-a', role: 'frontdesk' });
  });

  it('never hands the token itself to the store', async () => {
    const { staff, store } = build();
    const opened = await staff.open('robin', 'right');
    expect([...store.hashes.keys()].join()).not.toContain(opened?.token);
  });

  it('ends it when its hours are over, or when asked to', async () => {
    const { clock, staff } = build();
    const first = await staff.open('robin', 'right');
    const second = await staff.open('robin', 'right');
    if (!first || !second) throw new Error('not opened');
    await staff.end(first.token, first.session);
    expect(await staff.find(first.token)).toBeUndefined();
    expect(await staff.find(second.token)).toBeDefined();
    clock.now = new Date('2026-11-21T22:00:01Z');
    expect(await staff.find(second.token)).toBeUndefined();
  });

  it.each([undefined, '', 'short', `${'a'.repeat(42)}!`, 'x'.repeat(5_000)])(
    'does not look up what cannot be a token: %p',
    async (token) => {
      const { staff, store } = build();
      store.find = async () => {
        throw new Error('asked the store');
      };
      expect(await staff.find(token)).toBeUndefined();
    },
  );
});
