import type { ListenSettings } from '../domain/listen-settings.ts';
import type { UtteranceEnd } from '@wardline/dialogue-words';
import type { Recognition } from './speech.ts';

/** What the dialogue is told. Instants are wall-clock dates. */
export type CallerEvent =
  | { readonly type: 'speech-started'; readonly at: Date }
  | { readonly type: 'caller-partial'; readonly turn: number; readonly text: string }
  | {
      readonly type: 'caller-turn';
      readonly turn: number;
      readonly recognition: Recognition;
      readonly startedAt: Date;
      readonly endedAt: Date;
    }
  | { readonly type: 'key-pressed'; readonly digit: string }
  | { readonly type: 'caller-silent'; readonly silenceMs: number }
  | {
      readonly type: 'utterance-ended';
      readonly utteranceId: string;
      readonly end: UtteranceEnd;
      readonly heardText: string;
    }
  /** From the last sound of a turn to the first sound of the answer to it. */
  | { readonly type: 'turn-measured'; readonly turn: number; readonly responseMs: number }
  | { readonly type: 'caller-hung-up' };

export type AgentCommand =
  | {
      readonly type: 'say';
      readonly utteranceId: string;
      readonly text: string;
      readonly interruptible: boolean;
      readonly rate: number;
      readonly replace: boolean;
    }
  | { readonly type: 'listen'; readonly settings: ListenSettings }
  | { readonly type: 'hush' };

export interface CallFacts {
  readonly callId: string;
  readonly tenantId: string;
  readonly clinicId: string;
  readonly ownerEpoch: number;
  readonly language: string;
  /** The media connection was lost and came back within the same call. */
  readonly resumed: boolean;
  /** The campaign's attempt that this call is; undefined for a call that came in. */
  readonly attemptId: string | undefined;
  /** An answering machine is on the line and has finished its greeting. */
  readonly machine: boolean;
}

export interface DialogueListener {
  onCommand(command: AgentCommand): void;
  /** The dialogue has ended the stream: the call is over for it. */
  onEnded(): void;
  /** The stream broke. Called at most once. */
  onBroken(broken: BrokenStream): void;
}

export interface BrokenStream {
  readonly cause: unknown;
  /**
   * transient: another stream may do. refused: another one would be refused as well. taken-over: another owner has the
   * call by now, and nothing may be said or done here any more.
   */
  readonly verdict: 'transient' | 'refused' | 'taken-over';
}

/** One open stream. Nothing is called back after `close`. */
export interface DialogueStream {
  send(event: CallerEvent): void;
  /** Half-closes: what was sent still arrives. */
  close(): void;
}

/** Opens the conversation of a call. Fake: `testing/fake-brain.ts`, a real RPC server with a script. */
export interface Dialogue {
  open(facts: CallFacts, listener: DialogueListener): DialogueStream;
}
