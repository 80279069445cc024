import { randomInt } from 'node:crypto';
import net from 'node:net';

async function listenOn(port: number, host: string): Promise<net.Server> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

const closed = (server: net.Server) => new Promise<void>((resolve) => server.close(() => resolve()));

/**
 * Below the ports that the system gives to outgoing connections (32768 and up on Linux, 49152 elsewhere): between our looking
 * and a process's listening lie seconds, in which the others make hundreds of connections.
 */
const PORTS = { from: 20_000, to: 32_000 } as const;
const TRIES_PER_PORT = 50;

/** `count` different ports of the loopback interface that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: net.Server[] = [];
  for (let tries = 0; servers.length < count; tries++) {
    // Where that range is taken, whatever the system gives.
    const any = tries >= count * TRIES_PER_PORT;
    try {
      servers.push(await listenOn(any ? 0 : randomInt(PORTS.from, PORTS.to), '127.0.0.1'));
    } catch (error) {
      if (any) throw error;
      // Somebody has this one, and there are thousands.
    }
  }
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map(closed));
  return ports;
}

/** @throws an error that says what to do when somebody else has the port */
export async function assertFree(port: number, host: string, variable: string): Promise<void> {
  try {
    await closed(await listenOn(port, host));
  } catch (cause) {
    throw new Error(`port ${port} is in use: end what listens there, or set ${variable} to another port`, {
      cause,
    });
  }
}

/** The next free port from `first` on; gives up after a hundred. */
export async function nextFreePort(first: number, host: string): Promise<number> {
  for (let port = first; port < Math.min(first + 100, 65_536); port++) {
    try {
      await closed(await listenOn(port, host));
      return port;
    } catch {
      // Somebody has this one: that is why there is a next.
    }
  }
  throw new Error(`no free port from ${first} on`);
}
