// The pages in a real browser, on a real gateway. WARDLINE_SCREENSHOTS=folder keeps pictures of each, light and dark.
import { chromiumPath } from './built-console.ts';
import { ConsolePage } from './console-page.ts';
import { describeFailedEvents } from './suites/failed-events.ts';
import { describeIntegrations } from './suites/integrations.ts';

// Without a browser this is reported as skipped, by this name.
const describeWithBrowser = chromiumPath ? describe : describe.skip;

describeWithBrowser('the console in Chromium', () => {
  const view = new ConsolePage();
  beforeAll(() => view.start({ WARDLINE_WEBHOOK_ALLOW: '127.0.0.1' }), 120_000);
  afterAll(() => view.stop());
  afterEach(() => {
    expect(view.errors).toEqual([]);
    expect(view.loads).toBe(0);
  });

  describeFailedEvents(view);
  describeIntegrations(view);
});
