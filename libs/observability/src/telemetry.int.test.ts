// The SDK in a process of its own (it sets globals), against a collector that only counts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./testing/fixture/exporting.ts', import.meta.url));

async function run(env: Record<string, string>): Promise<{ code: number; out: Record<string, unknown> }> {
  const child = spawn(process.execPath, [script], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out: JSON.parse(out) as Record<string, unknown> };
}

it('exports spans and metrics to the endpoint, in the trace that the code saw', async () => {
  const received: Record<string, string> = {};
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received[request.url ?? ''] = Buffer.concat(chunks).toString();
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const { code, out } = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  collector.close();
  expect(code).toBe(0);
  expect(received['/v1/traces']).toContain(out['traceId']);
  expect(received['/v1/traces']).toContain('"stringValue":"booking-lost"');
  expect(received['/v1/traces']).not.toContain('Miller');
  expect(received['/v1/metrics']).toContain('bookings');
  expect(out['exporterFiles']).toBeGreaterThan(0);
});

it('ends although the collector is gone', async () => {
  const { code } = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
  expect(code).toBe(0);
});

it('loads no exporter, which would make each start slower, when it exports nowhere', async () => {
  const { out } = await run({});
  expect(out['exporterFiles']).toBe(0);
});
