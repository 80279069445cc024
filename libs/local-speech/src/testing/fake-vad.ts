import { rmsDbfs } from '@wardline/audio';
import type { Vad, VadStream } from '../api.ts';
import { VAD_WINDOW } from '../vad/protocol.ts';
import { WindowQueue } from '../vad/window-queue.ts';

/**
 * Voice activity without a model: a window is speech when it is louder than -45 dBFS, unless `judge` says otherwise.
 * Answers in a microtask, as the real one never answers within push().
 */
export class FakeVad implements Vad {
  readonly judge: (window: Int16Array) => number;
  openStreams = 0;
  closed = false;

  constructor(judge: (window: Int16Array) => number = (window) => (rmsDbfs(window) > -45 ? 0.98 : 0.02)) {
    this.judge = judge;
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  open(): VadStream {
    const queue = new WindowQueue();
    const batch = new Float32Array(VAD_WINDOW);
    let open = true;
    this.openStreams++;
    return {
      push: (samples) => {
        queue.push(samples);
        while (queue.hasWindow) {
          const atSample = queue.takeInto(batch, 0);
          const probability = this.judge(Int16Array.from(batch, (value) => Math.round(value * 32768)));
          queueMicrotask(() => queue.emit(probability, atSample));
        }
      },
      onProbability: (listener) => queue.onProbability(listener),
      close: () => {
        if (open) this.openStreams--;
        open = false;
        queue.close();
      },
    };
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
