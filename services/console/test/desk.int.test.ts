// The shell and the desk's pages in a real browser, in front of a hospital whose state is the test's to choose.
import { chromiumPath } from './built-console.ts';
import { FakeConsole } from './fake-console.ts';
import { describeCalls } from './suites/calls.ts';
import { describeEscalations } from './suites/escalations.ts';
import { describeLive } from './suites/live.ts';
import { describeShell } from './suites/shell.ts';
import { describeSignIn } from './suites/sign-in.ts';

// Without a browser this is reported as skipped, by this name.
const describeWithBrowser = chromiumPath ? describe : describe.skip;

describeWithBrowser('the desk in Chromium', () => {
  const view = new FakeConsole();
  beforeAll(() => view.start(), 120_000);
  afterAll(() => view.stop());
  afterEach(() => expect(view.errors).toEqual([]));

  describeSignIn(view);
  describeShell(view);
  describeLive(view);
  describeEscalations(view);
  describeCalls(view);
});
