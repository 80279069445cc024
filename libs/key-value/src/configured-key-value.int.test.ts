import { ConfigError, loadConfig } from '@wardline/config';
import { describeWithRedis, startRedis, type StartedRedis } from '@wardline/local-infrastructure';
import { createSilentLogger } from '@wardline/observability';
import { createRpcServer, createServiceTokens } from '@wardline/rpc';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { z } from 'zod';
import { createKeyValue, createMemoryKeyValue, keyValueRoutes, keyValueVariables } from './index.ts';

const logger = createSilentLogger();
const key = Buffer.alloc(32, 3).toString('base64');
const tokens = createServiceTokens({ key, service: 'api-gateway' });
const configured = (env: Record<string, string>) =>
  createKeyValue(loadConfig(z.object(keyValueVariables), env), { logger, tokens });

describe('the configured key-value', () => {
  it('must be configured, and with an address of its kind', () => {
    expect(() => configured({})).toThrow(ConfigError);
    expect(() => configured({ REDIS_URL: 'http://localhost' })).toThrow(ConfigError);
  });

  it('is that of another process where there is no Redis', async () => {
    const store = createMemoryKeyValue();
    const server = createRpcServer({
      service: 'standalone',
      port: 0,
      tokens: createServiceTokens({ key, service: 'standalone' }),
      logger,
      routes: keyValueRoutes(store),
    });
    await server.start();
    const keyValue = configured({ WARDLINE_RPC_KEYVALUE: server.baseUrl });
    await keyValue.set('k', 'v');
    expect(await store.get('k')).toBe('v');
    await keyValue.close();
    await server.close();
  });
});

describeWithRedis(
  'the configured key-value on Redis',
  () => {
    let server: StartedRedis;
    beforeAll(async () => {
      server = await startRedis({ own: true });
    });
    afterAll(() => server.stop());

    it('is Redis, before any other process, with its prefix', async () => {
      const keyValue = configured({
        REDIS_URL: server.url,
        REDIS_KEY_PREFIX: 'here:',
        WARDLINE_RPC_KEYVALUE: 'http://127.0.0.1:1',
      });
      const plain = configured({ REDIS_URL: server.url });
      await keyValue.set('k', 'v');
      expect(await plain.get('here:k')).toBe('v');
      await Promise.all([keyValue.close(), plain.close()]);
    });

    const withOpenssl = spawnSync('openssl', ['version']).status === 0 ? it : it.skip;
    withOpenssl('speaks TLS, to a server whose certificate it can check', async () => {
      const dir = mkdtempSync(path.join(tmpdir(), 'wardline-tls-'));
      const [keyFile, certFile] = [path.join(dir, 'key.pem'), path.join(dir, 'cert.pem')];
      const request = [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=localhost',
      ];
      const names = ['-addext', 'subjectAltName=DNS:localhost'];
      execFileSync('openssl', [...request, ...names, '-keyout', keyFile, '-out', certFile], {
        stdio: 'ignore',
      });
      const front = tls.createServer(
        { key: readFileSync(keyFile), cert: readFileSync(certFile) },
        (socket) => {
          const { hostname, port } = new URL(server.url);
          const behind = net.connect(Number(port), hostname);
          for (const each of [socket, behind]) each.on('error', () => each.destroy());
          socket.pipe(behind).pipe(socket);
        },
      );
      await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
      const url = `rediss://localhost:${(front.address() as net.AddressInfo).port}`;

      const trusting = configured({ REDIS_URL: url, REDIS_TLS_CA_FILE: certFile });
      expect(await trusting.set('over', 'tls')).toBe(true);
      const wary = configured({ REDIS_URL: url });
      await expect(wary.get('over')).rejects.toThrow(/self-signed certificate/);

      await Promise.all([trusting.close(), wary.close()]);
      await new Promise((resolve) => front.close(resolve));
      rmSync(dir, { recursive: true });
    });
  },
  { own: true },
);
