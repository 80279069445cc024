import type { FakeConsole } from '../fake-console.ts';
import { busyDay } from '../fake/busy-day.ts';
import { type FakeHospital, inSeconds } from '../fake/hospital.ts';
import { until } from '../until.ts';

export function describeCalls(view: FakeConsole): void {
  describe('Calls', () => {
    it('lists calls, finds them by what the address says, and shows older ones', async () => {
      const page = await view.open('/calls', { arrange: busyDay });
      const rows = page.getByRole('row');
      await until(async () => (await rows.count()) === 51);
      await view.picture('calls');
      expect(await view.violations()).toEqual([]);
      await page.getByRole('button', { name: 'Show older calls' }).click();
      await until(async () => (await rows.count()) === 69);
      expect(await page.getByRole('button', { name: 'Show older calls' }).count()).toBe(0);

      await page.getByLabel('Direction').selectOption('Outbound');
      await page.getByLabel('Outcome').selectOption('Message left');
      await until(async () => (await rows.count()) === 12);
      expect(new URL(page.url()).search).toBe('?direction=outbound&outcome=voicemail-left');
      await page.reload();
      await until(async () => (await rows.count()) === 12);
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await until(async () => (await rows.count()) === 51);
    });

    it('looks for a number once it is one, however it was typed', async () => {
      const page = await view.open('/calls', { arrange: busyDay });
      await page.getByLabel('Number').fill('+1 20');
      await page.getByLabel('Number').fill('+1 (202) 555-0155');
      await until(async () => (await page.getByRole('row').count()) === 3);
      const asked = view.hospital.requests
        .filter(({ path }) => path === '/calls')
        .map(({ query }) => query['number']);
      expect(new Set(asked)).toEqual(new Set([undefined, '+12025550155']));
    });

    it('asks for days of the clinic’s own zone', async () => {
      const page = await view.open('/calls');
      await page.getByLabel('From').fill('2026-03-08');
      await page.getByLabel('To').fill('2026-03-08');
      await page.getByText('No call is like that').waitFor();
      const { query } = view.hospital.requests.findLast(({ path }) => path === '/calls') ?? { query: {} };
      // The day on which New York's clocks go forward has 23 hours.
      expect(query).toMatchObject({ from: '2026-03-08T05:00:00.000Z', to: '2026-03-09T04:00:00.000Z' });
    });

    it('tells one call: what happened, what was said, what came of it, how well it went', async () => {
      const page = await view.open('/calls', { arrange: busyDay });
      await page.getByRole('link', { name: '+1 202 555 0155' }).first().click();
      const happened = page.getByRole('region', { name: 'What happened' });
      await happened.getByText('Appointment with Dr. Anita Sharma', { exact: true }).waitFor();
      await happened.getByText('A message was sent').waitFor();
      await page.getByRole('region', { name: 'What was said' }).getByText('Yes, that is fine.').waitFor();
      const went = page.getByRole('region', { name: 'How it went' });
      await went.getByText('86').waitFor();
      await went.getByText('The caller waited long for an answer once').waitFor();
      await view.picture('call');
      expect(await view.violations()).toEqual([]);
      await page.getByRole('link', { name: 'Calls' }).last().click();
      await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
    });

    it('calls whoever speaks in a call of ours a patient, and in one that came in a caller', async () => {
      const arrange = (hospital: FakeHospital) => {
        const ours = { direction: 'outbound', campaign: '01930000-0000-7000-9100-000000000001' };
        for (const facts of [{ ...ours, callerNumber: '+12025550161' }, { callerNumber: '+12025550162' }])
          hospital.insights.set(
            hospital.addCall({ ...facts, state: 'completed', outcome: 'abandoned', endedAt: inSeconds(0) }, [
              ['agent', 'Is that Ellen Park?'],
              ['caller', 'Yes.'],
            ]).id,
            {
              ...{ talkSeconds: 4, turns: 1, notUnderstood: 0, interruptions: 0, responseMsP50: 700 },
              ...{ responseMsMax: 700, timeToHumanSeconds: null, score: 60, scoreReasons: ['abandoned'] },
            },
          );
      };
      const page = await view.open('/calls', { arrange });
      for (const [number, party] of [
        ['+1 202 555 0161', 'Patient'],
        ['+1 202 555 0162', 'Caller'],
      ] as const) {
        await page.getByRole('link', { name: number }).first().click();
        const said = page.getByRole('region', { name: 'What was said' });
        await said.getByText('Yes.').waitFor();
        expect(await said.locator('.line-caller .line-who').innerText()).toMatch(new RegExp(`^${party}`));
        await page.getByText(`The ${party.toLowerCase()} hung up before anything was achieved`).waitFor();
        await view.picture(`call-${party.toLowerCase()}`);
        await page.goBack();
      }
    });

    it('says that a call is not there', async () => {
      const page = await view.open('/calls/01930000-0000-7000-9000-0000000fffff');
      await page.getByRole('alert').getByText('There is no such call.').waitFor();
    });
  });
}
