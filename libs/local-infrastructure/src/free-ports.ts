import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** `count` different ports of 127.0.0.1 that nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Whether somebody accepts connections there now. */
export function accepts(target: net.NetConnectOpts, withinMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ ...target, timeout: withinMs });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('timeout', () => done(false));
    socket.once('error', () => done(false));
  });
}

/** Asks until it is true; false when it is not within the time or no longer worth asking. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  o: { withinMs: number; everyMs?: number; worthAsking?: () => boolean },
): Promise<boolean> {
  const end = performance.now() + o.withinMs;
  while (!(await condition())) {
    if (performance.now() > end || o.worthAsking?.() === false) return false;
    await pause(o.everyMs ?? 50);
  }
  return true;
}
