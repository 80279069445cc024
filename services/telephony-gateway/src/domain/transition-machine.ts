import type { Call, CallEvent, StreamState, Transition } from './call.ts';
import { hangUp, stay, to } from './moves.ts';
import { policy } from './policy.ts';

type MachineEvent = Extract<CallEvent, { type: 'machine-detected' | 'greeting-ended' | 'woken' }>;

/**
 * A call that we made is active, and the carrier says who picked up. Until it does, a person is assumed: people hang up
 * on silence. A machine is hung up on, or, when a message is to be left, taken from the conversation at once (a new owner
 * epoch, so that nothing that was begun with a person goes on), and given a stream of its own when its greeting is over.
 */
export function transitionMachine(call: Call, stream: StreamState, event: MachineEvent): Transition {
  switch (event.type) {
    case 'machine-detected':
      return event.result === 'machine' ? onMachine(call, event.at) : onPerson(call, event.result);
    case 'greeting-ended': {
      if (!speaksWithPerson(call)) return startVoicemail(call, stream, event.at);
      // A beep may be heard before it was known that a machine picked up; then only the beep is told.
      const met = onMachine(call, event.at);
      if (met.call.state.kind !== 'active') return met;
      const begun = startVoicemail(met.call, met.call.state.stream, event.at);
      return begun.effects.length === 0 ? met : begun;
    }
    case 'woken':
      return stream.kind === 'held' && event.at >= stream.until
        ? hangUp(call, 'machine', 'completed')
        : stay(call);
    default:
      return event satisfies never;
  }
}

function speaksWithPerson({ outbound }: Call): boolean {
  return outbound?.pickedUpBy !== 'machine';
}

function onPerson(call: Call, result: 'human' | 'not-sure'): Transition {
  const { outbound } = call;
  if (outbound?.pickedUpBy !== 'unknown' || result !== 'human') return stay(call);
  return to({ ...call, outbound: { ...outbound, pickedUpBy: 'human' } });
}

/** Somebody with whom something was agreed already is no machine, whatever the carrier makes of their voice. */
function onMachine(call: Call, at: number): Transition {
  const { outbound } = call;
  if (outbound?.pickedUpBy !== 'unknown' || call.outcome !== null) return stay(call);
  const met: Call = { ...call, outcome: 'machine', outbound: { ...outbound, pickedUpBy: 'machine' } };
  if (!outbound.leavesVoicemail) return hangUp(met, 'machine', 'completed');
  const held: Call = {
    ...met,
    ownerEpoch: call.ownerEpoch + 1,
    state: { kind: 'active', stream: { kind: 'held', until: at + policy.greetingPatienceMs } },
  };
  return to(held, [{ kind: 'stop-stream' }]);
}

function startVoicemail(call: Call, stream: StreamState, at: number): Transition {
  const { outbound, ownerEpoch } = call;
  if (outbound === undefined || stream.kind !== 'held') return stay(call);
  return to(
    {
      ...call,
      outbound: { ...outbound, voicemailEpoch: ownerEpoch },
      state: { kind: 'active', stream: { kind: 'expected', since: at } },
    },
    // Replacing: the stop of the person's stream may still be on its way.
    [{ kind: 'start-stream', epoch: ownerEpoch, replacing: true }],
  );
}
