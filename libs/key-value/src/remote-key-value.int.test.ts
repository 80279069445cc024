import { keyvalue } from '@wardline/contracts';
import { createSilentLogger } from '@wardline/observability';
import { createRpcClient, createRpcServer, createServiceTokens, type RpcServer } from '@wardline/rpc';
import { createMemoryKeyValue, createRemoteKeyValue, keyValueRoutes, type KeyValue } from './index.ts';
import { describeKeyValue } from './testing/index.ts';

const key = Buffer.alloc(32, 3).toString('base64');

async function serve(store: KeyValue, port = 0): Promise<RpcServer> {
  const server = createRpcServer({
    service: 'standalone',
    port,
    tokens: createServiceTokens({ key, service: 'standalone' }),
    logger: createSilentLogger(),
    routes: keyValueRoutes(store),
  });
  await server.start();
  return server;
}

function connect(baseUrl: string) {
  const tokens = createServiceTokens({ key, service: 'api-gateway' });
  return createRpcClient(keyvalue.KeyValueService, { baseUrl, callee: 'standalone', tokens });
}

describeKeyValue('remote', async () => {
  let now = 1_000_000;
  const store = createMemoryKeyValue({ now: () => now });
  const server = await serve(store);
  const client = connect(server.baseUrl);
  const keyValue = createRemoteKeyValue(client);
  return {
    keyValue,
    advance: async (ms) => {
      now += ms;
    },
    stop: async () => {
      await keyValue.close();
      client.close();
      await server.close();
    },
  };
});

describe('remote key-value', () => {
  it('subscribes again by itself after the server was restarted', async () => {
    const first = await serve(createMemoryKeyValue());
    const client = connect(first.baseUrl);
    const remote = createRemoteKeyValue(client, { reconnectDelaysMs: [5] });
    const got: string[] = [];
    let arrived = Promise.withResolvers<void>();
    await remote.subscribe('live:*', (_channel, message) => {
      got.push(message);
      arrived.resolve();
    });
    await remote.publish('live:t', 'before');
    await arrived.promise;
    const { port } = first;
    await first.close();

    const second = createMemoryKeyValue();
    const again = await serve(second, port);
    arrived = Promise.withResolvers<void>();
    // Published until the subscription is back: what is published before that is lost, by design.
    const publishing = setInterval(() => void second.publish('live:t', 'after'), 5);
    await arrived.promise;
    clearInterval(publishing);
    expect(got.slice(0, 2)).toEqual(['before', 'after']);

    await remote.close();
    client.close();
    await again.close();
  });

  it('ends a subscription that waits for a server that is gone', async () => {
    const server = await serve(createMemoryKeyValue());
    const client = connect(server.baseUrl);
    const remote = createRemoteKeyValue(client, { reconnectDelaysMs: [60_000] });
    const end = await remote.subscribe('c', () => undefined);
    await server.close();
    await end();
    client.close();
  });
});
