import { Personal } from '@wardline/personal-data';
import type { OutgoingSms, SmsProvider } from '../ports/sms-provider.ts';

/** What every adapter of the port promises. */
export function describeSmsProvider(name: string, create: () => SmsProvider): void {
  const sms: OutgoingSms = {
    messageId: '01930000-0000-7000-8000-0000000000f1',
    tenantId: '01930000-0000-7000-8000-00000000a001',
    clinicId: '01930000-0000-7000-8000-00000000a011',
    to: Personal.of('+12025550143'),
    text: Personal.of('Riverside Clinic: you are booked.'),
  };
  const signal = () => new AbortController().signal;

  describe(`SMS provider: ${name}`, () => {
    it('accepts a message and names it', async () => {
      expect(await create().send(sms, signal())).toEqual({ kind: 'accepted', reference: expect.any(String) });
    });

    it('gives the same message the same name, however often and however concurrently it is handed over', async () => {
      const provider = create();
      const results = await Promise.all(Array.from({ length: 5 }, () => provider.send(sms, signal())));
      expect(new Set(results.map((r) => JSON.stringify(r))).size).toBe(1);
    });

    it('names another message differently', async () => {
      const provider = create();
      const [one, two] = [
        await provider.send(sms, signal()),
        await provider.send({ ...sms, messageId: '01930000-0000-7000-8000-0000000000f2' }, signal()),
      ];
      expect(one).not.toEqual(two);
    });
  });
}
