import type { SampleRing } from '../pipeline/sample-ring.ts';
import type { Recognition, TranscriberSession } from '../ports/speech.ts';

const notUnderstood: Recognition = { text: '', confidence: 0, status: 'not-understood', alternatives: [] };

/** A recogniser that takes longer has failed for the purposes of a telephone call. */
const finishMsMax = 3_000;

interface Turn {
  readonly turn: number;
  /** All audio of the turn: after a speculation that did not hold, the recogniser hears it again from the start. */
  readonly audio: Int16Array[];
  speculation: Promise<Recognition> | undefined;
}

/**
 * Feeds the recogniser with the audio of a turn, pre-roll included, and fetches its result, early where it pays:
 * `speculate` ends the recognition after a first silence, and `end` finds it ready when the silence lasts.
 */
export class CallerEar {
  readonly #ring: SampleRing;
  readonly #session: TranscriberSession;
  readonly #onText: (turn: number, text: string) => void;
  readonly #onFailure: (error: unknown) => void;
  #active: Turn | undefined;

  constructor(o: {
    ring: SampleRing;
    session: TranscriberSession;
    /** What is recognised so far: partials, and the text of a speculation. */
    onText: (turn: number, text: string) => void;
    onFailure: (error: unknown) => void;
  }) {
    this.#ring = o.ring;
    this.#session = o.session;
    this.#onText = o.onText;
    this.#onFailure = o.onFailure;
    o.session.onPartial((text) => {
      const active = this.#active;
      if (active !== undefined && active.speculation === undefined) this.#onText(active.turn, text);
    });
  }

  /** The next samples of the call. */
  hear(samples: Int16Array): void {
    this.#ring.push(samples);
    const active = this.#active;
    if (active === undefined) return;
    active.audio.push(samples);
    if (active.speculation === undefined) this.#session.push(samples);
  }

  /** `fromSample` counts from the first sample of the call. */
  begin(turn: number, fromSample: number): void {
    const preRoll = this.#ring.since(fromSample);
    this.#active = { turn, audio: [preRoll], speculation: undefined };
    this.#session.begin();
    this.#session.push(preRoll);
  }

  speculate(turn: number): void {
    const active = this.#active;
    if (active?.turn !== turn || active.speculation !== undefined) return;
    const speculation = this.#finish();
    active.speculation = speculation;
    void speculation.then((result) => {
      if (this.#active?.speculation === speculation) this.#onText(turn, result.text);
    });
  }

  /** The caller went on: the speculation is worthless, and the recogniser hears the turn again. */
  resume(turn: number): void {
    const active = this.#active;
    if (active?.turn !== turn || active.speculation === undefined) return;
    active.speculation = undefined;
    this.#session.begin();
    for (const samples of active.audio) this.#session.push(samples);
  }

  drop(turn: number): void {
    if (this.#active?.turn !== turn) return;
    this.#active = undefined;
    this.#session.abort();
  }

  /** Never rejects: a recogniser that fails has understood nothing. */
  end(turn: number): Promise<Recognition> {
    const active = this.#active;
    if (active?.turn !== turn) return Promise.resolve(notUnderstood);
    this.#active = undefined;
    return active.speculation ?? this.#finish();
  }

  close(): void {
    this.#active = undefined;
    this.#session.close();
  }

  async #finish(): Promise<Recognition> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the recogniser gave no result in time')), finishMsMax);
    });
    try {
      return await Promise.race([this.#session.finish(), late]);
    } catch (error) {
      this.#onFailure(error);
      return notUnderstood;
    } finally {
      clearTimeout(timer);
    }
  }
}
