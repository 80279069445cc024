import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { isConstraintViolation, databaseErrorOf } from './database-error.ts';
import {
  createTenantDatabase,
  type PersistenceLogger,
  type SqlTx,
  type TenantDatabase,
} from './tenant-database.ts';
import { loadRoomsClient, notesSchema, roomsSchema, type RoomsClient } from './testing/fixture/fixture.ts';
import { startTestDatabase, type TestDatabase } from './testing/index.ts';

const tenantA = '01930000-0000-7000-8000-00000000a001';
const tenantB = '01930000-0000-7000-8000-00000000b001';
const quiet: PersistenceLogger = { debug: () => undefined, info: () => undefined, warn: () => undefined };

type Tx = Omit<RoomsClient, '$connect' | '$disconnect' | '$on' | '$use' | '$extends'>;

let database: TestDatabase;
let rooms: TenantDatabase<Tx> & { client: RoomsClient };
let makeClient: Awaited<ReturnType<typeof loadRoomsClient>>;
let admin: pg.Client;

beforeAll(async () => {
  makeClient = await loadRoomsClient();
  database = await startTestDatabase({ services: [roomsSchema, notesSchema] });
  rooms = open();
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await rooms?.close();
  await admin?.end();
  await database?.stop();
});

function open(poolSizeMax = 10): typeof rooms {
  const connectionString = database.url('wardline_rooms');
  return createTenantDatabase({ connectionString, createClient: makeClient, poolSizeMax, logger: quiet });
}

const addRoom = (tenantId: string, name: string = randomUUID(), id: string = randomUUID()) =>
  rooms.inTenant(tenantId, (tx) => tx.room.create({ data: { id, tenantId, name } }));

const insertStay = (tx: SqlTx, roomId: string, from = '2026-01-01') =>
  tx.$executeRawUnsafe(
    `insert into rooms.stay (id, tenant_id, room_id, during)
     values ($1::uuid, $2::uuid, $3::uuid, tstzrange($4::timestamptz, $4::timestamptz + interval '1 hour'))`,
    ...[randomUUID(), tenantA, roomId, from],
  );

