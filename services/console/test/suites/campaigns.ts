import { readFile } from 'node:fs/promises';
import type { FakeConsole } from '../fake-console.ts';
import { FakeCampaigns, someSettings } from '../fake/campaigns.ts';
import type { FakeHospital } from '../fake/hospital.ts';
import { outreach } from '../fake/outreach.ts';
import { problem } from '../fake/server.ts';
import { until } from '../until.ts';

const rows = [
  'Patient name,Mobile,MRN,Zone,Notes',
  'Ellen Park,(202) 555-0128,MRN-1,America/New_York,prefers mornings',
  'Harold Finch,202 555 0155,MRN-2,,',
  'Maria Lopez,2025550143,MRN-3,America/Denver,=HYPERLINK("x")',
  'Nobody,call the son,MRN-4,,',
  'Omar Haddad,+1 202 555 0161,MRN-5,,',
];
const file = { name: 'december.csv', mimeType: 'text/csv', buffer: Buffer.from(`${rows.join('\n')}\n`) };

export function describeCampaigns(view: FakeConsole): void {
  let fake: FakeCampaigns;
  const busy = (hospital: FakeHospital) => {
    fake = outreach(hospital);
  };
  const without = (hospital: FakeHospital, ...permissions: string[]) => {
    hospital.me.permissions = hospital.me.permissions.filter((one) => !permissions.includes(one));
  };

  describe('Campaigns', () => {
    it('lists them with how far each is and why nobody is called', async () => {
      const page = await view.open('/campaigns', { arrange: busy });
      const row = page.getByRole('listitem').filter({ hasText: 'Reminders of next week' });
      await row.getByText('141 of 260 people done').waitFor();
      await row.getByRole('img', { name: /Progress: decided: 96, .*in a call: 4, waiting: 115/ }).waitFor();
      await view.picture('campaigns');
      expect(await view.violations()).toEqual([]);
    });

    it('makes one, takes a file, shows the plan, and starts', async () => {
      const page = await view.open('/campaigns', { arrange: busy });
      await page.getByRole('button', { name: 'New campaign' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('December');
      await page.getByRole('radio', { name: /Missed appointment/ }).check();
      await page.getByLabel('Sat').check();
      await page.getByLabel('To', { exact: true }).selectOption('17:30');
      await page.getByLabel('Calls at once').fill('12');
      await view.picture('campaign-new');
      expect(await view.violations()).toEqual([]);
      await page.getByRole('button', { name: 'Save and go on' }).click();

      await page.getByText('Drop a file with the people to call here').waitFor();
      await view.picture('campaign-drop');
      expect(fake.all[0]?.settings).toMatchObject({
        ...{ name: 'December', flow: 'no-show-recovery', isoWeekdays: [1, 2, 3, 4, 5, 6] },
        ...{ toLocalTime: '17:30', callsAtOnceMax: 12, defaultRegion: 'US' },
      });
      await page.getByLabel('File with the people to call').setInputFiles(file);
      await page.getByLabel('Telephone number').waitFor();
      expect(await page.getByLabel('Telephone number').inputValue()).toBe('Mobile');
      await page.getByLabel('Time zone').selectOption('Zone');
      await view.picture('campaign-columns');
      expect(await view.violations()).toEqual([]);
      await page.getByRole('button', { name: 'Upload' }).click();

      await page.getByText('december.csv has been read').waitFor();
      await page.getByRole('cell', { name: 'Nobody, call the son, MRN-4, ,' }).waitFor();
      const sent = view.hospital.requests.find(({ path }) => /\/campaigns\/.*\/recipients/.test(path));
      expect(sent?.query).toEqual({
        ...{ name: 'Patient name', phone: 'Mobile', externalId: 'MRN', timeZone: 'Zone' },
        fileName: 'december.csv',
      });
      expect(sent?.text).toBe(file.buffer.toString());
      await view.picture('campaign-report');
      expect(await view.violations()).toEqual([]);
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download all 1' }).click();
      const saved = await saving;
      expect(saved.suggestedFilename()).toBe('refused-december.csv');
      expect(await readFile(await saved.path(), 'utf8')).toContain('"5","This is no telephone number');

      await page.getByRole('button', { name: 'Go on to the check' }).click();
      await page.getByText('On the do-not-call list').first().waitFor();
      await view.picture('campaign-check');
      expect(await view.violations()).toEqual([]);
      await page.getByRole('button', { name: 'Start calling' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('3 people').waitFor();
      await view.picture('campaign-start');
      expect(fake.all[0]?.state).toBe('draft');
      await dialog.getByRole('button', { name: 'Start calling' }).click();
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      expect(fake.all[0]?.state).toBe('running');
      expect(new URL(page.url()).pathname).toBe(`/campaigns/${fake.all[0]?.id}`);
    });

    it('takes a file that is dropped, and says at once what is no file for it', async () => {
      const page = await view.open('/campaigns', {
        arrange: (hospital) => {
          fake = new FakeCampaigns(hospital);
          fake.add();
        },
      });
      await page.getByRole('link', { name: 'Reminders of next week' }).click();
      const drop = (name: string) =>
        page.evaluate(`{
          const data = new DataTransfer();
          data.items.add(new File(['Name,Phone\\nEllen Park,2025550128\\n'], '${name}'));
          const drop = new DragEvent('drop', { dataTransfer: data, bubbles: true });
          document.querySelector('.drop-zone').dispatchEvent(drop);
        }`);
      await drop('people.xlsx');
      await page.getByRole('alert').getByText('Save it as CSV').waitFor();
      await drop('people.csv');
      await page.getByRole('heading', { name: 'people.csv' }).waitFor();
      await page.getByRole('button', { name: 'Upload' }).click();
      await page.getByText('1 on the list now').waitFor();
    });

    it('says what is wrong with a file that cannot be read', async () => {
      const page = await view.open('/campaigns', {
        arrange: (hospital) => {
          fake = new FakeCampaigns(hospital);
          fake.add();
          const refuse = problem(422, 'invalid', 'the file is a picture, not a table');
          hospital.on('POST', '/campaigns/inspect-file', () => refuse);
        },
      });
      await page.getByRole('link', { name: 'Reminders of next week' }).click();
      await page.getByLabel('File with the people to call').setInputFiles(file);
      await page.getByRole('alert').getByText('the file is a picture').waitFor();
    });

    it('shows how it goes, as it goes; finds people; pauses, and cancels only when asked twice', async () => {
      const page = await view.open('/campaigns', { arrange: busy });
      await page.getByRole('link', { name: 'Reminders of next week' }).click();
      const progress = page.getByRole('region', { name: 'Progress' });
      await progress.getByText('141', { exact: true }).waitFor();
      const funnel = page.getByRole('region', { name: 'How far it got' });
      await funnel.getByText('118').waitFor();
      // More than the results that are called "Decided", and so by another name.
      await progress.getByText('Decided 96', { exact: true }).waitFor();
      await funnel
        .getByRole('listitem')
        .filter({ hasText: 'Said what they want' })
        .getByText('108')
        .waitFor();
      expect(await funnel.getByText('Decided', { exact: true }).count()).toBe(0);
      await page.getByRole('cell', { name: 'Ellen Park MRN-40210' }).waitFor();
      await view.picture('campaign');
      expect(await view.violations()).toEqual([]);

      const running = fake.all.find(({ state }) => state === 'running');
      if (!running) throw new Error('none runs');
      running.progress = { ...running.progress, settled: 142, live: 3 };
      await progress.getByText('142', { exact: true }).waitFor();

      await page.getByRole('button', { name: /^Message left/ }).click();
      await until(async () => {
        const badges = await page.locator('.recipients .badge').allTextContents();
        return badges.length > 0 && badges.every((text) => text === 'Message left');
      });
      expect(new URL(page.url()).search).toBe('?result=voicemail-left');
      await page.getByRole('region', { name: 'People of this campaign' }).scrollIntoViewIfNeeded();
      await view.picture('campaign-people');
      await page.getByRole('button', { name: '1 earlier' }).first().click();
      await page.getByText('No answer').waitFor();

      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Results as CSV' }).click();
      expect((await saving).suggestedFilename()).toBe(`campaign-${running.id}.csv`);

      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByRole('button', { name: 'Resume' }).waitFor();
      await page.getByRole('button', { name: 'Cancel campaign' }).click();
      await page.getByRole('dialog').getByText('115 people').waitFor();
      expect(running.state).toBe('paused');
      await page.getByRole('button', { name: 'Cancel it for good' }).click();
      await page.locator('.page-head').getByText('Cancelled', { exact: true }).waitFor();
      expect(running.state).toBe('cancelled');
    });

    it('does not overwrite what somebody else has changed', async () => {
      const page = await view.open('/campaigns', { arrange: busy });
      await page.getByRole('link', { name: 'Flu season, first round' }).click();
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByLabel('Calls at once').fill('9');
      const paused = fake.all.find(({ state }) => state === 'paused');
      if (!paused) throw new Error('none is paused');
      paused.settings = { ...paused.settings, callsAtOnceMax: 7 };
      paused.revision += 1;
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Somebody else has changed this campaign').waitFor();
      expect(paused.settings.callsAtOnceMax).toBe(7);
      await page.getByRole('button', { name: 'Show what is there now' }).click();
      await until(async () => (await page.getByLabel('Calls at once').inputValue()) === '7');
      await page.getByLabel('Calls at once').fill('9');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('button', { name: 'Resume' }).waitFor();
      expect(paused.settings.callsAtOnceMax).toBe(9);
    });

    it('stops all dialling, with a reason, on every campaign page', async () => {
      const page = await view.open('/campaigns', { arrange: busy });
      await page.getByRole('button', { name: 'Stop dialling' }).click();
      await view.picture('dialling-question');
      await page.getByLabel('Reason').fill('The script names the wrong day');
      await page.getByRole('button', { name: 'Stop dialling now' }).click();
      await page.getByRole('alert').getByText('Dialling is stopped for the whole hospital.').waitFor();
      expect(fake.dialling).toMatchObject({ stopped: true, note: 'The script names the wrong day' });
      await page.getByRole('link', { name: 'Reminders of next week' }).click();
      await page.getByRole('alert').getByText('Jordan Ellis stopped it').waitFor();
      await view.picture('dialling-stopped');
      expect(await view.violations()).toEqual([]);
      await page.getByRole('button', { name: 'Allow dialling again' }).click();
      await page.getByRole('button', { name: 'Allow dialling', exact: true }).click();
      await page.getByRole('button', { name: 'Stop dialling' }).waitFor();
      expect(fake.dialling.stopped).toBe(false);
    });

    it('offers nobody what they may not do', async () => {
      const page = await view.open('/campaigns', {
        arrange: (hospital) => {
          busy(hospital);
          without(hospital, 'campaigns:write', 'campaigns:run', 'dialling:stop');
        },
      });
      await page.getByRole('link', { name: 'Reminders of next week' }).click();
      await page.getByRole('region', { name: 'Progress' }).waitFor();
      for (const name of ['Pause', 'Cancel campaign', 'Stop dialling', 'New campaign'])
        expect(await page.getByRole('button', { name }).count()).toBe(0);
    });

    it('says that there is none, and that one is not there', async () => {
      const page = await view.open('/campaigns', {
        arrange: (hospital) => void new FakeCampaigns(hospital),
      });
      await page.getByText('No campaigns yet').waitFor();
      await page.goto(`${view.hospital.url}/campaigns/${someSettings.clinic}`);
      await page.getByRole('alert').getByText('no such campaign').waitFor();
    });
  });
}
