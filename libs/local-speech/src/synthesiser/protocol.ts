export type SynthesiserVoice = 'slt' | 'rms';

export interface SpeakRequest {
  readonly id: number;
  readonly text: string;
  readonly voice: SynthesiserVoice;
  readonly rate: number;
}

export type SpeakReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'spoken'; readonly id: number; readonly samples: Int16Array }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
