import { createHealthServer } from './index.ts';

it('says that it lives and whether it wants work', async () => {
  let isReady: () => boolean = () => true;
  const server = createHealthServer({ port: 0, isReady: () => isReady() });
  await server.start();
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${server.port}${path}`)).status;
  expect([await status('/healthz'), await status('/readyz'), await status('/other')]).toEqual([
    200, 200, 404,
  ]);
  isReady = () => {
    throw new Error('database gone');
  };
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503]);
  isReady = () => true;
  await server.drain?.();
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503]);
  await server.close();
  await server.close();
});
