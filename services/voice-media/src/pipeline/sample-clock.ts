/**
 * When a sample of the caller arrived. Sample positions and instants differ by network jitter and by what is lost, so
 * each frame's arrival anchors the samples around it.
 */
export class SampleClock {
  readonly #samplesPerMs: number;
  /** End position and arrival of recent frames, oldest first. */
  #anchors: { readonly end: number; readonly at: number }[] = [];
  #position = 0;

  constructor(sampleRateHz: number) {
    this.#samplesPerMs = sampleRateHz / 1_000;
  }

  arrived(samples: number, at: number): void {
    this.#position += samples;
    this.#anchors.push({ end: this.#position, at });
    if (this.#anchors.length > anchorsMax) this.#anchors = this.#anchors.slice(-anchorsMax / 2);
  }

  /** When the sample before `position` arrived; within a frame samples come evenly, ending with the frame. */
  instantOf(position: number): number {
    const anchor = this.#anchors.find(({ end }) => end >= position) ?? this.#anchors.at(-1);
    if (anchor === undefined) return 0;
    return anchor.at - (anchor.end - position) / this.#samplesPerMs;
  }

  /** The position that was reached at `instant`; may lie before the first sample (negative). */
  sampleAt(instant: number): number {
    const anchor = this.#anchors.find(({ at }) => at >= instant) ?? this.#anchors.at(-1);
    if (anchor === undefined) return 0;
    return Math.round(anchor.end - (anchor.at - instant) * this.#samplesPerMs);
  }
}

/** Two to four seconds of 20 ms frames; a window of voice activity that late is of no use anyway. */
const anchorsMax = 200;
