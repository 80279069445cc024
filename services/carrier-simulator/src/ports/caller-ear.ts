/** Whom somebody on the phone thinks they talk to: it narrows what they listen for. */
export type Expecting = 'a-receptionist' | 'their-hospital';

/** The caller's own hearing: it gets what the line plays and nothing else. Fake: `testing/deaf-ear.ts`. */
export interface CallerEar {
  open(expecting: Expecting): CallerEarSession;
  close(): Promise<void>;
}

export interface CallerEarSession {
  /** The agent begins to speak; anything unfinished is forgotten. */
  begin(): void;
  /** 8 kHz samples of what is heard, while listening. */
  push(samples: Int16Array): void;
  /** What was said since `begin`, in lower case; empty when nothing could be made of it. Never rejects. */
  finish(): Promise<string>;
  close(): void;
}
