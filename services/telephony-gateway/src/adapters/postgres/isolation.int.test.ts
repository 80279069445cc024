import { readFileSync } from 'node:fs';
import pg from 'pg';
import { callerNumber, openGatewayBench, tenantId, type GatewayBench } from '../../testing/gateway-bench.ts';

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

const tables = ['calls', 'webhook_events', 'commands', 'call_backs'];
const countAs = async (tenant: string | undefined, table: string) => {
  await role.query('begin');
  if (tenant !== undefined) await role.query(`select set_config('wardline.tenant_id', $1, true)`, [tenant]);
  const { rows } = await role.query<{ n: string }>(`select count(*) n from telephony.${table}`);
  await role.query('rollback');
  return Number(rows[0]?.n);
};

describe('row-level security', () => {
  it('shows the service’s role nothing without a tenant, and nothing of another one', async () => {
    for (const table of tables) {
      expect([table, await countAs(undefined, table)]).toEqual([table, 0]);
      expect([table, await countAs('01930000-0000-7000-8000-00000000b001', table)]).toEqual([table, 0]);
    }
    expect(await countAs(tenantId, 'calls')).toBe(1);
    expect(await countAs(undefined, 'calls')).toBe(0);
  });

  it('is forced on every table', async () => {
    const { rows } = await bench.admin.query<{ relname: string }>(
      `select relname from pg_class where relnamespace = 'telephony'::regnamespace and relkind = 'r'
         and relname = any($1) and relrowsecurity and relforcerowsecurity`,
      [tables],
    );
    expect(rows.map(({ relname }) => relname).sort()).toEqual([...tables].sort());
  });

  it('lets nobody write for another tenant', async () => {
    await role.query('begin');
    await role.query(`select set_config('wardline.tenant_id', '01930000-0000-7000-8000-00000000b001', true)`);
    const insert = `insert into telephony.webhook_events
      values ('x', $1::uuid, gen_random_uuid(), 'call.answered', now(), now())`;
    await expect(role.query(insert, [tenantId])).rejects.toMatchObject({ code: '42501' });
    await role.query('rollback');
  });

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
    'insert into telephony.outbox (id) values (gen_random_uuid())',
  ])('may not: %s', async (sql) => {
    await expect(asSweeper(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('owns the functions that the service may call, and nobody else may', async () => {
    const { rows } = await bench.admin.query<{ proname: string; owner: string; public: boolean }>(
      `select proname, pg_get_userbyid(proowner) as owner, has_function_privilege('public', oid, 'execute') as public
         from pg_proc where pronamespace = 'telephony'::regnamespace and prosecdef`,
    );
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(row).toMatchObject({ owner: 'wardline_telephony_sweeper', public: false });
  });
});

it('the Prisma schema says what the migrations made', async () => {
  const text = readFileSync(new URL('../../../prisma/schema.prisma', import.meta.url), 'utf8');
  const models = [...text.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)].map(([, body = '']) => body);
  const types: Record<string, string> = {
    Int: 'integer',
    String: 'text',
    Json: 'jsonb',
    DateTime: 'timestamp with time zone',
  };
  const declared = models.flatMap((body) => {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '';
    return [...body.matchAll(/^ {2}(\w+)\s+(\w+)(\??)(.*)$/gm)].map(
      ([, name = '', type = '', optional, rest = '']) => {
        const column = /@map\("(\w+)"\)/.exec(rest)?.[1] ?? name;
        const dbType = rest.includes('@db.Uuid') ? 'uuid' : types[type];
        return `${table}.${column} ${String(dbType)} ${optional === '?' ? 'null' : 'not null'}`;
      },
    );
  });
  const { rows } = await bench.admin.query<{ line: string }>(
    `select table_name || '.' || column_name || ' ' || data_type
        || case is_nullable when 'YES' then ' null' else ' not null' end as line
       from information_schema.columns where table_schema = 'telephony' and table_name = any($1)`,
    [tables],
  );
  expect(declared.sort()).toEqual(rows.map(({ line }) => line).sort());
});
