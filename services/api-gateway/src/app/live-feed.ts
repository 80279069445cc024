import type { KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import { randomBytes } from 'node:crypto';
import {
  createLiveHistory,
  type LiveEntry,
  type LiveHistory,
  type LiveHistoryLimits,
  type LiveMessage,
} from '../domain/live-history.ts';

export type { LiveMessage } from '../domain/live-history.ts';

type Viewer = (entry: LiveEntry) => void;

/** How a viewer begins. */
export interface Watching {
  /** What it has missed, oldest first; undefined when that is not known, and it has to fetch the present state. */
  readonly missed: readonly LiveEntry[] | undefined;
  /** The position of now. */
  readonly present: string;
  readonly leave: () => void;
}

interface Hospital {
  readonly history: LiveHistory;
  readonly viewers: Set<Viewer>;
  lastAt: number;
}

const prefix = 'live:';
/** A hospital that nobody has watched for so long is forgotten, and its history with it. */
const forgetAfterMs = 10 * 60_000;

/**
 * Hands live messages to the viewers of the tenant that they belong to. One subscription serves all viewers. The last
 * messages are kept, so that a viewer who was away for a moment goes on where it stopped; who was away for longer, or comes
 * to another instance, fetches the present state over REST and goes on from there.
 */
export function createLiveFeed(o: {
  keyValue: KeyValue;
  logger: Logger;
  viewersMax?: number;
  history?: LiveHistoryLimits;
  now?: () => number;
}) {
  const viewersMax = o.viewersMax ?? 500;
  const now = o.now ?? (() => performance.now());
  const hospitals = new Map<string, Hospital>();
  let unsubscribe: (() => Promise<void>) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let count = 0;

  function hospitalOf(tenantId: string): Hospital {
    const known = hospitals.get(tenantId);
    if (known) return known;
    const made = {
      history: createLiveHistory(randomBytes(9).toString('hex'), o.history),
      viewers: new Set<Viewer>(),
      lastAt: now(),
    };
    hospitals.set(tenantId, made);
    return made;
  }

  function deliver(channel: string, text: string): void {
    // Nobody has watched, so nobody comes back: nothing is kept for them.
    const hospital = hospitals.get(channel.slice(prefix.length));
    if (!hospital) return;
    let message: LiveMessage;
    try {
      message = JSON.parse(text) as LiveMessage;
    } catch (err) {
      o.logger.warn('live message is not JSON', { err });
      return;
    }
    if (typeof message?.kind !== 'string') return o.logger.warn('live message has no kind');
    const entry = hospital.history.add(message, text.length);
    for (const viewer of hospital.viewers) viewer(entry);
  }

  /** Forgets hospitals that nobody watches any more. */
  function forget(): void {
    for (const [tenantId, { viewers, lastAt }] of hospitals)
      if (viewers.size === 0 && now() - lastAt > forgetAfterMs) hospitals.delete(tenantId);
  }

  return {
    name: 'live feed',
    async start(): Promise<void> {
      unsubscribe = await o.keyValue.subscribe(`${prefix}*`, deliver);
      timer = setInterval(forget, forgetAfterMs / 2);
      timer.unref();
    },
    async close(): Promise<void> {
      clearInterval(timer);
      await unsubscribe?.();
      unsubscribe = undefined;
    },
    forget,
    /** @returns undefined when there are too many viewers already */
    watch(tenantId: string, viewer: Viewer, lastEventId?: string): Watching | undefined {
      if (count >= viewersMax) return undefined;
      const hospital = hospitalOf(tenantId);
      const { history, viewers } = hospital;
      viewers.add(viewer);
      count += 1;
      return {
        missed: lastEventId === undefined ? [] : history.after(lastEventId),
        present: history.present(),
        leave: () => {
          if (!viewers.delete(viewer)) return;
          count -= 1;
          hospital.lastAt = now();
        },
      };
    },
    publish(tenantId: string, message: LiveMessage): Promise<void> {
      return o.keyValue.publish(`${prefix}${tenantId}`, JSON.stringify(message));
    },
  };
}

export type LiveFeed = ReturnType<typeof createLiveFeed>;
