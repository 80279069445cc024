import { riverside } from '../fake/hospital.ts';
import type { FakeConsole } from '../fake-console.ts';
import { calendar, type FakeCalendar, nextMonday } from '../fake/calendar.ts';
import type { FakeHospital } from '../fake/hospital.ts';
import { until } from '../until.ts';

export function describeAppointments(view: FakeConsole): void {
  let fake: FakeCalendar;
  const arrange = (hospital: FakeHospital) => {
    fake = calendar(hospital);
  };
  const address = `/appointments?day=${nextMonday}`;
  const [sharma] = riverside.doctors;

  describe('Appointments', () => {
    it('shows a day by doctor in the clinic’s own time, and a week', async () => {
      const page = await view.open(address, { arrange });
      const column = page.getByRole('region', { name: /^Dr. Anita Sharma/ });
      await column
        .getByRole('button', { name: 'Free, 09:00 to 09:30' })
        .or(column.locator('.entry'))
        .first()
        .waitFor();
      expect(await page.getByRole('region', { name: /^Dr\. / }).count()).toBe(riverside.doctors.length);
      await page.locator('.entry-free').first().waitFor();
      await view.picture('appointments');
      expect(await view.violations()).toEqual([]);

      await page.getByText('Week', { exact: true }).click();
      await page.getByRole('region', { name: /^Mon .* appointments/ }).waitFor();
      await view.picture('appointments-week');
      expect(await view.violations()).toEqual([]);
      await page.getByLabel('Doctor').selectOption('Dr. Anita Sharma');
      await page.locator('.entry-free').first().waitFor();
      await view.picture('appointments-week-doctor');
      expect(new URL(page.url()).search).toContain('view=week');
    });

    it('can be gone through with keys alone', async () => {
      const page = await view.open(address, { arrange });
      await page.locator('.entry-free').first().waitFor();
      expect(await page.locator('.calendar [tabindex="0"]').count()).toBe(1);
      await page.locator('.calendar [tabindex="0"]').focus();
      const focused = () =>
        page.evaluate(
          `document.activeElement.ariaLabel || document.activeElement.textContent`,
        ) as Promise<string>;
      const first = await focused();
      await page.keyboard.press('ArrowDown');
      expect(await focused()).not.toBe(first);
      await page.keyboard.press('ArrowUp');
      expect(await focused()).toBe(first);
      await page.keyboard.press('ArrowRight');
      expect(await focused()).toContain('Dr. David Brown');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await focused()).toContain('Dr. David Brown');
      await page.keyboard.press('n');
      await page.getByRole('heading', { name: /^Tuesday/ }).waitFor();
    });

    it('books a free time', async () => {
      const page = await view.open(address, { arrange });
      const free = page.getByRole('button', { name: /^Free, .*Dr\. Anita Sharma$/ }).first();
      await free.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Patient’s name').fill('Peter Meyer');
      await dialog.getByLabel('Number').fill('0555');
      await dialog.getByRole('button', { name: 'Book' }).click();
      await dialog.getByText('This is not a whole number').waitFor();
      await dialog.getByLabel('Number').fill('+1 (202) 555-0166');
      await view.picture('appointment-book');
      fake.taken = true;
      await dialog.getByRole('button', { name: 'Book' }).click();
      await dialog.getByRole('alert').getByText('Somebody was quicker').waitFor();
      fake.taken = false;
      await dialog.getByRole('button', { name: 'Book' }).click();
      await page.getByRole('button', { name: /Peter Meyer.*Dr\. Anita Sharma/ }).waitFor();
      const asked = view.hospital.requests.filter(
        ({ method, path }) => method === 'POST' && path === '/appointments',
      );
      expect(asked[1]?.body).toMatchObject({
        ...{ clinic: riverside.clinicId, doctor: sharma?.doctorId },
        patient: { name: 'Peter Meyer', phone: '+12025550166' },
      });
      // The same wish again.
      expect(asked[1]?.headers['idempotency-key']).toBe(asked[0]?.headers['idempotency-key']);
      expect(asked[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('confirms, moves and cancels one', async () => {
      const page = await view.open(address, {
        arrange: (hospital) => {
          arrange(hospital);
          // Of a name of their own: others of one name are not to be taken for them.
          const some = fake.booked.find(
            ({ doctor, confirmedAt }) => doctor === sharma?.doctorId && !confirmedAt,
          );
          if (some) some.patient = { name: 'Nora Quist', phone: '+12025550177' };
        },
      });
      const one = fake.booked.find(({ patient }) => patient.name === 'Nora Quist');
      if (!one) throw new Error('none');
      const entry = page
        .getByRole('button', { name: new RegExp(`${one.patient.name}.*Dr\\. Anita`) })
        .first();
      await entry.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Not confirmed').waitFor();
      await view.picture('appointment');
      expect(await view.violations()).toEqual([]);
      await dialog.getByRole('button', { name: 'Confirm' }).click();
      await page
        .getByRole('button', { name: new RegExp(`${one.patient.name}.*Dr\\. Anita Sharma.*confirmed`) })
        .first()
        .waitFor();
      expect(one.confirmedAt).not.toBeNull();

      const before = one.start;
      await entry.click();
      await dialog.getByRole('button', { name: 'Move' }).click();
      await page.getByText(`Moving ${one.patient.name}`).waitFor();
      await page.getByRole('button', { name: 'The day after' }).click();
      await page
        .getByRole('button', { name: /^Free, .*Dr\. David Brown$/ })
        .first()
        .click();
      await view.picture('appointment-move');
      await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click();
      await page.getByText(`${one.patient.name} is moved.`).waitFor();
      expect(one.doctorName).toBe('Dr. David Brown');
      expect(one.start > before).toBe(true);

      await page
        .getByRole('button', { name: new RegExp(`${one.patient.name}.*David Brown`) })
        .first()
        .click();
      await dialog.getByRole('button', { name: 'Cancel it' }).click();
      await dialog.getByText('Cancel this appointment?').waitFor();
      expect(one.status).toBe('booked');
      await dialog.getByRole('button', { name: 'Cancel the appointment' }).click();
      await until(async () => one.status === 'cancelled');
      await page.getByText('The time is free again.').waitFor();
    });

    it('offers nothing to change to who may only look', async () => {
      const page = await view.open(address, {
        arrange: (hospital) => {
          arrange(hospital);
          hospital.me.permissions = hospital.me.permissions.filter((one) => one !== 'appointments:write');
        },
      });
      await page.locator('.entry-taken').first().click();
      await page.getByRole('dialog').waitFor();
      expect(await page.locator('.entry-free').count()).toBe(0);
      expect(await page.getByRole('button', { name: 'Cancel it' }).count()).toBe(0);
    });
  });
}
