// Messages, the audit and settings in a real browser, in front of a fake hospital.
import { chromiumPath } from './built-console.ts';
import { FakeConsole } from './fake-console.ts';
import { describeHouse } from './suites/house.ts';

// Without a browser this is reported as skipped, by this name.
const describeWithBrowser = chromiumPath ? describe : describe.skip;

describeWithBrowser('messages, audit and settings in Chromium', () => {
  const view = new FakeConsole();
  beforeAll(() => view.start(), 120_000);
  afterAll(() => view.stop());
  afterEach(() => expect(view.errors).toEqual([]));

  describeHouse(view);
});