/** Resolves for everyone once `n` have arrived; later arrivals (repeated attempts) pass. */
function meetingOf(n: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let arrived = 0;
  return () => {
    if (++arrived === n) resolve();
    return promise;
  };
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('inTenant', () => {
  it('shows a tenant its own rows and nobody rows without a tenant', async () => {
    const mine = await addRoom(tenantA);
    await addRoom(tenantB);
    const seen = await rooms.inTenant(tenantA, (tx) => tx.room.findMany());
    expect(seen.map((room) => room.id)).toContain(mine.id);
    expect(new Set(seen.map((room) => room.tenantId))).toEqual(new Set([tenantA]));
    expect(await rooms.client.room.count()).toBe(0);
  });

  it.each(['', 'tenant', `${tenantA}'--`, tenantA.slice(1)])(
    'refuses "%s" as a tenant before any query',
    async (id) => {
      let ran = false;
      const work = () => {
        ran = true;
        return Promise.resolve();
      };
      await expect(rooms.inTenant(id, work)).rejects.toMatchObject({ code: 'tenant-invalid' });
      expect(ran).toBe(false);
    },
  );

  it('undoes the work when it throws, and passes on what was thrown', async () => {
    const id = randomUUID();
    const surprise = new Error('surprise');
    const work = rooms.inTenant(tenantA, async (tx) => {
      await tx.room.create({ data: { id, tenantId: tenantA, name: id } });
      throw surprise;
    });
    await expect(work).rejects.toBe(surprise);
    expect((await admin.query('select 1 from rooms.room where id = $1', [id])).rowCount).toBe(0);
  });

  it('keeps an instant as it is, whatever zone the server would choose', async () => {
    await admin.query(`alter role wardline_rooms in database postgres set timezone = 'Asia/Kolkata'`);
    const other = open();
    try {
      const room = await addRoom(tenantA);
      const seenAt = new Date('2026-03-08T06:59:59.123Z');
      const stay = await other.inTenant(tenantA, async (tx) => {
        await insertStay(tx, room.id);
        const row = (await tx.stay.findMany({ where: { roomId: room.id } }))[0]!;
        await tx.stay.update({ where: { id: row.id }, data: { seenAt } });
        return (await tx.stay.findMany({ where: { roomId: room.id } }))[0]!;
      });
      expect(stay.seenAt).toEqual(seenAt);
      const stored = await admin.query<{ ms: string }>(
        `select (extract(epoch from seen_at) * 1000)::bigint as ms from rooms.stay where id = $1`,
        [stay.id],
      );
      expect(Number(stored.rows[0]!.ms)).toBe(seenAt.getTime());
    } finally {
      await other.close();
      await admin.query(`alter role wardline_rooms in database postgres reset timezone`);
    }
  });
});

describe('concurrent transactions', () => {
  it('repeats the one that lost a serialization conflict, so that both take effect', async () => {
    const meet = meetingOf(2);
    let attempts = 0;
    const countThenAdd = () =>
      rooms.inTenant(tenantB, async (tx) => {
        attempts++;
        const floor = await tx.room.count();
        await meet();
        const id = randomUUID();
        await tx.room.create({ data: { id, tenantId: tenantB, name: id, floor } });
        return floor;
      });
    const floors = await Promise.all([countThenAdd(), countThenAdd()]);
    // Serializable: the second saw the first's row.
    expect(new Set(floors).size).toBe(2);
    expect(attempts).toBeGreaterThan(2);
  });

  it('repeats the victim of a deadlock', async () => {
    const [a, b] = [await addRoom(tenantA), await addRoom(tenantA)];
    const meet = meetingOf(2);
    const raise = (first: string, second: string) =>
      rooms.inTenant(
        tenantA,
        async (tx) => {
          const sql = 'update rooms.room set floor = floor + 1 where id = $1::uuid';
          await tx.$executeRawUnsafe(sql, first);
          await meet();
          await tx.$executeRawUnsafe(sql, second);
        },
        { isolation: 'ReadCommitted' },
      );
    await Promise.all([raise(a.id, b.id), raise(b.id, a.id)]);
    const after = await rooms.inTenant(tenantA, (tx) => tx.room.findMany({ where: { id: a.id } }));
    expect(after[0]!.floor).toBe(2);
  });

  it('gives up with TransactionContention when attempts are used up', async () => {
    let attempts = 0;
    const work = rooms.inTenant(
      tenantA,
      async (tx) => {
        attempts++;
        await tx.$executeRawUnsafe(`do $$ begin raise exception 'lost' using errcode = '40001'; end $$`);
      },
      { attemptsMax: 3 },
    );
    await expect(work).rejects.toMatchObject({
      code: 'transaction-contention',
      retryable: true,
      attempts: 3,
    });
    expect(attempts).toBe(3);
  });

  it('gives up with TransactionContention when a lock is not had within the deadline', async () => {
    const room = await addRoom(tenantA);
    const blocker = new pg.Client({ connectionString: database.adminUrl });
    blocker.on('error', () => undefined); // The server cut it off, see below.
    await blocker.connect();
    try {
      await blocker.query('begin');
      // Lets go of the lock in the end whatever happens, so that waiting for it is a failure and not a hang.
      await blocker.query(`set local idle_in_transaction_session_timeout = '5s'`);
      await blocker.query('update rooms.room set floor = 5 where id = $1', [room.id]);
      const raise = (tx: Tx) => tx.room.update({ where: { id: room.id }, data: { floor: 6 } });
      const error = await errorOf(rooms.inTenant(tenantA, raise, { deadlineMs: 200 }));
      expect(error).toMatchObject({ code: 'transaction-contention' });
      // Ended by the server's statement timeout; without one it would wait for as long as the other transaction does.
      expect(databaseErrorOf((error as Error).cause)?.sqlState).toBe('57014');
    } finally {
      await blocker.end();
    }
  });

  it('gives up with TransactionContention when no connection is free, and loses none by it', async () => {
    const small = open(1);
    try {
      const { promise: release, resolve } = Promise.withResolvers<void>();
      const { promise: holding, resolve: held } = Promise.withResolvers<void>();
      const holder = small.inTenant(tenantA, async (tx) => {
        await tx.room.count();
        held();
        await release;
      });
      await holding;
      await expect(
        small.inTenant(tenantA, (tx) => tx.room.count(), { deadlineMs: 100 }),
      ).rejects.toMatchObject({
        code: 'transaction-contention',
      });
      resolve();
      await holder;
      for (let i = 0; i < 3; i++) await small.inTenant(tenantA, (tx) => tx.room.count());
    } finally {
      await small.close();
    }
  });

  it('lets one of 50 simultaneous bookings of a slot through, and the others see the exclusion', async () => {
    const room = await addRoom(tenantA);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => rooms.inTenant(tenantA, (tx) => insertStay(tx, room.id))),
    );
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost).toHaveLength(49);
    for (const { reason } of lost)
      expect(isConstraintViolation(reason, 'exclusion', 'stay_no_overlap')).toBe(true);
  });
});

