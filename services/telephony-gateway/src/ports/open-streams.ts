import type { CallKey } from './call-store.ts';

/** Whether a call is listened to right now. */
export interface OpenStreams {
  /**
   * Whether somebody says that the media stream of this owner epoch is open. False as well when nobody can be asked: to
   * start a stream anew costs a call a sentence, to leave a dead one alone costs it everything.
   */
  isOpen(key: CallKey, epoch: number): Promise<boolean>;
}
