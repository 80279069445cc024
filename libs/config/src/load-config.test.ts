import { z } from 'zod';
import { ConfigError, loadConfig } from './index.ts';

const schema = z
  .object({
    WARDLINE_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
    WARDLINE_DB: z.url(),
    WARDLINE_KEY: z.string().min(8),
    WARDLINE_LOW: z.coerce.number().default(1),
    WARDLINE_HIGH: z.coerce.number().default(2),
  })
  .refine((c) => c.WARDLINE_LOW < c.WARDLINE_HIGH, {
    path: ['WARDLINE_LOW'],
    message: 'must be below WARDLINE_HIGH',
  });

const good = { WARDLINE_DB: 'postgres://localhost/x', WARDLINE_KEY: 'long enough' };

function problemsOf(env: Record<string, string>): ConfigError {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('expected a ConfigError');
}

describe('loadConfig', () => {
  it('gives a typed, frozen object with defaults', () => {
    const config = loadConfig(schema, good);
    expect(config.WARDLINE_PORT).toBe(8080);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('takes a variable set to nothing as not set', () => {
    expect(loadConfig(schema, { ...good, WARDLINE_PORT: '' }).WARDLINE_PORT).toBe(8080);
  });

  it('reports all problems at once', () => {
    const error = problemsOf({ WARDLINE_PORT: 'many', WARDLINE_KEY: 'short' });
    expect(error.code).toBe('config-invalid');
    expect(error.problems.map((p) => p.variable).sort()).toEqual([
      'WARDLINE_DB',
      'WARDLINE_KEY',
      'WARDLINE_PORT',
    ]);
    expect(error.problems.find((p) => p.variable === 'WARDLINE_DB')?.problem).toBe('is required and not set');
  });

  it('reports relations between variables', () => {
    const error = problemsOf({ ...good, WARDLINE_LOW: '5' });
    expect(error.problems).toEqual([{ variable: 'WARDLINE_LOW', problem: 'must be below WARDLINE_HIGH' }]);
  });

  it('never repeats a value, which may be a secret', () => {
    expect(problemsOf({ WARDLINE_DB: 'pw-hunter2', WARDLINE_KEY: 'hunter2' }).message).not.toContain(
      'hunter2',
    );
  });

  it('leaves class instances alone and freezes plain structures within', () => {
    const nested = z.object({ U: z.string().transform((u) => ({ url: new URL(u), list: [1] })) });
    const config = loadConfig(nested, { U: 'http://localhost/' });
    expect(Object.isFrozen(config.U.list)).toBe(true);
    expect(config.U.url.pathname).toBe('/');
  });
});
