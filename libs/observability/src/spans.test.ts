// No test here starts telemetry: everything has to work without it.
import {
  currentTraceparent,
  newTraceparent,
  openSpan,
  parseTraceparent,
  startTelemetry,
  withSpan,
} from './index.ts';

const traceOf = (traceparent: string | undefined): string | undefined => traceparent?.slice(3, 35);

describe('spans without a started SDK', () => {
  it('have no traceparent outside', () => {
    expect(currentTraceparent()).toBeUndefined();
    expect(newTraceparent()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('continue the traceparent given, with a span id of their own', async () => {
    const parent = newTraceparent();
    const inside = await withSpan('work', {}, async () => currentTraceparent(), { traceparent: parent });
    expect(traceOf(inside)).toBe(traceOf(parent));
    expect(inside).not.toBe(parent);
  });

  it('nest, across awaits and beside each other', async () => {
    const traces = await Promise.all(
      [1, 2].map(() =>
        withSpan('outer', {}, async () => {
          const outer = currentTraceparent();
          await new Promise((resolve) => setImmediate(resolve));
          const inner = await withSpan('inner', {}, async () => currentTraceparent());
          expect(traceOf(inner)).toBe(traceOf(outer));
          expect(inner).not.toBe(outer);
          return traceOf(outer);
        }),
      ),
    );
    expect(new Set(traces).size).toBe(2);
    expect(currentTraceparent()).toBeUndefined();
  });

  it('rethrow what the work throws', async () => {
    const error = new Error('boom');
    await expect(withSpan('work', {}, () => Promise.reject(error))).rejects.toBe(error);
  });

  it('begin a new trace for a traceparent that is none', async () => {
    for (const bad of [
      '',
      'x',
      '00-0-0-01',
      `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`,
      `ff${newTraceparent().slice(2)}`,
    ]) {
      expect(parseTraceparent(bad)).toBeUndefined();
      expect(await withSpan('w', {}, async () => currentTraceparent(), { traceparent: bad })).toMatch(/^00-/);
    }
  });

  it('stay active for each part of a long work', async () => {
    const open = openSpan('stream', {});
    const first = await open.run(async () => currentTraceparent());
    expect(currentTraceparent()).toBeUndefined();
    expect(await open.run(async () => currentTraceparent())).toBe(first);
    open.end();
    open.end(new Error('late'));
  });

  it('need no exporter when telemetry is started', async () => {
    const telemetry = startTelemetry({ service: 'test', env: {} });
    expect(await withSpan('work', {}, async () => currentTraceparent())).toMatch(/^00-/);
    await telemetry.shutdown();
    await telemetry.shutdown();
  });
});
