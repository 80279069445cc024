import './connection.ts';
import { requestQueue, type RequestQueue } from './idle-connections.ts';

type Queue = RequestQueue & {
  throttleCheckTimeoutId: unknown;
  checkPendingRequests(): void;
  destroy(): void;
};

function queue(pending: unknown[]): Queue {
  const Queue = requestQueue as unknown as new (options: object) => Queue & { pending: unknown[] };
  // Full: what is pending stays so.
  const made = new Queue({ maxInFlightRequests: 0, logger: { debug: () => undefined } });
  made.pending.push(...pending);
  return made;
}

it('does not look again for requests when none waits', () => {
  const idle = queue([]);
  idle.checkPendingRequests();
  expect(idle.throttleCheckTimeoutId).toBeNull();
});

it('looks again while one waits', () => {
  const busy = queue(['request']);
  busy.checkPendingRequests();
  expect(busy.throttleCheckTimeoutId).not.toBeNull();
  clearTimeout(busy.throttleCheckTimeoutId as NodeJS.Timeout);
});
