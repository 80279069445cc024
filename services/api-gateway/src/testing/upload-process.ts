import { createSilentLogger } from '@wardline/observability';
import { recipientEndpoints } from '../entrypoints/recipient-endpoints.ts';
import { hospitalAt } from './fake-services.ts';
import { startTestApp } from './test-app.ts';

/** The upload alone in a process, so that its memory can be measured: asks for services at the addresses of its argument. */
const hospital = hospitalAt(JSON.parse(process.argv[2] ?? '{}') as Parameters<typeof hospitalAt>[0]);
const app = await startTestApp({
  endpoints: recipientEndpoints,
  hospitalOf: hospital.hospitalOf,
  logger: createSilentLogger(),
});
const rssMax = () => process.resourceUsage().maxRSS * 1_024;
process.on('message', () => process.send?.({ rssMax: rssMax() }));
process.on('disconnect', () => process.exit());
process.send?.({ url: app.url, rssMax: rssMax() });
