import { detectionWord, type Detection, type DetectionMode } from '../domain/callee.ts';

const silenceAfterGreetingMs = 2_000;
const noBeepAfterDetectionMs = 3_000;

export interface DetectionOptions {
  readonly mode: DetectionMode;
  readonly verdict: { readonly result: Detection; readonly afterMs: number };
  readonly isMachine: boolean;
  readonly beeps: boolean;
  readonly after: (ms: number, run: () => void) => void;
  readonly tell: (what: 'detection' | 'greeting', premium: boolean, result: string) => void;
}

/**
 * Answering machine detection of one dialled leg, as the carrier documents it: what picked up is said once; where it is a
 * machine, the end of its greeting is said too. A beep that comes before the verdict leaves only the greeting's end.
 */
export class MachineDetection {
  readonly #o: DetectionOptions;
  #judged = false;
  #greetingOver = false;

  constructor(o: DetectionOptions) {
    this.#o = o;
  }

  answered(): void {
    const { mode, verdict, isMachine } = this.#o;
    if (mode === 'disabled') return;
    this.#o.after(verdict.afterMs, () => {
      if (this.#greetingOver) return;
      this.#judged = true;
      this.#o.tell('detection', mode === 'premium', detectionWord(mode, verdict.result));
      // Somebody who was taken for a machine never beeps.
      if (verdict.result === 'machine' && !isMachine)
        this.#o.after(noBeepAfterDetectionMs, () => this.#greetingEnds(false));
    });
  }

  /** The machine has said a line of its own. */
  said(step: string): void {
    if (!this.#o.isMachine) return;
    if (step === 'beep') this.#greetingEnds(true);
    if (step === 'greeting' && !this.#o.beeps)
      this.#o.after(silenceAfterGreetingMs, () => this.#greetingEnds(false));
  }

  #greetingEnds(beep: boolean): void {
    const { mode, verdict } = this.#o;
    if (this.#greetingOver || mode === 'disabled' || mode === 'detect') return;
    if (mode === 'detect_beep' && !beep) return;
    // Taken for a person: nobody listens for a greeting's end any more.
    if (this.#judged && verdict.result !== 'machine') return;
    this.#greetingOver = true;
    const none = mode === 'premium' ? 'no_beep_detected' : 'ended';
    this.#o.tell('greeting', mode === 'premium', beep ? 'beep_detected' : none);
  }
}
