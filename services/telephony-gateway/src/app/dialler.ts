import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { StoredCall } from '../ports/call-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { DialQueue } from '../ports/dial-queue.ts';
import { PLACE_TTL_MS, type DialPlaces } from './dial-places.ts';

const DISPATCH_EVERY_MS = 500;
/** Twice in the time for which a place is held, and once more should an answer be lost. */
const KEEP_EVERY_MS = PLACE_TTL_MS / 3;
const LIVE_MAX = 2_000;
const PURGE_MAX = 500;

export interface Dialler extends Component {
  /** There may be something to dial: looks now rather than at the next turn. */
  wake(): void;
  onOver(stored: StoredCall): void;
  /** Holds on to the places of all calls that last, whoever made them: for those of a killed instance nobody else does. */
  keepPlaces(): Promise<void>;
}

/** The turns of dispatching, and the places of calls that last. A slow turn delays the next one rather than doubling it. */
export function createDialler(o: {
  dispatch: () => Promise<void>;
  queue: Pick<DialQueue, 'live' | 'purge'>;
  places: DialPlaces;
  clock: Clock;
  inBackground: (name: string, work: () => Promise<unknown>) => void;
  logger: Logger;
}): Dialler {
  let stopped = true;
  let cancel = () => {};
  let running = false;
  let again = false;
  let keepAt = 0;

  async function turn(): Promise<void> {
    running = true;
    cancel();
    try {
      do {
        again = false;
        if (o.clock.now() >= keepAt) {
          keepAt = o.clock.now() + KEEP_EVERY_MS;
          await dialler.keepPlaces();
          await o.queue.purge(PURGE_MAX);
        }
        await o.dispatch();
      } while (again && !stopped);
    } catch (error) {
      o.logger.error('dispatching dials failed; the next turn tries again', { err: error });
    } finally {
      running = false;
      if (!stopped) cancel = o.clock.after(DISPATCH_EVERY_MS, () => o.inBackground('dispatch dials', turn));
    }
  }

  const dialler: Dialler = {
    name: 'dialler',
    wake() {
      if (running) again = true;
      else if (!stopped) o.inBackground('dispatch dials', turn);
    },
    onOver({ tenantId, campaign }) {
      if (!campaign) return;
      o.inBackground('give a place back', async () => {
        await o.places.release({ tenantId, attemptId: campaign.attemptId });
        dialler.wake();
      });
    },
    async keepPlaces() {
      for (const call of await o.queue.live(LIVE_MAX)) await o.places.keep(call);
    },
    start: async () => {
      stopped = false;
      dialler.wake();
    },
    async drain() {
      stopped = true;
      cancel();
    },
    close: async () => {
      stopped = true;
      cancel();
    },
  };
  return dialler;
}
