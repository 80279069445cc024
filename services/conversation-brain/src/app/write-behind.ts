import type { Logger } from '@wardline/observability';
import type { Line } from '../domain/effects.ts';
import type { EndedConversation } from '../domain/ended.ts';

export interface WriteBehind {
  /** The newest state, and lines that go with it; at the end of the conversation its figures. Never waits. */
  push(state: string, lines: readonly Line[], ended?: EndedConversation): void;
  /** Resolves when all that was pushed so far is durable, or after `limitMs`, whichever is first. */
  settled(limitMs: number): Promise<void>;
}

export interface WriteBehindOptions {
  /** `replaced` stops everything: another instance owns the conversation. */
  readonly save: (batch: Batch) => Promise<'saved' | 'replaced'>;
  readonly onReplaced: () => void;
  readonly pause: (ms: number) => Promise<void>;
  readonly logger: Logger;
}

interface Batch {
  readonly state: string;
  readonly lines: Line[];
  readonly ended: EndedConversation | undefined;
}

/** Lines that wait at most; a call of ten minutes has far fewer. Beyond it the oldest are given up, with a warning. */
const linesMax = 500;
const attemptsMax = 8;

/**
 * Keeps a conversation's storage off the path between a caller's word and the answer: one write at a time, in order, and
 * what comes meanwhile goes into the next one as the newest state and all its lines.
 */
export function createWriteBehind(o: WriteBehindOptions): WriteBehind {
  let waiting: Batch | undefined;
  let writing: Promise<void> | undefined;
  let stopped = false;

  async function drain(): Promise<void> {
    while (waiting && !stopped) {
      const batch = waiting;
      waiting = undefined;
      await write(batch);
    }
    writing = undefined;
  }

  async function write(batch: Batch): Promise<void> {
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      try {
        if ((await o.save(batch)) === 'replaced') {
          stopped = true;
          o.onReplaced();
        }
        return;
      } catch (err) {
        o.logger.warn('a conversation could not be stored', { err, attempt });
        await o.pause(Math.min(2_000, 100 * 2 ** attempt));
      }
    }
    // The lines go with the next snapshot; the state of this one is older than whatever comes.
    const later = waiting as Batch | undefined;
    if (later) later.lines.unshift(...batch.lines);
    else o.logger.error('a conversation was given up unstored', { lines: batch.lines.length });
  }

  return {
    push(state, lines, ended) {
      if (stopped) return;
      waiting = { state, lines: [...(waiting?.lines ?? []), ...lines], ended: ended ?? waiting?.ended };
      if (waiting.lines.length > linesMax) {
        o.logger.warn('transcript lines were given up', { lines: waiting.lines.length - linesMax });
        waiting.lines.splice(0, waiting.lines.length - linesMax);
      }
      writing ??= drain();
    },
    async settled(limitMs) {
      if (!writing) return;
      const limit = new AbortController();
      const late = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limitMs);
        limit.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      });
      await Promise.race([writing, late]);
      limit.abort();
    },
  };
}
