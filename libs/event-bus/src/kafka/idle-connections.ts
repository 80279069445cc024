import { createRequire } from 'node:module';

/** The part of kafkajs's queue of requests, one per connection, that is changed here. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

/**
 * Lets idle connections of kafkajs 2.2.4 be idle. Its queue of requests looks again a millisecond after it has looked, also
 * when nothing is waiting (tulios/kafkajs #1704): 800 times a second and 2.7 % of a core for one client that does nothing,
 * and a warning of Node's about a negative timeout (#1751). A request that cannot be sent at once schedules a look itself.
 *
 * Done once per process, on import; the class is not exported, so it is taken by its path. Harmless where a later version
 * is put right, or has another shape.
 */
export const requestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  readonly prototype: RequestQueue;
};

const { prototype } = requestQueue;
const schedule: unknown = prototype.scheduleCheckPendingRequests;
if (typeof schedule === 'function') {
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}
