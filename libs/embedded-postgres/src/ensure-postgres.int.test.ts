import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { ensurePostgres, type EmbeddedPostgres, type EnsurePostgresOptions } from './ensure-postgres.ts';
import { endServer, isAlive, waitUntil } from './processes.ts';

let dir: string;
let dataDir: string;
const pids = new Set<number>();

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-pg-'));
  dataDir = path.join(dir, 'data', 'pg');
});
afterEach(async () => {
  for (const pid of pids) await endServer(pid, { fastMs: 2000 });
  pids.clear();
  rmSync(dir, { recursive: true, force: true });
});

async function start(o: Partial<EnsurePostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await ensurePostgres({ dataDir, port: 0, settings: { fsync: 'off' }, ...o });
  pids.add(server.pid);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // A server that is killed says so here and to the query.
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe('ensurePostgres', () => {
  it('makes a database, keeps it over a stop, and stops for good', async () => {
    const first = await start();
    expect(first.adopted).toBe(false);
    await query(first.adminUrl, 'create table kept (a int)');
    await first.stop();
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    await expect(query(first.adminUrl, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const second = await start();
    expect(await query(second.adminUrl, 'select * from kept')).toEqual([]);
  });

  it('adopts the server a killed run left behind', async () => {
    const first = await start();
    const second = await start({ port: first.port + 1 });
    expect(second).toMatchObject({
      adopted: true,
      pid: first.pid,
      port: first.port,
      adminUrl: first.adminUrl,
    });
    await second.stop();
    expect(isAlive(first.pid)).toBe(false);
  });

  it('recovers a database whose server was killed, with what had been committed', async () => {
    const first = await start({ settings: {} });
    await query(first.adminUrl, 'create table kept as select 42 as answer');
    process.kill(first.pid, 'SIGKILL');
    await waitUntil(() => !isAlive(first.pid), 5000);
    const second = await start({ settings: {} });
    expect(second).toMatchObject({ adopted: false });
    expect(await query(second.adminUrl, 'select * from kept')).toEqual([{ answer: 42 }]);
  });

  it('removes a pid file that names somebody else', async () => {
    const first = await start();
    await first.stop();
    // Our own process: alive, and no PostgreSQL.
    writeFileSync(path.join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n0\n5432\n`);
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(isAlive(process.pid)).toBe(true);
  });

  it('ends a server of this folder that does not answer, and starts anew', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGSTOP');
    const second = await start({ adoptDeadlineMs: 200 });
    expect(second.adopted).toBe(false);
    expect(isAlive(first.pid)).toBe(false);
    expect(await query(second.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('gives several starters of one folder the same server', async () => {
    const servers = await Promise.all([start(), start(), start()]);
    expect(new Set(servers.map((server) => server.pid)).size).toBe(1);
    expect(servers.filter((server) => !server.adopted)).toHaveLength(1);
  });

  it("shows the end of the server's log when it does not start", async () => {
    await expect(start({ settings: { shared_buffers: 'plenty' } })).rejects.toMatchObject({
      code: 'postgres-start-failed',
      message: expect.stringMatching(/server\.log:[^]*shared_buffers.*plenty/) as string,
    });
  });

  it('says that the port is taken', async () => {
    const first = await start();
    dataDir = path.join(dir, 'other', 'pg');
    await expect(start({ port: first.port })).rejects.toThrow(/Address already in use/);
  });

  it('keeps its secrets to itself: loopback only, passwords always, private files', async () => {
    const server = await start();
    const url = new URL(server.adminUrl);
    url.password = 'guess';
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await query(server.adminUrl, 'show listen_addresses')).toEqual([
      { listen_addresses: '127.0.0.1' },
    ]);
    expect(await query(server.adminUrl, 'show unix_socket_directories')).toEqual([
      { unix_socket_directories: '' },
    ]);
    const modes = readdirSync(path.dirname(dataDir)).map((name) => {
      const mode = statSync(path.join(path.dirname(dataDir), name)).mode & 0o777;
      return `${name} ${mode.toString(8)}`;
    });
    expect(modes.sort()).toEqual(['pg 700', 'pg.server.log 600', 'pg.superuser-password 600']);
  });

  it('refuses to go on when the password of an existing database is gone', async () => {
    await (await start()).stop();
    rmSync(path.join(path.dirname(dataDir), 'pg.superuser-password'));
    await expect(start()).rejects.toMatchObject({ code: 'postgres-password-lost' });
  });

  it("runs in a session of its own, out of reach of the terminal's Ctrl-C", async () => {
    const server = await start();
    const session = (pid: number): string =>
      execFileSync('ps', ['-o', 'sess=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    expect(session(server.pid)).toBe(String(server.pid));
    expect(session(process.pid)).not.toBe(String(server.pid));
  });
});

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;
asRoot('as root where user namespaces are refused', () => {
  it('runs as an unprivileged user instead', async () => {
    // os.tmpdir() is open to others, the folder made in it is not; the library lets others pass through its own parent.
    execFileSync('chmod', ['711', dir]);
    const server = await start({ runAs: 'other-user' });
    expect(statSync(dataDir).uid).not.toBe(0);
    expect(await query(server.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    const again = await start({ runAs: 'other-user' });
    expect(again.adopted).toBe(true);
  });

  it('says what to do when that user cannot reach the data', async () => {
    await expect(start({ runAs: 'other-user' })).rejects.toMatchObject({
      code: 'postgres-cannot-run-as-root',
      message: expect.stringContaining('WARDLINE_DATA') as string,
    });
  });
});
