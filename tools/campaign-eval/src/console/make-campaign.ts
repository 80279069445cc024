import type { Page } from 'playwright-core';
import { mapping } from '../cast.ts';
import type { CampaignSettings, Prepared } from '../manager.ts';
import { figuresIn } from './campaign-page.ts';
import type { Camera } from './camera.ts';
import { turnTo } from './chromium.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
/** Columns of the file by what the page calls them. */
const columns: readonly (readonly [label: string, column: string])[] = [
  ['Name', mapping.name],
  ['Telephone number', mapping.phone],
  ['Your id of the patient', mapping.externalId],
  ['Time zone', mapping.timeZone],
  ['Wardline’s id of the appointment', mapping.appointment],
  ['Language', ''],
];

/** From the list of campaigns to the plan, page by page, as a manager clicks it together. Nobody is called yet. */
export async function makeCampaign(
  page: Page,
  settings: CampaignSettings,
  file: { readonly name: string; readonly text: string },
  camera: Camera,
): Promise<Prepared> {
  await turnTo(page, 'Campaigns');
  await page.getByRole('button', { name: 'New campaign' }).first().click();
  await fillSettings(page, settings);
  await camera.take(page, 'campaign-new');
  await page.getByRole('button', { name: 'Save and go on' }).click();
  await page.waitForURL(/\/campaigns\/[^/]+\/recipients$/);
  const campaign = new URL(page.url()).pathname.split('/')[2] ?? '';
  const told = await uploadFile(page, file, camera);
  await page.getByRole('button', { name: 'Go on to the check' }).click();
  await page.getByText('Would be called', { exact: true }).waitFor();
  const plan = await figuresIn(page, '.report .figure:not(.figure-text)');
  await camera.take(page, 'campaign-check');
  return {
    campaign,
    ...told,
    callable: plan.get('Would be called') ?? 0,
    notCallable: plan.get('Would not') ?? 0,
  };
}

async function fillSettings(page: Page, s: CampaignSettings): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(s.name);
  await page.locator(`input[type="radio"][value="${s.flow}"]`).check();
  for (const [index, day] of weekdays.entries())
    await page.getByLabel(day, { exact: true }).setChecked(s.isoWeekdays.includes(index + 1));
  await page.getByLabel('From', { exact: true }).selectOption(s.fromLocalTime);
  await page.getByLabel('To', { exact: true }).selectOption(s.toLocalTime);
  for (const [name, value] of [
    ['Calls at once', s.callsAtOnceMax],
    ['Let it ring', s.ringSeconds],
    ['Calls per person', s.attemptsMax],
    ['Calls per person and day', s.attemptsPerDayMax],
  ] as const)
    await page.getByRole('spinbutton', { name, exact: true }).fill(String(value));
  await page
    .getByLabel('Country of numbers without a country’s code', { exact: true })
    .selectOption(s.defaultRegion);
}

async function uploadFile(
  page: Page,
  file: { readonly name: string; readonly text: string },
  camera: Camera,
): Promise<Pick<Prepared, 'accepted' | 'refused' | 'refusedRows'>> {
  const button = page.getByRole('button', { name: 'Choose a file' });
  await button.waitFor();
  await camera.take(page, 'campaign-file');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()]);
  await chooser.setFiles({ name: file.name, mimeType: 'text/csv', buffer: Buffer.from(file.text) });
  for (const [name, column] of columns)
    await page.getByRole('combobox', { name, exact: true }).selectOption(column);
  await camera.take(page, 'campaign-columns');
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await page.getByText(`${file.name} has been read`).waitFor();
  const report = await figuresIn(page, '.report .figure');
  const refused = report.get('Refused') ?? 0;
  const refusedRows = refused === 0 ? 0 : await countRefusedRows(page, file.name);
  await camera.take(page, 'campaign-report');
  return { accepted: report.get('Accepted') ?? 0, refused, refusedRows };
}

/** Rows that say what is wrong with them. */
async function countRefusedRows(page: Page, fileName: string): Promise<number> {
  const rows = page.getByRole('region', { name: `Refused rows of ${fileName}` }).locator('tbody tr');
  await rows.first().waitFor();
  const more = page.getByRole('button', { name: 'Show more refused rows' });
  while (await more.isVisible()) {
    const before = await rows.count();
    await more.click();
    await rows.nth(before).waitFor();
  }
  const problems = await rows.locator('td:nth-child(2)').allInnerTexts();
  return problems.filter((text) => text.trim() !== '').length;
}
