import type { FakeConsole } from '../fake-console.ts';
import { busyHouse, FakeHouse } from '../fake/house.ts';
import { type FakeHospital, minutesAgo, newId } from '../fake/hospital.ts';
import { until } from '../until.ts';

export function describeHouse(view: FakeConsole): void {
  let fake: FakeHouse;
  const arrange = (hospital: FakeHospital) => {
    fake = busyHouse(hospital);
  };
  const without = (hospital: FakeHospital, ...permissions: string[]) => {
    hospital.me.permissions = hospital.me.permissions.filter((one) => !permissions.includes(one));
  };

  describe('Messages', () => {
    it('lists them, older ones on demand, by status and number', async () => {
      const page = await view.open('/messages', { arrange });
      const rows = page.getByRole('row');
      await until(async () => (await rows.count()) === 51);
      await view.picture('messages');
      expect(await view.violations()).toEqual([]);
      await page.getByRole('button', { name: 'Show older messages' }).click();
      await until(async () => (await rows.count()) === 64);
      await page.getByLabel('Status').selectOption('Failed');
      await until(async () => (await rows.count()) === 8);
      await page.getByText('number unreachable').first().waitFor();
      await page.getByLabel('Number').fill('+1 202 555 0114');
      await until(async () => (await rows.count()) === 2);
      expect(new URL(page.url()).search).toBe('?status=failed&number=%2B12025550114');
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await until(async () => (await rows.count()) === 64);
    });

    it('says that there is none, and that they could not be loaded', async () => {
      const page = await view.open('/messages', { arrange: (hospital) => void new FakeHouse(hospital) });
      await page.getByText('No messages yet').waitFor();
    });
  });

  describe('Audit', () => {
    it('tells who did what, by person, action, subject and day', async () => {
      const page = await view.open('/audit', { arrange });
      const rows = page.getByRole('row');
      await until(async () => (await rows.count()) === 101);
      await view.picture('audit');
      expect(await view.violations()).toEqual([]);
      await page.getByLabel('Who').selectOption('Morgan Blake');
      await page.getByLabel('What', { exact: true }).selectOption('Read a transcript');
      const expected = fake.lines.filter(
        ({ user, action }) => action === 'transcripts.read' && user === fake.staff[1]?.id,
      ).length;
      expect(expected).toBeGreaterThan(0);
      await until(async () => (await rows.count()) === expected + 1);
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page
        .getByRole('row')
        .filter({ hasText: 'Check audit Refused' })
        .getByText('Audit', { exact: true })
        .first()
        .waitFor();
      await page.getByLabel('Of what').fill('Do-not-call list');
      await page.getByLabel('Of what').press('Enter');
      await until(async () => view.hospital.requests.at(-1)?.query['subject'] === 'do-not-call');
      await page.getByLabel('Of what').fill('dialling');
      await page.getByLabel('Of what').press('Enter');
      await until(async () =>
        (await page.locator('.audit-table tbody tr').allTextContents()).every((text) =>
          text.includes('Dialling'),
        ),
      );
      await page.getByLabel('Outcome').selectOption('Refused');
      await page.getByText('Nothing is like that').waitFor();
    });

    it('finds out whether it was tampered with', async () => {
      const page = await view.open('/audit', { arrange });
      await page.getByRole('button', { name: 'Check that nothing is missing' }).click();
      await page.getByText('All 130 lines are as they were written.').waitFor();
      fake.brokenAt = 4_711;
      await page.getByRole('button', { name: 'Check that nothing is missing' }).click();
      await page.getByRole('alert').getByText('Line 4711').waitFor();
    });
  });

  describe('Settings', () => {
    it('changes a clinic: facts, numbers, hours, doctors', async () => {
      const page = await view.open('/settings', { arrange });
      await page.getByLabel('Name').first().waitFor();
      await view.picture('settings');
      expect(await view.violations()).toEqual([]);
      const save = page.getByRole('button', { name: 'Save' });
      expect(await save.isDisabled()).toBe(true);
      await page.getByLabel('Reception').fill('+1 202');
      await page.getByText('This is not a whole number').waitFor();
      await page.getByLabel('Reception').fill('+1 (202) 555-0118');
      await page.getByRole('button', { name: 'Add hours on Sunday' }).click();
      await page.getByLabel('Sunday, closes').fill('12:30');
      await page.getByRole('button', { name: 'Add a doctor' }).click();
      const added = page.locator('.doctor').last();
      await added.getByLabel('Name').fill('Dr. Ines Roth');
      await added.getByLabel('Department').fill('Neurology');
      await added.getByLabel('Also called').fill('nerve doctor, neurologist,');
      await added.scrollIntoViewIfNeeded();
      await view.picture('settings-doctors');
      await save.click();
      await page.getByText('It holds from the next call on.').waitFor();
      expect(fake.clinic).toMatchObject({ transferNumber: '+12025550118', revision: 5 });
      expect(fake.clinic.openingHours.at(-1)).toEqual({ isoWeekday: 7, opens: '09:00', closes: '12:30' });
      expect(fake.clinic.doctors.at(-1)).toEqual({
        ...{ id: '', name: 'Dr. Ines Roth', department: 'Neurology', acceptsBookings: true },
        alsoCalled: ['nerve doctor', 'neurologist'],
      });
    });

    it('does not overwrite what somebody else has saved', async () => {
      const page = await view.open('/settings', { arrange });
      await page.getByLabel('Name').first().fill('Riverside West');
      Object.assign(fake.clinic, { name: 'Riverside East', revision: 9 });
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alert').getByText('Somebody else has changed this clinic').waitFor();
      await view.picture('settings-conflict');
      expect(fake.clinic.name).toBe('Riverside East');
      await page.getByRole('button', { name: 'Show what is there now' }).click();
      await until(async () => (await page.getByLabel('Name').first().inputValue()) === 'Riverside East');
      await page.getByLabel('Name').first().fill('Riverside West');
      await page.getByRole('button', { name: 'Save' }).click();
      await until(async () => fake.clinic.name === 'Riverside West');
    });

    it('keeps the do-not-call list', async () => {
      const page = await view.open('/settings/do-not-call', { arrange });
      const rows = page.locator('tbody tr');
      await until(async () => (await rows.count()) === 24);
      await view.picture('do-not-call');
      expect(await view.violations()).toEqual([]);
      await page.getByLabel('Search').fill('555 0125');
      await until(async () => (await rows.count()) === 1);
      await page.getByRole('button', { name: 'Add numbers' }).click();
      await page.getByRole('textbox', { name: 'Numbers' }).fill('(202) 555-0181\n202 555 0182, nonsense');
      await page.getByLabel('Note').fill('By letter');
      await page.getByRole('button', { name: 'Add 3 numbers' }).click();
      await page.getByRole('alert').getByText('no numbers that can be called: nonsense').waitFor();
      await page.getByRole('textbox', { name: 'Numbers' }).fill('(202) 555-0181\n202 555 0182');
      await view.picture('do-not-call-add');
      await page.getByRole('button', { name: 'Add 2 numbers' }).click();
      await page.getByText('2 added.').waitFor();
      await page.getByLabel('Search').fill('By letter');
      await until(async () => (await rows.count()) === 2);
      await page.getByRole('button', { name: 'Remove +1 202 555 0181' }).click();
      await page.getByRole('button', { name: 'Take it off' }).click();
      await until(async () => (await rows.count()) === 1);
      expect(fake.doNotCall).toHaveLength(25);
    });

    it('looks a number up in the whole list without fetching the whole list', async () => {
      const page = await view.open('/settings/do-not-call', {
        arrange: (hospital) => {
          arrange(hospital);
          for (let n = 0; n < 900; n += 1)
            fake.doNotCall.push({
              ...{ id: newId(), number: `+12125550${100 + n}`, note: n === 640 ? 'A judge’s order' : '' },
              ...{ addedByName: 'Casey Quinn', addedAt: minutesAgo(60 * 24 * 40) },
            });
        },
      });
      const rows = page.locator('tbody tr');
      const fetched = () => view.hospital.requests.filter(({ path }) => path === '/do-not-call');
      await until(async () => (await rows.count()) === 200);
      const search = page.getByLabel('Search');
      await search.pressSequentially('+1 (212) 555-0978');
      await rows.getByText('+1 212 555 0978').waitFor();
      expect(await rows.count()).toBe(1);
      await view.picture('do-not-call-number');
      await search.fill('+1 212 555 1978');
      await page.getByText('+1 212 555 1978 is not on the list.').waitFor();
      expect(fetched().filter(({ query }) => query['cursor'])).toEqual([]);
      expect(fetched().map(({ query }) => query['number'])).toContain('+12125550978');
      // A word is in any of them.
      await search.fill('judge');
      await rows.getByText('A judge’s order').waitFor();
      expect(fetched().filter(({ query }) => query['cursor'])).not.toEqual([]);
    });

    it('makes users, changes them, and says why not', async () => {
      const page = await view.open('/settings/users', { arrange });
      await page.getByText('Morgan Blake').waitFor();
      await view.picture('users');
      expect(await view.violations()).toEqual([]);
      await page.getByRole('button', { name: 'New user' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('Sam Porter');
      await dialog.getByLabel('E-mail').fill('casey@riverside.example');
      await dialog.getByLabel('Role').selectOption('Supervisor');
      await dialog.getByLabel('Number').fill('+1 202 555 0175');
      await dialog.getByLabel('Password').fill('a-long-enough-one');
      await view.picture('user-new');
      expect(await view.violations()).toEqual([]);
      await dialog.getByRole('button', { name: 'Make user' }).click();
      await dialog.getByRole('alert').getByText('Somebody signs in with this address already.').waitFor();
      await dialog.getByLabel('E-mail').fill('sam@riverside.example');
      await dialog.getByRole('button', { name: 'Make user' }).click();
      await page.getByText('Sam Porter can sign in.').waitFor();
      expect(fake.staff.at(-1)).toMatchObject({ role: 'supervisor', phone: '+12025550175', active: true });

      await page.getByRole('button', { name: 'Change Sam Porter' }).click();
      await dialog.getByLabel('May sign in').uncheck();
      await dialog.getByText('They are signed out everywhere by this.').waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Cannot sign in').waitFor();
      await page.getByRole('button', { name: 'Change Robin Hall' }).click();
      await dialog.getByLabel('Role').selectOption('Manager');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByRole('alert').getByText('without an administrator').waitFor();
    });

    it('shows to each what is theirs', async () => {
      const page = await view.open('/settings', {
        arrange: (hospital) => {
          arrange(hospital);
          without(hospital, 'settings:write', 'staff:read', 'staff:manage', 'do-not-call:write');
        },
      });
      await page.getByText('Managers change these.').waitFor();
      expect(await page.getByLabel('Reception').isDisabled()).toBe(true);
      expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
      expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
      await page.getByRole('link', { name: 'Do-not-call list' }).click();
      await page.locator('tbody tr').first().waitFor();
      expect(await page.getByRole('button', { name: /Remove|Add/ }).count()).toBe(0);
    });
  });
}
