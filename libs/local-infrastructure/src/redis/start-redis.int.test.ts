import net from 'node:net';
import { describeWithRedis } from '../describe-with.ts';
import { startRedis } from './start-redis.ts';

/** One command in Redis' inline form, and the first bytes of the answer. */
function ask(url: string, command: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname, () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });
}

describeWithRedis(
  'startRedis',
  () => {
    it('gives a Redis of its own, and ends it', async () => {
      const [first, second] = await Promise.all([startRedis({ own: true }), startRedis({ own: true })]);
      expect(await ask(first.url, 'SET who first')).toBe('+OK\r\n');
      expect(await ask(second.url, 'GET who')).toBe('$-1\r\n');
      await Promise.all([first.stop(), second.stop()]);
      await expect(ask(first.url, 'PING')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    });

    it('keeps nothing on disk', async () => {
      const redis = await startRedis({ own: true });
      expect(await ask(redis.url, 'CONFIG GET save')).toMatch(/save\r\n\$0/);
      await redis.stop();
    });
  },
  { own: true },
);
