import { demo } from '@wardline/contracts';
import { type Api, freeSlot, signIn } from '../../src/testing/api-client.ts';
import type { RunningCopy } from '../../src/testing/running-copy.ts';

export function describeBookingContention(copy: RunningCopy): void {
  describe('booking over REST', () => {
    const clinic = demo.clinics[0];
    const patient = { name: 'Alex Morrison', phone: '+12025550143' };
    let api: Api;
    beforeAll(async () => {
      api = await signIn(copy);
    });

    it('books one of 200 simultaneous wishes for a slot and refuses the others as taken', async () => {
      const slot = await freeSlot(api, clinic);
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          api<{ code?: string }>(
            'POST',
            '/appointments',
            { clinic: clinic.clinicId, doctor: slot.doctor, start: slot.start, patient },
            { 'idempotency-key': `contention-${slot.start}-${i}` },
          ),
        ),
      );
      const counts = Object.groupBy(answers, ({ status }) => String(status));
      expect(
        Object.fromEntries(Object.entries(counts).map(([status, all]) => [status, all?.length])),
      ).toEqual({ '201': 1, '409': 199 });
    });

    it('gives the first answer again for a repeated key, and refuses the key for another wish', async () => {
      const [slot, other] = [await freeSlot(api, clinic, 3), await freeSlot(api, clinic, 5)];
      const wish = { clinic: clinic.clinicId, doctor: slot.doctor, start: slot.start, patient };
      const key = { 'idempotency-key': `repeat-${slot.start}` };
      const [first, second] = await Promise.all([
        api('POST', '/appointments', wish, key),
        api('POST', '/appointments', wish, key),
      ]);
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.body.id).toBe(first.body.id);
      const changed = await api(
        'POST',
        '/appointments',
        { ...wish, doctor: other.doctor, start: other.start },
        key,
      );
      expect(changed.status).toBe(422);
    });

    it('answers bad input with what is wrong, and never with a fault of ours', async () => {
      const slot = await freeSlot(api, clinic, 7);
      const good = { clinic: clinic.clinicId, doctor: slot.doctor, start: slot.start, patient };
      const post = async (
        body: unknown,
        headers: Record<string, string> = { 'idempotency-key': 'bad-input' },
      ) => (await api('POST', '/appointments', body, headers)).status;
      expect(await post(good, {})).toBe(422);
      expect(await post({ ...good, start: 'tomorrow' })).toBe(422);
      expect(await post({ ...good, patient: { name: '', phone: '12' } })).toBe(422);
      expect(await post({ ...good, doctor: crypto.randomUUID() })).toBeGreaterThanOrEqual(404);
      expect(await post({ ...good, start: new Date(Date.parse(slot.start) + 60_000).toISOString() })).toBe(
        422,
      );
    });

    it('does not show one hospital to the other', async () => {
      const foreign = demo.clinics[1];
      const stranger = await signIn(copy, foreign);
      const slot = await freeSlot(api, clinic, 9);
      const asked = await stranger('GET', `/slots?clinic=${clinic.clinicId}`);
      expect(asked.status === 404 || (asked.body.items as unknown[]).length === 0).toBe(true);
      const booked = await stranger(
        'POST',
        '/appointments',
        { clinic: clinic.clinicId, doctor: slot.doctor, start: slot.start, patient },
        { 'idempotency-key': 'stranger' },
      );
      expect([404, 422]).toContain(booked.status);
      const { body } = await stranger<{ items: { clinic: string }[] }>('GET', '/calls?limit=200');
      expect(body.items.filter((call) => call.clinic !== foreign.clinicId)).toEqual([]);
    });

    it('needs a session', async () => {
      const base = `http://127.0.0.1:${copy.run.port}/api/v1`;
      for (const path of ['/slots', '/calls', '/appointments', '/messages', '/live', '/clinics']) {
        expect((await fetch(base + path)).status).toBe(401);
      }
      expect(
        (await fetch(`${base}/calls`, { headers: { cookie: `wardline_session=${'a'.repeat(43)}` } })).status,
      ).toBe(401);
    });
  });
}
