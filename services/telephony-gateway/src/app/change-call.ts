import { isTerminal, type Call } from '../domain/call.ts';
import type {
  CallChange,
  CallKey,
  CallStore,
  ChangedCall,
  ChangeResult,
  CommandKey,
  NewCall,
  PlacedCall,
  StoredCall,
} from '../ports/call-store.ts';
import type { CarrierControl } from '../ports/carrier-control.ts';
import type { Clock } from '../ports/clock.ts';

/** The carrier says the leg is gone before its webhook came: it gets this long to tell the cause itself. */
export const WEBHOOK_GRACE_MS = 3_000;

/** The one way by which a call changes: stored first, then its commands are run and its next waking is planned. */
export interface CallChanges {
  change(key: CallKey, change: CallChange): Promise<ChangeResult>;
  changeNew(call: NewCall, change: CallChange): Promise<ChangeResult>;
  /** Makes a call and dials it; see `CallStore.place`. */
  place(call: PlacedCall, o: { at: number; tries: number }): Promise<'placed' | 'lost'>;
  wake(key: CallKey): Promise<void>;
}

export function createCallChanges(o: {
  store: CallStore;
  carrier: Pick<CarrierControl, 'status'>;
  clock: Clock;
  runCommand: (key: CommandKey) => void;
  /** Told of every change after which a call is over. */
  onOver?: (stored: StoredCall) => void;
  /** Runs work beside the caller and logs its failure; the sweeper repeats what was lost. */
  inBackground: (name: string, work: () => Promise<unknown>) => void;
  /** Told of every change of a call that has a hand-off. */
  onHandOff?: (changed: ChangedCall) => void;
}): CallChanges {
  const follow = (result: ChangeResult): ChangeResult => {
    if (result.kind !== 'changed') return result;
    result.commands.forEach(o.runCommand);
    if (result.handOff) o.onHandOff?.(result);
    if (isTerminal(result.stored.call)) o.onOver?.(result.stored);
    const { tenantId, callId } = result.stored;
    const delayMs = result.wakeAt === null ? -1 : result.wakeAt - o.clock.now();
    // What is due already is the sweeper's: planning it here could go round without a pause.
    if (delayMs > 0) {
      o.clock.after(delayMs, () => o.inBackground('wake a call', () => changes.wake({ tenantId, callId })));
    }
    return result;
  };
  const changes: CallChanges = {
    change: async (key, change) => follow(await o.store.change(key, change)),
    changeNew: async (call, change) => follow(await o.store.changeNew(call, change)),
    place: async (call, at) => {
      const result = await o.store.place(call, at);
      if (result.kind === 'lost') return 'lost';
      follow(result);
      return 'placed';
    },
    wake: async (key) => {
      const stored = await o.store.read(key);
      if (!stored) return;
      // A stream often stops because the call did, and the webhook that says so is still on its way. Starting the stream
      // anew would take the call from the owner who is just noting its outcome; so the carrier is asked first.
      const leg = stored.callControlId;
      const over =
        leg !== null && wantsItsStream(stored.call) && (await o.carrier.status(leg)).kind === 'gone';
      const at = o.clock.now();
      await changes.change(
        key,
        over
          ? { at, checkBy: at + WEBHOOK_GRACE_MS, decide: () => [] }
          : { at, decide: () => [{ type: 'woken', at }] },
      );
    },
  };
  return changes;
}

function wantsItsStream({ state }: Call): boolean {
  return state.kind === 'active' && state.stream.kind === 'broken';
}
