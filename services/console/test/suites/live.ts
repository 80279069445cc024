import type { FakeConsole } from '../fake-console.ts';
import { busyDay } from '../fake/busy-day.ts';

export function describeLive(view: FakeConsole): void {
  describe('Live', () => {
    it('shows each call in progress with what is being said, as it is said', async () => {
      const page = await view.open('/', { arrange: busyDay });
      const panel = page.getByRole('region', { name: 'Calls in progress' });
      const card = panel.getByRole('listitem').filter({ hasText: '+1 202 555 0143' }).first();
      await card.getByText('she has a rash').waitFor();
      await panel.getByText('Campaign').waitFor();
      const [, call] = view.hospital.calls;
      view.hospital.live('partial', { callId: call?.id, text: 'yes that' });
      await card.getByText('yes that…').waitFor();
      view.hospital.say(call?.id ?? '', 'caller', 'Yes, that is perfect.');
      view.hospital.live('line', { callId: call?.id, speaker: 'caller' });
      await card.getByText('Yes, that is perfect.').waitFor();
      expect(await card.getByText('yes that…').count()).toBe(0);
      await view.picture('live');
      expect(await view.violations()).toEqual([]);

      await card.getByRole('link', { name: '+1 202 555 0143' }).click();
      await page.getByRole('heading', { name: 'Call from +1 202 555 0143' }).waitFor();
      await page.getByText('Yes, that is perfect.').waitFor();
    });

    it('calls whom a campaign calls a patient, also in what is being said', async () => {
      const campaign = '01930000-0000-7000-9100-000000000001';
      const page = await view.open('/', {
        arrange: (hospital) =>
          hospital.addCall({ direction: 'outbound', campaign }, [['agent', 'Is that Ellen Park?']]),
      });
      const card = page.getByRole('region', { name: 'Calls in progress' }).getByRole('listitem').first();
      await card.getByText('Is that Ellen Park?').waitFor();
      view.hospital.live('partial', { callId: view.hospital.calls[0]?.id, text: 'yes that' });
      await card.getByText('Patient', { exact: true }).waitFor();
      expect(await card.getByText('Caller').count()).toBe(0);
    });

    it('shows calls without their words to whoever may not read them', async () => {
      const page = await view.open('/', {
        arrange: (hospital) => {
          busyDay(hospital);
          const { me } = hospital;
          const permissions = me.permissions.filter(
            (permission) => !['transcripts:read', 'escalations:work'].includes(permission),
          );
          hospital.me = { ...me, user: { ...me.user, role: 'frontdesk' }, permissions };
        },
      });
      await page.getByRole('link', { name: '+1 202 555 0143' }).first().waitFor();
      expect(view.hospital.requests.filter(({ path }) => path.endsWith('/transcript'))).toEqual([]);
      expect(await page.getByText('Waiting for a person').count()).toBe(0);
    });

    it('is calm when nothing happens', async () => {
      const page = await view.open('/');
      await page.getByText('The line is quiet').waitFor();
      await view.picture('live-quiet');
    });
  });
}
