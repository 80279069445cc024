import { probeKafka, probeRedis } from './index.ts';

describe('what can be had here', () => {
  it('is what the environment names, before anything else', () => {
    expect(probeKafka({ env: { KAFKA_BROKERS: 'kafka:9092' } })).toEqual({ ok: true, via: 'environment' });
    expect(probeRedis({ env: { REDIS_URL: 'redis://redis' } })).toEqual({ ok: true, via: 'environment' });
  });

  it('is not what the environment names for who wants its own', () => {
    expect(probeKafka({ own: true, env: { KAFKA_BROKERS: 'kafka:9092' } })).not.toMatchObject({
      via: 'environment',
    });
  });

  it('or is said to be missing, with what to install', () => {
    // No PATH, and an engine where nobody listens.
    const env = { PATH: '', DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    expect(probeKafka({ env })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('openjdk-17') as string,
    });
    expect(probeRedis({ env })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('redis-server') as string,
    });
  });
});
