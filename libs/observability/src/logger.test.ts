import { Personal } from '@wardline/personal-data';
import { withSpan } from './index.ts';
import { createRecordingLogger } from './testing/index.ts';

const phone = Personal.of('+12025550143');
const name = Personal.of('Jane Miller');

describe('what a log line shows', () => {
  it('writes one JSON object per line', () => {
    const logger = createRecordingLogger('brain');
    logger.child({ call_id: 'c1' }).info('call answered', { attempts: 2 });
    expect(logger.lines).toEqual([
      expect.objectContaining({
        ...{ level: 'info', service: 'brain', message: 'call answered', call_id: 'c1', attempts: 2 },
      }),
    ]);
    expect(new Date(String(logger.lines[0]?.['time'])).getTime()).not.toBeNaN();
  });

  it('shows no personal value, wherever it is', () => {
    const logger = createRecordingLogger();
    const error = Object.assign(
      new Error('cannot send', { cause: Object.assign(new Error('inner'), { to: phone }) }),
      {
        recipient: name,
      },
    );
    logger.error('everything', {
      direct: phone,
      nested: { deep: { list: [1, [name]] } },
      map: new Map([['who', name]]),
      set: new Set([phone]),
      err: error,
      many: new AggregateError([Object.assign(new Error('one'), { phone_is: phone })], 'several'),
      text_in_template: `caller ${String(name)}`,
    });
    logger.child({ caller: phone }).info('child');
    expect(logger.text()).not.toMatch(/2025550143|Miller/);
    expect(logger.lines[0]).toMatchObject({
      direct: '[personal]',
      nested: { deep: { list: [1, ['[personal]']] } },
    });
  });

  it.each([
    ...[
      'password',
      'Authorization',
      'access_token',
      'set-cookie',
      'apiKey',
      'patient_phone',
      'transcript',
      'text',
    ],
  ])('redacts the key %s whatever it holds', (key) => {
    const logger = createRecordingLogger();
    logger.info('request', { headers: { [key]: 'hunter2' }, list: [{ [key]: { inner: 'hunter2' } }] });
    expect(logger.text()).not.toContain('hunter2');
  });

  it('keeps an error’s message, code, stack and causes', () => {
    const logger = createRecordingLogger();
    const cause = Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
    logger.error('failed', { err: new TypeError('cannot book', { cause }) });
    expect(logger.lines[0]?.['err']).toMatchObject({
      type: 'TypeError',
      message: 'cannot book',
      stack: expect.stringContaining('logger.test.ts') as unknown,
      cause: { type: 'Error', message: 'connection reset', code: 'ECONNRESET' },
    });
  });

  it('drops what a database error quotes from the row', () => {
    const logger = createRecordingLogger();
    const error = Object.assign(new Error('duplicate key value violates unique constraint "p_key"'), {
      ...{ code: '23505', detail: 'Key (phone)=(+12025550143) already exists.', constraint: 'p_key' },
    });
    logger.error('failed', { err: error });
    expect(logger.text()).not.toContain('2025550143');
    expect(logger.lines[0]?.['err']).toMatchObject({ code: '23505', constraint: 'p_key' });
  });

  it('survives cycles, depth, length, bytes and big numbers', () => {
    const logger = createRecordingLogger();
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle['self'] = cycle;
    let deep: unknown = 'end';
    for (let i = 0; i < 50; i++) deep = { deep };
    logger.info('odd', {
      cycle,
      deep,
      long: Array(500).fill(0),
      bytes: Buffer.alloc(9),
      big: 10n,
      at: new Date(0),
    });
    expect(logger.lines[0]).toMatchObject({
      ...{
        cycle: { name: 'a', self: '[circular]' },
        bytes: '[9 bytes]',
        big: '10',
        at: '1970-01-01T00:00:00.000Z',
      },
    });
    expect(logger.lines[0]?.['long']).toHaveLength(101);
  });

  it('lets no field pretend to be the line’s own', () => {
    const logger = createRecordingLogger();
    logger.info('real', { level: 'error', message: 'forged', time: 'never' });
    expect(logger.lines[0]).toMatchObject({ level: 'info', message: 'real', field_message: 'forged' });
  });

  it('names the active span', async () => {
    const logger = createRecordingLogger();
    const span = await withSpan('work', {}, async (active) => {
      await Promise.resolve();
      logger.info('inside');
      return active.spanContext();
    });
    logger.info('outside');
    expect(logger.lines[0]).toMatchObject({ trace_id: span.traceId, span_id: span.spanId });
    expect(logger.lines[1]).not.toHaveProperty('trace_id');
  });
});
