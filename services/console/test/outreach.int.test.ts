// Campaigns and appointments in a real browser, in front of a fake hospital.
import { chromiumPath } from './built-console.ts';
import { FakeConsole } from './fake-console.ts';
import { describeAppointments } from './suites/appointments.ts';
import { describeCampaigns } from './suites/campaigns.ts';

// Without a browser this is reported as skipped, by this name.
const describeWithBrowser = chromiumPath ? describe : describe.skip;

describeWithBrowser('campaigns and appointments in Chromium', () => {
  const view = new FakeConsole();
  beforeAll(() => view.start(), 120_000);
  afterAll(() => view.stop());
  afterEach(() => expect(view.errors).toEqual([]));

  describeCampaigns(view);
  describeAppointments(view);
});
