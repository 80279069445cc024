import { randomInt } from 'node:crypto';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Listens on each for a moment, all at once; 0 stands for any port. */
async function tryPorts(wanted: readonly number[]): Promise<number[]> {
  const tried = await Promise.allSettled(
    wanted.map(async (port) => {
      const server = net.createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const servers = tried.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const refused = tried.find((result) => result.status === 'rejected');
  if (refused) throw refused.reason;
  return ports;
}

/** Below the ports that the system gives to outgoing connections, one of which would else take a port before a broker does. */
const PORTS = { from: 12_000, to: 20_000 } as const;
const TRIES = 20;

/** `count` different ports of 127.0.0.1 that nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  for (let tries = 0; tries < TRIES; tries++) {
    const wanted = new Set<number>();
    while (wanted.size < count) wanted.add(randomInt(PORTS.from, PORTS.to));
    if (await arePortsFree([...wanted])) return [...wanted];
  }
  return tryPorts(Array.from({ length: count }, () => 0));
}

/** Whether nobody listens on any of them at this moment. */
export const arePortsFree = (ports: readonly number[]): Promise<boolean> =>
  tryPorts(ports).then(
    () => true,
    () => false,
  );

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
