import { createFieldCipher, createFileKeyring } from '@wardline/field-encryption';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { callEvent, tenantA } from '../testing/egress-fixture.ts';
import { startWebhookGateway, wishFor, type WebhookGateway } from '../testing/webhook-gateway.ts';
import { startWebhookReceiver } from '../testing/webhook-receiver.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-webhook-keys-'));
const keys = { keysDir: dir, masterKey: randomBytes(32).toString('base64') };
const cipher = createFieldCipher(createFileKeyring({ dir, masterKey: keys.masterKey }));
const children = new Set<ChildProcess>();
let gateway: WebhookGateway;
beforeAll(async () => {
  gateway = await startWebhookGateway();
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** A process of its own that delivers, with short leases so that its death is noticed soon. */
function startProcess(): ChildProcess {
  const file = fileURLToPath(new URL('../testing/webhook-process.ts', import.meta.url));
  const argument = JSON.stringify({ databaseUrl: gateway.databaseUrl, leaseMs: 500, ...keys });
  const child = spawn(process.execPath, ['--no-warnings', file, argument], { stdio: 'ignore' });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

it('delivers again, with the same id, what a killed process had posted and not written down', async () => {
  let child: ChildProcess | undefined;
  let kills = 0;
  const events = Array.from({ length: 60 }, (_, i) => callEvent({ key: `call-${i % 6}` }));
  const receiver = await startWebhookReceiver({
    // Killed while the request is under way, so that nothing of its answer can have been written down.
    answer: async (_received, nth) => {
      if (nth !== 5 && nth !== 30) return 200;
      // The second time when a part is written down already, the rest is in memory, and this one under way.
      if (nth === 30) await until(async () => (await countRecords()) > 0);
      kills += 1;
      const dying = child;
      if (dying) await end(dying);
      child = startProcess();
      return 200;
    },
  });
  try {
    // Only manages: it never looks for anything to deliver.
    const { desk } = await gateway.start({ cipher, limits: { sessionsMax: 0 } });
    const { webhook, secret } = await desk.create(tenantA, wishFor(receiver.url));
    await gateway.append(events);
    child = startProcess();
    const ids = () => new Set(receiver.accepted.map(({ event }) => event.id));
    await receiver.until(() => ids().size === events.length);
    expect(kills).toBe(2);
    // The accepted ones arrived whole and signed; each id is there, those of the killed processes twice.
    expect(new Set(receiver.verified(secret).map((event) => event.id))).toEqual(ids());
    const posted = receiver.received.map(({ event }) => event.id);
    const twice = new Set(posted.filter((id, i) => posted.indexOf(id) !== i));
    expect(twice.size).toBeGreaterThanOrEqual(2);
    expect([posted[4], posted[29]].every((id) => twice.has(id!))).toBe(true);
    // In order of each key, looking at the first time each came.
    const seen = new Set<string>();
    const firstTime = receiver.received
      .map(({ event }) => event)
      .filter((event) => !seen.has(event.id) && seen.add(event.id));
    for (const [key, own] of Map.groupBy(firstTime, (event) => event.partitionkey))
      expect(own.map((event) => event.id)).toEqual(events.filter((e) => e.key === key).map((e) => e.id));
    await expectAllWritten(webhook.id);
  } finally {
    await Promise.all([...children].map(end));
    await receiver.close();
  }
}, 60_000);

/** Every event is written down as delivered in the end. */
async function expectAllWritten(id: string): Promise<void> {
  const { desk } = await gateway.start({ cipher, limits: { sessionsMax: 0 } });
  await until(async () => {
    const webhook = await desk.store.find(tenantA, id);
    return webhook?.position === webhook?.lastPosition && webhook?.waitingEvents === 0;
  });
}

async function countRecords(): Promise<number> {
  const { rows } = await gateway.admin.query<{ n: number }>(
    'SELECT count(*)::integer AS n FROM gateway.webhook_deliveries',
  );
  return rows[0]?.n ?? 0;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
