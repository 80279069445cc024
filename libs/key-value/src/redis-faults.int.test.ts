import { describeWithRedis, startRedis, type StartedRedis } from '@wardline/local-infrastructure';
import net from 'node:net';
import {
  createRedisKeyValue,
  KeyValueUnavailable,
  type KeyValue,
  type RedisKeyValueOptions,
} from './index.ts';

/** What becomes of key-value when its server dies, sleeps, or was never there. */
describeWithRedis('key-value while Redis is away', () => {
  let servers: StartedRedis[];
  let open: KeyValue[];
  beforeEach(async () => {
    servers = [await startRedis({ program: true })];
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((each) => each.close()));
    await Promise.all(servers.map((each) => each.stop()));
  });
  const current = (): StartedRedis => servers.at(-1)!;
  const signal = (name: NodeJS.Signals): void => void process.kill(current().pid!, name);
  const kill = async (): Promise<void> => {
    signal('SIGKILL');
    while (isAlive(current().pid!)) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const startAgain = async (): Promise<void> => {
    servers.push(await startRedis({ program: true, port: Number(new URL(current().url).port) }));
  };

  const connect = (options: Partial<RedisKeyValueOptions> = {}): KeyValue => {
    const keyValue = createRedisKeyValue({ url: current().url, ...options });
    open.push(keyValue);
    return keyValue;
  };

  /** Publishes until a message got through, as what is published before a subscription is back is lost by design. */
  async function publishUntil(kv: KeyValue, channel: string, arrived: Promise<unknown>): Promise<void> {
    let done = false;
    void arrived.then(() => (done = true));
    while (!done) {
      await kv.publish(channel, 'after').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  it('counts on, and hears on, after the server was killed and started again', async () => {
    const kv = connect();
    const got: string[] = [];
    const back = { exact: Promise.withResolvers<void>(), prefix: Promise.withResolvers<void>() };
    await kv.subscribe('live:t', (_channel, message) => {
      got.push(message);
      if (message === 'after') back.exact.resolve();
    });
    await kv.subscribe('live:*', (_channel, message) => {
      if (message === 'after') back.prefix.resolve();
    });
    await kv.publish('live:t', 'before');
    expect(await kv.increment('n')).toBe(1);

    await kill();
    await startAgain();
    // Its scripts are gone with its memory; the first count brings them back.
    const counted = await kv.increment('n');
    expect(counted).toBe(1);
    await publishUntil(kv, 'live:t', Promise.all([back.exact.promise, back.prefix.promise]));
    expect(got.slice(0, 2)).toEqual(['before', 'after']);
  });

  it('waits no longer than the deadline for a server that is dead, says so, and is there again when that is', async () => {
    const kv = connect({ deadlineMs: 1_500 });
    await kv.set('k', 'v');
    await kill();
    const failure = await kv.get('k').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KeyValueUnavailable);
    expect(String(failure)).toMatch(/get: Redis at 127\.0\.0\.1:\d+ is not available within 1500 ms/);
    await expect(kv.subscribe('c', () => undefined)).rejects.toThrow(KeyValueUnavailable);
    await startAgain();
    expect(await connect().set('k', 'w')).toBe(true);
    while ((await kv.get('k').catch(() => undefined)) !== 'w') await new Promise((r) => setTimeout(r, 5));
  });

  it('breaks off with a server that has stopped answering, and comes back when it answers', async () => {
    const kv = connect({ deadlineMs: 1_500, pingEveryMs: 50 });
    const heard = Promise.withResolvers<void>();
    await kv.subscribe('c', () => heard.resolve());
    await kv.increment('n');
    signal('SIGSTOP');
    try {
      const failures = await Promise.all([kv.increment('n'), kv.get('n'), kv.publish('c', 'm')].map(failed));
      expect(failures).toEqual([true, true, true]);
      // Connecting succeeds, since the kernel does that for a sleeping server; no answer follows.
      expect(await failed(kv.get('n'))).toBe(true);
    } finally {
      signal('SIGCONT');
    }
    await publishUntil(kv, 'c', heard.promise);
    // The count it was given while it slept was read when it woke, or never: but not twice.
    expect(['1', '2']).toContain(await kv.get('n'));
  });

  it('sends nothing late: what failed for want of a connection is not done once there is one', async () => {
    const kv = connect({ deadlineMs: 1_000 });
    await kill();
    for (let i = 0; i < 3; i += 1) await expect(kv.increment('n')).rejects.toThrow(KeyValueUnavailable);
    await startAgain();
    let first: number | undefined;
    while (first === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      first = await kv.increment('n').catch(() => undefined);
    }
    expect(first).toBe(1);
  });

  it('lets only so many wait, and refuses the next at once', async () => {
    const kv = connect({ deadlineMs: 400, pendingMax: 10 });
    await kill();
    const waiting = Array.from({ length: 10 }, () => failed(kv.get('k')));
    await expect(kv.get('k')).rejects.toThrow('10 requests are waiting for Redis');
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 10 }, () => true));
  });

  it('notices that nobody speaks any more on a connection that only listens', async () => {
    const line = await openLine(Number(new URL(current().url).port));
    const kv = connect({ url: `redis://127.0.0.1:${line.port}`, deadlineMs: 1_500, pingEveryMs: 20 });
    const heard = Promise.withResolvers<void>();
    await kv.subscribe('c', () => heard.resolve());
    // As when a firewall forgets a connection: it stays open, nothing comes through, and only a new one is any good.
    line.forget();
    await publishUntil(connect(), 'c', heard.promise);
    await kv.close();
    await line.close();
  });

  it('closes although the server sleeps', async () => {
    const kv = connect({ deadlineMs: 1_500 });
    await kv.subscribe('c', () => undefined);
    signal('SIGSTOP');
    const late = failed(kv.get('k'));
    await kv.close();
    expect(await late).toBe(true);
    signal('SIGCONT');
  });
});

const failed = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => false,
    (error: unknown) => error instanceof KeyValueUnavailable,
  );

/** A line to the server whose present connections can be made to pass nothing on. */
async function openLine(target: number) {
  const ends = new Set<net.Socket>();
  const line = net.createServer((near) => {
    const far = net.connect(target, '127.0.0.1');
    for (const end of [near, far]) ends.add(end.on('error', () => end.destroy()));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  return {
    port: (line.address() as net.AddressInfo).port,
    forget: () => ends.forEach((end) => end.unpipe().resume()),
    close: async () => {
      ends.forEach((end) => end.destroy());
      await new Promise((resolve) => line.close(resolve));
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // There is no such process any more.
    return false;
  }
}
