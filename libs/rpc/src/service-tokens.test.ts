import { createServiceTokens, TokenRefused } from './index.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');

describe('service tokens', () => {
  it('needs a key of 32 bytes', () => {
    expect(() => createServiceTokens({ key: Buffer.alloc(31).toString('base64'), service: 'a' })).toThrow(
      RangeError,
    );
  });

  it('reuses a token until it nears its end, per callee and tenant', async () => {
    let now = Date.parse('2026-03-01T10:00:00Z');
    const tokens = createServiceTokens({ key: KEY, service: 'a', now: () => now });
    const first = await tokens.mint('b', 't1');
    expect(await tokens.mint('b', 't1')).toBe(first);
    expect(await tokens.mint('b', 't2')).not.toBe(first);
    expect(await tokens.mint('c', 't1')).not.toBe(first);
    now += 3 * 60_000;
    expect(await tokens.mint('b', 't1')).toBe(first);
    now += 60_000 + 1;
    expect(await tokens.mint('b', 't1')).not.toBe(first);
  });

  it('refuses a token after its end even though it had been accepted before', async () => {
    let now = Date.parse('2026-03-01T10:00:00Z');
    const tokens = createServiceTokens({ key: KEY, service: 'a', now: () => now });
    const token = await tokens.mint('a', 't1');
    expect(await tokens.verify(token, 'a')).toEqual({ service: 'a', tenantId: 't1' });
    now += 6 * 60_000;
    await expect(tokens.verify(token, 'a')).rejects.toThrow(TokenRefused);
  });

  it('does not let an acceptance for one callee count for another', async () => {
    const tokens = createServiceTokens({ key: KEY, service: 'a' });
    const token = await tokens.mint('b');
    await tokens.verify(token, 'b');
    await expect(tokens.verify(token, 'c')).rejects.toThrow(TokenRefused);
  });
});
