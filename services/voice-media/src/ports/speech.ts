import type { RecognitionStatus } from '@wardline/dialogue-words';
import type { ListenSettings } from '../domain/listen-settings.ts';

/**
 * The three engines of a call. All audio is mono, 16 bit, 8 kHz. None may block the calling thread: that thread paces
 * the frames of every call. Fakes: `testing/fake-speech.ts`.
 */
export interface VoiceActivityDetector {
  open(): VoiceActivityStream;
}

export interface VoiceActivityStream {
  push(samples: Int16Array): void;
  /** `probability` 0–1 for the window that ends before sample `atSample`, counted from the first sample pushed. */
  onProbability(listener: (probability: number, atSample: number) => void): void;
  close(): void;
}

export interface Recognition {
  readonly text: string;
  readonly confidence: number;
  readonly status: RecognitionStatus;
  readonly alternatives: readonly { readonly text: string; readonly confidence: number }[];
}

export interface Transcriber {
  open(callId: string): TranscriberSession;
}

/** One turn after the other: `begin`, audio, then `finish` or `abort`. */
export interface TranscriberSession {
  /** Holds for turns that begin from now on. */
  expect(settings: Pick<ListenSettings, 'expects' | 'vocabulary'>): void;
  /** Begins a turn; one that was under way is dropped. */
  begin(): void;
  push(samples: Int16Array): void;
  onPartial(listener: (text: string) => void): void;
  finish(): Promise<Recognition>;
  abort(): void;
  close(): void;
}

export interface VoiceSynthesiser {
  /** `rate`: 1 is the voice's own pace, 0.8 slower. */
  synthesise(text: string, o: { rate: number }): Promise<Int16Array>;
}

export interface Speech {
  readonly voiceActivity: VoiceActivityDetector;
  readonly transcriber: Transcriber;
  readonly synthesiser: VoiceSynthesiser;
  /** Resolves when the first call would be served as fast as the hundredth. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}
