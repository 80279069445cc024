import { auth } from '../auth/auth.ts';
import { readEventStream } from './event-stream.ts';

/** Something that has moved; `kind` says what, ids say which. */
export interface LiveMessage {
  readonly callId?: string;
  readonly handOffId?: string;
  readonly campaignId?: string;
  readonly text?: string;
  readonly speaker?: string;
  readonly state?: string;
}

export type FeedState = 'connecting' | 'connected' | 'lost';

interface FeedOptions {
  readonly onMessage: (kind: string, message: LiveMessage) => void;
  /** The feed begins, or cannot tell what was missed: everything that is shown has to be asked for anew. */
  readonly onReset: () => void;
  readonly onState: (state: FeedState) => void;
}

const waitMsMin = 500;
const waitMsMax = 15_000;
/** The server gives a sign every 15 s; after this long without one the line is dead, whatever the browser thinks. */
const silenceMsMax = 40_000;

/**
 * Follows the live feed until it is closed: goes on after the last message that was seen, waits longer after each failure and
 * tries at once when the network is back.
 */
export function followLiveFeed({ onMessage, onReset, onState }: FeedOptions): () => void {
  const closing = new AbortController();
  let lastId: string | undefined;
  let failures = 0;

  async function once(): Promise<void> {
    const line = new AbortController();
    const stop = () => line.abort();
    closing.signal.addEventListener('abort', stop);
    addEventListener('offline', stop);
    let silence = setTimeout(stop, silenceMsMax);
    const onSign = () => {
      clearTimeout(silence);
      silence = setTimeout(stop, silenceMsMax);
    };
    try {
      const token = await auth.accessToken();
      const answer = await fetch('/api/v1/live', {
        headers: {
          accept: 'text/event-stream',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
        },
        signal: line.signal,
      });
      if (answer.status === 401) {
        if (!(await auth.renew())) auth.lost();
        return;
      }
      if (!answer.ok || !answer.body) throw new Error(`live feed: HTTP ${answer.status}`);
      failures = 0;
      onState('connected');
      if (lastId === undefined) onReset();
      for await (const { event, data, id } of readEventStream(answer.body, onSign)) {
        if (id !== undefined) lastId = id;
        if (event === 'reset') onReset();
        else if (event !== 'ready') onMessage(event, JSON.parse(data) as LiveMessage);
      }
    } finally {
      clearTimeout(silence);
      closing.signal.removeEventListener('abort', stop);
      removeEventListener('offline', stop);
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await once();
      } catch {
        // Whatever broke the line, the answer is the same: say so and try again.
      }
      if (closing.signal.aborted) return;
      failures += 1;
      onState('lost');
      await pause(
        Math.min(waitMsMax, waitMsMin * 2 ** (failures - 1)) * (0.75 + Math.random() / 2),
        closing.signal,
      );
    }
  }
  void run();
  return () => closing.abort();
}

/** Waits, or not any longer once the network is back or the feed is closed. */
function pause(ms: number, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener('online', go);
      closed.removeEventListener('abort', go);
      resolve();
    };
    const timer = setTimeout(go, ms);
    addEventListener('online', go);
    closed.addEventListener('abort', go);
  });
}
