import type { State } from './state.ts';

/** How a conversation went: figures only, nothing that was said. */
export interface EndedConversation {
  /** Empty when somebody called the clinic. */
  readonly flowId: string;
  readonly flowVersion: number;
  readonly turns: number;
  readonly notUnderstood: number;
  readonly silences: number;
  readonly interruptions: number;
  /** In the order of the turns, milliseconds. */
  readonly responsesMs: readonly number[];
}

export function endedConversation({ script, turns, figures }: State): EndedConversation {
  const { notUnderstood, silences, interruptions, responses } = figures;
  return {
    flowId: script?.flowId ?? '',
    flowVersion: script?.flowVersion ?? 0,
    turns,
    notUnderstood,
    silences,
    interruptions,
    responsesMs: [...responses].sort((a, b) => a.turn - b.turn).map(({ ms }) => ms),
  };
}
