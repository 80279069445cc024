import { readdirSync } from 'node:fs';
import path from 'node:path';
import { checkout } from '../src/config.ts';
import { RunningCopy } from '../src/testing/running-copy.ts';
import { describeBookingContention } from './suites/booking-contention.ts';
import { describeCampaign } from './suites/campaign.ts';
import { describeCarrierWebhooks } from './suites/carrier-webhooks.ts';
import { describeConsoleInBrowser } from './suites/console-browser.ts';
import { describeEventTrace } from './suites/event-trace.ts';
import { describeMediaAbuse } from './suites/media-abuse.ts';
import { describeOptOut } from './suites/opt-out.ts';
import { describeScenarios } from './suites/scenarios.ts';
import { describeTenantWalls } from './suites/tenant-walls.ts';

/**
 * The whole platform, started once as `npm start` does it, seen from outside: by a caller, by a carrier, by a browser, by
 * an attacker. Each suite is a file of its own; they share the running copy because starting it is the slow part.
 */
const scenarios = readdirSync(path.join(checkout, 'services/carrier-simulator/scenarios'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''))
  .sort();

describe('Wardline', () => {
  const copy = new RunningCopy();
  beforeAll(() => copy.start(), 180_000);
  afterAll(() => copy.dispose(), 60_000);

  describeCarrierWebhooks(copy);
  describeBookingContention(copy);
  describeConsoleInBrowser(copy);
  describeEventTrace(copy);
  describeTenantWalls(copy);
  describeMediaAbuse(copy);
  describeScenarios(copy, scenarios);
  describeOptOut(copy);
  describeCampaign(copy, 20);
});
