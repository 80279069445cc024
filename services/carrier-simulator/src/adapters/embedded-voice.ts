import { createResampler, readWav } from '@wardline/audio';
import { createSynthesiser } from '@wardline/local-speech';
import { sampleRateHz } from '../domain/sound.ts';
import type { CallerVoice } from '../ports/caller-voice.ts';

const linesKeptMax = 300;

/** The caller's voice: flite's `rms`, another one than the agent's. Lines are made once and kept. */
export function createEmbeddedVoice(): CallerVoice {
  const synthesiser = createSynthesiser({ voice: 'rms' });
  const made = new Map<string, Promise<Int16Array>>();
  return {
    speak(text, pace) {
      const key = `${pace} ${text}`;
      const known = made.get(key);
      if (known) return known;
      const line = synthesiser.synthesise(text, { rate: pace });
      made.set(key, line);
      line.catch(() => made.delete(key));
      if (made.size > linesKeptMax) made.delete(made.keys().next().value ?? '');
      return line;
    },
    async read(wav) {
      const sound = readWav(wav);
      if (sound.sampleRateHz === sampleRateHz) return sound.samples;
      const resampler = await createResampler(sound.sampleRateHz, sampleRateHz);
      const [body, tail] = [resampler.process(sound.samples), resampler.flush()];
      const whole = new Int16Array(body.length + tail.length);
      whole.set(body);
      whole.set(tail, body.length);
      return whole;
    },
    close: () => synthesiser.close(),
  };
}
