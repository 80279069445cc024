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

/** `count` different ports of the loopback interface that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listenOn(0, '127.0.0.1')));
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
