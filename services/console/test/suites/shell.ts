import type { FakeConsole } from '../fake-console.ts';
import { busyDay } from '../fake/busy-day.ts';
import { FakeCampaigns, someSettings } from '../fake/campaigns.ts';
import { problem } from '../fake/server.ts';
import { until } from '../until.ts';

export function describeShell(view: FakeConsole): void {
  describe('the shell', () => {
    const focused = () => view.page.evaluate('document.activeElement.textContent') as Promise<string>;

    it('is reached by keyboard alone: skip link, go-to, keys, headings that take the focus', async () => {
      const page = await view.open('/', {
        arrange: (hospital) => {
          busyDay(hospital);
          new FakeCampaigns(hospital).add();
        },
      });
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Skip to the page');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('content');

      await page.keyboard.press('g');
      await page.keyboard.press('c');
      await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
      await until(async () => (await focused()) === 'Calls');
      expect(await page.title()).toBe('Calls · Wardline');

      await page.keyboard.press('Control+k');
      await page.getByRole('textbox', { name: 'Go to' }).fill('escal');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Escalations', level: 1 }).waitFor();

      await page.keyboard.press('Control+k');
      await page.getByRole('textbox', { name: 'Go to' }).fill('5550155');
      await view.picture('go-to');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Call from +1 202 555 0155' }).waitFor();

      await page.keyboard.press('Control+k');
      await page.getByRole('textbox', { name: 'Go to' }).fill(someSettings.name.slice(0, 6));
      await page.getByRole('button', { name: someSettings.name }).waitFor();
      await page.keyboard.press('Escape');

      await page.keyboard.press('?');
      const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      await help.waitFor();
      await view.picture('keys');
      // Nothing happens behind an open dialog.
      await page.keyboard.press('g');
      await page.keyboard.press('l');
      expect(await page.getByRole('heading', { name: 'Call from +1 202 555 0155' }).count()).toBe(1);
      await help.getByLabel('Single keys do something').uncheck();
      await page.keyboard.press('Escape');
      await help.waitFor({ state: 'detached' });
      await page.keyboard.press('g');
      await page.keyboard.press('l');
      await page.keyboard.press('?');
      expect(await help.count()).toBe(0);
      expect(new URL(page.url()).pathname).toMatch(/^\/calls\//);
    });

    it('does not take typing for keys', async () => {
      const page = await view.open('/calls');
      await page.getByLabel('Number').pressSequentially('gl?');
      expect(new URL(page.url()).pathname).toBe('/calls');
      expect(await page.getByLabel('Number').inputValue()).toBe('gl?');
    });

    it('follows the colours of the system until one is chosen, and remembers that', async () => {
      const page = await view.open('/', { colorScheme: 'dark' });
      const ground = () =>
        page.evaluate('getComputedStyle(document.body).backgroundColor') as Promise<string>;
      expect(await ground()).toBe('rgb(16, 21, 20)');
      await page.getByRole('button', { name: 'Jordan Ellis' }).click();
      await view.picture('user-menu');
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.getByRole('menuitemradio', { name: 'Light' }).click();
      expect(await ground()).toBe('rgb(242, 245, 244)');
      await page.reload();
      await page.getByRole('navigation', { name: 'Pages' }).waitFor();
      expect(await ground()).toBe('rgb(242, 245, 244)');
    });

    it('offers only what the permissions allow, and says so at other addresses', async () => {
      const page = await view.open('/', {
        arrange: (hospital) => {
          hospital.me = {
            ...hospital.me,
            user: { ...hospital.me.user, name: 'Avery Stone', role: 'integrator' },
            permissions: ['integrations:manage', 'operations:read', 'settings:read'],
          };
        },
      });
      await page.getByRole('heading', { name: 'Failed events' }).waitFor();
      expect(
        await page
          .getByRole('navigation', { name: 'Pages' })
          .getByRole('link', { name: 'Escalations' })
          .count(),
      ).toBe(0);
      expect(await page.getByLabel('I am here').count()).toBe(0);
      await page.goto(`${view.hospital.url}/escalations`);
      await page.getByText('Your role does not see this page').waitFor();
    });

    it('says that the connection is lost, goes on after the last message when it is back', async () => {
      const page = await view.open('/');
      await page.getByText('Connected', { exact: true }).waitFor();
      const first = view.hospital.addCall({ callerNumber: '+12025550198' });
      view.hospital.live('call', { callId: first.id });
      await page.getByRole('link', { name: '+1 202 555 0198' }).first().waitFor();
      view.hospital.live('partial', { callId: first.id, text: 'good morning' });
      await page.getByText('good morning…').waitFor();
      const back = view.hospital.on('GET', '/live', () => problem(503, 'busy', 'Too many.'));
      view.hospital.cutLive();
      await page.getByRole('alert').getByText('Connection lost.').waitFor();
      await view.picture('connection-lost');
      // Meanwhile a call comes in: nobody is told, and nobody may miss it.
      const call = view.hospital.addCall({ callerNumber: '+12025550199' });
      view.hospital.live('call', { callId: call.id });
      back();
      await page.getByRole('link', { name: '+1 202 555 0199' }).first().waitFor();
      await page.getByText('Connection lost.').waitFor({ state: 'detached' });
      const again = view.hospital.requests.filter(({ path }) => path === '/live').at(-1);
      expect(again?.headers['last-event-id']).toBe('2');
    });

    it('asks for everything anew when the feed cannot say what was missed', async () => {
      const page = await view.open('/');
      await page.getByText('The line is quiet').waitFor();
      view.hospital.addCall({ callerNumber: '+12025550199' });
      view.hospital.live('reset', {});
      await page.getByRole('link', { name: '+1 202 555 0199' }).first().waitFor();
    });

    it('says what failed, and tries again when asked', async () => {
      const page = await view.open('/calls', {
        arrange: (hospital) => hospital.on('GET', '/calls', () => problem(422, 'not-now', 'Not just now.')),
      });
      await page.getByRole('alert').getByText('Not just now.').waitFor();
      await view.picture('calls-failed');
      view.hospital.on('GET', '/calls', () => ({ items: [], next: null }));
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('No calls yet').waitFor();
    });

    it('says that an address leads nowhere', async () => {
      const page = await view.open('/nowhere');
      await page.getByText('Nothing is at this address').waitFor();
    });

    it('is there again without a question; how soon is told with the pictures', async () => {
      const page = await view.open('/');
      // A second time, as every day: the browser has the files, the provider has the session.
      await page.goto(`${view.hospital.url}/`);
      await page.getByRole('heading', { name: 'Live at Riverside Clinic' }).waitFor();
      const afterMs = (await page.evaluate('performance.now()')) as number;
      if (process.env['WARDLINE_SCREENSHOTS']) console.log(`usable after ${Math.round(afterMs)} ms`);
    });
  });
}
