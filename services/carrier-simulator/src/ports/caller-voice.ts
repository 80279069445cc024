/** Makes the caller's lines. Fake: `testing/tone-voice.ts`. */
export interface CallerVoice {
  /** 8 kHz mono. `pace` 1 is the voice's own. */
  speak(text: string, pace: number): Promise<Int16Array>;
  /** A WAV file at any rate as 8 kHz mono. */
  read(wav: Uint8Array): Promise<Int16Array>;
  close(): Promise<void>;
}
