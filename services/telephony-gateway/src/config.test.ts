import type { ConfigError } from '@wardline/config';
import { parseConfig } from './config.ts';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const good = {
  WARDLINE_DB_TELEPHONY: 'postgresql://wardline_telephony:x@127.0.0.1/postgres',
  WARDLINE_SERVICE_KEY: key(1),
  WARDLINE_STREAM_KEY: key(2),
  WARDLINE_RPC_DIRECTORY: 'http://127.0.0.1:7001',
  WARDLINE_MEDIA_PUBLIC_URL: 'http://127.0.0.1:7002',
  TELNYX_API_KEY: 'KEY',
  TELNYX_PUBLIC_KEY: key(3),
  TELNYX_API_BASE: 'http://127.0.0.1:7003/v2',
};

function problems(change: Record<string, string | undefined>): string[] {
  try {
    parseConfig({ ...good, ...change });
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map(({ variable }) => variable).sort();
  }
}

describe('the configuration', () => {
  it('is taken when complete', () => {
    expect(problems({})).toEqual([]);
    expect(parseConfig(good)).toMatchObject({ httpPort: 0, telnyx: { apiBase: 'http://127.0.0.1:7003/v2' } });
  });

  it('makes no calls unless there is somebody to ask, and few until told otherwise', () => {
    expect(parseConfig(good).outbound).toEqual({ missing: 'WARDLINE_RPC_CAMPAIGNS' });
    const real = {
      ...{ WARDLINE_RPC_CAMPAIGNS: 'http://127.0.0.1:7004', TELNYX_API_BASE: undefined },
      WARDLINE_MEDIA_PUBLIC_URL: 'https://media.example.test',
    };
    expect(parseConfig({ ...good, ...real }).outbound).toEqual({ missing: 'TELNYX_CONNECTION_ID' });
    expect(parseConfig({ ...good, ...real, TELNYX_CONNECTION_ID: '1' }).outbound).toMatchObject({
      callsMax: 20,
    });
    expect(parseConfig({ ...good, WARDLINE_RPC_CAMPAIGNS: 'http://127.0.0.1:7004' }).outbound).toEqual({
      ...{ campaignsUrl: 'http://127.0.0.1:7004', callsMax: 20, callsPerTenantMax: 10, callsPerSecondMax: 1 },
    });
  });

  it('names everything that is missing at once', () => {
    const none = Object.fromEntries(Object.keys(good).map((name) => [name, undefined]));
    expect(problems(none)).toEqual(
      Object.keys(good)
        .filter((name) => name !== 'TELNYX_API_BASE')
        .sort(),
    );
  });

  it.each([
    ['a public key that is none', { TELNYX_PUBLIC_KEY: 'aGVsbG8=' }, ['TELNYX_PUBLIC_KEY']],
    ['one secret for two purposes', { WARDLINE_STREAM_KEY: key(1) }, ['WARDLINE_STREAM_KEY']],
    [
      'an offer that outlasts a caller’s patience',
      { WARDLINE_HAND_OFF_SECONDS: '90' },
      ['WARDLINE_HAND_OFF_SECONDS'],
    ],
    [
      'no call in any second',
      { WARDLINE_OUTBOUND_CALLS_PER_SECOND: '0' },
      ['WARDLINE_OUTBOUND_CALLS_PER_SECOND'],
    ],
    ['half a keyring', { WARDLINE_KEYS_DIR: '/keys' }, ['WARDLINE_KEYS_DIR']],
    ['an open media URL at the real carrier', { TELNYX_API_BASE: undefined }, ['WARDLINE_MEDIA_PUBLIC_URL']],
    [
      'a media URL that nobody streams to',
      { WARDLINE_MEDIA_PUBLIC_URL: 'ftp://x' },
      ['WARDLINE_MEDIA_PUBLIC_URL'],
    ],
  ])('refuses %s', (_what, change, expected) => {
    expect(problems(change)).toEqual(expected);
  });
});
