// How long 100,000 good rows take, and how much the process grows meanwhile:
//   node --expose-gc services/campaigns/src/testing/measure-import.ts [rows]
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { campaigns, demo } from '@wardline/contracts';
import { uuidv7 } from '@wardline/event-bus';
import { settings, uploadOf } from './campaign-driver.ts';
import { startCampaigns } from './start-campaigns.ts';

const rows = Number(process.argv[2] ?? 100_000);
const clinic = demo.clinics[0];
const app = await startCampaigns();
const api = app.as(clinic.tenantId);

/** Real area codes with numbers that are not reserved: there are only a hundred reserved ones per area. Nobody is called. */
const areas = ['202', '303', '602', '808', '415', '617', '312'];
const lines = ['name,phone,mrn,time zone'];
for (let i = 0; i < rows; i += 1)
  lines.push(
    `Patient Number ${i},(${areas[i % areas.length]}) 5${String(2_000_000 + i).slice(1, 3)}-${String(i % 10_000).padStart(4, '0')},M${i},`,
  );
const file = Buffer.from(lines.join('\n'));

const { campaign } = await api.createCampaign({
  settings: { ...settings({ clinicId: clinic.clinicId, defaultRegion: 'US' }) },
  idempotencyKey: uuidv7(),
});
globalThis.gc?.();
const before = process.memoryUsage().rss;
let peak = before;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const cpu = process.cpuUsage();
const began = performance.now();
const outcome = await api.importRecipients(uploadOf(campaign!.campaignId, file));
const seconds = (performance.now() - began) / 1_000;
const used = process.cpuUsage(cpu);
clearInterval(watch);
delay.disable();
const mb = (bytes: number) => Math.round(bytes / 1024 / 1024);
const { accepted, refused, repeatedRows } = outcome.import!;
console.log({
  ...{ rows, accepted, refused, repeatedRows, fileMb: mb(file.length) },
  seconds: Number(seconds.toFixed(1)),
  cpuSeconds: Number(((used.user + used.system) / 1e6).toFixed(1)),
  rssBeforeMb: mb(before),
  rssPeakMb: mb(peak),
  eventLoopDelayMs: { p99: Math.round(delay.percentile(99) / 1e6), max: Math.round(delay.max / 1e6) },
});

const campaignId = campaign!.campaignId;
const timed = async (name: string, work: () => Promise<unknown>): Promise<void> => {
  const start = performance.now();
  await work();
  console.log(name, Math.round(performance.now() - start), 'ms');
};
await timed('progress', () => api.getCampaign({ campaignId }));
await timed('dry run', () => api.dryRun({ campaignId }));
await timed('start', () =>
  api.changeCampaign({ campaignId, change: campaigns.ChangeCampaignRequest_Change.START }),
);
await timed('first turn', () => app.tick());
await timed('second turn', () => app.tick());
await timed('progress while running', () => api.getCampaign({ campaignId }));
await timed('results as CSV', async () => {
  for await (const _ of api.exportResults({ campaignId })) continue;
});
await app.stop();
process.exit(0);
