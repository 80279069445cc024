import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/**
 * Whether a client can log in and ask, trying until `worthTrying` says no or time is up. A server that says it is starting
 * (SQLSTATE 57P03; it may be recovering from a crash) gets more time than one that says nothing.
 */
export async function answers(
  url: string,
  deadlines: { silentMs: number; startingMs: number },
  worthTrying: () => boolean,
): Promise<boolean> {
  const from = performance.now();
  let allowedMs = deadlines.silentMs;
  while (worthTrying() && performance.now() - from < allowedMs) {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: Math.min(2000, allowedMs),
    });
    client.on('error', () => {
      // A connection cut off while the server still starts; the attempt itself reports what matters.
    });
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch (error) {
      // Not listening yet, or still starting up: asked again.
      if ((error as { code?: string }).code === '57P03') allowedMs = deadlines.startingMs;
      await pause(25);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
}

/** A port of the loopback interface that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
