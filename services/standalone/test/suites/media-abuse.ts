import WebSocket from 'ws';
import type { RunningCopy } from '../../src/testing/running-copy.ts';

/** The media port as a stranger meets it, while a call is going on that must not notice. */
export function describeMediaAbuse(copy: RunningCopy): void {
  describe('the media port', () => {
    const mediaUrl = () => copy.run.mediaUrl.replace(/^http/, 'ws');
    const refused = (path: string) =>
      new Promise<number>((resolve, reject) => {
        const socket = new WebSocket(`${mediaUrl()}${path}`);
        socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.once('open', () => reject(new Error('was let in')));
        socket.once('error', () => {});
      });

    it('lets nobody in without a token of a call', async () => {
      const forged = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"x","aud":"wardline-media"}').toString('base64url')}.`;
      for (const path of [
        '/media/telnyx',
        '/media/telnyx?token=',
        '/media/telnyx?token=abc',
        `/media/telnyx?token=${forged}`,
        '/',
        '/media/other?token=abc',
      ]) {
        expect({ path, status: [400, 401, 403, 404].includes(await refused(path)) }).toEqual({
          path,
          status: true,
        });
      }
    });

    it('goes on with a call while strangers knock', async () => {
      const running = copy.call('--scenario', 'plain-booking');
      let over = false;
      void running.then(() => (over = true));
      let knocks = 0;
      while (!over) {
        await Promise.all(Array.from({ length: 20 }, () => refused('/media/telnyx?token=nonsense')));
        knocks += 20;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const result = await running;
      if (result.code !== 0) throw new Error(`${result.stdout}\n${result.stderr}`);
      expect(knocks).toBeGreaterThan(100);
    }, 300_000);
  });
}
