/** New samples per judgement: 32 ms at 8 kHz. */
export const VAD_WINDOW = 256;
/** Samples of the window before that the model also sees. */
export const VAD_CONTEXT = 32;
export const STATE_SIZE = 128;

export type VadRequest =
  /** Each id at most once; `windows` holds VAD_WINDOW samples per id, scaled to ±1. */
  | { readonly kind: 'run'; readonly ids: Uint32Array; readonly windows: Float32Array }
  | { readonly kind: 'forget'; readonly id: number };

export type VadReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'probabilities'; readonly probabilities: Float32Array }
  | { readonly kind: 'failed'; readonly message: string };
