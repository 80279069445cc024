import type { Expectation, RecognitionStatus, UtteranceEnd } from '@wardline/dialogue-words';
import type { Choice } from './understanding/choice.ts';
import type { CallOutcome, ScriptFacts, Slot, Tool } from './state.ts';

export type { CallOutcome, Choice };

/** What happens to a dialogue. Facts only; the moment is in the context. */
export type DialogueEvent =
  /** `stream` counts the call's streams and makes utterance ids of a taken-over call new ones. */
  | {
      readonly type: 'started';
      readonly stream: number;
      readonly resumed: boolean;
      /** We made the call: what it is about, or 'unavailable' when that could not be learnt. Absent: somebody called us. */
      readonly outbound?: ScriptFacts | 'unavailable' | undefined;
      /** An answering machine is on the line and has finished its greeting. */
      readonly machine?: boolean | undefined;
    }
  | {
      readonly type: 'turn';
      readonly text: string;
      readonly confidence: number;
      readonly status: RecognitionStatus;
      /** What the recogniser holds possible besides, best first. */
      readonly alternatives?: readonly string[];
    }
  | { readonly type: 'key'; readonly digit: string }
  | { readonly type: 'silent' }
  | {
      readonly type: 'utterance-ended';
      readonly utteranceId: string;
      readonly cause: UtteranceEnd;
      readonly heardText: string;
    }
  | { readonly type: 'hung-up' }
  /** E.164; undefined when withheld or unknown. */
  | { readonly type: 'caller-number'; readonly number: string | undefined }
  /** How long the caller waited for the answer to a turn, milliseconds. */
  | { readonly type: 'turn-measured'; readonly turn: number; readonly ms: number }
  | { readonly type: 'tool-done'; readonly request: number; readonly result: ToolResult };

export type ToolResult =
  | { readonly kind: 'slots'; readonly slots: readonly Slot[] }
  | { readonly kind: 'held'; readonly holdId: string }
  /** Done: booked, noted, transferred, hung up. */
  | { readonly kind: 'done' }
  /** Somebody was faster. */
  | { readonly kind: 'taken' }
  /** It certainly did not happen. */
  | { readonly kind: 'failed' }
  /** Nobody knows whether it happened, after repeating it with the same idempotency key. */
  | { readonly kind: 'unclear' }
  /** Of a hand-off: nobody can take it, the patient is called back, and a message tells them so. */
  | { readonly kind: 'call-back' }
  /** Of a hand-off: there is nobody who could be asked; the call can only be passed on. */
  | { readonly kind: 'not-served' };

export interface Line {
  readonly sequence: number;
  readonly speaker: 'agent' | 'caller';
  readonly text: string;
  readonly confidence: number;
  readonly atMs: number;
  readonly interrupted: boolean;
}

/** What the dialogue wants done, in order. */
export type Effect =
  | {
      readonly type: 'say';
      readonly utteranceId: string;
      readonly text: string;
      readonly interruptible: boolean;
      readonly rate: number;
      readonly replace: boolean;
    }
  | {
      readonly type: 'listen';
      readonly expects: readonly Expectation[];
      readonly vocabulary: readonly string[];
      readonly noInputMs: number;
    }
  | { readonly type: 'line'; readonly line: Line }
  /** Answered by exactly one `tool-done` with its request number. */
  | { readonly type: 'tool'; readonly tool: Tool }
  | { readonly type: 'release-hold'; readonly holdId: string }
  | { readonly type: 'record-outcome'; readonly outcome: CallOutcome }
  /** The call is over for the dialogue. */
  | { readonly type: 'end' };
