import { demo } from '@wardline/contracts';
import { signIn } from '../../src/testing/api-client.ts';
import type { RunningCopy } from '../../src/testing/running-copy.ts';

interface TailLine {
  readonly topic: string;
  readonly key: string;
  readonly traceId?: string;
  readonly traceparent?: string;
  readonly data: Record<string, unknown>;
}

export function describeEventTrace(copy: RunningCopy): void {
  describe('events of a call', () => {
    it('are all there, and one trace id goes through all services', async () => {
      const booking = await copy.call('--scenario', 'plain-booking', '--json');
      if (booking.code !== 0) throw new Error(`${booking.stdout}\n${booking.stderr}`);
      const api = await signIn(copy, demo.clinics[0]);
      const { body } = await api<{ items: { id: string; outcome: string; traceId: string }[] }>(
        'GET',
        '/calls?limit=50',
      );
      const call = body.items.find(({ outcome }) => outcome === 'booked');
      expect(call?.traceId).toMatch(/^[0-9a-f]{32}$/);

      const tail = await copy.events('tail', '--json', '--no-follow', '--since', '30m');
      expect(tail.code).toBe(0);
      const lines = tail.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as TailLine);
      const ofTrace = lines.filter(
        (line) => (line.traceId ?? line.traceparent?.split('-')[1]) === call?.traceId,
      );
      for (const topic of ['calls.initiated', 'appointments.changed', 'sms.send', 'calls.completed']) {
        expect({ topic, count: ofTrace.filter((line) => line.topic === topic).length }).toEqual({
          topic,
          count: 1,
        });
      }
      // Personal fields leave a service only sealed.
      expect(tail.stdout).not.toMatch(/\+1202555\d{4}/);
    }, 300_000);
  });
}
