type Listener = (nowMs: number) => void;

const listeners = new Set<Listener>();
let worker: Worker | undefined;

/** Calls once a second, also while another window or tab is in front. @returns how to stop */
export function everySecond(listener: Listener): () => void {
  listeners.add(listener);
  if (!worker) {
    worker = new Worker(new URL('./ticker-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = () => {
      for (const each of [...listeners]) each(Date.now());
    };
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    worker?.terminate();
    worker = undefined;
  };
}
