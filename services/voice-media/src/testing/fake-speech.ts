import type { Recognition, Speech, TranscriberSession, VoiceActivityStream } from '../ports/speech.ts';

const windowSamples = 256;
const voicedLevel = 500;

/** Samples that the fakes take for voice: a square hum. */
export function hum(ms: number, level = 8_000): Int16Array {
  return Int16Array.from({ length: ms * 8 }, (_, index) => (index % 40 < 20 ? level : -level));
}

const isVoiced = (samples: Int16Array): boolean => {
  let sum = 0;
  for (const sample of samples) sum += Math.abs(sample);
  return sum / Math.max(1, samples.length) > voicedLevel;
};

function voicedMsOf(samples: readonly Int16Array[]): number {
  let voiced = 0;
  for (const part of samples) for (const sample of part) if (Math.abs(sample) > voicedLevel) voiced += 1;
  return voiced / 8;
}

/**
 * Engines without models, synchronous where the real ones are: loud is voice, a turn is recognised by `hears` from how
 * much voice it had, and a text is spoken as 100 ms of hum for each word. `asked` records what sessions were told to
 * expect, `said` every text that was synthesised.
 */
export class FakeSpeech implements Speech {
  readonly asked: { readonly expects: readonly string[]; readonly vocabulary: readonly string[] }[] = [];
  readonly said: { readonly text: string; readonly rate: number }[] = [];
  /** How many milliseconds of voice each finished recognition had heard. */
  readonly heardMs: number[] = [];
  open = 0;
  warm = false;
  hears: (voicedMs: number) => Partial<Recognition> & { text: string } = (ms) => ({
    text: `voice for ${ms}`,
  });
  /** Partials: the text after so much voice. */
  hearsSoFar: (voicedMs: number) => string = () => '';
  synthesise: (text: string) => Promise<Int16Array> = (text) =>
    Promise.resolve(hum(text.split(' ').length * 100));
  finish: (result: Recognition) => Promise<Recognition> = (result) => Promise.resolve(result);

  readonly voiceActivity = { open: (): VoiceActivityStream => this.#openVoiceActivity() };
  readonly transcriber = { open: (): TranscriberSession => this.#openTranscriber() };
  readonly synthesiser = {
    synthesise: (text: string, { rate }: { rate: number }): Promise<Int16Array> => {
      this.said.push({ text, rate });
      return this.synthesise(text);
    },
  };

  warmUp(): Promise<void> {
    this.warm = true;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #openVoiceActivity(): VoiceActivityStream {
    let listener: ((probability: number, atSample: number) => void) | undefined;
    let waiting = new Int16Array(0);
    let position = 0;
    this.open += 1;
    return {
      push(samples) {
        waiting = Int16Array.from([...waiting, ...samples]);
        while (waiting.length >= windowSamples) {
          const voiced = isVoiced(waiting.subarray(0, windowSamples));
          waiting = waiting.slice(windowSamples);
          position += windowSamples;
          listener?.(voiced ? 0.95 : 0.02, position);
        }
      },
      onProbability(given) {
        listener = given;
      },
      close: () => {
        listener = undefined;
        this.open -= 1;
      },
    };
  }

  #openTranscriber(): TranscriberSession {
    let listener: ((text: string) => void) | undefined;
    let heard: Int16Array[] | undefined;
    let partial = '';
    this.open += 1;
    return {
      expect: (settings) => this.asked.push(settings),
      begin() {
        heard = [];
        partial = '';
      },
      push: (samples) => {
        heard?.push(samples);
        const text = heard === undefined ? '' : this.hearsSoFar(voicedMsOf(heard));
        if (text === partial) return;
        partial = text;
        listener?.(text);
      },
      onPartial(given) {
        listener = given;
      },
      finish: () => {
        const voicedMs = voicedMsOf(heard ?? []);
        heard = undefined;
        this.heardMs.push(voicedMs);
        return this.finish({
          confidence: 0.9,
          status: 'confident',
          alternatives: [],
          ...this.hears(voicedMs),
        });
      },
      abort() {
        heard = undefined;
      },
      close: () => {
        this.open -= 1;
      },
    };
  }
}
