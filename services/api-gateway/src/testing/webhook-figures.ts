import { fork } from 'node:child_process';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { callEvent, tenantA } from './egress-fixture.ts';
import { startWebhookGateway, wishFor } from './webhook-gateway.ts';

/**
 * Measures how many deliveries per second one webhook and several get to a receiver that does nothing but answer, with a
 * database of its own: `node src/testing/webhook-figures.ts [events]`. The receiver has a process of its own; on a busy
 * machine look at the processor time per delivery, which is that of the delivering process alone.
 */
const [what = '10000'] = process.argv.slice(2);

if (what === 'receiver') {
  const server = http.createServer((req, res) => {
    req.resume().on('end', () => res.writeHead(204).end());
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
} else {
  const events = Number(what);
  const receiver = fork(fileURLToPath(import.meta.url), ['receiver']);
  const port = await new Promise<number>((resolve) => receiver.once('message', resolve));
  const gateway = await startWebhookGateway();
  const instance = await gateway.start();
  const figures: Record<string, number> = {};
  const writing = performance.now();
  for (const webhooks of [1, 4]) {
    await gateway.reset();
    for (let n = 0; n < webhooks; n++)
      await instance.desk.create(tenantA, wishFor(`http://127.0.0.1:${port}/${n}`));
    for (let i = 0; i < events; i += 500)
      await gateway.append(
        Array.from({ length: 500 }, (_, n) => callEvent({ key: `call-${(i + n) % 997}` })),
      );
    if (webhooks === 1)
      figures['log_events_per_sec'] = Math.round((events / (performance.now() - writing)) * 1000);
    const started = performance.now();
    const cpu = process.cpuUsage();
    await instance.settle();
    const used = process.cpuUsage(cpu);
    const seconds = (performance.now() - started) / 1000;
    const { rows } = await gateway.admin.query<{ n: number; p99: number }>(
      `SELECT count(*)::integer AS n, percentile_cont(0.99) WITHIN GROUP (ORDER BY latency_ms)::float AS p99
       FROM gateway.webhook_deliveries WHERE outcome = 'delivered'`,
    );
    figures[`deliveries_per_sec_${webhooks}_webhooks`] = Math.round((rows[0]?.n ?? 0) / seconds);
    figures[`cpu_ms_per_delivery_${webhooks}_webhooks`] =
      Math.round((used.user + used.system) / 10 / (rows[0]?.n ?? 1)) / 100;
    figures[`latency_p99_ms_${webhooks}_webhooks`] = rows[0]?.p99 ?? 0;
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  await gateway.stop();
  receiver.kill();
}
