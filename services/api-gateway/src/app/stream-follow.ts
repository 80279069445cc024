import { setTimeout as pause } from 'node:timers/promises';
import { egressEventOf, type EgressRow, type Opener } from '../domain/egress-event.ts';
import type { EgressLog } from '../ports/egress-log.ts';
import type { EgressSignal } from './egress-signal.ts';

/** Rows read at a time: what one stream holds in memory, whatever its reader does. An event is at most 256 KiB. */
const pageRows = 64;

/**
 * A hospital's log as text of Server-Sent Events, from a position on, until it is aborted. Pulled: what nobody takes is
 * not read, so a slow reader goes through the log at its own pace.
 *
 * `id` is always the position that resumes right behind what was sent. It is also sent without an event (which browsers
 * remember and do not show), so that a stream whose topics are rare does not fall back behind what is kept.
 */
export async function* followStream(o: {
  readonly log: Pick<EgressLog, 'read' | 'range'>;
  readonly signal: Pick<EgressSignal, 'watch'>;
  readonly cipher: Opener;
  readonly subscription: {
    readonly tenantId: string;
    readonly topics: readonly string[];
    readonly personal: boolean;
  };
  readonly after: bigint;
  readonly abort: AbortSignal;
  readonly heartbeatMs: number;
}): AsyncGenerator<string, void, undefined> {
  const { log, subscription, abort } = o;
  const { tenantId, topics } = subscription;
  const waker = createWaker(abort);
  const leave = o.signal.watch(tenantId, waker.wake);
  try {
    let after = o.after;
    yield mark(after);
    while (!abort.aborted) {
      // Before the read: what is written meanwhile wakes again.
      waker.arm();
      const page = await log.read(tenantId, { after, topics, limit: pageRows });
      if (page.readTo > after) {
        // After the read: had something between been forgotten before it, it is gone now as well.
        const { first } = await log.range(tenantId);
        if (first > after + 1n) {
          yield `event: gap\ndata: ${JSON.stringify({ after: String(after), oldest: String(first) })}\n\n`;
          return;
        }
      }
      if (page.rows.length > 0) yield page.rows.map((row) => eventText(row, subscription, o.cipher)).join('');
      after = page.readTo;
      if (after < page.last) continue;
      if ((await waker.wait(o.heartbeatMs)) === 'quiet') yield mark(after);
    }
  } finally {
    leave();
  }
}

const mark = (position: bigint) => `:\nid: ${position}\n\n`;

function eventText(row: EgressRow, subscription: { readonly personal: boolean }, cipher: Opener): string {
  return `id: ${row.position}\nevent: ${row.type}\ndata: ${JSON.stringify(egressEventOf(row, subscription, cipher))}\n\n`;
}

/** Waits for a sign that came since it was armed, or for one to come. */
export function createWaker(abort: AbortSignal) {
  let woken = false;
  let sleeping: AbortController | undefined;
  return {
    wake(): void {
      woken = true;
      sleeping?.abort();
    },
    arm(): void {
      woken = false;
    },
    async wait(ms: number): Promise<'woken' | 'quiet' | 'aborted'> {
      if (abort.aborted) return 'aborted';
      if (woken) return 'woken';
      sleeping = new AbortController();
      try {
        await pause(ms, undefined, { signal: AbortSignal.any([abort, sleeping.signal]) });
        return 'quiet';
      } catch {
        // Woken or aborted, which is what it waits for.
        return abort.aborted ? 'aborted' : 'woken';
      } finally {
        sleeping = undefined;
      }
    },
  };
}
