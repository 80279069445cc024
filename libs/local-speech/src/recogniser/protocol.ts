import type { Listening, Recognition } from '../api.ts';

export type RecogniserRequest =
  | { readonly kind: 'prepare'; readonly id: number; readonly listening: Listening }
  | { readonly kind: 'open'; readonly session: number }
  | { readonly kind: 'listen'; readonly session: number; readonly listening: Listening }
  | { readonly kind: 'start'; readonly session: number; readonly utterance: number }
  | { readonly kind: 'push'; readonly session: number; readonly samples: Int16Array }
  | { readonly kind: 'finish'; readonly session: number; readonly id: number }
  | { readonly kind: 'abort'; readonly session: number }
  | { readonly kind: 'close'; readonly session: number };

export type RecogniserReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'prepared'; readonly id: number }
  | { readonly kind: 'partial'; readonly session: number; readonly utterance: number; readonly text: string }
  | { readonly kind: 'recognised'; readonly id: number; readonly recognition: Recognition }
  | { readonly kind: 'failed'; readonly id: number | undefined; readonly message: string };

/** Handed to the worker when it starts. */
export interface RecogniserSetup {
  readonly cacheDir: string;
  /** Whether dates are held against the calendar of the coming year. */
  readonly calendar: boolean;
}
