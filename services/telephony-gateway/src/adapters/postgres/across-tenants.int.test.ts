import pg from 'pg';
import { callerNumber, openGatewayBench, type GatewayBench } from '../../testing/gateway-bench.ts';

let bench: GatewayBench;
let role: pg.Client;
beforeAll(async () => {
  bench = await openGatewayBench();
  await bench.talkingCall();
  role = new pg.Client({ connectionString: bench.config.databaseUrl });
  await role.connect();
});
afterAll(async () => {
  await role.end();
  await bench.close();
});

describe('a stored call', () => {
  it('keeps a caller’s number unreadable in the table', async () => {
    const { rows } = await bench.admin.query('select * from telephony.calls');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(callerNumber);
  });
});

describe('the role across tenants', () => {
  const asSweeper = async (sql: string) => {
    await bench.admin.query('begin');
    await bench.admin.query('set local role wardline_telephony_sweeper');
    return bench.admin.query(sql).finally(() => bench.admin.query('rollback'));
  };

  it('cannot log in, and the service cannot become it', async () => {
    const { rows } = await bench.admin.query(
      `select rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname = 'wardline_telephony_sweeper'`,
    );
    expect(rows).toEqual([{ rolcanlogin: false, rolsuper: false, rolbypassrls: false }]);
    await expect(role.query('set role wardline_telephony_sweeper')).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    'select caller_number_sealed from telephony.calls',
    'select machine from telephony.calls',
    `update telephony.calls set state = 'failed'`,
    'select effect from telephony.commands',
    'select * from telephony.call_backs',
    'select briefing_sealed from telephony.hand_offs',
    'select * from telephony.presence',
    'insert into telephony.outbox (id) values (gen_random_uuid())',
  ])('may not: %s', async (sql) => {
    await expect(asSweeper(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('owns the functions that the service may call, and nobody else may', async () => {
    const { rows } = await bench.admin.query<{ proname: string; owner: string; public: boolean }>(
      `select proname, pg_get_userbyid(proowner) as owner, has_function_privilege('public', oid, 'execute') as public
         from pg_proc where pronamespace = 'telephony'::regnamespace and prosecdef`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(6);
    for (const row of rows) expect(row).toMatchObject({ owner: 'wardline_telephony_sweeper', public: false });
  });
});