describe('a lost connection', () => {
  const terminate = async (tx: SqlTx): Promise<void> => {
    const [row] = await tx.$queryRawUnsafe<{ pid: number }[]>('select pg_backend_pid() as pid');
    await admin.query('select pg_terminate_backend($1, 5000)', [row!.pid]);
  };

  it('during the work is passed on and not repeated', async () => {
    let attempts = 0;
    const error = await errorOf(
      rooms.inTenant(tenantA, async (tx) => {
        attempts++;
        await terminate(tx);
        await tx.room.count();
      }),
    );
    expect(error).toMatchObject({
      name: expect.not.stringMatching(/CommitUnknown|TransactionContention/) as string,
    });
    expect(attempts).toBe(1);
  });

  it('during commit is CommitUnknown, because it may have taken effect', async () => {
    await expect(rooms.inTenant(tenantA, terminate)).rejects.toMatchObject({ code: 'commit-unknown' });
  });

  it('during commit is repeated when the caller says that this does no harm', async () => {
    let attempts = 0;
    await rooms.inTenant(
      tenantA,
      async (tx) => {
        if (++attempts === 1) await terminate(tx);
        await tx.$queryRawUnsafe('select 1').then(undefined, () => undefined);
      },
      { idempotent: true },
    );
    expect(attempts).toBe(2);
  });
});

describe('isConstraintViolation', () => {
  it('sees through the wrapping of model queries and of raw ones', async () => {
    const room = await addRoom(tenantA, 'twice-' + randomUUID());
    const byModel = await errorOf(addRoom(tenantA, room.name));
    const raw = (sql: string, ...values: unknown[]) =>
      errorOf(rooms.inTenant(tenantA, (tx) => tx.$executeRawUnsafe(sql, ...values)));
    const insert = 'insert into rooms.room (id, tenant_id, name, floor) values ($1::uuid, $2::uuid, $3, $4)';
    const byRaw = await raw(insert, randomUUID(), tenantA, room.name, 0);
    for (const error of [byModel, byRaw]) {
      expect(isConstraintViolation(error, 'unique')).toBe(true);
      expect(isConstraintViolation(error, 'unique', 'room_name_key')).toBe(true);
      expect(isConstraintViolation(error, 'unique', 'room_pkey')).toBe(false);
      expect(isConstraintViolation(error, 'exclusion')).toBe(false);
    }
    const check = await raw(insert, randomUUID(), tenantA, randomUUID(), 1000);
    expect(isConstraintViolation(check, 'check', 'room_floor_check')).toBe(true);
    const foreign = await errorOf(rooms.inTenant(tenantA, (tx) => insertStay(tx, randomUUID())));
    expect(isConstraintViolation(foreign, 'foreign-key', 'stay_room_fkey')).toBe(true);
  });

  it("gives the SQLSTATE of a row or table that is another's", async () => {
    const id = randomUUID();
    const row = await errorOf(
      rooms.inTenant(tenantA, (tx) => tx.room.create({ data: { id, tenantId: tenantB, name: id } })),
    );
    const table = await errorOf(
      rooms.inTenant(tenantA, (tx) => tx.$queryRawUnsafe('select * from notes.note')),
    );
    expect([databaseErrorOf(row)?.sqlState, databaseErrorOf(table)?.sqlState]).toEqual(['42501', '42501']);
  });
});
