import { setPriority } from 'node:os';
import type { Logger } from '@wardline/observability';

/**
 * Puts the thread that paces the frames before the ones that recognise and synthesise. On Linux a nice value belongs to a
 * thread, and a new thread inherits its creator's: so this is called after the engines' workers have started, and it
 * changes the calling thread alone. Lowering the value takes CAP_SYS_NICE; without it all threads stay equal, which costs
 * smoothness under load and nothing else.
 */
export function raiseThreadPriority(nice: number, logger: Logger): void {
  if (nice === 0 || process.platform !== 'linux') return;
  try {
    setPriority(nice);
  } catch (err) {
    logger.info('the pacing thread keeps its priority', { err });
  }
}
