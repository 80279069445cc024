import type { ToolResult } from '../effects.ts';
import { prompts } from '../prompts.en.ts';
import type { HandOffReason } from '../state.ts';
import { companyMs, end, leave } from './leave.ts';
import { listen, run, say, type Step } from './step.ts';

/** Somebody is being asked to take the call: a word now and then, so that the line does not seem dead. */
export function keepCompany(step: Step): void {
  const { s } = step;
  if (s.phase.kind !== 'handing-off') return;
  const lines = prompts.stillAsking;
  say(step, lines[s.utterances % lines.length]!);
  listen(step, ['open'], companyMs);
}

/** Whether a person comes. `notConnected` says what happens when nobody can tell. */
export function onHandOff(step: Step, result: ToolResult, notConnected: (step: Step) => void): void {
  const { s } = step;
  if (s.phase.kind !== 'handing-off') return;
  const { reason } = s.phase;
  if (result.kind === 'done') {
    end(step);
    s.phase = { kind: 'over', putThrough: reason };
    return;
  }
  if (result.kind === 'call-back') {
    // What was achieved before stays what the call achieved: both are true, and that is the more.
    const outcome = s.outcome ?? 'call-back-requested';
    s.outcome = outcome;
    step.effects.push({ type: 'record-outcome', outcome });
    return leave(step, { kind: 'hang-up', outcome }, prompts.nobodyFree);
  }
  if (result.kind === 'not-served') {
    const request = run(step, { kind: 'transfer', reason });
    s.phase = { kind: 'gone', how: { kind: 'transfer', reason }, request };
    return listen(step, ['open'], 10_000);
  }
  notConnected(step);
}

/** Nobody picked up, and the caller is with us again: telephony knows what comes of it, and is asked once more. */
export function isBack(step: Step, reason: HandOffReason): void {
  const { s } = step;
  s.open = [];
  s.callerGone = false;
  const request = run(step, { kind: 'hand-off', reason });
  s.phase = { kind: 'handing-off', request, reason };
  listen(step, ['open'], companyMs);
}
