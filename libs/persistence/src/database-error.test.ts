import { databaseErrorOf, isConstraintViolation, isTransactionConflict } from './database-error.ts';

describe('databaseErrorOf', () => {
  it('reads an error of the pg driver itself', () => {
    const error = Object.assign(new Error('duplicate key'), { code: '23505', constraint: 'room_name_key' });
    expect(databaseErrorOf(error)).toMatchObject({ sqlState: '23505', constraint: 'room_name_key' });
    expect(isConstraintViolation(error, 'unique', 'room_name_key')).toBe(true);
  });

  it('reads an error that a service has wrapped as a cause', () => {
    const inner = Object.assign(new Error('x'), { code: '40P01' });
    expect(isTransactionConflict(new Error('outer', { cause: new Error('middle', { cause: inner }) }))).toBe(
      true,
    );
  });

  it("takes Prisma's own conflict code for what it is", () => {
    expect(isTransactionConflict(Object.assign(new Error('write conflict'), { code: 'P2034' }))).toBe(true);
  });

  it('finds nothing in what is no database error', () => {
    for (const error of [
      undefined,
      null,
      'text',
      42,
      new Error('x'),
      { code: 'ECONNRESET' },
      { code: 'P2028' },
    ]) {
      expect(databaseErrorOf(error)).toBeUndefined();
    }
  });

  it('does not follow causes in a circle', () => {
    const error: { cause?: unknown } = {};
    error.cause = error;
    expect(databaseErrorOf(error)).toBeUndefined();
  });
});
