/** silent: nothing to tell. blocked: the browser wants a click on the page before it lets anything be heard. */
export type AlarmState = 'silent' | 'ringing' | 'muted' | 'blocked';

const storedMuted = 'wardline.alarm-muted';
const repeatMs = 3_000;
/** Two tones, twice, high enough to be told from voices and low enough for small loudspeakers. */
const tones = [
  { hz: 880, at: 0 },
  { hz: 660, at: 0.2 },
  { hz: 880, at: 0.55 },
  { hz: 660, at: 0.75 },
] as const;
const toneSeconds = 0.17;

/** The sound that goes on until a waiting call is handled. Driven from outside, once a second. */
export class Alarm {
  #context: AudioContext | undefined;
  #muted = localStorage.getItem(storedMuted) !== null;
  #lastMs = -Infinity;
  #wanted = false;

  get muted(): boolean {
    return this.#muted;
  }

  get state(): AlarmState {
    if (!this.#wanted) return 'silent';
    if (this.#muted) return 'muted';
    return this.#context?.state === 'running' ? 'ringing' : 'blocked';
  }

  /** Asks the browser for sound; it agrees while a click or a key is being handled. */
  async unlock(): Promise<void> {
    this.#context ??= new AudioContext();
    if (this.#context.state !== 'suspended') return;
    // Without a click it neither resolves nor rejects, so it is not waited for long.
    await Promise.race([this.#context.resume(), new Promise((resolve) => setTimeout(resolve, 250))]);
  }

  mute(muted: boolean): void {
    this.#muted = muted;
    if (muted) localStorage.setItem(storedMuted, '1');
    else localStorage.removeItem(storedMuted);
  }

  /** One short tone, so that whoever switches themselves on hears that they would hear it. */
  async greet(): Promise<void> {
    await this.unlock();
    if (!this.#muted) this.#play([{ hz: 660, at: 0 }], 0.12);
  }

  /** Once a second: sounds when it is time to. */
  tick(wanted: boolean, nowMs: number): void {
    this.#wanted = wanted;
    if (!wanted) {
      this.#lastMs = -Infinity;
      return;
    }
    if (this.#muted || nowMs - this.#lastMs < repeatMs) return;
    if (this.#context?.state !== 'running') return void this.unlock();
    this.#lastMs = nowMs;
    this.#play(tones, 0.35);
  }

  #play(sequence: readonly { readonly hz: number; readonly at: number }[], volume: number): void {
    const context = this.#context;
    if (context?.state !== 'running') return;
    for (const { hz, at } of sequence) {
      const begin = context.currentTime + 0.02 + at;
      const tone = context.createOscillator();
      const gain = context.createGain();
      tone.frequency.value = hz;
      // Ramps instead of edges: an edge is a click.
      gain.gain.setValueAtTime(0, begin);
      gain.gain.linearRampToValueAtTime(volume, begin + 0.015);
      gain.gain.setValueAtTime(volume, begin + toneSeconds - 0.03);
      gain.gain.linearRampToValueAtTime(0, begin + toneSeconds);
      tone.connect(gain).connect(context.destination);
      tone.start(begin);
      tone.stop(begin + toneSeconds);
    }
  }
}
