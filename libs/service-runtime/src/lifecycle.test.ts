import { createRecordingLogger } from '@wardline/observability/testing';
import { composeLifecycle, type Component } from './index.ts';

type Behaviour = Partial<Pick<Component, 'start' | 'drain' | 'close'>>;

function scenario(behaviours: Record<string, Behaviour>) {
  const log: string[] = [];
  const components = Object.entries(behaviours).map(([name, behaviour]): Component => {
    const verb = (v: 'start' | 'drain' | 'close') => async () => {
      log.push(`${v} ${name}`);
      await behaviour[v]?.();
    };
    return { name, start: verb('start'), drain: verb('drain'), close: verb('close') };
  });
  const logger = createRecordingLogger();
  return { log, logger, lifecycle: composeLifecycle(components, logger) };
}

const never = () => new Promise<never>(() => undefined);

describe('composeLifecycle', () => {
  it('starts in order, and drains and closes each in reverse', async () => {
    const { lifecycle, log } = scenario({ pool: {}, server: {} });
    await lifecycle.start();
    await lifecycle.stop();
    expect(log).toEqual([
      ...['start pool', 'start server'],
      ...['drain server', 'close server', 'drain pool', 'close pool'],
    ]);
  });

  it('closes what was started when a later one cannot start, and says why', async () => {
    const { lifecycle, log } = scenario({
      pool: {},
      server: { start: () => Promise.reject(new Error('port taken')) },
      consumer: {},
    });
    await expect(lifecycle.start()).rejects.toThrow('port taken');
    expect(log).not.toContain('start consumer');
    expect(log.slice(-1)).toEqual(['close pool']);
    expect(log).toContain('close server');
  });

  it('cuts a drain that never ends, and still closes everything', async () => {
    const { lifecycle, log, logger } = scenario({ pool: {}, server: { drain: never } });
    await lifecycle.start();
    await lifecycle.stop(20);
    expect(log.filter((line) => line.startsWith('close'))).toEqual(['close server', 'close pool']);
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', component: 'server', step: 'drain' }),
    );
  });

  it('closes the rest when one cannot be closed', async () => {
    const { lifecycle, log, logger } = scenario({
      pool: {},
      server: { close: () => Promise.reject(new Error('stuck')) },
    });
    await lifecycle.start();
    await lifecycle.stop();
    expect(log).toContain('close pool');
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', component: 'server', step: 'close' }),
    );
  });

  it('starts and stops once, however often it is asked', async () => {
    const { lifecycle, log } = scenario({ pool: {} });
    await Promise.all([lifecycle.start(), lifecycle.start()]);
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    expect(log).toEqual(['start pool', 'drain pool', 'close pool']);
  });

  it('closes what a stop overtook in the middle of its start', async () => {
    const begun = Promise.withResolvers<void>();
    const starting = Promise.withResolvers<void>();
    const start = async () => {
      begun.resolve();
      await starting.promise;
    };
    const { lifecycle, log } = scenario({ pool: {}, server: { start }, consumer: {} });
    const started = lifecycle.start().catch((error: unknown) => (error as Error).message);
    await begun.promise;
    const stopped = lifecycle.stop();
    starting.resolve();
    await stopped;
    log.push('stop resolved');
    expect(await started).toBe('stopped while starting');
    expect(log).not.toContain('start consumer');
    // Once by the stop, and once more when the start it overtook has come to its end.
    expect(log.filter((line) => line === 'close server')).toHaveLength(2);
    expect(log.at(-1)).toBe('stop resolved');
  });
});
