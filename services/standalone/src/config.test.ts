import { parseConfig } from './config.ts';

const carrier = { TELNYX_API_KEY: 'KEY1', TELNYX_PUBLIC_KEY: 'a'.repeat(44) };

describe('configuration of the embedded run', () => {
  it('needs nothing: the simulated carrier, port 8080', () => {
    expect(parseConfig({})).toMatchObject({ port: 8080, carrier: undefined, demo: true });
  });

  it('names all that is missing for a real carrier at once', () => {
    expect(() => parseConfig({ TELNYX_API_KEY: 'KEY1' })).toThrow(
      /TELNYX_PUBLIC_KEY[\s\S]*WARDLINE_PUBLIC_URL[\s\S]*WARDLINE_MEDIA_PUBLIC_URL/,
    );
  });

  it('takes a carrier on this machine without public URLs: it reaches us where everybody on it does', () => {
    expect(parseConfig({ ...carrier, TELNYX_API_BASE: 'http://127.0.0.1:4000/v2' }).carrier?.apiBase).toBe(
      'http://127.0.0.1:4000/v2',
    );
  });

  it('uses the real API when no other is named', () => {
    const urls = {
      WARDLINE_PUBLIC_URL: 'https://calls.example.org',
      WARDLINE_MEDIA_PUBLIC_URL: 'wss://media.example.org',
    };
    expect(parseConfig({ ...carrier, ...urls }).carrier?.apiBase).toBe('https://api.telnyx.com/v2');
  });

  it('refuses a port that is none', () => {
    expect(() => parseConfig({ WARDLINE_PORT: '70000', WARDLINE_MEDIA_PORT: 'x' })).toThrow(
      /WARDLINE_PORT[\s\S]*WARDLINE_MEDIA_PORT/,
    );
  });
});

describe('configuration of a platform of separate processes', () => {
  it('needs nothing: what is not given is started here', () => {
    expect(parseConfig({}, 'platform').infrastructure).toEqual({
      databaseAdminUrl: undefined,
      kafka: undefined,
      brokers: 1,
      redisUrl: undefined,
      kafkaVariables: {},
    });
  });

  it('takes given servers, and hands on what is said of them', () => {
    const given = {
      KAFKA_BROKERS: 'a:9092,b:9092',
      KAFKA_TOPIC_PREFIX: 'wardline.',
      REDIS_URL: 'redis://r:6379',
      DATABASE_ADMIN_URL: 'postgresql://admin@p/postgres',
    };
    expect(parseConfig(given, 'platform').infrastructure).toMatchObject({
      databaseAdminUrl: given.DATABASE_ADMIN_URL,
      kafka: { brokers: ['a:9092', 'b:9092'], topicPrefix: 'wardline.' },
      redisUrl: given.REDIS_URL,
      kafkaVariables: { KAFKA_BROKERS: 'a:9092,b:9092', KAFKA_TOPIC_PREFIX: 'wardline.' },
    });
  });

  it('keeps its state apart from that of an embedded run', () => {
    expect(parseConfig({}, 'platform').dataDir).not.toBe(parseConfig({}).dataDir);
  });

  it('refuses addresses that are none', () => {
    expect(() =>
      parseConfig({ KAFKA_BROKERS: 'a', REDIS_URL: 'http://r', WARDLINE_BROKERS: '2' }, 'platform'),
    ).toThrow(/KAFKA_BROKERS[\s\S]*REDIS_URL[\s\S]*WARDLINE_BROKERS/);
  });

  it('is not asked of an embedded run', () => {
    expect(parseConfig({ KAFKA_BROKERS: 'a' }).infrastructure).toBeUndefined();
  });
});
