import { parseConfig } from './config.ts';
import { defaultPolicy } from './domain/policy.ts';

const key = Buffer.alloc(32, 1).toString('base64');
const env = {
  WARDLINE_DB_CAMPAIGNS: 'postgres://localhost/x',
  WARDLINE_SERVICE_KEY: key,
  WARDLINE_RPC_PATIENTS: 'http://127.0.0.1:1',
  WARDLINE_RPC_TELEPHONY: 'http://127.0.0.1:2',
  WARDLINE_RPC_BRAIN: 'http://127.0.0.1:3',
};

describe('the configuration', () => {
  it('has the rules of policy.ts, looked at twice a second', () => {
    expect(parseConfig(env)).toMatchObject({ tickMs: 500, rpcPort: 0, policy: defaultPolicy });
  });

  it('may change rules one by one', () => {
    const change = { retry: { busy: { afterMs: 1_000, counted: true } }, countries: {} };
    const { policy } = parseConfig({ ...env, WARDLINE_CAMPAIGNS_POLICY: JSON.stringify(change) });
    expect(policy.retry.busy).toEqual({ afterMs: 1_000, counted: true });
    expect(policy.retry.machine).toEqual(defaultPolicy.retry.machine);
    expect(policy.countries).toEqual({});
  });

  it.each([
    '{',
    '{"retry":{"tired":{"afterMs":1,"counted":true}}}',
    '{"retry":{"busy":{"afterMs":-1,"counted":true}}}',
    '[]',
  ])('refuses rules that are none: %s', (text) =>
    expect(() => parseConfig({ ...env, WARDLINE_CAMPAIGNS_POLICY: text })).toThrow(
      'WARDLINE_CAMPAIGNS_POLICY',
    ),
  );
});
