import type {
  CallChange,
  CallKey,
  CallStore,
  ChangeResult,
  CommandKey,
  NewCall,
} from '../ports/call-store.ts';
import type { Clock } from '../ports/clock.ts';

/** The one way by which a call changes: stored first, then its commands are run and its next waking is planned. */
export interface CallChanges {
  change(key: CallKey, change: CallChange): Promise<ChangeResult>;
  changeNew(call: NewCall, change: CallChange): Promise<ChangeResult>;
  wake(key: CallKey): Promise<void>;
}

export function createCallChanges(o: {
  store: CallStore;
  clock: Clock;
  runCommand: (key: CommandKey) => void;
  /** Runs work beside the caller and logs its failure; the sweeper repeats what was lost. */
  inBackground: (name: string, work: () => Promise<unknown>) => void;
}): CallChanges {
  const follow = (result: ChangeResult): ChangeResult => {
    if (result.kind !== 'changed') return result;
    result.commands.forEach(o.runCommand);
    const { tenantId, callId } = result.stored;
    if (result.wakeAt !== null) {
      const delayMs = Math.max(0, result.wakeAt - o.clock.now());
      o.clock.after(delayMs, () => o.inBackground('wake a call', () => changes.wake({ tenantId, callId })));
    }
    return result;
  };
  const changes: CallChanges = {
    change: async (key, change) => follow(await o.store.change(key, change)),
    changeNew: async (call, change) => follow(await o.store.changeNew(call, change)),
    wake: async (key) => {
      const at = o.clock.now();
      await changes.change(key, { at, decide: () => [{ type: 'woken', at }] });
    },
  };
  return changes;
}
