import { createRecordingLogger } from '@wardline/observability/testing';
import { createHealthServer, withHealth } from './index.ts';

const ask = async (port: number, path: string) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, body: (await response.json()) as unknown };
};

it('says that it lives, whether it wants work, and which check fails', async () => {
  let database: () => boolean = () => true;
  const server = createHealthServer({ port: 0, checks: { database: () => database() } });
  await server.start();
  const statuses = async (...paths: string[]) =>
    Promise.all(paths.map(async (path) => (await ask(server.port, path)).status));
  expect(await statuses('/healthz', '/readyz', '/other')).toEqual([200, 200, 404]);
  database = () => {
    throw new Error('database gone');
  };
  expect(await statuses('/healthz')).toEqual([200]);
  expect(await ask(server.port, '/readyz')).toEqual({
    status: 503,
    body: { status: 'unavailable', checks: { database: 'failed' } },
  });
  database = () => true;
  await server.drain?.();
  expect(await statuses('/healthz', '/readyz')).toEqual([200, 503]);
  await server.close();
  await server.close();
});

describe('a service with a health endpoint', () => {
  const portIn = (logger: ReturnType<typeof createRecordingLogger>) =>
    logger.lines.find(({ message }) => message === 'health endpoint is open')?.['port'] as number;

  it('is alive while it starts, ready when it has started, and not ready while it stops', async () => {
    const logger = createRecordingLogger();
    const starting = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    let whileStopping: unknown;
    const service = withHealth(
      {
        start: () => {
          begun.resolve();
          return starting.promise;
        },
        stop: async () => {
          whileStopping = (await ask(portIn(logger), '/readyz')).status;
        },
      },
      { logger, env: { WARDLINE_HEALTH_PORT: '0' } },
    );
    const started = service.start();
    await begun.promise;
    const port = portIn(logger);
    expect((await ask(port, '/healthz')).status).toBe(200);
    expect(await ask(port, '/readyz')).toMatchObject({
      status: 503,
      body: { checks: { started: 'failed' } },
    });
    starting.resolve();
    await started;
    expect((await ask(port, '/readyz')).status).toBe(200);
    await service.stop();
    expect(whileStopping).toBe(503);
    await expect(ask(port, '/healthz')).rejects.toThrow();
  });

  it('is the service itself where no port is given', () => {
    const service = { start: async () => {}, stop: async () => {} };
    expect(withHealth(service, { logger: createRecordingLogger(), env: {} })).toBe(service);
  });
});
