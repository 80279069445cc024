import type { Component } from '@wardline/service-runtime';
import type { Clock } from '../ports/clock.ts';

/** This process ends: whoever waits asks again, and another one answers. */
export class WaitEnded extends Error {
  override readonly name = 'WaitEnded';
  readonly code = 'wait-ended';
  readonly retryable = true;
}

export interface HandOffWaits extends Component {
  /** Something about this call has changed here. */
  wake(callId: string): void;
  /**
   * Asks `look` now, at every wake, and every `pollMs` besides: what another instance changed is only seen so.
   *
   * @throws WaitEnded when this process drains; the signal's reason when it is aborted
   */
  until<T>(callId: string, look: () => Promise<T | undefined>, signal: AbortSignal): Promise<T>;
}

/** Requests that wait for a person, so that they can be woken and, when this process ends, let go. */
export function createHandOffWaits(o: { clock: Clock; pollMs: number }): HandOffWaits {
  const sleeping = new Map<string, Set<() => void>>();
  let ended = false;

  const wake = (callId: string): void => {
    for (const resume of sleeping.get(callId) ?? []) resume();
  };
  const endAll = (): void => {
    ended = true;
    for (const callId of [...sleeping.keys()]) wake(callId);
  };

  /** `arm` is called before the look, so that a wake during it is not missed. */
  function arm(callId: string, signal: AbortSignal): { slept: Promise<void>; disarm: () => void } {
    const resumers = sleeping.get(callId) ?? new Set();
    sleeping.set(callId, resumers);
    let resume = () => {};
    const slept = new Promise<void>((resolve) => {
      resume = resolve;
    });
    resumers.add(resume);
    const cancel = o.clock.after(o.pollMs, resume);
    signal.addEventListener('abort', resume);
    const disarm = () => {
      cancel();
      signal.removeEventListener('abort', resume);
      resumers.delete(resume);
      if (resumers.size === 0 && sleeping.get(callId) === resumers) sleeping.delete(callId);
    };
    return { slept, disarm };
  }

  return {
    name: 'requests for a person',
    wake,
    async until(callId, look, signal) {
      for (;;) {
        const { slept, disarm } = arm(callId, signal);
        try {
          const seen = await look();
          if (seen !== undefined) return seen;
          if (ended) throw new WaitEnded('this process ends');
          signal.throwIfAborted();
          await slept;
        } finally {
          disarm();
        }
        if (ended) throw new WaitEnded('this process ends');
        signal.throwIfAborted();
      }
    },
    start: async () => {},
    drain: async () => endAll(),
    close: async () => endAll(),
  };
}
